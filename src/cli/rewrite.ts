import { requireFiles } from './inputs.ts';
import { load } from './load.ts';
import { reportAll, weigh } from './report-all.ts';
import type { RewriteRequest } from './request.ts';
import { type Streams, write } from './streams.ts';
import { prepare } from './ways-out.ts';

/** Reads everything, decides everything, and writes only when nothing is wrong. Returns the exit code. */
export async function rewrite(request: RewriteRequest, streams: Streams): Promise<number> {
  if (request.wayOut === 'in-place') requireFiles(request.filename);
  const { inputs, outcome, ...loaded } = await load(request, streams, () => ({
    listsHandled: request.verbose,
  }));
  const keepGoing = request.keepGoing || loaded.keepGoing;
  const { findings, deliver } = await prepare({ request, streams, inputs, outcome });
  const diagnostics = findings.map((row) => weigh(row, keepGoing, request.strict));
  await reportAll(outcome, diagnostics, inputs.length > 1, request, streams);
  if (diagnostics.some(({ severity }) => severity === 'error')) {
    await write(streams.stderr, 'Nothing was written.\n');
    return 2;
  }
  return deliver();
}
