import type { Span } from '../model/source.ts';
import { hasBom } from './decode.ts';

const LF = 0x0a;
const CR = 0x0d;
const DASH = 0x2d;
const SPACE = 0x20;
const TAB = 0x09;
const HASH = 0x23;

/**
 * Cuts a stream into documents: at every line that begins with `---` and goes on with white space, a comment or
 * nothing (a scalar can have no such line), and between the values of a JSON stream, which kubectl reads
 * without separators. A document begins with its `---` line. The spans tile the bytes; an empty stream has none.
 */
export function splitDocuments(bytes: Uint8Array): Span[] {
  const spans: Span[] = [];
  let start = 0;
  for (let at = nextSeparator(bytes, 1); start < bytes.length; at = nextSeparator(bytes, at + 1)) {
    pushValues(bytes, { start, end: at }, spans);
    start = at;
  }
  return spans;
}

/** Where a `---` line begins, at or after `from` (which must be 1 or more); the length of the bytes if there is none. */
function nextSeparator(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    if (bytes[at] === DASH && bytes[at - 1] === LF && isSeparator(bytes, at)) return at;
  }
  return bytes.length;
}

/** Does a separator line begin here? */
export function isSeparator(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== DASH || bytes[at + 1] !== DASH || bytes[at + 2] !== DASH) return false;
  const next = bytes[at + 3];
  return next === undefined || next === LF || next === CR || next === SPACE || next === TAB || next === HASH;
}

/** One span, or one for each value where the part holds several JSON values and nothing else. */
function pushValues(bytes: Uint8Array, part: Span, into: Span[]): void {
  const starts: number[] = [];
  let at = skipWhite(bytes, skipBom(bytes, part.start), part.end);
  while (bytes[at] === 0x7b && at < part.end) {
    starts.push(at);
    at = skipWhite(bytes, jsonValueEnd(bytes, at, part.end), part.end);
  }
  if (starts.length < 2 || at < part.end) {
    into.push(part);
    return;
  }
  starts[0] = part.start;
  starts.forEach((start, index) => {
    into.push({ start, end: starts[index + 1] ?? part.end });
  });
}

function skipBom(bytes: Uint8Array, at: number): number {
  return hasBom(bytes, at) ? at + 3 : at;
}

/** White space and nothing else? */
export function isBlank(bytes: Uint8Array): boolean {
  return skipWhite(bytes, skipBom(bytes, 0), bytes.length) === bytes.length;
}

function skipWhite(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && (bytes[at] === SPACE || bytes[at] === LF || bytes[at] === CR || bytes[at] === TAB)) at++;
  return at;
}

/** The offset after the JSON object that begins here; `end` when it does not close. */
function jsonValueEnd(bytes: Uint8Array, from: number, end: number): number {
  let depth = 0;
  let inString = false;
  for (let at = from; at < end; at++) {
    const byte = bytes[at];
    if (inString) {
      if (byte === 0x5c) at++;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x7b || byte === 0x5b) depth++;
    else if ((byte === 0x7d || byte === 0x5d) && --depth === 0) return at + 1;
  }
  return end;
}
