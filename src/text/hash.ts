// Two polynomial hashes modulo 2^32, each mixed and cut to 24 bits: 48 bits, and a window can be rolled over a text.
// It tells text of ours from changed text; it is no defence against somebody who wants a collision.
const BASES = [0x01000193, 0x5bd1e995] as const;

interface State {
  a: number;
  b: number;
}

function push(state: State, unit: number): void {
  state.a = (Math.imul(state.a, BASES[0]) + unit) | 0;
  state.b = (Math.imul(state.b, BASES[1]) + unit) | 0;
}

function digest(state: State): number {
  return (mix(state.a) >>> 8) * 0x1000000 + (mix(state.b) >>> 8);
}

/** MurmurHash3's finalizer: every bit of a polynomial's value, the low ones of the last units too, counts in each bit. */
function mix(value: number): number {
  const first = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35);
  return second ^ (second >>> 16);
}

/** A 48-bit hash over the UTF-16 units of a text. */
export function hashText(text: string): number {
  const state = { a: 0, b: 0 };
  for (let at = 0; at < text.length; at++) push(state, text.charCodeAt(at));
  return digest(state);
}

/** The first offset from `from` to `to` where a stretch of this length and hash stands; -1 if there is none. */
export function findByHash(
  text: string,
  length: number,
  hash: number,
  from: number,
  to = text.length,
): number {
  if (from + length > text.length || from > to) return -1;
  const state = { a: 0, b: 0 };
  for (let at = from; at < from + length; at++) push(state, text.charCodeAt(at));
  const drop = { a: power(BASES[0], length), b: power(BASES[1], length) };
  for (let start = from; ; start++) {
    if (digest(state) === hash) return start;
    if (start + length >= text.length || start >= to) return -1;
    push(state, text.charCodeAt(start + length));
    const gone = text.charCodeAt(start);
    state.a = (state.a - Math.imul(gone, drop.a)) | 0;
    state.b = (state.b - Math.imul(gone, drop.b)) | 0;
  }
}

function power(base: number, exponent: number): number {
  let result = 1;
  for (let bit = exponent, square = base; bit > 0; bit >>>= 1, square = Math.imul(square, square)) {
    if (bit & 1) result = Math.imul(result, square);
  }
  return result;
}
