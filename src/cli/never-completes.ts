import { type Diagnostic, diagnose, type Place } from '../model/diagnostic.ts';
import type { FieldPath } from '../model/object.ts';
import { type Plan, printPodName, type Workload } from '../model/pod.ts';
import type { Document } from '../model/source.ts';
import { readDocument } from '../read.ts';
import { type Parsed, spanOfPath } from '../yaml/parse.ts';
import { isStdin } from './inputs.ts';
import { quoteWord } from './quote-word.ts';

/** A workload with a sidecar that nobody ends, whether we can mend it or not. */
export function neverCompletes({ action, containers, ...plan }: Plan): boolean {
  if (action === 'rewrite') return true;
  const { code } = plan as Plan & { readonly action: 'leave' | 'refuse' };
  if (action === 'leave') return code === 'workaround-incomplete';
  return code !== 'ambiguous-containers' && containers.some(({ role }) => role === 'sidecar');
}

/** What the text of `--check` says in lines of its own, as findings. */
export function describeEndless(plans: readonly Plan[]): Diagnostic[] {
  const placeOf = createWorkloadLocator();
  return plans.filter(neverCompletes).map((plan) => {
    const { workload } = plan.pod;
    const unended = plan.action === 'leave' ? [] : plan.containers.filter(({ role }) => role === 'sidecar');
    const params = {
      pod: printPodName(plan.pod),
      names: unended.map(({ spec }) => spec.name),
      command: plan.action === 'rewrite' ? mendingCommand(workload.document) : null,
    };
    return diagnose('never-completes', params, placeOf(workload));
  });
}

function mendingCommand({ source }: Document): string {
  if (isStdin(source)) return 'kubectl guillotine -f FILE | kubectl apply -f -';
  return `kubectl guillotine -i -f ${quoteWord(source.name)}`;
}

/** Where a workload says its name, else its kind. Parses a document once, as long as workloads come in order. */
export function createWorkloadLocator(): (workload: Workload) => Place {
  let last: { readonly document: Document; readonly parsed: Parsed | null } | null = null;
  return ({ document, id, root }) => {
    if (last?.document !== document) {
      const read = readDocument(document);
      last = { document, parsed: read !== null && 'value' in read ? read : null };
    }
    const path: FieldPath = id.name === '' ? ['kind'] : ['metadata', 'name'];
    const place = { document, object: id, path };
    return last.parsed === null ? place : { ...place, span: spanOfPath(last.parsed, [...root, ...path]) };
  };
}
