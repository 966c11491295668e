import type { Splice } from '../model/source.ts';
import { hashText } from './hash.ts';
import { applySplices } from './splice.ts';

/** Stands where the record will stand, while the text that the record describes is still being made. */
export const RECORD_PLACEHOLDER = 'v1.the-undo-record-goes-here';

/** What is needed to take one stretch out again. */
export interface Stretch {
  /** In UTF-16 units, with CRLF counted as LF and without the record itself. */
  readonly length: number;
  readonly hash: number;
  /** How many stretches that look the same stand between the stretch before and this one. */
  readonly skip: number;
  /** What stood there before; '' for a pure insertion. */
  readonly replaced: string;
}

/** LF for CRLF: the record does not mind a conversion of line ends. */
export function unifyLineEnds(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

/** Fills in the records. Splices must be sorted; each group is what one record describes. */
export function fillRecords(
  text: string,
  groups: readonly (readonly Splice[])[],
): { readonly splices: readonly Splice[]; readonly records: readonly string[] } {
  const blankSplices = groups.flat().map(({ span, text: inserted }) => ({ span, text: blank(inserted) }));
  const output = unifyLineEnds(applySplices(text, blankSplices));
  const cursor = { input: 0, output: 0 };
  const records = groups.map((group) =>
    printRecord(group.map((splice) => describe(text, output, splice, cursor))),
  );
  const splices = groups.flatMap((group, index) =>
    group.map(({ span, text: inserted }) => {
      return { span, text: inserted.replace(RECORD_PLACEHOLDER, () => records[index] ?? '') };
    }),
  );
  return { splices, records };
}

function blank(inserted: string): string {
  return unifyLineEnds(inserted).replace(RECORD_PLACEHOLDER, '');
}

/** Describes the splice, and moves the cursor behind it in the input and in the output. */
function describe(
  text: string,
  output: string,
  { span, text: inserted }: Splice,
  cursor: { input: number; output: number },
): Stretch {
  const stretch = blank(inserted);
  const start = cursor.output + unifyLineEnds(text.slice(cursor.input, span.start)).length;
  let skip = 0;
  for (let at = output.indexOf(stretch, cursor.output); at < start; at = output.indexOf(stretch, at + 1))
    skip++;
  cursor.input = span.end;
  cursor.output = start + stretch.length;
  const replaced = text.slice(span.start, span.end);
  return { length: stretch.length, hash: hashText(stretch), skip, replaced };
}

/** `v1.LENGTH-HASH[-SKIP][_REPLACED].…` in base 36, the replaced text in hexadecimal UTF-8: plain in YAML, and short. */
function printRecord(stretches: readonly Stretch[]): string {
  const tokens = stretches.map(({ length, hash, skip, replaced }) => {
    const numbers = [length, hash, ...(skip > 0 ? [skip] : [])]
      .map((number) => number.toString(36))
      .join('-');
    return replaced === '' ? numbers : `${numbers}_${toHex(replaced)}`;
  });
  return ['v1', ...tokens].join('.');
}

/** The stretches of a printed record; null when it is damaged. */
export function parseRecord(record: string): Stretch[] | null {
  const [version, ...tokens] = record.split('.');
  if (version !== 'v1' || tokens.length === 0) return null;
  const stretches: Stretch[] = [];
  for (const token of tokens) {
    const match = /^([0-9a-z]+)-([0-9a-z]+)(?:-([0-9a-z]+))?(?:_((?:[0-9a-f]{2})+))?$/.exec(token);
    if (match === null) return null;
    const [, length = '', hash = '', skip = '0', replaced = ''] = match;
    stretches.push({
      length: Number.parseInt(length, 36),
      hash: Number.parseInt(hash, 36),
      skip: Number.parseInt(skip, 36),
      replaced: fromHex(replaced),
    });
  }
  return stretches;
}

function toHex(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function fromHex(hex: string): string {
  return new TextDecoder().decode(
    Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
  );
}
