import type { Diagnostic } from '../model/diagnostic.ts';
import type { Plan } from '../model/pod.ts';
import { isPassedUnread, readDocument, refuseUnreadable } from '../read.ts';
import { load } from './load.ts';
import { neverCompletes } from './never-completes.ts';
import { quoteWord } from './quote-word.ts';
import { type KeepReport, remark, reportAll, weigh } from './report-all.ts';
import type { CheckRequest } from './request.ts';
import type { Streams } from './streams.ts';

/** Says which workloads would never complete as they stand; writes nothing. Returns the exit code. */
export async function check(request: CheckRequest, streams: Streams, keep: KeepReport): Promise<number> {
  const { inputs, outcome, ...loaded } = await load(request, streams, () => ({ takesLive: true }));
  const plans = outcome?.plans ?? [];
  const endless = plans.filter(neverCompletes);
  const known = new Set(endless.flatMap(({ diagnostics }) => diagnostics));
  const keepGoing = request.keepGoing || loaded.keepGoing;
  const unweighed = (outcome?.diagnostics ?? []).map(refuseUnread);
  const findings = unweighed.map((finding) => weigh(finding, keepGoing, request.strict));
  const report = { request, plans, findings, nameSources: inputs.length > 1 };
  await reportAll(report, streams, keep);
  if (!request.quiet && endless.length > 0) {
    await remark(summarize(endless, countWorkloads(plans), request), request, streams);
  }
  // What is wrong with a workload that never completes is no other error.
  const isOther = (index: number): boolean => !known.has(unweighed[index] as Diagnostic);
  if (findings.some(({ severity }, index) => severity === 'error' && isOther(index))) return 2;
  return endless.length > 0 ? 1 : 0;
}

/** A document that nobody could read did not pass the check. */
function refuseUnread(finding: Diagnostic): Diagnostic {
  if (!isPassedUnread(finding)) return finding;
  const read = readDocument(finding.document);
  return read === null || 'reason' in read ? refuseUnreadable(read, finding.document, 'check') : finding;
}

function countWorkloads(plans: readonly Plan[]): number {
  return new Set(plans.map(({ pod }) => pod.workload)).size;
}

function summarize(endless: readonly Plan[], total: number, request: CheckRequest): string {
  const count = countWorkloads(endless);
  const verdict = `${count} of ${total} ${total === 1 ? 'workload' : 'workloads'} would never complete.`;
  const mendable = countWorkloads(endless.filter(({ action }) => action === 'rewrite'));
  if (mendable === 0) return `${verdict}\n`;
  const which = mendable < count ? `${mendable} of them` : count > 1 ? 'them' : 'it';
  return `${verdict} To mend ${which}:\n  ${mendingCommand(request)}\n`;
}

/** What was typed, but to the end that the manifests are rewritten. */
function mendingCommand({ typed, filename }: CheckRequest): string {
  const hasFiles = filename.length > 0 && !filename.includes('-');
  const words = typed.flatMap((word, index) => {
    if (word === '--check') return hasFiles ? ['-i'] : [];
    // The name of the program may be two words.
    return [index === 0 ? word : quoteWord(word)];
  });
  return hasFiles ? words.join(' ') : `${words.join(' ')} | kubectl apply -f -`;
}
