import { findByHash, hashText } from './hash.ts';

interface Window {
  readonly length: number;
  readonly hash: number;
}

/** A place between two characters, known by what stands in front of it and behind it. */
export interface Point {
  readonly before: Window;
  readonly after: Window;
  /** How many places that look the same stand between where the search begins and this one. */
  readonly skip: number;
}

/** Characters on each side: about the length of a line, so that a change of one line leaves one side as it was. */
const WIDTH = 24;
/** A window that is shorter tells too little by itself. */
const MIN_ALONE = 8;

/** Describes an offset of a text, for a search that begins at `from`. */
export function pointAt(text: string, at: number, from: number): Point {
  const before = windowOf(text.slice(Math.max(0, at - WIDTH), at));
  const after = windowOf(text.slice(at, Math.min(at + WIDTH, endOfText(text))));
  let skip = 0;
  const point = { before, after, skip: 0 };
  for (
    let found = nextPoint(text, point, from);
    found !== -1 && found < at;
    found = nextPoint(text, point, found + 1)
  )
    skip++;
  return { before, after, skip };
}

/**
 * Finds the place again in `text` from `from` to `to`; -1 if it is gone or cannot be told from others. When what stands
 * on one side was changed, the other side must be unmistakable.
 */
export function findPoint(text: string, point: Point, from: number, to: number): number {
  let at = nextPoint(text, point, from);
  for (let left = point.skip; left > 0 && at !== -1; left--) at = nextPoint(text, point, at + 1);
  if (at !== -1 && at <= to) return at;
  const sides = [
    findSide(text, point.before, from, to, point.before.length),
    findSide(text, point.after, from, to, 0),
  ].filter((found) => found !== -1);
  return new Set(sides).size === 1 ? (sides[0] as number) : -1;
}

/** A record must not depend on the final newline. */
function endOfText(text: string): number {
  return text.endsWith('\n') ? text.length - 1 : text.length;
}

function windowOf(text: string): Window {
  return { length: text.length, hash: hashText(text) };
}

function nextPoint(text: string, { before, after }: Point, from: number): number {
  for (let at = from; ; at++) {
    const start = findByHash(text, before.length, before.hash, Math.max(0, at - before.length));
    if (start === -1) return -1;
    at = start + before.length;
    if (isWindow(text, at, after)) return at;
  }
}

function isWindow(text: string, at: number, { length, hash }: Window): boolean {
  const end = endOfText(text);
  // Less than a whole window stands only at the end of a text.
  if (length < WIDTH && at + length !== end) return false;
  return at + length <= end && hashText(text.slice(at, at + length)) === hash;
}

/** The only place from `from` to `to` with this window, of which the place stands `offset` behind the start; else -1. */
function findSide(text: string, { length, hash }: Window, from: number, to: number, offset: number): number {
  if (length < MIN_ALONE) return -1;
  const start = Math.max(0, from - offset);
  const first = findByHash(text, length, hash, start);
  if (first === -1 || first + offset > to) return -1;
  const second = findByHash(text, length, hash, first + 1);
  return second !== -1 && second + offset <= to ? -1 : first + offset;
}
