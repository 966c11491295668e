import { invariant } from '../model/invariant.ts';
import type { Moved, Shift, Span, Splice } from '../model/source.ts';

/** What a splice leaves in the new text, at an offset there. */
export type Mark =
  | { readonly kind: 'stretch'; readonly at: number; readonly length: number; readonly replaced: string }
  /** Text was taken out. Of what it held `moved` (its old offset) went elsewhere; `lead` and `trail` are gone. */
  | {
      readonly kind: 'gap';
      readonly at: number;
      readonly lead: string;
      readonly trail: string;
      readonly moved: number | null;
    }
  | { readonly kind: 'begin'; readonly at: number; readonly moved: number; readonly shift: Shift | null }
  | { readonly kind: 'end'; readonly at: number; readonly closes: number | null };

export interface Assembled {
  readonly text: string;
  /** For each splice, in the order of the new text. */
  readonly marks: readonly (readonly Mark[])[];
}

/** Applies splices that are sorted and do not overlap. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  return assemble(text, splices).text;
}

/** Applies splices that are sorted and do not overlap, and says what each left where. */
export function assemble(text: string, splices: readonly Splice[]): Assembled {
  return assembleStretch(text, { start: 0, end: text.length }, splices);
}

/** The same splices with the text of what they move in here, so that each one stands for itself. */
export function flattenSplices(text: string, splices: readonly Splice[]): Splice[] {
  return splices.map(({ span, text: inserted, moved }) => {
    return { span, text: moved === undefined ? inserted : inserted + assembleMoved(text, moved).text };
  });
}

/** One splice of whole lines that makes the one text out of the other. */
export function replaceBetween(before: string, after: string): Splice {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  start = before.lastIndexOf('\n', start - 1) + 1;
  let same = 0;
  while (same < most - start && before[before.length - 1 - same] === after[after.length - 1 - same]) same++;
  const line = before.indexOf('\n', before.length - same);
  same = line === -1 ? 0 : before.length - line - 1;
  return { span: { start, end: before.length - same }, text: after.slice(start, after.length - same) };
}

function assembleStretch(text: string, whole: Span, splices: readonly Splice[]): Assembled {
  const parts: string[] = [];
  let length = 0;
  const push = (part: string): void => {
    parts.push(part);
    length += part.length;
  };
  const moves = splices.flatMap(({ moved }) => (moved === undefined ? [] : [moved]));
  let at = whole.start;
  const marks = splices.map(({ span, text: inserted, moved }): Mark[] => {
    invariant(span.start >= at && span.end >= span.start, `splice at ${span.start} overlaps the one before`);
    push(text.slice(at, span.start));
    at = span.end;
    const own: Mark[] = [];
    if (inserted !== '') {
      const replaced = text.slice(span.start, span.end);
      own.push({ kind: 'stretch', at: length, length: inserted.length, replaced });
    } else if (span.end > span.start) own.push({ ...describeGap(text, span, moves), at: length });
    push(inserted);
    if (moved === undefined) return own;
    const inner = assembleMoved(text, moved);
    own.push({ kind: 'begin', at: length, moved: moved.span.start, shift: moved.shift });
    own.push(...inner.marks.flat().map((mark) => ({ ...mark, at: length + mark.at })));
    push(inner.text);
    own.push({ kind: 'end', at: length, closes: moved.closes });
    return own;
  });
  push(text.slice(at, whole.end));
  return { text: parts.join(''), marks };
}

function describeGap(text: string, span: Span, moves: readonly Moved[]): Omit<Mark & { kind: 'gap' }, 'at'> {
  const moved = moves.find((move) => span.start <= move.span.start && move.span.end <= span.end)?.span;
  const lead = text.slice(span.start, moved?.start ?? span.end);
  const trail = moved === undefined ? '' : text.slice(moved.end, span.end);
  return { kind: 'gap', lead, trail, moved: moved?.start ?? null };
}

function assembleMoved(text: string, { span, splices, shift }: Moved): Assembled {
  const inner = assembleStretch(text, span, splices);
  if (shift === null) return inner;
  const moveOffset = (offset: number): number => shiftLines(inner.text.slice(0, offset), shift).length;
  const marks = inner.marks.map((row) =>
    row.map((mark): Mark => {
      const at = moveOffset(mark.at);
      if (mark.kind !== 'stretch') return { ...mark, at };
      return { ...mark, at, length: moveOffset(mark.at + mark.length) - at };
    }),
  );
  return { text: shiftLines(inner.text, shift), marks };
}

function shiftLines(text: string, { from, to }: Shift): string {
  const lines = text.split('\n').map((line, index) => {
    const isShifted = index > 0 && line.length > 0 && line !== '\r' && indentOf(line) >= from;
    return isShifted ? ' '.repeat(indentOf(line) + to - from) + line.replace(/^ +/, '') : line;
  });
  return lines.join('\n');
}

function indentOf(line: string): number {
  return /^ */.exec(line)?.[0].length ?? 0;
}

/** Can every line but the first be shifted, and back? A line that stays must not look as if it had been shifted. */
export function canShift(text: string, { from, to }: Shift): boolean {
  const lines = text.split(/\r?\n/).slice(1);
  return lines.every((line) => line === '' || indentOf(line) >= from || indentOf(line) < to);
}
