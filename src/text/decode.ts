import type { Document } from '../model/source.ts';

// `ignoreBOM: true` keeps the BOM in the string (the option's name means the reverse), so decode and encode are inverse.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The document's text; null when it is not valid UTF-8. */
export function decodeDocument(document: Document): string | null {
  const { source, span } = document;
  try {
    // A copy: the input may stand in a growing buffer, which decoders do not take.
    return decoder.decode(source.bytes.slice(span.start, span.end));
  } catch {
    return null;
  }
}
