import type { Splice } from '../model/source.ts';
import { hashText } from './hash.ts';
import { unifyLineEnds } from './line-ends.ts';
import { pointAt } from './point.ts';
import { printRecord, type Step } from './record-format.ts';
import { assemble, type Mark } from './splice.ts';

/** Stands where the record will stand, while the text that the record describes is still being made. */
export const RECORD_PLACEHOLDER = 'v1.the-undo-record-goes-here';

/** Fills in the records. Splices must be sorted; each group is what one record describes. */
export function fillRecords(
  text: string,
  groups: readonly (readonly Splice[])[],
): { readonly splices: readonly Splice[]; readonly records: readonly string[] } {
  const blanked = groups
    .flat()
    .map((splice) => ({ ...splice, text: splice.text.replace(RECORD_PLACEHOLDER, '') }));
  const assembled = assemble(text, blanked);
  const output = unifyLineEnds(assembled.text);
  const toUnified = countLineEnds(assembled.text);
  // Undo gives texts the line ends of the text that they go back into, unless those are mixed.
  const isMixed = text.includes('\r\n') && /(?<!\r)\n/.test(text);
  const context = { output, toUnified, keep: isMixed ? (part: string) => part : unifyLineEnds };
  const cursor = { output: 0 };
  let next = 0;
  const records = groups.map((group) => {
    const marks = assembled.marks.slice(next, next + group.length).flat();
    next += group.length;
    return printRecord(describeMarks(marks, context, cursor), isMixed);
  });
  const splices = groups.flatMap((group, index) =>
    group.map((splice) => ({
      ...splice,
      text: splice.text.replace(RECORD_PLACEHOLDER, () => records[index] ?? ''),
    })),
  );
  return { splices, records };
}

/** Maps growing offsets of a text to those of the text with unified line ends. */
function countLineEnds(text: string): (offset: number) => number {
  let at = 0;
  let dropped = 0;
  return (offset) => {
    for (
      let found = text.indexOf('\r\n', at);
      found !== -1 && found < offset;
      found = text.indexOf('\r\n', at)
    ) {
      dropped++;
      at = found + 2;
    }
    return offset - dropped;
  };
}

interface RecordContext {
  /** With unified line ends and without records. */
  readonly output: string;
  readonly toUnified: (offset: number) => number;
  /** What was replaced, as it is kept in the record. */
  readonly keep: (text: string) => string;
}

/** Describes what stands in the output, and moves the cursor behind it. */
function describeMarks(
  marks: readonly Mark[],
  { output, toUnified, keep }: RecordContext,
  cursor: { output: number },
): Step[] {
  const begins = marks.flatMap((mark) => (mark.kind === 'begin' ? [mark.moved] : []));
  return marks.map((mark): Step => {
    const from = cursor.output;
    const at = toUnified(mark.at);
    if (mark.kind === 'stretch') {
      const stretch = output.slice(at, toUnified(mark.at + mark.length));
      cursor.output = at + stretch.length;
      const replaced = keep(mark.replaced);
      const isFirst = isOwn(stretch) && output.indexOf(stretch, from) === at;
      const point = isFirst ? null : pointAt(output, at, from);
      return { kind: 'stretch', length: stretch.length, hash: hashText(stretch), replaced, point };
    }
    cursor.output = at;
    const point = pointAt(output, at, from);
    if (mark.kind === 'begin') return { kind: 'begin', point, shift: mark.shift };
    if (mark.kind === 'end') return { kind: 'end', point, closes: mark.closes };
    const [lead, trail] = [keep(mark.lead), keep(mark.trail)];
    return {
      kind: 'gap',
      point,
      moved: mark.moved === null ? null : begins.indexOf(mark.moved),
      lead,
      trail,
    };
  });
}

/** Text that bears our name is nobody else's. */
export function isOwn(stretch: string): boolean {
  return stretch.includes('guillotine');
}
