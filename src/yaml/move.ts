import { isScalar, isSeq, isMap as isYamlMap, type YAMLSeq } from 'yaml';
import type { MoveEdit } from '../model/edit.ts';
import type { FieldPath, Value } from '../model/object.ts';
import type { Moved, Span, Splice } from '../model/source.ts';
import { canShift } from '../text/splice.ts';
import { findGaps, itemExtent } from './extent.ts';
import type { Target } from './insert.ts';
import { columnOf, startOf } from './layout.ts';
import { putInNew } from './new-list.ts';
import { valueAt } from './oracle.ts';
import { findPair, type Parsed } from './parse.ts';
import type { Place, Traveller } from './pieces.ts';
import { putIn } from './put-in.ts';

export interface PlacedSplice {
  readonly splice: Splice;
  /** Of the node that it changes. */
  readonly depth: number;
}

/** An item that leaves its list. */
export interface MovedItem {
  readonly path: FieldPath;
  readonly span: Span;
  /** It is written anew elsewhere, so splices in it are void. */
  readonly isDropped: boolean;
}

/** Moves from one list to another, as splices. */
export interface PlannedMoves {
  readonly splices: readonly PlacedSplice[];
  readonly items: readonly MovedItem[];
  /** Lists that cannot be reached as text (through an alias or a merge), which must be written anew. */
  readonly rewrite: readonly FieldPath[];
}

/** All moves between the same two lists. `valueAfter` gives an item as it is after all other edits. */
export function planMoves(
  parsed: Parsed,
  target: Target,
  edits: readonly MoveEdit[],
  valueAfter: (path: FieldPath) => Value,
): PlannedMoves {
  const groups = new Map<string, MoveEdit[]>();
  for (const edit of edits) {
    const key = JSON.stringify([edit.path.slice(0, -1), edit.to]);
    groups.set(key, [...(groups.get(key) ?? []), edit]);
  }
  const planned = [...groups.values()].map((group) => planGroup(parsed, target, group, valueAfter));
  return {
    splices: planned.flatMap(({ splices }) => splices),
    items: planned.flatMap(({ items }) => items),
    rewrite: planned.flatMap(({ rewrite }) => rewrite),
  };
}

function planGroup(
  parsed: Parsed,
  target: Target,
  edits: readonly MoveEdit[],
  valueAfter: (path: FieldPath) => Value,
): PlannedMoves {
  const [{ path, to }] = edits as [MoveEdit];
  const from = path.slice(0, -1);
  const node = findNode(parsed, from);
  const source = isSeq(node) ? node : null;
  const place = findPlace(parsed, to, source);
  const travellers = edits.map((edit): Traveller => {
    const moved = source === null || place === null ? null : findMoved(target.text, source, edit, place);
    return { edit, piece: moved === null ? { value: valueAfter(edit.path) } : { moved } };
  });
  const gone = source === null ? [] : takeOut(target.text, source, place, travellers);
  const came = comeIn(target, source, place, travellers);
  return {
    splices: [...gone, ...came].map((splice) => ({ splice, depth: to.length })),
    items: source === null ? [] : travellers.map((traveller) => toItem(target.text, source, traveller)),
    rewrite: [...(source === null ? [from] : []), ...(place === null ? [to] : [])],
  };
}

function comeIn(
  target: Target,
  source: YAMLSeq | null,
  place: Place | null,
  travellers: readonly Traveller[],
): Splice[] {
  if (place?.kind === 'seq') return putIn(target, place.seq, travellers);
  return place === null || source === null ? [] : putInNew(target, source, place, travellers);
}

/** The node at a path that leads through no alias and no merge; undefined if there is none. */
function findNode(parsed: Parsed, path: FieldPath): unknown {
  let node: unknown = parsed.tree.contents;
  for (const step of path) {
    if (isYamlMap(node)) node = findPair(node, String(step))?.value;
    else if (isSeq(node)) node = node.items[Number(step)];
    else return undefined;
  }
  return node;
}

/** Where the items can go as text; null where the list must be written anew. */
function findPlace(parsed: Parsed, to: FieldPath, source: YAMLSeq | null): Place | null {
  const map = findNode(parsed, to.slice(0, -1));
  if (!isYamlMap(map)) return null;
  const key = String(to.at(-1));
  const pair = findPair(map, key);
  const node = pair?.value;
  if (isSeq(node) && node.items.length > 0) return { kind: 'seq', seq: node };
  const isVacant =
    pair === undefined ? valueAt(parsed.value, to) === undefined : isSeq(node) || isNothing(node);
  return isVacant && source !== null ? { kind: 'new', map, key, pair } : null;
}

function isNothing(node: unknown): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

/** The item as a text that can stand at the place as it is, but for its indentation; null if it cannot. */
function findMoved(text: string, source: YAMLSeq, { path }: MoveEdit, place: Place): Moved | null {
  const index = Number(path.at(-1));
  const span = itemExtent(text, source, index);
  const stretch = text.slice(span.start, span.end);
  const column = place.kind === 'seq' && !place.seq.flow ? columnOf(text, startOf(place.seq)) : null;
  const moved = { span, splices: [], shift: null, closes: null };
  if (source.flow) {
    // In a block list the lines of a flow map must be indented deeper than its dash.
    const isDeep = column === null || !new RegExp(`\\n {0,${column}}(?! |\\r?\\n)`).test(stretch);
    return isDeep ? moved : null;
  }
  if (place.kind === 'new') return moved;
  if (column === null) return null;
  const shift = { from: columnOf(text, startOf(source)), to: column };
  if (shift.from === shift.to) return moved;
  return canShift(stretch, shift) ? { ...moved, shift } : null;
}

function toItem(text: string, source: YAMLSeq, { edit: { path }, piece }: Traveller): MovedItem {
  return { path, span: itemExtent(text, source, Number(path.at(-1))), isDropped: 'value' in piece };
}

function takeOut(
  text: string,
  source: YAMLSeq,
  place: Place | null,
  travellers: readonly Traveller[],
): Splice[] {
  const indexes = travellers.map(({ edit }) => Number(edit.path.at(-1)));
  const leaving = {
    goes: (index: number) => indexes.includes(index),
    isFollowedByNewList: place?.kind === 'new',
  };
  return indexes.flatMap((index) =>
    findGaps(text, source, index, leaving).map((span) => ({ span, text: '' })),
  );
}
