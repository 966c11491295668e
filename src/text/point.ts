import { findByHash, hashText } from './hash.ts';

interface Window {
  readonly length: number;
  readonly hash: number;
}

/** A place between two characters, known by what stands in front of it and behind it. */
export interface Point {
  /** Empty where the search for the place begins right at it. */
  readonly before: Window;
  readonly after: Window;
  /** How many places that look the same stand between where the search begins and this one. */
  readonly skip: number;
}

/** Visible characters on each side: about two lines, so that a change of one line leaves one side as it was. */
const VISIBLE = 32;
/** A window that is shorter tells too little by itself. */
const MIN_ALONE = 8;

/** Describes an offset of a text, for a search that begins at `from`: the windows reach no further back. */
export function pointAt(text: string, at: number, from: number): Point {
  const before = windowOf(text.slice(reach(text, at, from, -1), at));
  const after = windowOf(text.slice(at, reach(text, at, endOfText(text), 1)));
  const point = { before, after, skip: 0 };
  if (at === from) return point;
  let skip = 0;
  for (let found = nextPoint(text, point, from, at); found !== -1 && found < at; skip++) {
    found = nextPoint(text, point, found - before.length + 1, at);
  }
  return { ...point, skip };
}

/**
 * Finds the place again in `text` from `from` on, before one of the bounds `to`, tried in turn; -1 if it is gone or
 * cannot be told from others. When what stands on one side was changed, the other side must be unmistakable. What was
 * put in right in front of a place that `mayFloat` pushes it on.
 */
export function findPoint(
  text: string,
  point: Point,
  from: number,
  to: readonly number[],
  mayFloat = false,
): number {
  if (point.before.length === 0) return findAdjacent(text, point, from, to, mayFloat);
  const limit = Math.max(...to);
  let at = nextPoint(text, point, from, limit);
  for (let left = point.skip; left > 0 && at !== -1; left--) {
    at = nextPoint(text, point, at - point.before.length + 1, limit);
  }
  if (at !== -1) return at;
  for (const bound of to) {
    const sides = [
      findSide(text, point.before, from, bound, point.before.length),
      findSide(text, point.after, from, bound, 0),
    ].filter((found) => found !== -1);
    if (new Set(sides).size === 1) return sides[0] as number;
  }
  return -1;
}

/**
 * The place was right where the search begins. If something else stands there now, it was either changed in place, or
 * something was put in front of it: then what stood behind the place is found further on, and the place is there if it
 * may float, else gone.
 */
function findAdjacent(
  text: string,
  { after }: Point,
  from: number,
  to: readonly number[],
  mayFloat: boolean,
): number {
  if (after.length < MIN_ALONE || isWindow(text, from, after)) return from;
  const limit = Math.max(...to);
  const first = findByHash(text, after.length, after.hash, from, limit);
  if (first === -1) return from;
  if (!mayFloat) return -1;
  return findByHash(text, after.length, after.hash, first + 1, limit) === -1 ? first : -1;
}

/** A record must not depend on the final newline. */
function endOfText(text: string): number {
  return text.endsWith('\n') ? text.length - 1 : text.length;
}

/** How far a window goes from an offset in a direction, at most to `limit`. */
function reach(text: string, from: number, limit: number, step: 1 | -1): number {
  let at = from;
  for (let seen = 0; (step === 1 ? at < limit : at > limit) && seen < VISIBLE; at += step) {
    if (/\S/.test(text[step === 1 ? at : at - 1] ?? '')) seen++;
  }
  return at;
}

function windowOf(text: string): Window {
  return { length: text.length, hash: hashText(text) };
}

/** The next place that looks the same, whose window begins at or after `from`, and that is not behind `to`. */
function nextPoint(text: string, { before, after }: Point, from: number, to: number): number {
  for (let start = from; ; start++) {
    start = findByHash(text, before.length, before.hash, start, to - before.length);
    if (start === -1) return -1;
    if (isWindow(text, start + before.length, after)) return start + before.length;
  }
}

function isWindow(text: string, at: number, { length, hash }: Window): boolean {
  return hashText(text.slice(at, at + length)) === hash;
}

/** The only place from `from` to `to` with this window, of which the place stands `offset` behind the start; else -1. */
function findSide(text: string, { length, hash }: Window, from: number, to: number, offset: number): number {
  if (length < MIN_ALONE) return -1;
  const first = findByHash(text, length, hash, from, to - offset);
  if (first === -1) return -1;
  return findByHash(text, length, hash, first + 1, to - offset) === -1 ? first + offset : -1;
}
