import type { Diagnostic } from '../model/diagnostic.ts';
import type { Plan } from '../model/pod.ts';
import { isPassedUnread, readDocument, refuseUnreadable } from '../read.ts';
import { load } from './load.ts';
import { reportAll, weigh } from './report-all.ts';
import type { CheckRequest } from './request.ts';
import { type Streams, write } from './streams.ts';

/** Says which workloads would never complete as they stand; writes nothing. Returns the exit code. */
export async function check(request: CheckRequest, streams: Streams): Promise<number> {
  const { inputs, outcome, ...loaded } = await load(request, streams, () => ({ takesLive: true }));
  const plans = outcome?.plans ?? [];
  const endless = plans.filter(neverCompletes);
  const known = new Set(endless.flatMap(({ diagnostics }) => diagnostics));
  const keepGoing = request.keepGoing || loaded.keepGoing;
  const diagnostics = (outcome?.diagnostics ?? []).map(refuseUnread).map((finding) => {
    return { isKnown: known.has(finding), ...weigh(finding, keepGoing, request.strict) };
  });
  await reportAll(outcome, diagnostics, inputs.length > 1, request, streams);
  if (!request.quiet && endless.length > 0) {
    await write(streams.stderr, summarize(endless, countWorkloads(plans), request));
  }
  // What is wrong with a workload that never completes is no other error.
  if (diagnostics.some(({ severity, isKnown }) => severity === 'error' && !isKnown)) return 2;
  return endless.length > 0 ? 1 : 0;
}

/** A workload with a sidecar that nobody ends, whether we can mend it or not. */
function neverCompletes({ action, containers, ...plan }: Plan): boolean {
  if (action === 'rewrite') return true;
  const { code } = plan as Plan & { readonly action: 'leave' | 'refuse' };
  if (action === 'leave') return code === 'workaround-incomplete';
  return code !== 'ambiguous-containers' && containers.some(({ role }) => role === 'sidecar');
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
    return [quoteWord(word, index)];
  });
  return hasFiles ? words.join(' ') : `${words.join(' ')} | kubectl apply -f -`;
}

/** For a POSIX shell. The name of the program may be two words. */
function quoteWord(word: string, index: number): string {
  if (index === 0 || /^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}
