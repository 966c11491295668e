import type { Moved, Span, Splice } from '../model/source.ts';
import { findByHash } from './hash.ts';
import { findPoint, type Point } from './point.ts';
import { unifyLineEnds } from './record.ts';
import { parseRecord, type Step } from './record-format.ts';
import { applySplices } from './splice.ts';

/** Why a text cannot be given back. `at` is an offset in the text. */
export type UndoFailure =
  | { readonly reason: 'broken'; readonly at: number }
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
  readonly original: number;
  readonly steps: readonly Step[];
}

/** A step and where it was found, in the blanked text. */
interface FoundStep {
  readonly step: Step;
  readonly at: number;
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
    records.push({ at: blanked.length, length: record.length, original: toOriginal(start), steps });
  }
  blanked += normal.slice(copied);
  const found = findSteps(blanked, records);
  if ('reason' in found) return found;
  const toText = (offset: number): number => {
    const inNormal = records.reduce((sum, { at, length }) => (at <= offset ? sum + length : sum), offset);
    return toOriginal(inNormal);
  };
  const copy = allowCopies ? -1 : findCopy(blanked, found.flat());
  if (copy >= 0) return { reason: 'copied', at: toText(copy) };
  const fit = fitLineEnds(text);
  return {
    text: applySplices(
      text,
      found.flatMap((steps) => toSplices(steps, toText, fit)),
    ),
    records: records.length,
  };
}

/** Where the steps of all records stand, in text order; each record must stand inside a stretch of its own. */
function findSteps(blanked: string, records: readonly FoundRecord[]): FoundStep[][] | UndoFailure {
  const all: FoundStep[][] = [];
  let cursor = 0;
  for (const [number, { at: recordAt, original, steps }] of records.entries()) {
    const to = records[number + 1]?.at ?? blanked.length;
    const found: FoundStep[] = [];
    let pinned = false;
    for (const [index, step] of steps.entries()) {
      const at =
        step.kind === 'stretch'
          ? findStretch(blanked, step, cursor)
          : findPointAmong(blanked, step.point, cursor, steps.slice(index + 1), to);
      if (at === -1) return { reason: 'changed', at: original, step: index + 1, of: steps.length };
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

/** A point stands in front of the next stretch, if that can be told, and in front of the next record. */
function findPointAmong(text: string, point: Point, from: number, next: readonly Step[], to: number): number {
  const stretch = next.find((step) => step.kind === 'stretch');
  const bound = stretch === undefined ? -1 : findByHash(text, stretch.length, stretch.hash, from);
  return findPoint(text, point, from, bound === -1 ? [to] : [bound, to]);
}

function findStretch(text: string, { length, hash, skip }: Step & { kind: 'stretch' }, from: number): number {
  let start = findByHash(text, length, hash, from);
  for (let left = skip; left > 0 && start !== -1; left--) start = findByHash(text, length, hash, start + 1);
  return start;
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
      moves.push({ span, splices: inside, shift });
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

/** Gives text from a record the line ends of the text that it goes back into, if those are all alike. */
function fitLineEnds(text: string): (part: string) => string {
  if (!text.includes('\r\n')) return unifyLineEnds;
  if (/(?<!\r)\n/.test(text)) return (part) => part;
  return (part) => part.replace(/\r?\n/g, '\r\n');
}

/** Where what a record describes stands once more, outside of what was found; -1 if nowhere. */
function findCopy(blanked: string, found: readonly FoundStep[]): number {
  const stretches = found.flatMap(({ step, at }) => (step.kind === 'stretch' ? [{ ...step, at }] : []));
  const distinct = new Map<string, (typeof stretches)[number]>();
  for (const stretch of stretches) {
    // What does not bear our name may well be written by somebody else: a `restartPolicy`, a probe.
    const isOurs = blanked.slice(stretch.at, stretch.at + stretch.length).includes('guillotine');
    const key = `${stretch.length}-${stretch.hash}`;
    // One that looked like other text from the start tells nothing.
    if (isOurs && (distinct.get(key)?.skip ?? 0) === 0) distinct.set(key, stretch);
  }
  for (const { length, hash, skip } of distinct.values()) {
    if (skip > 0) continue;
    let next = 0;
    const endOf = (index: number): number => {
      const stretch = stretches[index];
      return stretch === undefined ? Number.POSITIVE_INFINITY : stretch.at + stretch.length;
    };
    for (
      let at = findByHash(blanked, length, hash, 0);
      at !== -1;
      at = findByHash(blanked, length, hash, at + 1)
    ) {
      while (endOf(next) <= at) next++;
      if (at + length <= (stretches[next]?.at ?? Number.POSITIVE_INFINITY)) return at;
    }
  }
  return -1;
}

/** Maps offsets of the text with unified line ends to offsets of the text; a line feed that was CRLF to its CR. */
function mapToOriginal(text: string, normal: string): (offset: number) => number {
  if (text.length === normal.length) return (offset) => offset;
  const original = new Uint32Array(normal.length + 1);
  for (let from = 0, to = 0; to <= normal.length; to++, from++) {
    original[to] = from;
    if (text[from] === '\r' && text[from + 1] === '\n') from++;
  }
  return (offset) => original[offset] as number;
}
