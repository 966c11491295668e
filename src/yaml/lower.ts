import type { Edit, MoveEdit, PlacedEdit } from '../model/edit.ts';
import { invariant } from '../model/invariant.ts';
import { type FieldPath, startsWith, type Value } from '../model/object.ts';
import type { Splice } from '../model/source.ts';
import { fillPair, replaceValue } from './fill.ts';
import { insertEntries, insertItems, type Target } from './insert.ts';
import { detectJsonStyle, detectStyle } from './layout.ts';
import { type Change, locateChanges } from './locate.ts';
import { type PlacedSplice, type PlannedMoves, planMoves } from './move.ts';
import { applyEdits, valueAt } from './oracle.ts';
import { type Parsed, spanOfNode } from './parse.ts';
import { renderFlow } from './render.ts';
import { findStrayAliases } from './stray-aliases.ts';

/**
 * Says which characters change so that the edits come true: the only code that knows about indentation, flow style,
 * comments and line ends. The splices are sorted and do not overlap.
 */
export function lower(parsed: Parsed, edits: readonly Edit[]): Splice[] {
  const { text } = parsed;
  const style = detectStyle(parsed);
  const json = parsed.isJson ? detectJsonStyle(text) : null;
  const target = { text, style, json };
  const moves = edits.filter((edit) => edit.op === 'move');
  const changed = edits.filter((edit) => edit.op !== 'move');
  const valueAfter = valuesAfter(parsed, edits, moves);
  const planned = planMoves(parsed, target, moves, valueAfter);
  const rewrite = planned.rewrite.map((path): PlacedEdit => ({ op: 'append', path, values: [] }));
  const lists = moves.flatMap(({ path, to }) => [path.slice(0, -1), to]);
  const located = locateChanges(parsed, [...changed, ...rewrite], lists, valueAfter);
  const changes = joinChanges([...located, ...findStrayAliases(parsed, planned, located, valueAfter)]);
  const splices = place(target, changes, planned);
  const isSwallowed = splices.some((splice) => wouldSwallow(text, splice));
  return isSwallowed ? place({ ...target, style: { ...style, literals: false } }, changes, planned) : splices;
}

/** The value at an old path as it is in the end; of what stands inside a list that is changed by a move, before that. */
function valuesAfter(
  { value }: Parsed,
  edits: readonly Edit[],
  moves: readonly MoveEdit[],
): (path: FieldPath) => Value {
  const after = applyEdits(value, edits);
  if (moves.length === 0) return (path) => valueAt(after, path) as Value;
  const before = applyEdits(
    value,
    edits.filter(({ op }) => op !== 'move'),
  );
  const lists = moves.flatMap(({ path, to }) => [path.slice(0, -1), to]);
  return (path) => {
    const isInside = lists.some((list) => list.length < path.length && startsWith(path, list));
    return valueAt(isInside ? before : after, path) as Value;
  };
}

function place(target: Target, changes: readonly Change[], { splices, items }: PlannedMoves): Splice[] {
  const own = changes.map((change) => ({
    splice: toSplice(target, change),
    depth: change.path.length,
    item: items.find(({ path }) => startsWith(change.path, path)),
  }));
  const placed = [...own.filter(({ item }) => item === undefined), ...splices].sort(inOrder);
  return placed.map(({ splice }) => {
    const { moved } = splice;
    if (moved === undefined) return splice;
    const inner = own.filter(({ item }) => item?.isDropped === false && item.span.start === moved.span.start);
    return { ...splice, moved: { ...moved, splices: inner.sort(inOrder).map((row) => row.splice) } };
  });
}

/** At one offset the deeper node's text comes first: the end of a list is also the end of the map around it. */
function inOrder(a: PlacedSplice, b: PlacedSplice): number {
  return a.splice.span.start - b.splice.span.start || b.depth - a.depth;
}

/** Does a literal block scalar of ours end right above lines that it would take in: deeper comments, deeper blanks? */
function wouldSwallow(text: string, splice: Splice): boolean {
  if (!/: \|\r?\n/.test(splice.text)) return false;
  const column = /\n( *)[^\n]*$/.exec(splice.text)?.[1]?.length ?? 0;
  const following = /(?:\r?\n[ \t]*(?=\r?\n|$))*(?:\r?\n *#)?/y;
  following.lastIndex = splice.span.end;
  const lines = following.exec(text)?.[0].split(/\r?\n/) ?? [];
  return lines.some((line) => line.replace('#', '').length >= Math.max(1, column));
}

function toSplice(target: Target, change: Change): Splice {
  switch (change.kind) {
    case 'entries':
      return insertEntries(target, change.map, change.entries, change.before);
    case 'items':
      return insertItems(target, change.seq, change.where, change.values);
    case 'fill':
      return fillPair(target, change.parent, change.pair, change.value);
    case 'expand': {
      const span = spanOfNode(change.alias);
      if (change.merge) return { span, text: renderFlow(change.value) };
      return replaceValue(target, span, change.parent, change.value);
    }
  }
}

/**
 * Items for one end of one list become one change, and so do new keys of a flow map. Keys of a block map stay apart:
 * undo then does not mind what somebody adds between them.
 */
function joinChanges(changes: readonly Change[]): Change[] {
  const joined: Change[] = [];
  const indexes = new Map<unknown, number[]>();
  for (const change of changes) {
    const node =
      change.kind === 'items'
        ? change.seq
        : change.kind === 'entries' && change.map.flow
          ? change.map
          : change;
    const known = indexes.get(node) ?? [];
    const at = known.find((index) => slotOf(joined[index]) === slotOf(change));
    if (at === undefined) {
      indexes.set(node, [...known, joined.length]);
      joined.push(change);
    } else joined[at] = join(joined[at] as Change, change);
  }
  return joined;
}

function slotOf(change: Change | undefined): string | undefined {
  return change?.kind === 'items' ? change.where : change?.kind === 'entries' ? change.before : undefined;
}

function join(first: Change, second: Change): Change {
  if (first.kind === 'entries' && second.kind === 'entries') {
    return { ...first, entries: [...first.entries, ...second.entries] };
  }
  invariant(
    first.kind === 'items' && second.kind === 'items',
    'two changes of one node are of different kinds',
  );
  const values = first.where === 'back' ? [first, second] : [second, first];
  return { ...first, values: values.flatMap((change) => change.values) };
}
