import type { Document, Splice } from '../model/source.ts';
import { decodeDocument, hasBom } from '../text/decode.ts';
import { type Change, type DiffLine, diffFile } from '../text/diff.ts';
import { flattenSplices } from '../text/splice.ts';
import type { Input } from './stream.ts';

/** One unified diff for all inputs; `nameOf` says how a reader finds the file. */
export function diffStream(
  inputs: readonly Input[],
  splices: ReadonlyMap<Document, readonly Splice[]>,
  nameOf: (source: string) => string,
): DiffLine[] {
  return inputs.flatMap(({ source, documents }) => {
    const changes = documents.flatMap((document) => toChanges(document, splices.get(document) ?? []));
    return diffFile(nameOf(source.name), source.bytes, changes);
  });
}

const encoder = new TextEncoder();

/** From characters of a document to bytes of its source. */
function toChanges(document: Document, splices: readonly Splice[]): Change[] {
  if (splices.length === 0) return [];
  const text = decodeDocument(document) ?? '';
  const { source, span } = document;
  let last = { at: 0, byte: span.start + (hasBom(source.bytes, span.start) ? 3 : 0) };
  const byteAt = (at: number): number => {
    last = { at, byte: last.byte + encoder.encode(text.slice(last.at, at)).length };
    return last.byte;
  };
  return flattenSplices(text, splices).map((splice) => {
    const start = byteAt(splice.span.start);
    return { span: { start, end: byteAt(splice.span.end) }, bytes: encoder.encode(splice.text) };
  });
}
