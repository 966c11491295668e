import { findDocuments } from '../candidates.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { DEFAULT_OPTIONS, type Options } from '../model/options.ts';
import type { Document } from '../model/source.ts';
import { joinStream } from '../protocols/stream.ts';
import type { Outcome } from '../transform.ts';
import { loadConfig } from './config.ts';
import { readSources } from './inputs.ts';
import { choosePalette } from './palette.ts';
import type { RewriteRequest } from './request.ts';
import { type Streams, UsageError, write } from './streams.ts';

/** Reads everything, decides everything, and writes only when nothing is wrong. Returns the exit code. */
export async function rewrite(request: RewriteRequest, streams: Streams): Promise<number> {
  const config = await loadConfig(request.config);
  const options: Options = { ...DEFAULT_OPTIONS, ...config.options, ...request.options };
  const sources = await readSources(request.filename, request.recursive, streams);
  const inputs = sources.map((source) => ({ source, documents: findDocuments(source) }));
  const documents = inputs.flatMap((input) => input.documents);
  const outcome = await transformCandidates(documents, options);
  const keepGoing = request.keepGoing || config.keepGoing;
  const diagnostics =
    outcome === null ? [] : outcome.diagnostics.map((row) => weigh(row, keepGoing, request.strict));
  if (outcome !== null) await report(outcome, diagnostics, inputs.length > 1, request, streams);
  if (diagnostics.some(({ severity }) => severity === 'error')) {
    await write(streams.stderr, 'Nothing was written.\n');
    return 2;
  }
  for (const piece of joinStream(inputs, outcome?.texts ?? new Map())) await write(streams.stdout, piece);
  return 0;
}

/** Loads the parser and all that follows only if some document can hold a workload. */
async function transformCandidates(
  documents: readonly Document[],
  options: Options,
): Promise<Outcome | null> {
  const names = [...options.roleFlags.map(({ text }) => text), ...Object.keys(options.entrypoints)];
  if (!documents.some(({ candidate }) => candidate) && names.length === 0) return null;
  const { transform, findUnusedNames } = await import('../transform.ts');
  const outcome = transform(documents, options);
  const [unused] = findUnusedNames(outcome, options);
  if (unused !== undefined) {
    throw new UsageError(unused, 'is it spelt as in the manifest?');
  }
  return outcome;
}

/** `--keep-going` takes the weight from errors, `--strict` gives it to warnings. */
function weigh(diagnostic: Diagnostic, keepGoing: boolean, strict: boolean): Diagnostic {
  if (diagnostic.severity === 'error' && keepGoing) return { ...diagnostic, severity: 'warning' };
  if (diagnostic.severity === 'warning' && strict) return { ...diagnostic, severity: 'error' };
  return diagnostic;
}

async function report(
  outcome: Outcome,
  diagnostics: readonly Diagnostic[],
  nameSources: boolean,
  request: RewriteRequest,
  streams: Streams,
): Promise<void> {
  if (outcome.plans.length === 0 && diagnostics.length === 0) return;
  const { createDiagnosticPrinter, reportPlan } = await import('./report.ts');
  const palette = choosePalette(request.color, streams);
  const { quiet, verbose } = request;
  const lines = quiet ? [] : outcome.plans.map((plan) => reportPlan(plan, { palette, verbose, nameSources }));
  const print = createDiagnosticPrinter(palette);
  // An info is the reason in a workload's own line.
  const loud = diagnostics.filter(
    ({ severity }) => severity === 'error' || (severity === 'warning' && !quiet),
  );
  await write(streams.stderr, [...loud.map(print), ...lines].join(''));
}
