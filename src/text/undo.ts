import type { Moved, Span, Splice } from '../model/source.ts';
import { type FoundStep, findCopy } from './copies.ts';
import { findByHash, hashText } from './hash.ts';
import { fitLineEnds, mapToOriginal, unifyLineEnds } from './line-ends.ts';
import { findPoint, type Point } from './point.ts';
import { MIXED_LINE_ENDS, parseRecord, type Step } from './record-format.ts';
import { applySplices } from './splice.ts';

/** Why a text cannot be given back. `at` is an offset in the text. */
export type UndoFailure =
  | { readonly reason: 'broken'; readonly at: number }
  /** Behind this place the step was expected. */
  | { readonly reason: 'changed'; readonly at: number; readonly step: number; readonly of: number }
  /** What a record describes stands there once more: which of the two is to go? */
  | { readonly reason: 'copied'; readonly at: number };

export type UndoResult = { readonly text: string; readonly records: number } | UndoFailure;

const RECORD = /guillotine\/undo["']?[ \t]*:[ \t]*["']?(v\d+\.[0-9A-Za-z._-]*)/g;

/** Where the first record stands; null if there is none. */
export function findRecord(text: string): Span | null {
  const [match] = text.matchAll(RECORD);
  return match === undefined ? null : { start: match.index, end: match.index + match[0].length };
}

interface FoundRecord {
  /** In the blanked text: line ends unified, all records cut out. */
  readonly at: number;
  readonly length: number;
  /** How much of records stands in front of this one. */
  readonly before: number;
  readonly original: number;
  readonly isMixed: boolean;
  readonly steps: readonly Step[];
}

/**
 * Takes back what the records in this text describe. A text search: it knows no YAML and no strategy, does not mind
 * changes elsewhere, and refuses when a stretch of ours is gone, was changed or copied. All records, or none.
 */
export function undoText(text: string, { allowCopies = false } = {}): UndoResult {
  const normal = unifyLineEnds(text);
  const toOriginal = mapToOriginal(text, normal);
  const records: FoundRecord[] = [];
  let blanked = '';
  let copied = 0;
  for (const match of normal.matchAll(RECORD)) {
    const record = match[1] as string;
    const start = match.index + match[0].length - record.length;
    const steps = parseRecord(record);
    if (steps === null) return { reason: 'broken', at: toOriginal(start) };
    blanked += normal.slice(copied, start);
    copied = start + record.length;
    const before = (records.at(-1)?.before ?? 0) + (records.at(-1)?.length ?? 0);
    const isMixed = record.startsWith(`v1.${MIXED_LINE_ENDS}.`);
    records.push({
      at: blanked.length,
      length: record.length,
      before,
      original: toOriginal(start),
      isMixed,
      steps,
    });
  }
  blanked += normal.slice(copied);
  const toText = (offset: number): number => toOriginal(offset + lengthBefore(records, offset));
  const found = findSteps(blanked, records, toText);
  if ('reason' in found) return found;
  const copy = allowCopies ? -1 : findCopy(blanked, found.flat());
  if (copy >= 0) return { reason: 'copied', at: toText(copy) };
  const fit = fitLineEnds(text);
  const keep = (part: string): string => part;
  return {
    text: applySplices(
      text,
      found.flatMap((steps, index) => toSplices(steps, toText, records[index]?.isMixed ? keep : fit)),
    ),
    records: records.length,
  };
}

/** How much of records stands in front of an offset of the blanked text. */
function lengthBefore(records: readonly FoundRecord[], offset: number): number {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((records[middle]?.at ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  const last = records[low - 1];
  return last === undefined ? 0 : last.before + last.length;
}

/** Where the steps of all records stand, in text order; each record must stand inside a stretch of its own. */
function findSteps(
  blanked: string,
  records: readonly FoundRecord[],
  toText: (offset: number) => number,
): FoundStep[][] | UndoFailure {
  const all: FoundStep[][] = [];
  let cursor = 0;
  for (const [number, { at: recordAt, original, steps }] of records.entries()) {
    const to = records[number + 1]?.at ?? blanked.length;
    const found: FoundStep[] = [];
    let pinned = false;
    for (const [index, step] of steps.entries()) {
      const at = findStep(blanked, step, cursor, steps.slice(index + 1), to);
      if (at === -1) {
        const behind = index === 0 ? original : toText(nextVisible(blanked, cursor));
        return { reason: 'changed', at: behind, step: index + 1, of: steps.length };
      }
      const end = step.kind === 'stretch' ? at + step.length : at;
      pinned ||= step.kind === 'stretch' && at < recordAt && recordAt <= end;
      found.push({ step, at });
      cursor = end;
    }
    if (!pinned) return { reason: 'changed', at: original, step: 1, of: steps.length };
    all.push(found);
  }
  return all;
}

function nextVisible(text: string, from: number): number {
  const found = text.slice(from).search(/\S/);
  return found === -1 ? from : from + found;
}

/** Where a step stands, from `from` to `to`; -1 if that cannot be told. */
function findStep(text: string, step: Step, from: number, next: readonly Step[], to: number): number {
  if (step.kind === 'stretch' && step.point === null) return findByHash(text, step.length, step.hash, from);
  // In front of the next stretch of ours, if there is one.
  const own = next.find((row) => row.kind === 'stretch' && row.point === null) as
    | (Step & { kind: 'stretch' })
    | undefined;
  const bound = own === undefined ? -1 : findByHash(text, own.length, own.hash, from, to);
  // What is put in at the end of what was moved is a part of it.
  const mayFloat = step.kind === 'end';
  const at = findPoint(text, step.point as Point, from, bound === -1 ? [to] : [bound, to], mayFloat);
  if (step.kind === 'end' && at !== -1 && goesOn(text, at, step.closes)) return -1;
  if (step.kind !== 'stretch' || at === -1) return at;
  return hashText(text.slice(at, at + step.length)) === step.hash ? at : -1;
}

/** Does the list whose dashes stand in this column go on behind an offset? Then somebody put an item into it. */
function goesOn(text: string, at: number, column: number | null): boolean {
  if (column === null) return false;
  const [, indent = '', dash = ''] =
    /^[^\n]*(?:\n[ \t]*(?:#[^\n]*)?(?=\n))*\n( *)(-?)/.exec(text.slice(at, at + 10_000)) ?? [];
  return indent.length > column || (indent.length === column && dash === '-');
}

/** The way back of one record, as splices: stretches go, and what was moved goes to its gap. */
function toSplices(
  found: readonly FoundStep[],
  toText: (offset: number) => number,
  fit: (text: string) => string,
): Splice[] {
  const splices: Splice[] = [];
  const moves: Moved[] = [];
  const gaps = new Map<Splice, Step & { kind: 'gap' }>();
  let inside: Splice[] | null = null;
  for (const [index, { step, at: blankedAt }] of found.entries()) {
    const at = toText(blankedAt);
    if (step.kind === 'begin') {
      const close = found.slice(index).find((next) => next.step.kind === 'end');
      const span = { start: at, end: toText(close?.at ?? blankedAt) };
      inside = [];
      const shift = step.shift && { from: step.shift.to, to: step.shift.from };
      moves.push({ span, splices: inside, shift, closes: null });
      splices.push({ span, text: '' });
    } else if (step.kind === 'end') inside = null;
    else if (step.kind === 'stretch') {
      const span = { start: at, end: toText(blankedAt + step.length) };
      (inside ?? splices).push({ span, text: fit(step.replaced) });
    } else {
      const gap = { span: { start: at, end: at }, text: fit(step.lead) };
      gaps.set(gap, step);
      (inside ?? splices).push(gap);
    }
  }
  const fill = (splice: Splice): Splice[] => {
    const gap = gaps.get(splice);
    const moved = gap && gap.moved !== null ? moves[gap.moved] : undefined;
    if (gap === undefined) return [splice];
    return [moved === undefined ? splice : { ...splice, moved }, { span: splice.span, text: fit(gap.trail) }];
  };
  return splices.flatMap(fill);
}
