import { requireFiles } from './inputs.ts';
import { load } from './load.ts';
import { type KeepReport, remark, reportAll, weigh } from './report-all.ts';
import type { RewriteRequest } from './request.ts';
import type { Streams } from './streams.ts';
import { prepare } from './ways-out.ts';

/** Reads everything, decides everything, and writes only when nothing is wrong. Returns the exit code. */
export async function rewrite(request: RewriteRequest, streams: Streams, keep: KeepReport): Promise<number> {
  if (request.wayOut === 'in-place') requireFiles(request.filename);
  const { inputs, outcome, ...loaded } = await load(request, streams, () => ({
    listsHandled: request.verbose,
  }));
  const keepGoing = request.keepGoing || loaded.keepGoing;
  const { findings: unweighed, deliver } = await prepare({ request, streams, inputs, outcome });
  const findings = unweighed.map((row) => weigh(row, keepGoing, request.strict));
  const plans = outcome?.plans ?? [];
  await reportAll({ request, plans, findings, nameSources: inputs.length > 1 }, streams, keep);
  if (findings.some(({ severity }) => severity === 'error')) {
    await remark('Nothing was written.\n', request, streams);
    return 2;
  }
  return deliver();
}
