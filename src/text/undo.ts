import type { Span, Splice } from '../model/source.ts';
import { findByHash } from './hash.ts';
import { parseRecord, type Stretch, unifyLineEnds } from './record.ts';
import { applySplices } from './splice.ts';

/** Why a text cannot be given back. `at` is an offset in the text. */
export type UndoFailure =
  | { readonly reason: 'broken'; readonly at: number }
  | { readonly reason: 'changed'; readonly at: number; readonly stretch: number; readonly of: number }
  /** What a record describes stands there once more: which of the two is to go? */
  | { readonly reason: 'copied'; readonly at: number };

export type UndoResult = { readonly text: string; readonly records: number } | UndoFailure;

const RECORD = /guillotine\/undo["']?[ \t]*:[ \t]*["']?(v\d+\.[0-9a-z._-]*)/g;

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
  readonly stretches: readonly Stretch[];
}

/**
 * Takes out again what the records in this text describe. A text search: it knows no YAML and no strategy, does not
 * mind changes elsewhere, and refuses when a stretch of ours is gone, was changed or copied. All records, or none.
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
    const stretches = parseRecord(record);
    if (stretches === null) return { reason: 'broken', at: toOriginal(start) };
    blanked += normal.slice(copied, start);
    copied = start + record.length;
    records.push({ at: blanked.length, length: record.length, original: toOriginal(start), stretches });
  }
  blanked += normal.slice(copied);
  const toNormal = (offset: number): number =>
    records.reduce((sum, record) => (record.at <= offset ? sum + record.length : sum), offset);
  const splices = findStretches(blanked, records);
  if ('reason' in splices) return splices;
  if (!allowCopies) {
    const copy = findCopy(blanked, records, splices);
    if (copy >= 0) return { reason: 'copied', at: toOriginal(toNormal(copy)) };
  }
  const original = splices.map(({ span, text: replaced }) => ({
    span: { start: toOriginal(toNormal(span.start)), end: toOriginal(toNormal(span.end)) },
    text: replaced,
  }));
  return { text: applySplices(text, original), records: records.length };
}

/** Where the stretches of all records stand, in text order; each record must stand inside one of its own. */
function findStretches(blanked: string, records: readonly FoundRecord[]): Splice[] | UndoFailure {
  const splices: Splice[] = [];
  let cursor = 0;
  for (const { at, original, stretches } of records) {
    let pinned = false;
    for (const [index, stretch] of stretches.entries()) {
      const start = findStretch(blanked, stretch, cursor);
      const end = start + stretch.length;
      if (start === -1) return { reason: 'changed', at: original, stretch: index + 1, of: stretches.length };
      pinned ||= start < at && at <= end;
      splices.push({ span: { start, end }, text: stretch.replaced });
      cursor = end;
    }
    if (!pinned) return { reason: 'changed', at: original, stretch: 1, of: stretches.length };
  }
  return splices;
}

/** Where what a record describes stands once more, outside of what was found; -1 if nowhere. */
function findCopy(blanked: string, records: readonly FoundRecord[], found: readonly Splice[]): number {
  const distinct = new Map<string, Stretch>();
  for (const stretch of records.flatMap(({ stretches }) => stretches)) {
    const key = `${stretch.length}-${stretch.hash}`;
    // One that looked like other text from the start tells nothing.
    if ((distinct.get(key)?.skip ?? 0) === 0) distinct.set(key, stretch);
  }
  for (const { length, hash, skip } of distinct.values()) {
    if (skip > 0) continue;
    let next = 0;
    for (
      let at = findByHash(blanked, length, hash, 0);
      at !== -1;
      at = findByHash(blanked, length, hash, at + 1)
    ) {
      while ((found[next]?.span.end ?? Number.POSITIVE_INFINITY) <= at) next++;
      if (at + length <= (found[next]?.span.start ?? Number.POSITIVE_INFINITY)) return at;
    }
  }
  return -1;
}

function findStretch(text: string, { length, hash, skip }: Stretch, from: number): number {
  let start = findByHash(text, length, hash, from);
  for (let left = skip; left > 0 && start !== -1; left--) start = findByHash(text, length, hash, start + 1);
  return start;
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
