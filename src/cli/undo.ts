import { findDocuments } from '../candidates.ts';
import { type Diagnostic, diagnose } from '../model/diagnostic.ts';
import type { Document } from '../model/source.ts';
import { joinStream } from '../protocols/stream.ts';
import { decodeDocument } from '../text/decode.ts';
import { wordSearch } from '../text/probe.ts';
import { type UndoFailure, undoText } from '../text/undo.ts';
import { readSources } from './inputs.ts';
import { choosePalette } from './palette.ts';
import type { UndoRequest } from './request.ts';
import { type Streams, write } from './streams.ts';

const RECORD = [[wordSearch(['guillotine/undo'])]];

/** Gives back what was there before the rewrite. A text search: nothing is parsed. Returns the exit code. */
export async function undo(request: UndoRequest, streams: Streams): Promise<number> {
  const sources = await readSources(request.filename, request.recursive, streams);
  const inputs = sources.map((source) => ({ source, documents: findDocuments(source, RECORD) }));
  const texts = new Map<Document, string>();
  const diagnostics: Diagnostic[] = [];
  let records = 0;
  for (const document of inputs.flatMap((input) => input.documents)) {
    const text = document.candidate ? decodeDocument(document) : null;
    if (text === null) continue;
    const result = undoText(text);
    if ('reason' in result) diagnostics.push(describe(result, document));
    else texts.set(document, result.text);
    if ('records' in result) records += result.records;
  }
  if (diagnostics.length > 0) {
    const { createDiagnosticPrinter } = await import('./report.ts');
    const print = createDiagnosticPrinter(choosePalette(request.color, streams.stderr, streams.env));
    await write(streams.stderr, `${diagnostics.map(print).join('')}Nothing was written.\n`);
    return 2;
  }
  if (!request.quiet) {
    const count = `${records} ${records === 1 ? 'workload' : 'workloads'}`;
    await write(streams.stderr, records === 0 ? 'nothing to undo\n' : `${count} given back as before\n`);
  }
  for (const piece of joinStream(inputs, texts)) await write(streams.stdout, piece);
  return 0;
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
