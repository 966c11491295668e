import { isCollection, isPair, isScalar, type YAMLSeq } from 'yaml';
import type { Span } from '../model/source.ts';
import { lineEnd, lineStart } from '../text/lines.ts';
import { columnOf, contentEnd, endOfContentLine, skipTrivia, startOf } from './layout.ts';

// What belongs to an item of a list, as text that can be taken out and put in elsewhere.

/**
 * The extent of an item of a block list: whole lines, from the end of the line above. The comments right above it belong
 * to it, and so do those below that are indented deeper than its dash.
 */
export function blockExtent(text: string, seq: YAMLSeq, index: number): Span {
  const dash = dashOf(text, seq, index);
  const column = columnOf(text, dash);
  const floor = index === 0 ? 0 : contentEnd(seq.items[index - 1]);
  let start = endOfLineBefore(text, dash);
  for (let line = lineStart(text, start); line > floor; line = lineStart(text, start)) {
    const comment = /^( *)#/.exec(text.slice(line, start));
    if (comment === null || (index > 0 && (comment[1] as string).length > column)) break;
    start = endOfLineBefore(text, line);
  }
  return { start, end: endOfContentLine(text, contentEnd(seq.items[index]), column + 1) };
}

/** Where the dash of an item stands: the item itself may follow on a later line. */
function dashOf(text: string, seq: YAMLSeq, index: number): number {
  const first = startOf(seq);
  if (index === 0) return first;
  const lead = ' '.repeat(columnOf(text, first));
  for (
    let line = lineStart(text, startOf(seq.items[index]));
    line > first;
    line = lineStart(text, line - 1)
  ) {
    const dash = line + lead.length;
    if (text.startsWith(`${lead}-`, line) && /[\s]/.test(text[dash + 1] ?? ' ')) return dash;
  }
  return first;
}

function endOfLineBefore(text: string, offset: number): number {
  const start = lineStart(text, offset);
  if (start === 0) return 0;
  return text[start - 2] === '\r' ? start - 2 : start - 1;
}

/** The extent of an item of a flow list, with its anchor and tag. */
function flowExtent(text: string, seq: YAMLSeq, index: number): Span {
  const behind = index === 0 ? startOf(seq) + 1 : skipTrivia(text, contentEnd(seq.items[index - 1])) + 1;
  return { start: skipTrivia(text, behind), end: contentEnd(seq.items[index]) };
}

export function itemExtent(text: string, seq: YAMLSeq, index: number): Span {
  return seq.flow ? flowExtent(text, seq, index) : blockExtent(text, seq, index);
}

/** Which items of a list go. */
export interface Leaving {
  readonly goes: (index: number) => boolean;
  /** Does the text of ours that makes a new list stand right behind the list? */
  readonly isFollowedByNewList: boolean;
}

/** The stretches that go when some items of a list go, of which at least one stays; the first holds the item. */
export function findGaps(text: string, seq: YAMLSeq, index: number, leaving: Leaving): Span[] {
  const item = itemExtent(text, seq, index);
  const stays = (_: unknown, at: number): boolean => !leaving.goes(at);
  const isLeading = index < seq.items.findIndex(stays);
  if (seq.flow) return findFlowGaps(text, seq, index, isLeading);
  // One of two runs of blank lines is enough for those that stay.
  const withBlanksBehind = { start: item.start, end: skipBlankLines(text, item.end) };
  if (isLeading) return [withBlanksBehind];
  const isTrailing = index > seq.items.findLastIndex(stays);
  // Blank lines would become a part of a scalar that keeps them.
  const kept = seq.items.findLast((row, at) => at < index && stays(row, at));
  if (keepsBlankLines(text, kept))
    return [isTrailing && leaving.isFollowedByNewList ? item : withBlanksBehind];
  if (isTrailing) return [item];
  const previous = blockExtent(text, seq, index - 1).end;
  return [{ start: /^\s*$/.test(text.slice(previous, item.start)) ? previous : item.start, end: item.end }];
}

/** Does the node end in a block scalar with `+`? */
function keepsBlankLines(text: string, node: unknown): boolean {
  if (isPair(node)) return keepsBlankLines(text, node.value);
  if (isCollection(node)) return !node.flow && keepsBlankLines(text, node.items.at(-1));
  if (!isScalar(node) || !node.range) return false;
  return /^[|>]\d?\+/.test(text.slice(node.range[0], node.range[0] + 3));
}

/** An item and the comma behind it (of leading ones) or in front of it; a comment between the two stays. */
function findFlowGaps(text: string, seq: YAMLSeq, index: number, isLeading: boolean): Span[] {
  const item = flowExtent(text, seq, index);
  const end = contentEnd(seq.items[isLeading ? index : index - 1]);
  const gap = isLeading
    ? { start: item.start, end: flowExtent(text, seq, index + 1).start }
    : { start: end, end: item.end };
  const between = isLeading ? text.slice(item.end, gap.end) : text.slice(gap.start, item.start);
  if (!between.includes('#')) return [gap];
  const comma = skipTrivia(text, end);
  return [withOwnLine(text, item), { start: comma, end: comma + 1 }];
}

/** An item that stands alone on its lines, with the line end in front of it. */
function withOwnLine(text: string, item: Span): Span {
  const start = endOfLineBefore(text, item.start);
  const isAlone = /^\s*$/.test(text.slice(start, item.start)) && /^[ \t]*\r?\n/.test(text.slice(item.end));
  return isAlone ? { start, end: item.end } : item;
}

/** The end of the last of the blank lines that follow a line end. */
function skipBlankLines(text: string, from: number): number {
  let at = from;
  for (;;) {
    const next = text.indexOf('\n', at) + 1;
    if (next === 0 || text.slice(next, lineEnd(text, next)).trim() !== '') return at;
    at = lineEnd(text, next);
    if (at === text.length) return at;
  }
}
