import { type Rewritten, rewriteDocument } from './edit-document.ts';
import { findPodTemplates } from './kube/workload.ts';
import { type Diagnostic, diagnose, type Place } from './model/diagnostic.ts';
import { type FieldPath, printId } from './model/object.ts';
import type { Options } from './model/options.ts';
import type { Plan, Workload } from './model/pod.ts';
import type { Document, Splice } from './model/source.ts';
import { describeUnreadable, marksFor, type Namespaces, readDocument, readNamespaces } from './read.ts';
import { choosePlan } from './strategies/choose-plan.ts';
import { findRecord } from './text/undo.ts';
import { type Parsed, spanOfPath } from './yaml/parse.ts';

export interface Outcome {
  /** The new texts of the documents that change; every other document stays as it is, byte for byte. */
  readonly texts: ReadonlyMap<Document, string>;
  /** What makes the new texts out of the old ones. */
  readonly splices: ReadonlyMap<Document, readonly Splice[]>;
  readonly plans: readonly Plan[];
  readonly diagnostics: readonly Diagnostic[];
  /** How many documents had to be parsed. */
  readonly parsed: number;
  /** And how many besides, because a Namespace may say in them what is injected into its pods. */
  readonly parsedNamespaces: number;
}

/**
 * candidates ─decode, parse─▶ objects ─find─▶ pod templates ─choosePlan─▶ edits ─lower─▶ splices ─▶ text ─verify─▶ text.
 * Pure; throws only when an invariant of ours is violated.
 */
export function transform(documents: readonly Document[], options: Options): Outcome {
  const texts = new Map<Document, string>();
  const splices = new Map<Document, readonly Splice[]>();
  const plans: Plan[] = [];
  const diagnostics: Diagnostic[] = [];
  const candidates = documents.filter((document) => document.candidate);
  const namespaces = readNamespaces(candidates.length === 0 ? [] : documents);
  for (const document of candidates) {
    const parsed = namespaces.read.get(document) ?? readDocument(document);
    if (parsed === null) diagnostics.push(diagnose('encoding-invalid', {}, { document }));
    else if ('reason' in parsed) diagnostics.push(describeUnreadable(parsed, document));
    else {
      const planned = planDocument(document, parsed, options, namespaces);
      plans.push(...planned.plans);
      diagnostics.push(...planned.diagnostics);
      const rewritten = rewriteNamed(document, parsed, planned.plans, options);
      if (rewritten === null) continue;
      texts.set(document, rewritten.text);
      splices.set(document, rewritten.splices);
    }
  }
  return {
    texts,
    splices,
    plans,
    diagnostics,
    parsed: candidates.length,
    parsedNamespaces: namespaces.parsed,
  };
}

export interface PlannedDocument {
  readonly plans: readonly Plan[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What becomes of the workloads of a document. */
export function planDocument(
  document: Document,
  parsed: Parsed,
  options: Options,
  namespaces: Namespaces,
): PlannedDocument {
  const { pods, diagnostics } = findPodTemplates(document, parsed, options);
  const chosen = pods.map((pod) => {
    const { root, id } = pod.workload;
    const place = (path: FieldPath): Place => {
      return { document, object: id, span: spanOfPath(parsed, path), path: path.slice(root.length) };
    };
    return choosePlan(pod, options, place, marksFor(pod.workload, namespaces, options));
  });
  const plans = leaveWhole(
    document,
    parsed,
    options.recordsUndo ? refuseBesideRecord(document, parsed.text, chosen) : chosen,
  );
  const duplicates = plans.length === 0 ? [] : parsed.duplicateKeys;
  return {
    plans,
    diagnostics: [
      ...diagnostics,
      ...duplicates.map(({ key, span }) => diagnose('duplicate-key', { key }, { document, span })),
      ...plans.flatMap((plan) => plan.diagnostics),
    ],
  };
}

/** A record describes the text as it is then: one more rewrite of the same document would make it wrong. */
function refuseBesideRecord(document: Document, text: string, plans: readonly Plan[]): readonly Plan[] {
  const record = findRecord(text);
  if (record === null) return plans;
  return plans.map((plan): Plan => {
    if (plan.action !== 'rewrite') return plan;
    const refusal = diagnose('record-present', {}, { document, span: record, object: plan.pod.workload.id });
    const { pod, containers, diagnostics } = plan;
    return { pod, containers, action: 'refuse', code: refusal.code, diagnostics: [...diagnostics, refusal] };
  });
}

/** A workload of which one pod template cannot be rewritten would not complete with the others rewritten, either. */
function leaveWhole(document: Document, parsed: Parsed, plans: readonly Plan[]): readonly Plan[] {
  const refused = new Map<Workload, string>();
  for (const plan of plans) if (isUnfit(plan)) refused.set(plan.pod.workload, plan.pod.part ?? '');
  return plans.map((plan): Plan => {
    const { pod, containers } = plan;
    const name = refused.get(pod.workload);
    if (plan.action !== 'rewrite' || name === undefined) return plan;
    const place = { document, object: pod.workload.id, span: spanOfPath(parsed, pod.path) };
    const reason = diagnose('template-refused', { name }, place);
    return { pod, containers, action: 'leave', code: reason.code, diagnostics: [reason] };
  });
}

function isUnfit(plan: Plan): boolean {
  return plan.action === 'refuse' || (plan.action === 'leave' && plan.code === 'partial-object');
}

/** Says of a bug of ours in which document it showed, so that its reader can do without that one. */
function rewriteNamed(
  document: Document,
  parsed: Parsed,
  plans: readonly Plan[],
  options: Options,
): Rewritten | null {
  try {
    return rewriteDocument(parsed, plans, options);
  } catch (error) {
    const names = plans
      .filter(({ action }) => action === 'rewrite')
      .map(({ pod }) => printId(pod.workload.id));
    const place = `${document.source.name}, document ${document.index + 1} (${names.join(', ')})`;
    throw new Error(`${place}: ${(error as Error).message}`, { cause: error });
  }
}
