import type { Shift } from '../model/source.ts';
import type { Point } from './point.ts';

/** What is needed to take back one change. Lengths are in UTF-16 units, with CRLF counted as LF and no record. */
export type Step =
  /** Text of ours, to be taken out again. */
  | {
      readonly kind: 'stretch';
      readonly length: number;
      readonly hash: number;
      /** How many stretches that look the same stand between the step before and this one. */
      readonly skip: number;
      /** What stood there before; '' for a pure insertion. */
      readonly replaced: string;
    }
  /** Between this point and the next `end` stands what was moved and shifted: it goes back. */
  | { readonly kind: 'begin'; readonly point: Point; readonly shift: Shift | null }
  | { readonly kind: 'end'; readonly point: Point }
  /** Here was `lead`, then what now begins at the `moved`th `begin` of the record (null: nothing), then `trail`. */
  | {
      readonly kind: 'gap';
      readonly point: Point;
      readonly moved: number | null;
      readonly lead: string;
      readonly trail: string;
    };

/**
 * A step is a token: for a stretch `LENGTH-HASH[-SKIP][_REPLACED]`, for the others a letter, a point and what belongs
 * to the step. Numbers are in base 36, texts in hexadecimal UTF-8: plain in YAML, and short.
 */
export function printRecord(steps: readonly Step[]): string {
  return ['v1', ...steps.map(printStep)].join('.');
}

const LETTERS = { begin: 'B', end: 'E', gap: 'G' } as const;

function printStep(step: Step): string {
  if (step.kind === 'stretch') {
    const { length, hash, skip, replaced } = step;
    return printToken('', [length, hash, ...(skip > 0 ? [skip] : [])], replaced === '' ? [] : [replaced]);
  }
  const { before, after, skip } = step.point;
  const point = [before.length, before.hash, after.length, after.hash, skip];
  switch (step.kind) {
    case 'begin':
      return printToken(
        LETTERS.begin,
        [...point, ...(step.shift === null ? [] : [step.shift.from, step.shift.to])],
        [],
      );
    case 'end':
      return printToken(LETTERS.end, point, []);
    case 'gap':
      return printToken(
        LETTERS.gap,
        [...point, step.moved === null ? 0 : step.moved + 1],
        [step.lead, step.trail],
      );
  }
}

function printToken(letter: string, numbers: readonly number[], texts: readonly string[]): string {
  return letter + [numbers.map((number) => number.toString(36)).join('-'), ...texts.map(toHex)].join('_');
}

/** The steps of a printed record; null when it is damaged. */
export function parseRecord(record: string): Step[] | null {
  const [version, ...tokens] = record.split('.');
  if (version !== 'v1' || tokens.length === 0) return null;
  const steps: Step[] = [];
  for (const token of tokens) {
    const match = /^([BEG]?)([0-9a-z]+(?:-[0-9a-z]+)*)((?:_(?:[0-9a-f]{2})*)*)$/.exec(token);
    if (match === null) return null;
    const [, letter = '', list = '', hex = ''] = match;
    const numbers = list.split('-').map((digits) => Number.parseInt(digits, 36));
    const step = toStep(letter, numbers, hex.split('_').slice(1).map(fromHex));
    if (step === null) return null;
    steps.push(step);
  }
  return isBalanced(steps) ? steps : null;
}

/** Does every `begin` have its `end`, and one gap to go back to? */
function isBalanced(steps: readonly Step[]): boolean {
  const borders = steps.flatMap(({ kind }) => (kind === 'begin' || kind === 'end' ? [kind] : []));
  const moved = steps.flatMap((step) => (step.kind === 'gap' && step.moved !== null ? [step.moved] : []));
  const alternate = borders.every((kind, index) => (kind === 'begin') === (index % 2 === 0));
  return (
    alternate &&
    borders.length === 2 * moved.length &&
    moved.sort((a, b) => a - b).every((index, at) => index === at)
  );
}

/** How many numbers and texts each kind of step has, at least and at most. */
const SIZES: Readonly<
  Record<string, { readonly numbers: readonly [number, number]; readonly texts: readonly [number, number] }>
> = {
  '': { numbers: [2, 3], texts: [0, 1] },
  [LETTERS.begin]: { numbers: [5, 7], texts: [0, 0] },
  [LETTERS.end]: { numbers: [5, 5], texts: [0, 0] },
  [LETTERS.gap]: { numbers: [6, 6], texts: [2, 2] },
};

function toStep(letter: string, numbers: readonly number[], texts: readonly string[]): Step | null {
  const size = SIZES[letter];
  const fits = (count: number, [least, most]: readonly [number, number]): boolean =>
    count >= least && count <= most;
  if (size === undefined || !fits(numbers.length, size.numbers) || !fits(texts.length, size.texts))
    return null;
  const [a = 0, b = 0, c = 0, d = 0, skip = 0, own = 0, other = 0] = numbers;
  const [first = '', second = ''] = texts;
  if (letter === '') return { kind: 'stretch', length: a, hash: b, skip: c, replaced: first };
  const point: Point = { before: { length: a, hash: b }, after: { length: c, hash: d }, skip };
  if (letter === LETTERS.begin) {
    return { kind: 'begin', point, shift: numbers.length > 5 ? { from: own, to: other } : null };
  }
  if (letter === LETTERS.end) return { kind: 'end', point };
  return { kind: 'gap', point, moved: own === 0 ? null : own - 1, lead: first, trail: second };
}

function toHex(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function fromHex(hex: string): string {
  return new TextDecoder().decode(
    Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
  );
}
