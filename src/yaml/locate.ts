import {
  type Alias,
  isAlias,
  isCollection,
  isScalar,
  isSeq,
  isMap as isYamlMap,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Edit } from '../model/edit.ts';
import { invariant } from '../model/invariant.ts';
import type { FieldPath, Value } from '../model/object.ts';
import type { Entry } from './insert.ts';
import { valueAt } from './oracle.ts';
import { findPair, type Parsed } from './parse.ts';
import { isMerge, keyOf, readValue } from './value.ts';

/** What must change at one node of the tree. Paths are those of the text: they never lead through an alias. */
export type Change = { readonly path: FieldPath } & (
  | {
      readonly kind: 'entries';
      readonly map: YAMLMap;
      readonly entries: readonly Entry[];
      readonly before?: string;
    }
  | {
      readonly kind: 'items';
      readonly seq: YAMLSeq;
      readonly where: 'front' | 'back';
      readonly values: readonly Value[];
    }
  /** An absent or null value gets one. */
  | { readonly kind: 'fill'; readonly pair: Pair; readonly parent: YAMLMap; readonly value: Value }
  /** An alias becomes a copy: it was edited, or what it stands for was and it must not show that. */
  | {
      readonly kind: 'expand';
      readonly alias: Alias;
      readonly parent: unknown;
      readonly value: Value;
      readonly merge: boolean;
    }
);

/** Finds the nodes that the edits touch, and the aliases that would otherwise show an edit made elsewhere. */
export function locateChanges(parsed: Parsed, edits: readonly Edit[], after: Value): Change[] {
  const changes = new Map<string, Change>();
  for (const [index, edit] of edits.entries()) {
    const change = locate(parsed, edit, after);
    // Several edits through one alias, or below one absent key, are one change: its value holds them all.
    const key = change.kind === 'items' ? `items ${index}` : keyOfChange(change);
    if (!changes.has(key)) changes.set(key, change);
  }
  for (const change of leaks(parsed, [...changes.values()], after)) {
    const key = keyOfChange(change);
    if (!changes.has(key)) changes.set(key, change);
  }
  return [...changes.values()];
}

function keyOfChange(change: Change): string {
  const own = change.kind === 'entries' ? change.entries.map(({ key }) => key) : [];
  return JSON.stringify([...change.path, ...own]);
}

function locate(parsed: Parsed, edit: Edit, after: Value): Change {
  let node: unknown = parsed.tree.contents;
  let parent: unknown = null;
  for (const [index, step] of edit.path.entries()) {
    const path = edit.path.slice(0, index + 1);
    const at = edit.path.slice(0, index);
    if (isAlias(node)) return expand(node, parent, at, after);
    invariant(isCollection(node), 'an edit leads through a scalar');
    parent = node;
    if (isSeq(node)) {
      node = node.items[Number(step)];
      continue;
    }
    const map = node as YAMLMap;
    const pair = findPair(map, String(step));
    if (pair === undefined) return entry(map, path, after, edit);
    if (isNull(pair.value))
      return { kind: 'fill', pair, parent: map, path, value: valueAt(after, path) as Value };
    node = pair.value;
  }
  if (isAlias(node)) return expand(node, parent, edit.path, after);
  if (edit.op === 'set') {
    // Only an empty list takes a value in place of nothing.
    invariant(isSeq(node) && node.items.length === 0, 'an edit would replace a value');
    return {
      kind: 'items',
      seq: node,
      where: 'back',
      values: edit.value as readonly Value[],
      path: edit.path,
    };
  }
  invariant(isSeq(node), 'an edit adds an item to what is no list');
  return {
    kind: 'items',
    seq: node,
    where: edit.op === 'append' ? 'back' : 'front',
    values: edit.values,
    path: edit.path,
  };
}

function isNull(node: unknown): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

/** A key that is absent, or that a merge (`<<`) provides: then its value is the edited copy. */
function entry(map: YAMLMap, path: FieldPath, after: Value, edit: Edit): Change {
  const before = edit.op === 'set' ? edit.before : undefined;
  const entries = [{ key: String(path.at(-1)), value: valueAt(after, path) as Value }];
  const change = { kind: 'entries', map, path: path.slice(0, -1), entries } as const;
  // Below a merge, since for kubectl the lower one wins.
  const isFree = before !== undefined && findPair(map, before) !== undefined && !map.items.some(isMerge);
  return isFree ? { ...change, before } : change;
}

function expand(alias: Alias, parent: unknown, path: FieldPath, after: Value): Change {
  return { kind: 'expand', alias, parent, path, value: valueAt(after, path) as Value, merge: false };
}

interface Place {
  readonly node: Node;
  readonly parent: unknown;
  readonly path: FieldPath;
}

/** Aliases of an anchor at or above a change: each would show the edit, so it becomes a copy of what it must be. */
function leaks(parsed: Parsed, changes: readonly Change[], after: Value): Change[] {
  if (!parsed.text.includes('*')) return [];
  const places = new Map<Node, Place>();
  collectPlaces(parsed.tree.contents, null, [], places);
  const found: Change[] = [];
  for (const { node, parent, path } of places.values()) {
    if (!isAlias(node)) continue;
    const source = parsed.sources.get(node);
    const sourcePath = source && places.get(source)?.path;
    if (!source || sourcePath === undefined || !changes.some((change) => startsWith(change.path, sourcePath)))
      continue;
    const merge = path.includes('<<');
    const value = merge ? readValue(source, parsed.sources, () => {}) : (valueAt(after, path) as Value);
    found.push({ kind: 'expand', alias: node, parent, path, value, merge });
  }
  return found;
}

function collectPlaces(node: unknown, parent: unknown, path: FieldPath, into: Map<Node, Place>): void {
  if (node === null || node === undefined) return;
  into.set(node as Node, { node: node as Node, parent, path });
  if (isSeq(node))
    for (const [index, item] of node.items.entries()) collectPlaces(item, node, [...path, index], into);
  if (isYamlMap(node))
    for (const pair of node.items) collectPlaces(pair.value, node, [...path, keyOf(pair)], into);
}

function startsWith(path: FieldPath, prefix: FieldPath): boolean {
  return prefix.length <= path.length && prefix.every((step, index) => step === path[index]);
}
