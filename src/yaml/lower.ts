import type { Edit } from '../model/edit.ts';
import { invariant } from '../model/invariant.ts';
import type { Value } from '../model/object.ts';
import type { Splice } from '../model/source.ts';
import { fillPair, replaceValue } from './fill.ts';
import { insertEntries, insertItems, insertion, type Target } from './insert.ts';
import { detectJsonStyle, detectStyle } from './layout.ts';
import { type Change, locateChanges } from './locate.ts';
import { type Parsed, spanOfNode } from './parse.ts';
import { renderFlow } from './render.ts';

/**
 * Says which characters change so that the edits come true: the only code that knows about indentation, flow style,
 * comments and line ends. The splices are sorted and do not overlap. `after` is the oracle's object.
 */
export function lower(parsed: Parsed, edits: readonly Edit[], after: Value): Splice[] {
  const { text } = parsed;
  const target = { text, style: detectStyle(parsed), json: parsed.isJson ? detectJsonStyle(text) : null };
  const placed = joinChanges(locateChanges(parsed, edits, after)).map((change) => ({
    splice: toSplice(target, change),
    // At one offset the deeper node's text comes first: the end of a list is also the end of the map around it.
    depth: change.kind === 'entries' ? change.path.length - 1 : change.path.length,
  }));
  placed.sort((a, b) => a.splice.span.start - b.splice.span.start || b.depth - a.depth);
  return joinSplices(placed.map(({ splice }) => splice));
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

/** Items for one end of one list become one change, and so do the keys for one place of one map. */
function joinChanges(changes: readonly Change[]): Change[] {
  const joined: Change[] = [];
  const indexes = new Map<unknown, number[]>();
  for (const change of changes) {
    const node = change.kind === 'entries' ? change.map : change.kind === 'items' ? change.seq : change;
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

function joinSplices(splices: readonly Splice[]): Splice[] {
  const joined: Splice[] = [];
  for (const splice of splices) {
    const last = joined.at(-1);
    const isInsertion = splice.span.start === splice.span.end;
    if (
      last !== undefined &&
      isInsertion &&
      last.span.start === last.span.end &&
      last.span.end === splice.span.start
    ) {
      joined[joined.length - 1] = insertion(last.span.start, last.text + splice.text);
    } else joined.push(splice);
  }
  return joined;
}
