import type { Diagnostic } from '../model/diagnostic.ts';
import type { Plan } from '../model/pod.ts';
import { choosePalette } from './palette.ts';
import type { CheckRequest, RewriteRequest } from './request.ts';
import { type Streams, write } from './streams.ts';

/** `--keep-going` takes the weight from errors, `--strict` gives it to warnings. */
export function weigh(diagnostic: Diagnostic, keepGoing: boolean, strict: boolean): Diagnostic {
  if (diagnostic.severity === 'error' && keepGoing) return { ...diagnostic, severity: 'warning' };
  if (diagnostic.severity === 'warning' && strict) return { ...diagnostic, severity: 'error' };
  return diagnostic;
}

/** What became of each workload, and what is wrong. Loads the printer only if there is something to print. */
export async function reportAll(
  outcome: { readonly plans: readonly Plan[] } | null,
  diagnostics: readonly Diagnostic[],
  nameSources: boolean,
  request: RewriteRequest | CheckRequest,
  streams: Streams,
): Promise<void> {
  const plans = outcome?.plans ?? [];
  if (plans.length === 0 && diagnostics.length === 0) return;
  const { createDiagnosticPrinter, reportPlan } = await import('./report.ts');
  const palette = choosePalette(request.color, streams.stderr, streams.env);
  const { quiet, verbose, command } = request;
  const style = { palette, verbose, nameSources, isCheck: command === 'check' };
  const lines = quiet ? [] : plans.map((plan) => reportPlan(plan, style));
  const print = createDiagnosticPrinter(palette);
  // An info is the reason in a workload's own line.
  const loud = diagnostics.filter(
    ({ severity }) => severity === 'error' || (severity === 'warning' && !quiet),
  );
  await write(streams.stderr, [...loud.map(print), ...lines].join(''));
}
