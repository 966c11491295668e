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

/** Visible characters on each side: about a line or two, so that a change of one line leaves one side as it was. */
const VISIBLE = 20;
/** A window that is shorter tells too little by itself. */
const MIN_ALONE = 8;

/** Right where the search begins. */
const HERE: Point = { before: { length: 0, hash: 0 }, after: { length: 0, hash: 0 }, skip: 0 };

/**
 * Describes an offset of a text, for a search that begins at `from`: the windows reach no further back. A place right
 * where the search begins needs none.
 */
export function pointAt(text: string, at: number, from: number): Point {
  if (at === from) return HERE;
  const before = windowOf(text.slice(reach(text, at, from, -1), at));
  const after = windowOf(text.slice(at, reach(text, at, endOfText(text), 1)));
  const point = { before, after, skip: 0 };
  let skip = 0;
  for (let found = nextPoint(text, point, from); found < at; found = pointAfter(text, point, found)) skip++;
  return { ...point, skip };
}

/**
 * Finds the place again in `text` from `from` on, before one of the bounds `to`, tried in turn; -1 if it is gone or
 * cannot be told from others. When what stands on one side was changed, the other side must be unmistakable.
 */
export function findPoint(text: string, point: Point, from: number, to: readonly number[]): number {
  if (point.before.length === 0) return from;
  let at = nextPoint(text, point, from);
  for (let left = point.skip; left > 0 && at !== -1; left--) at = pointAfter(text, point, at);
  if (at !== -1 && to.some((bound) => at <= bound)) return at;
  for (const bound of to) {
    const sides = [
      findSide(text, point.before, from, bound, point.before.length),
      findSide(text, point.after, from, bound, 0),
    ].filter((found) => found !== -1);
    if (new Set(sides).size === 1) return sides[0] as number;
  }
  return -1;
}

/** A record must not depend on the final newline. */
function endOfText(text: string): number {
  return text.endsWith('\n') ? text.length - 1 : text.length;
}

/** How far a window goes from an offset in a direction, at most to `limit`. */
function reach(text: string, from: number, limit: number, step: 1 | -1): number {
  let at = from;
  for (let seen = 0; at !== limit && seen < VISIBLE; at += step) {
    if (/\S/.test(text[step === 1 ? at : at - 1] ?? '')) seen++;
  }
  return at;
}

function isWhole(window: string): boolean {
  return window.replace(/\s+/g, '').length >= VISIBLE;
}

function windowOf(text: string): Window {
  return { length: text.length, hash: hashText(text) };
}

function pointAfter(text: string, point: Point, at: number): number {
  return nextPoint(text, point, at - point.before.length + 1);
}

/** The next place that looks the same, at or after `from` with its window; -1 if there is none. */
function nextPoint(text: string, { before, after }: Point, from: number): number {
  for (let start = from; ; start++) {
    start = findByHash(text, before.length, before.hash, start);
    if (start === -1) return -1;
    if (isWindow(text, start + before.length, after)) return start + before.length;
  }
}

function isWindow(text: string, at: number, { length, hash }: Window): boolean {
  const end = endOfText(text);
  const window = text.slice(at, at + length);
  if (at + length > end || hashText(window) !== hash) return false;
  // Less than a whole window stands only at the end of a text.
  return isWhole(window) || at + length === end;
}

/** The only place from `from` to `to` with this window, of which the place stands `offset` behind the start; else -1. */
function findSide(text: string, { length, hash }: Window, from: number, to: number, offset: number): number {
  if (length < MIN_ALONE) return -1;
  const first = findByHash(text, length, hash, from);
  if (first === -1 || first + offset > to) return -1;
  const second = findByHash(text, length, hash, first + 1);
  return second !== -1 && second + offset <= to ? -1 : first + offset;
}
