import type { Span } from '../model/source.ts';

/** Words to look for in bytes: ASCII, each with its first byte marked in a table. */
export interface WordSearch {
  readonly words: readonly Uint8Array[];
  readonly firsts: Uint8Array;
}

const BACKSLASH = 0x5c;

export function wordSearch(words: readonly string[]): WordSearch {
  const encoder = new TextEncoder();
  const firsts = new Uint8Array(256);
  firsts[BACKSLASH] = 1;
  for (const word of words) firsts[word.charCodeAt(0)] = 1;
  return { words: words.map((word) => encoder.encode(word)), firsts };
}

/**
 * May one of the words stand in the stretch, as it is or with an escape of a double-quoted scalar in it?
 * Too generous at times, never too strict.
 */
export function mayHoldWord(bytes: Uint8Array, span: Span, search: WordSearch): boolean {
  const { firsts, words } = search;
  for (let at = span.start; at < span.end; at++) {
    const byte = bytes[at] as number;
    if (firsts[byte] === 0) continue;
    if (
      byte === BACKSLASH ? isEscape(bytes, at) : words.some((word) => standsAt(bytes, at, span.end, word))
    ) {
      return true;
    }
  }
  return false;
}

/** Does the word stand in the stretch as it is? Many times as fast as `mayHoldWord`, but it sees no escapes. */
export function holdsWord(bytes: Uint8Array, { start, end }: Span, word: Uint8Array): boolean {
  const stretch = bytes.subarray(start, end);
  const first = word[0] ?? 0;
  for (let at = stretch.indexOf(first); at >= 0; at = stretch.indexOf(first, at + 1)) {
    if (standsAt(stretch, at, stretch.length, word)) return true;
  }
  return false;
}

/** Can the backslash begin an escape that stands for a letter (`\u004a`), or join the two lines that a word is on? */
function isEscape(bytes: Uint8Array, at: number): boolean {
  const next = bytes[at + 1];
  if (next === 0x0a || next === 0x0d) return isLetter(bytes[at - 1]);
  return next === 0x75 || next === 0x55 || next === 0x78;
}

function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
}

function standsAt(bytes: Uint8Array, at: number, end: number, word: Uint8Array): boolean {
  return at + word.length <= end && word.every((byte, offset) => bytes[at + offset] === byte);
}
