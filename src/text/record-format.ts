import type { Shift } from '../model/source.ts';
import type { Point } from './point.ts';

/** What is needed to take back one change. Lengths are in UTF-16 units, with CRLF counted as LF and no record. */
export type Step =
  /** Text of ours, to be taken out again. */
  | {
      readonly kind: 'stretch';
      readonly length: number;
      readonly hash: number;
      /** What stood there before; '' for a pure insertion. */
      readonly replaced: string;
      /** Where it begins, if it may as well be somebody else's text (a comma, a `restartPolicy`); null: it is ours. */
      readonly point: Point | null;
    }
  /** Between this point and the next `end` stands what was moved and shifted: it goes back. */
  | { readonly kind: 'begin'; readonly point: Point; readonly shift: Shift | null }
  /** `closes`: what follows must be no item of the list whose dashes stand in this column. */
  | { readonly kind: 'end'; readonly point: Point; readonly closes: number | null }
  /** Here was `lead`, then what now begins at the `moved`th `begin` of the record (null: nothing), then `trail`. */
  | {
      readonly kind: 'gap';
      readonly point: Point;
      readonly moved: number | null;
      readonly lead: string;
      readonly trail: string;
    };

/**
 * A step is a token: for a stretch of ours `LENGTH-HASH[_REPLACED]`, for the others a letter, a point and what belongs to
 * the step. Numbers are in base 36, texts in hexadecimal UTF-8: plain in YAML, and short.
 */
export function printRecord(steps: readonly Step[], isMixed: boolean): string {
  return ['v1', ...(isMixed ? [MIXED_LINE_ENDS] : []), ...steps.map(printStep)].join('.');
}

const LETTERS = { begin: 'B', end: 'E', gap: 'G', stretch: 'S' } as const;

function printStep(step: Step): string {
  if (step.kind === 'stretch') {
    const { length, hash, replaced, point } = step;
    const texts = replaced === '' ? [] : [replaced];
    if (point === null) return printToken('', [length, hash], texts);
    return printToken(LETTERS.stretch, [...numbersOf(point), length, hash], texts);
  }
  const point = numbersOf(step.point);
  switch (step.kind) {
    case 'begin':
      return printToken(
        LETTERS.begin,
        [...point, ...(step.shift === null ? [] : [step.shift.from, step.shift.to])],
        [],
      );
    case 'end':
      return printToken(LETTERS.end, [...point, ...(step.closes === null ? [] : [step.closes])], []);
    case 'gap':
      return printToken(
        LETTERS.gap,
        [...point, step.moved === null ? 0 : step.moved + 1],
        [step.lead, step.trail],
      );
  }
}

function numbersOf({ before, after, skip }: Point): number[] {
  return [before.length, before.hash, after.length, after.hash, skip];
}

function printToken(letter: string, numbers: readonly number[], texts: readonly string[]): string {
  return letter + [numbers.map((number) => number.toString(36)).join('-'), ...texts.map(toHex)].join('_');
}

/** A record in a text of mixed line ends keeps those of what it replaced. */
export const MIXED_LINE_ENDS = 'M';

/** The steps of a printed record; null when it is damaged. */
export function parseRecord(record: string): Step[] | null {
  const [version, ...rest] = record.split('.');
  const tokens = rest[0] === MIXED_LINE_ENDS ? rest.slice(1) : rest;
  if (version !== 'v1' || tokens.length === 0) return null;
  const steps: Step[] = [];
  for (const token of tokens) {
    const match = /^([BEGS]?)([0-9a-z]+(?:-[0-9a-z]+)*)((?:_(?:[0-9a-f]{2})*)*)$/.exec(token);
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
  '': { numbers: [2, 2], texts: [0, 1] },
  [LETTERS.begin]: { numbers: [5, 7], texts: [0, 0] },
  [LETTERS.end]: { numbers: [5, 6], texts: [0, 0] },
  [LETTERS.stretch]: { numbers: [7, 7], texts: [0, 1] },
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
  if (letter === '') return { kind: 'stretch', length: a, hash: b, replaced: first, point: null };
  const point: Point = { before: { length: a, hash: b }, after: { length: c, hash: d }, skip };
  if (letter === LETTERS.stretch) {
    return { kind: 'stretch', length: own, hash: other, replaced: first, point };
  }
  if (letter === LETTERS.begin) {
    return { kind: 'begin', point, shift: numbers.length > 5 ? { from: own, to: other } : null };
  }
  if (letter === LETTERS.end) return { kind: 'end', point, closes: numbers.length > 5 ? own : null };
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
