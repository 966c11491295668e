import { printTable } from './explain-table.ts';
import { byWorkload, explainWorkload } from './explained.ts';
import { load } from './load.ts';
import { choosePalette } from './palette.ts';
import { createDiagnosticPrinter } from './report.ts';
import type { ExplainRequest } from './request.ts';
import { type Streams, write } from './streams.ts';

/** Says what a rewrite would do and why; writes nothing else. Returns the exit code. */
export async function explain(request: ExplainRequest, streams: Streams): Promise<number> {
  const { outcome, inputs } = await load(request, streams, () => ({
    takesLive: true,
    listsHandled: true,
  }));
  const plans = outcome?.plans ?? [];
  const print = createDiagnosticPrinter(choosePalette(request.color, streams.stderr, streams.env));
  // What belongs to a plan stands in its explanation.
  const own = new Set(plans.flatMap(({ diagnostics }) => diagnostics));
  const others = (outcome?.diagnostics ?? []).filter((diagnostic) => !own.has(diagnostic));
  if (!request.quiet || others.some(({ severity }) => severity === 'error')) {
    await write(streams.stderr, others.map(print).join(''));
  }
  if (request.output === 'json') {
    await write(streams.stdout, `${JSON.stringify(byWorkload(plans).map(explainWorkload), null, 2)}\n`);
    return 0;
  }
  if (plans.length === 0) await write(streams.stderr, 'no workload\n');
  const palette = choosePalette(request.color, streams.stdout, streams.env);
  const tables = plans.map((plan) => printTable(plan, explainWorkload([plan]), inputs.length > 1, palette));
  await write(streams.stdout, tables.join('\n'));
  return 0;
}
