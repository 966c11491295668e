import {
  isAlias,
  isCollection,
  isScalar,
  isSeq,
  isMap as isYamlMap,
  Lexer,
  type Node,
  type Pair,
  parseDocument as parseYaml,
  type YAMLMap,
  type Document as YamlDocument,
} from 'yaml';
import type { FieldPath, Value } from '../model/object.ts';
import type { Span } from '../model/source.ts';
import { KUBECTL_DIALECT } from './dialect.ts';
import { findSources, isMerge, keyOf, readValue, type Sources } from './value.ts';

/** A document as text, as a tree with offsets, and as the object that kubectl would read from it. */
export interface Parsed {
  readonly text: string;
  readonly tree: YamlDocument;
  /** What its aliases stand for. */
  readonly sources: Sources;
  readonly value: Value;
  readonly isJson: boolean;
  readonly duplicateKeys: readonly { readonly key: string; readonly span: Span }[];
}

export type Unreadable =
  | { readonly reason: 'template' | 'too-deep'; readonly span: Span }
  | { readonly reason: 'invalid'; readonly why: string; readonly span: Span };

const START: Span = { start: 0, end: 0 };
/** Well below where the parser runs out of stack. */
const MAX_NESTING = 500;

/** Reads one document. Never throws on bad input. */
export function parseDocument(text: string): Parsed | Unreadable {
  if (isTooDeep(text)) return { reason: 'too-deep', span: START };
  // kubectl skips a mark in front of any document, but our parser takes it for a part of the first key.
  const mark = text.search(/^\ufeff/m);
  if (mark >= 0) {
    return {
      reason: 'invalid',
      why: 'a byte order mark stands in the middle',
      span: { start: mark, end: mark + 1 },
    };
  }
  const tree = parseYaml(text, KUBECTL_DIALECT);
  const keys = collectKeys(tree.contents);
  const [error] = tree.errors;
  if (error !== undefined) {
    const span = { start: error.pos[0], end: error.pos[1] };
    if (hasTemplateAction(text)) return { reason: 'template', span };
    const [why = ''] = error.message.split('\n');
    return { reason: 'invalid', why: tidyMessage(error.code, why), span };
  }
  if (keys.complex !== null) {
    const span = spanOfNode(keys.complex);
    if (hasTemplateAction(text)) return { reason: 'template', span };
    return { reason: 'invalid', why: 'a map or list stands as a key', span };
  }
  let trouble: Unreadable | null = null;
  const sources = findSources(tree);
  const value = readValue(tree.contents, sources, (why, node) => {
    trouble ??= { reason: 'invalid', why, span: spanOfNode(node) };
  });
  return trouble ?? { text, tree, sources, value, isJson: isJson(text), duplicateKeys: keys.duplicates };
}

function tidyMessage(code: string, why: string): string {
  if (code === 'TAB_AS_INDENT') return 'a tab is used as indentation; YAML takes only spaces';
  return why.replace(/ at line \d+, column \d+:?$/, '').replace(/^./, (first) => first.toLowerCase());
}

/** A Helm or Go template is seen on the broken tree; braces alone mean nothing, since `'{{.Id}}'` is a legal argument. */
function hasTemplateAction(text: string): boolean {
  return /\{\{-?\s*[\w.$("]/.test(text);
}

function isJson(text: string): boolean {
  if (!/^\s*(?:---\s*\n\s*)?\{/.test(text)) return false;
  try {
    JSON.parse(text.replace(/^\s*---[ \t\r]*\n/, ''));
    return true;
  } catch {
    return false;
  }
}

/** A guess that counts every bracket, also in strings; and only where that is high the lexer's word. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const { 0: token } of text.matchAll(/[[\]{}]|^[-? \t]+/gm)) {
    if (token === '[' || token === '{') depth++;
    else if (token === ']' || token === '}') depth = Math.max(0, depth - 1);
    if (depth > MAX_NESTING || token.length > 2 * MAX_NESTING) return isTooDeepForLexer(text);
  }
  return false;
}

function isTooDeepForLexer(text: string): boolean {
  let depth = 0;
  let columns = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') depth++;
    else if (token === ']' || token === '}') depth = Math.max(0, depth - 1);
    else if (token === '\n' || token === '\r\n') columns = 0;
    else if (token === '-' || token === '?' || /^ +$/.test(token)) columns += token.length;
    if (depth > MAX_NESTING || columns > 2 * MAX_NESTING) return true;
  }
  return false;
}

interface Keys {
  readonly duplicates: { key: string; span: Span }[];
  complex: Node | null;
}

function collectKeys(root: unknown, into: Keys = { duplicates: [], complex: null }): Keys {
  if (isSeq(root)) for (const item of root.items) collectKeys(item, into);
  if (!isYamlMap(root)) return into;
  const seen = new Set<string>();
  for (const pair of root.items) {
    if (isCollection(pair.key)) into.complex ??= pair.key;
    const key = keyOf(pair);
    if (seen.has(key) && !isMerge(pair)) into.duplicates.push({ key, span: spanOfNode(pair.key as Node) });
    seen.add(key);
    collectKeys(pair.value, into);
  }
  return into;
}

/** With duplicate keys the last pair is the one that counts. */
export function findPair(map: YAMLMap, key: string): Pair | undefined {
  return map.items.findLast((pair) => keyOf(pair) === key);
}

export function spanOfNode(node: Node): Span {
  return node.range ? { start: node.range[0], end: node.range[1] } : START;
}

/** Where the value at a path stands in the text. Of a map, list or absent value it is the key that leads there. */
export function spanOfPath(parsed: Parsed, path: FieldPath, of: 'value' | 'key' = 'value'): Span {
  let node: unknown = parsed.tree.contents;
  let span = START;
  for (const step of path) {
    if (isYamlMap(node)) {
      const pair = findPair(node, String(step));
      if (pair === undefined) break;
      span = spanOfNode(pair.key as Node);
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      if (isYamlMap(node) && node.items[0] !== undefined) span = spanOfNode(node.items[0].key as Node);
    } else break;
  }
  if (of === 'key') return span;
  return isAlias(node) || (isScalar(node) && node.range && node.range[1] > node.range[0])
    ? spanOfNode(node)
    : span;
}
