import type { Place } from '../model/diagnostic.ts';
import type { Document, Source, Span } from '../model/source.ts';
import { decodeDocument } from '../text/decode.ts';
import { indexLines, type LineIndex, positionIn } from '../text/lines.ts';

/** A place as people count: lines from 1 within the source, columns from 1 in characters; the end is exclusive. */
export interface Location {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** Of the document; '' if it cannot be decoded. */
  readonly text: string;
  /** In UTF-16 units of the text. */
  readonly span: Span;
}

/** Decodes a document and counts the lines of a source once, as long as places come in order. */
export function createLocator(): (place: Place) => Location {
  const sources = new Map<Source, LineIndex>();
  let last: DocumentText | null = null;
  return ({ document, span = { start: 0, end: 0 } }) => {
    if (last?.document !== document) {
      const index = sources.get(document.source) ?? indexLines(document.source.bytes);
      sources.set(document.source, index);
      const text = decodeDocument(document) ?? '';
      const linesBefore = index.before(document.span.start);
      last = { document, text, lines: indexLines(text), linesBefore };
    }
    const { text, lines, linesBefore } = last;
    const start = positionIn(text, span.start, lines);
    const end = positionIn(text, Math.max(span.start, span.end), lines);
    return {
      line: start.line + linesBefore,
      column: start.column,
      endLine: end.line + linesBefore,
      endColumn: end.column,
      text,
      span,
    };
  };
}

interface DocumentText {
  readonly document: Document;
  readonly text: string;
  readonly lines: LineIndex;
  /** In the source, above the document. */
  readonly linesBefore: number;
}
