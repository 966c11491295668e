import { findDocuments } from '../candidates.ts';
import { joinStream } from '../protocols/stream.ts';
import { wordSearch } from '../text/probe.ts';
import { undoDocuments } from '../undo.ts';
import { readSources, requireFiles } from './inputs.ts';
import { choosePalette } from './palette.ts';
import type { UndoRequest } from './request.ts';
import { type Streams, write } from './streams.ts';

const RECORD = [[wordSearch(['guillotine/undo'])]];

/** Gives back what was there before the rewrite. A text search: nothing is parsed. Returns the exit code. */
export async function undo(request: UndoRequest, streams: Streams): Promise<number> {
  if (request.inPlace) requireFiles(request.filename);
  const sources = await readSources(request.filename, request.recursive, streams);
  const inputs = sources.map((source) => ({ source, documents: findDocuments(source, RECORD) }));
  const { texts, records, diagnostics } = undoDocuments(inputs.flatMap((input) => input.documents));
  if (diagnostics.length > 0) {
    const { createDiagnosticPrinter } = await import('./report.ts');
    const print = createDiagnosticPrinter(choosePalette(request.color, streams.stderr, streams.env));
    await write(streams.stderr, `${diagnostics.map(print).join('')}Nothing was written.\n`);
    return 2;
  }
  const count = `${records} ${records === 1 ? 'workload' : 'workloads'}`;
  let summary = records === 0 ? 'nothing to undo\n' : `${count} given back as before\n`;
  if (request.inPlace) {
    const { describeWritten, writeInPlace } = await import('./in-place.ts');
    summary += describeWritten(writeInPlace(inputs, texts));
  }
  if (!request.quiet) await write(streams.stderr, summary);
  if (!request.inPlace) for (const piece of joinStream(inputs, texts)) await write(streams.stdout, piece);
  return 0;
}
