import type { Diagnostic } from '../model/diagnostic.ts';
import { joinStream } from '../protocols/stream.ts';
import type { Outcome } from '../transform.ts';
import { load } from './load.ts';
import { choosePalette } from './palette.ts';
import type { RewriteRequest } from './request.ts';
import { type Streams, write } from './streams.ts';

/** Reads everything, decides everything, and writes only when nothing is wrong. Returns the exit code. */
export async function rewrite(request: RewriteRequest, streams: Streams): Promise<number> {
  const { inputs, outcome, ...loaded } = await load(request, streams, () => ({
    listsHandled: request.verbose,
  }));
  const keepGoing = request.keepGoing || loaded.keepGoing;
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
  const palette = choosePalette(request.color, streams.stderr, streams.env);
  const { quiet, verbose } = request;
  const lines = quiet ? [] : outcome.plans.map((plan) => reportPlan(plan, { palette, verbose, nameSources }));
  const print = createDiagnosticPrinter(palette);
  // An info is the reason in a workload's own line.
  const loud = diagnostics.filter(
    ({ severity }) => severity === 'error' || (severity === 'warning' && !quiet),
  );
  await write(streams.stderr, [...loud.map(print), ...lines].join(''));
}
