import type { Document, Source } from '../model/source.ts';
import { encodeDocument, hasBom } from '../text/decode.ts';
import { isBlank, isSeparator } from '../text/documents.ts';

/** One input and the documents that tile it. */
export interface Input {
  readonly source: Source;
  readonly documents: readonly Document[];
}

const encoder = new TextEncoder();
const SEPARATOR = encoder.encode('---\n');
const LINE_FEED = encoder.encode('\n');

/**
 * The output as pieces, of which the unchanged ones are slices of the input. One input comes out byte for byte but for
 * the new texts. Of several, every input and every value of a JSON stream begins with `---`, or kubectl loses objects.
 */
export function joinStream(inputs: readonly Input[], texts: ReadonlyMap<Document, string>): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  const several = inputs.length > 1;
  for (const { source, documents } of inputs) {
    if (several && isBlank(source.bytes)) continue;
    for (const document of documents) {
      const text = texts.get(document);
      const { start, end } = document.span;
      const bytes = text === undefined ? source.bytes.subarray(start, end) : encodeDocument(document, text);
      if (several) pushSeparated(pieces, bytes);
      else pushPiece(pieces, bytes);
    }
  }
  return pieces;
}

/** With a `---` line in front, if it has none. A BOM is only allowed at the very start of a stream, so it goes. */
function pushSeparated(pieces: Uint8Array[], bytes: Uint8Array): void {
  const content = hasBom(bytes) ? bytes.subarray(3) : bytes;
  const last = pieces.at(-1);
  if (last !== undefined && last.at(-1) !== 0x0a) pieces.push(LINE_FEED);
  if (!isSeparator(content, 0)) pieces.push(SEPARATOR);
  pushPiece(pieces, content);
}

/** Joins what is adjacent in one buffer, so that a long run of unchanged documents is one piece. */
function pushPiece(pieces: Uint8Array[], bytes: Uint8Array): void {
  const last = pieces.at(-1);
  const isNext =
    last !== undefined &&
    last.buffer === bytes.buffer &&
    last.byteOffset + last.byteLength === bytes.byteOffset;
  if (!isNext) pieces.push(bytes);
  else
    pieces[pieces.length - 1] = new Uint8Array(
      last.buffer,
      last.byteOffset,
      last.byteLength + bytes.byteLength,
    );
}
