import { type Diagnostic, diagnose } from './model/diagnostic.ts';
import type { Document } from './model/source.ts';
import { decodeDocument } from './text/decode.ts';
import { type UndoFailure, undoText } from './text/undo.ts';

export interface Undone {
  /** Of the documents that change. */
  readonly texts: ReadonlyMap<Document, string>;
  readonly records: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** Takes back what the records in these documents describe. A text search: nothing is parsed. */
export function undoDocuments(documents: readonly Document[]): Undone {
  const texts = new Map<Document, string>();
  const diagnostics: Diagnostic[] = [];
  let records = 0;
  for (const document of documents) {
    const text = document.candidate ? decodeDocument(document) : null;
    if (text === null) continue;
    const result = undoText(text);
    if ('reason' in result) diagnostics.push(describe(result, document));
    else if (result.text !== text) texts.set(document, result.text);
    if ('records' in result) records += result.records;
  }
  return { texts, records, diagnostics };
}

function describe(failure: UndoFailure, document: Document): Diagnostic {
  const place = { document, span: { start: failure.at, end: failure.at + 1 } };
  switch (failure.reason) {
    case 'broken':
      return diagnose('undo-record-broken', {}, place);
    case 'copied':
      return diagnose('undo-copied', {}, place);
    case 'changed':
      return diagnose('undo-changed', failure, place);
  }
}
