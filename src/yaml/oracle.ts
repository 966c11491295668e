import type { Edit, MoveEdit, PlacedEdit } from '../model/edit.ts';
import { invariant } from '../model/invariant.ts';
import { type FieldPath, isList, isMap, type Value } from '../model/object.ts';
import { define } from './value.ts';

/** A value that may be changed. */
export type Draft = null | boolean | number | bigint | string | Draft[] | DraftMap;
interface DraftMap {
  [key: string]: Draft;
}

/**
 * What the object must be after the edits: the second judge of every splice. Works on a copy, in which nothing is
 * shared, so an edit of one list or map never shows in another.
 */
export function applyEdits(value: Value, edits: readonly Edit[]): Value {
  const draft = copyValue(value);
  const moves: MoveEdit[] = [];
  for (const edit of edits) {
    if (edit.op === 'move') moves.push(edit);
    else applyPlaced(draft, edit);
  }
  applyMoves(draft, moves);
  return draft;
}

/** Changes a copy, as `copyValue` makes it. */
export function applyPlaced(draft: Draft, edit: PlacedEdit): void {
  if (edit.op === 'set') {
    const parent = reach(draft, edit.path.slice(0, -1), () => ({})) as DraftMap;
    const key = String(edit.path.at(-1));
    invariant(!Object.hasOwn(parent, key) || isVacant(parent[key]), `${key} has a value already`);
    define(parent, key, copyValue(edit.value));
    return;
  }
  const list = reach(draft, edit.path, () => []) as Draft[];
  const values = edit.values.map(copyValue);
  if (edit.op === 'append') list.push(...values);
  else list.unshift(...values);
}

/** A move as it is made: the places are those of that moment. */
export interface Step {
  readonly from: FieldPath;
  /** The place in its list once the item is out of the other one. */
  readonly to: FieldPath;
}

/** Changes a copy. All paths are those from before the first move, so the items are looked up before any of them goes. */
export function applyMoves(draft: Draft, moves: readonly MoveEdit[]): Step[] {
  const resolved = moves.map(({ path, to, before }) => {
    const from = reach(draft, path.slice(0, -1), () => []) as Draft[];
    const target = reach(draft, to, () => []) as Draft[];
    return {
      from: { list: from, path: path.slice(0, -1) },
      target: { list: target, path: to },
      item: from[Number(path.at(-1))],
      next: before === null ? undefined : target[before],
    };
  });
  return resolved.map(({ from, target, item, next }) => {
    invariant(item !== undefined, 'an edit moves an item that is not there');
    const old = from.list.indexOf(item);
    from.list.splice(old, 1);
    const index = next === undefined ? target.list.length : target.list.indexOf(next);
    target.list.splice(index, 0, item);
    return { from: [...from.path, old], to: [...target.path, index] };
  });
}

function isVacant(value: Draft | undefined): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

/** Walks to the list or map at a path; what is absent or null on the way is made. */
function reach(root: Draft, path: FieldPath, last: () => Draft): Draft {
  let at: Draft = root;
  path.forEach((step, index) => {
    const make = index === path.length - 1 ? last : () => ({});
    invariant(typeof at === 'object' && at !== null, 'an edit leads through a scalar');
    if (Array.isArray(at)) {
      const next: Draft | undefined = at[Number(step)];
      invariant(next !== undefined, 'an edit leads to an item that is not there');
      at = next;
      return;
    }
    const next: Draft | undefined = Object.hasOwn(at, step) ? at[step] : undefined;
    const found: Draft = next === undefined || next === null ? make() : next;
    if (found !== next) define(at, String(step), found);
    at = found;
  });
  return at;
}

/** A copy in which nothing is shared. */
export function copyValue(value: Value): Draft {
  if (isList(value)) return value.map(copyValue);
  if (!isMap(value)) return value;
  const map: DraftMap = {};
  for (const [key, item] of Object.entries(value)) define(map, key, copyValue(item));
  return map;
}

/** The path of the first difference; null when the two are equal. */
export function firstDifference(
  a: Value | undefined,
  b: Value | undefined,
  path: FieldPath = [],
): FieldPath | null {
  if (isList(a) && isList(b)) {
    for (let index = 0; index < Math.max(a.length, b.length); index++) {
      const difference = firstDifference(a[index], b[index], [...path, index]);
      if (difference !== null) return difference;
    }
    return null;
  }
  if (isMap(a) && isMap(b)) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const difference = firstDifference(own(a, key), own(b, key), [...path, key]);
      if (difference !== null) return difference;
    }
    return null;
  }
  return Object.is(a, b) ? null : path;
}

function own(map: { readonly [key: string]: Value }, key: string): Value | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** The value at a path; undefined where there is none. */
export function valueAt(value: Value, path: FieldPath): Value | undefined {
  let at: Value | undefined = value;
  for (const step of path) {
    if (isList(at)) at = at[Number(step)];
    else if (isMap(at)) at = own(at, String(step));
    else return undefined;
  }
  return at;
}
