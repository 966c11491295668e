import type { Splice } from '../model/source.ts';
import { findByHash } from './hash.ts';
import { parseRecord, type Stretch, unifyLineEnds } from './record.ts';
import { applySplices } from './splice.ts';

/** Why a text cannot be given back. `at` is an offset in the text. */
export type UndoFailure =
  | { readonly reason: 'broken'; readonly at: number }
  | { readonly reason: 'changed'; readonly at: number; readonly stretch: number; readonly of: number };

export type UndoResult = { readonly text: string; readonly records: number } | UndoFailure;

const RECORD = /guillotine\/undo["']?[ \t]*:[ \t]*["']?(v[0-9a-z._-]+)/g;

interface FoundRecord {
  /** In the blanked text: line ends unified, all records cut out. */
  readonly at: number;
  readonly length: number;
  readonly original: number;
  readonly stretches: readonly Stretch[];
}

/**
 * Takes out again what the records in this text describe. A text search: it knows no YAML and no strategy, does not
 * mind changes elsewhere, and refuses when a stretch of ours is gone or was changed. All records, or none.
 */
export function undoText(text: string): UndoResult {
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
  const splices = findStretches(blanked, records);
  if ('reason' in splices) return splices;
  const toNormal = (offset: number): number =>
    records.reduce((sum, record) => (record.at <= offset ? sum + record.length : sum), offset);
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
