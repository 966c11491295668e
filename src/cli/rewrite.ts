import { findDocuments } from '../candidates.ts';
import type { Options } from '../model/options.ts';
import type { Source, Span } from '../model/source.ts';
import type { FunctionCall } from '../protocols/krm.ts';
import { holdsWord } from '../text/probe.ts';
import { readSources, requireFiles, STDIN } from './inputs.ts';
import { load } from './load.ts';
import { type KeepReport, remark, reportAll, weigh } from './report-all.ts';
import type { RewriteRequest } from './request.ts';
import type { Streams } from './streams.ts';
import { prepare } from './ways-out.ts';

/** Reads everything, decides everything, and writes only when nothing is wrong. Returns the exit code. */
export async function rewrite(request: RewriteRequest, streams: Streams, keep: KeepReport): Promise<number> {
  if (request.wayOut === 'in-place') requireFiles(request.filename);
  const sources = await readSources(request.filename, request.recursive, streams, request.mayBeEmpty);
  const call = await findCall(sources, request);
  if (call !== null) {
    const { answer } = await import('./krm.ts');
    return answer(call, request, streams, keep);
  }
  const fix = (): Partial<Options> => ({ listsHandled: request.verbose });
  const { inputs, outcome, ...loaded } = await load(request, streams, fix, sources);
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

const RESOURCE_LIST = new TextEncoder().encode('ResourceList');

/** Is this program called as a KRM function: with a ResourceList on stdin? Loads the parser only if it may be. */
async function findCall([source]: readonly Source[], request: RewriteRequest): Promise<FunctionCall | null> {
  const mayBe =
    request.wayOut === 'manifests' &&
    source?.name === STDIN &&
    holdsWord(source.bytes, whole(source), RESOURCE_LIST);
  if (!mayBe) return null;
  const { findFunctionCall } = await import('../protocols/krm.ts');
  return findFunctionCall(findDocuments(source));
}

function whole({ bytes }: Source): Span {
  return { start: 0, end: bytes.length };
}
