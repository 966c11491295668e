import {
  isCollection,
  isPair,
  isScalar,
  isSeq,
  isMap as isYamlMap,
  type Node,
  Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { lineEnd, lineStart } from '../text/lines.ts';
import type { Parsed } from './parse.ts';
import type { JsonStyle, Quote, Style } from './render.ts';

/** Where the last character of a node's content stands (exclusive): no comment or blank line after it counts. */
export function contentEnd(node: unknown): number {
  if (isPair(node)) return contentEnd(node.value ?? node.key);
  if (isCollection(node) && !node.flow && node.items.length > 0) return contentEnd(node.items.at(-1));
  return (node as Node).range?.[1] ?? 0;
}

/**
 * Where a new line can go in behind content that ends here: at the end of its line, behind a comment there, and behind
 * the comment lines right below that are indented by `column` or more, since they belong to what ends here.
 */
export function endOfContentLine(text: string, end: number, column = Number.POSITIVE_INFINITY): number {
  // A block scalar ends behind its line end; at the end of a file without one, kubectl reads it as if there were one.
  let at = end > 0 && text[end - 1] === '\n' ? end - (text[end - 2] === '\r' ? 2 : 1) : lineEnd(text, end);
  const comment = /\r?\n( *)#[^\r\n]*/y;
  for (comment.lastIndex = at; ; comment.lastIndex = at) {
    const match = comment.exec(text);
    if (match === null || (match[1] as string).length < column) return at;
    at = comment.lastIndex;
  }
}

/** The column of an offset, from 0. */
export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** Does nothing but white space stand in front of it on its line? */
export function isFirstOnLine(text: string, offset: number): boolean {
  let at = offset;
  while (text[at - 1] === ' ' || text[at - 1] === '\t') at--;
  return at === 0 || text[at - 1] === '\n';
}

/** The end of the nearest line above that holds more than a comment; for what stands first on its line. */
export function endOfLineAbove(text: string, offset: number): number {
  for (let end = lineStart(text, offset) - 1; end > 0; end = lineStart(text, end) - 1) {
    const line = text.slice(lineStart(text, end), end);
    if (/^[ \t]*[^\s#]/.test(line)) return line.endsWith('\r') ? end - 1 : end;
  }
  return -1;
}

/** The next offset where neither white space nor a comment stands. */
export function skipTrivia(text: string, from: number): number {
  let at = from;
  for (;;) {
    while (/\s/.test(text[at] ?? '')) at++;
    if (text[at] !== '#' || !/\s/.test(text[at - 1] ?? '')) return at;
    at = lineEnd(text, at);
  }
}

/** The white space in front of the first item, when the items of a flow collection stand on lines of their own. */
export function ownLineIndent(text: string, collection: YAMLMap | YAMLSeq): string | null {
  const open = collection.range?.[0] ?? 0;
  const first = skipTrivia(text, open + 1);
  if (!isFirstOnLine(text, first)) return null;
  return text.slice(lineStart(text, first), first);
}

export function lineIndent(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))?.[0] ?? '';
}

export function detectEol(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? '\n';
}

/** The habits of a document: its indentation, and how its lists stand under their keys. */
export function detectStyle({ text, tree }: Parsed): Style {
  let step = 0;
  let dash = -1;
  visit(tree, {
    Pair: (_, pair) => {
      if (step > 0 && dash >= 0) return visit.BREAK;
      const offset = (): number => columnOf(text, startOf(pair.value)) - columnOf(text, startOf(pair.key));
      if (isBlock(pair.value, isYamlMap) && step === 0) step = offset();
      if (isBlock(pair.value, isSeq) && dash < 0) dash = offset();
      return undefined;
    },
  });
  return {
    eol: detectEol(text),
    step: step > 0 ? step : 2,
    dash: Math.max(dash, 0),
    literals: true,
    quote: 'plain',
  };
}

/** As `detectStyle`, but lists stand under their keys as the lists of this very map do. */
export function styleIn(map: YAMLMap, text: string, style: Style): Style {
  for (const { key, value } of map.items) {
    if (isBlock(value, isSeq)) {
      return { ...style, dash: Math.max(0, columnOf(text, startOf(value)) - columnOf(text, startOf(key))) };
    }
  }
  return style;
}

function isBlock<T extends { flow?: boolean | undefined; items: unknown[] }>(
  node: unknown,
  is: (node: unknown) => node is T,
): node is T {
  return is(node) && !node.flow && node.items.length > 0;
}

export function startOf(node: unknown): number {
  return (node as Node).range?.[0] ?? 0;
}

export function detectJsonStyle(text: string): JsonStyle {
  const unit = /\n([ \t]+)"/.exec(text)?.[1] ?? '  ';
  return { eol: detectEol(text), unit, tight: !/"\s*:\s/.test(text) };
}

/** How the first item of a list is quoted: its new neighbours are, too. */
export function quoteOf(first: unknown): Quote {
  if (!isScalar(first)) return 'plain';
  if (first.type === Scalar.QUOTE_DOUBLE) return 'double';
  return first.type === Scalar.QUOTE_SINGLE ? 'single' : 'plain';
}
