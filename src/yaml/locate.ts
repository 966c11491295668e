import {
  type Alias,
  isAlias,
  isCollection,
  isScalar,
  isSeq,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { PlacedEdit } from '../model/edit.ts';
import { invariant } from '../model/invariant.ts';
import { type FieldPath, startsWith, type Value } from '../model/object.ts';
import type { Entry } from './insert.ts';
import { findPair, type Parsed } from './parse.ts';
import { findPlaces, type Place } from './places.ts';
import { isMerge, readValue } from './value.ts';

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

/** The value at an old path as it is after the edits. */
export type ValueAfter = (path: FieldPath) => Value;

/**
 * Finds the nodes that the edits touch, and the aliases that would otherwise show a change made elsewhere: by an edit,
 * or in one of `lists`, which moves change.
 */
export function locateChanges(
  parsed: Parsed,
  edits: readonly PlacedEdit[],
  lists: readonly FieldPath[],
  valueAfter: ValueAfter,
): Change[] {
  const changes = new Map<string, Change>();
  for (const [index, edit] of edits.entries()) {
    const change = locate(parsed, edit, valueAfter);
    // Several edits through one alias, or below one absent key, are one change: its value holds them all.
    const key = change.kind === 'items' ? `items ${index}` : keyOfChange(change);
    if (!changes.has(key)) changes.set(key, change);
  }
  const paths = [...[...changes.values()].map(({ path }) => path), ...lists];
  for (const change of leaks(parsed, paths, valueAfter)) {
    const key = keyOfChange(change);
    if (!changes.has(key)) changes.set(key, change);
  }
  return [...changes.values()];
}

function keyOfChange(change: Change): string {
  const own = change.kind === 'entries' ? change.entries.map(({ key }) => key) : [];
  return JSON.stringify([...change.path, ...own]);
}

function locate(parsed: Parsed, edit: PlacedEdit, valueAfter: ValueAfter): Change {
  let node: unknown = parsed.tree.contents;
  let parent: unknown = null;
  for (const [index, step] of edit.path.entries()) {
    const path = edit.path.slice(0, index + 1);
    const at = edit.path.slice(0, index);
    if (isAlias(node)) return expand(node, parent, at, valueAfter);
    invariant(isCollection(node), 'an edit leads through a scalar');
    parent = node;
    if (isSeq(node)) {
      node = node.items[Number(step)];
      continue;
    }
    const map = node as YAMLMap;
    const pair = findPair(map, String(step));
    if (pair === undefined) return entry(map, path, edit, valueAfter);
    if (isNull(pair.value)) return { kind: 'fill', pair, parent: map, path, value: valueAfter(path) };
    node = pair.value;
  }
  if (isAlias(node)) return expand(node, parent, edit.path, valueAfter);
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
function entry(map: YAMLMap, path: FieldPath, edit: PlacedEdit, valueAfter: ValueAfter): Change {
  const before = edit.op === 'set' ? edit.before : undefined;
  const entries = [{ key: String(path.at(-1)), value: valueAfter(path) }];
  const change = { kind: 'entries', map, path: path.slice(0, -1), entries } as const;
  // Below a merge, since for kubectl the lower one wins.
  const isFree = before !== undefined && findPair(map, before) !== undefined && !map.items.some(isMerge);
  return isFree ? { ...change, before } : change;
}

function expand(alias: Alias, parent: unknown, path: FieldPath, valueAfter: ValueAfter): Change {
  return { kind: 'expand', alias, parent, path, value: valueAfter(path), merge: false };
}

/** Aliases of an anchor at or above a change: each would show it, so it becomes a copy of what it must be. */
function leaks(parsed: Parsed, changed: readonly FieldPath[], valueAfter: ValueAfter): Change[] {
  const places = findPlaces(parsed);
  return [...places.values()].flatMap((place): Change[] => {
    const source = isAlias(place.node) ? parsed.sources.get(place.node) : undefined;
    const sourcePath = source && places.get(source)?.path;
    const shows = sourcePath !== undefined && changed.some((path) => startsWith(path, sourcePath));
    return shows ? [expandPlace(parsed, place, valueAfter)] : [];
  });
}

export function expandPlace(parsed: Parsed, { node, parent, path }: Place, valueAfter: ValueAfter): Change {
  const alias = node as Alias;
  const merge = path.includes('<<');
  const value = merge ? readValue(parsed.sources.get(alias), parsed.sources, () => {}) : valueAfter(path);
  return { kind: 'expand', alias, parent, path, value, merge };
}
