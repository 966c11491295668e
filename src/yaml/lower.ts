import type { Edit } from '../model/edit.ts';
import { invariant } from '../model/invariant.ts';
import type { Value } from '../model/object.ts';
import type { Splice } from '../model/source.ts';
import { fillPair, replaceValue } from './fill.ts';
import { insertEntries, insertItems, type Target } from './insert.ts';
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
  const style = detectStyle(parsed);
  const json = parsed.isJson ? detectJsonStyle(text) : null;
  const changes = joinChanges(locateChanges(parsed, edits, after));
  const splices = place({ text, style, json }, changes);
  const isSwallowed = splices.some((splice) => wouldSwallow(text, splice));
  return isSwallowed ? place({ text, style: { ...style, literals: false }, json }, changes) : splices;
}

function place(target: Target, changes: readonly Change[]): Splice[] {
  const placed = changes.map((change) => ({ splice: toSplice(target, change), depth: change.path.length }));
  // At one offset the deeper node's text comes first: the end of a list is also the end of the map around it.
  placed.sort((a, b) => a.splice.span.start - b.splice.span.start || b.depth - a.depth);
  return placed.map(({ splice }) => splice);
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
