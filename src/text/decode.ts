import type { Document } from '../model/source.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });
const encoder = new TextEncoder();

/** The document's text without a byte order mark; null when it is not valid UTF-8. */
export function decodeDocument({ source, span }: Document): string | null {
  try {
    // A copy: the input may stand in a growing buffer, which decoders do not take.
    return decoder.decode(source.bytes.slice(span.start, span.end));
  } catch {
    return null;
  }
}

/** A new text for the document as bytes; a byte order mark stays. */
export function encodeDocument({ source, span }: Document, text: string): Uint8Array {
  return encoder.encode(hasBom(source.bytes, span.start) ? `\ufeff${text}` : text);
}

/** Does a byte order mark stand here? */
export function hasBom(bytes: Uint8Array, at = 0): boolean {
  return bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf;
}
