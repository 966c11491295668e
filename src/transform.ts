import { findPodTemplates } from './kube/workload.ts';
import { groupByWorkload, markRewritten, recordUndo, type WorkloadEdits } from './kube/workload-edits.ts';
import { type Diagnostic, diagnose, type Place } from './model/diagnostic.ts';
import type { Edit } from './model/edit.ts';
import { type FieldPath, printId } from './model/object.ts';
import type { Options } from './model/options.ts';
import type { Plan, Workload } from './model/pod.ts';
import type { Document, Splice } from './model/source.ts';
import { describeUnreadable, marksFor, type Namespaces, readDocument, readNamespaces } from './read.ts';
import { choosePlan } from './strategies/choose-plan.ts';
import { fillRecords, RECORD_PLACEHOLDER } from './text/record.ts';
import { applySplices } from './text/splice.ts';
import { findRecord } from './text/undo.ts';
import { endOfLineAbove, isFirstOnLine } from './yaml/layout.ts';
import { lower } from './yaml/lower.ts';
import { applyEdits } from './yaml/oracle.ts';
import { type Parsed, spanOfPath } from './yaml/parse.ts';
import { verify } from './yaml/verify.ts';

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
      const rewritten = rewriteNamed(document, parsed, planned.plans);
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

interface PlannedDocument {
  readonly plans: readonly Plan[];
  readonly diagnostics: readonly Diagnostic[];
}

function planDocument(
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
  const plans = leaveWhole(document, parsed, refuseBesideRecord(document, parsed.text, chosen));
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
  for (const { action, pod } of plans) if (action === 'refuse') refused.set(pod.workload, pod.part ?? '');
  return plans.map((plan): Plan => {
    const { pod, containers } = plan;
    const name = refused.get(pod.workload);
    if (plan.action !== 'rewrite' || name === undefined) return plan;
    const place = { document, object: pod.workload.id, span: spanOfPath(parsed, pod.path) };
    const reason = diagnose('template-refused', { name }, place);
    return { pod, containers, action: 'leave', code: reason.code, diagnostics: [reason] };
  });
}

/** Says of a bug of ours in which document it showed, so that its reader can do without that one. */
function rewriteNamed(document: Document, parsed: Parsed, plans: readonly Plan[]): Rewritten | null {
  try {
    return rewriteDocument(parsed, plans);
  } catch (error) {
    const names = plans
      .filter(({ action }) => action === 'rewrite')
      .map(({ pod }) => printId(pod.workload.id));
    const place = `${document.source.name}, document ${document.index + 1} (${names.join(', ')})`;
    throw new Error(`${place}: ${(error as Error).message}`, { cause: error });
  }
}

interface Rewritten {
  readonly text: string;
  readonly splices: readonly Splice[];
}

/** The document's new text; null when no plan changes it. */
function rewriteDocument(parsed: Parsed, plans: readonly Plan[]): Rewritten | null {
  const groups = groupByWorkload(plans);
  if (groups.length === 0) return null;
  const withRecord = (group: WorkloadEdits, record: string): Edit[] => {
    return [...group.edits, markRewritten(group), recordUndo(group, record)];
  };
  const splices = lower(
    parsed,
    groups.flatMap((group) => withRecord(group, RECORD_PLACEHOLDER)),
  );
  const starts = groups.map(({ workload }) =>
    itemStart(parsed.text, spanOfPath(parsed, workload.root).start),
  );
  const filled = fillRecords(parsed.text, splitAt(splices, starts));
  const text = applySplices(parsed.text, filled.splices);
  const final = groups.flatMap((group, index) => withRecord(group, filled.records[index] ?? ''));
  verify(parsed.text, text, applyEdits(parsed.value, final));
  return { text, splices: filled.splices };
}

/** From where on text belongs to an item: its dash or brace may stand on a line of its own. */
function itemStart(text: string, start: number): number {
  const above = isFirstOnLine(text, start) ? endOfLineAbove(text, start) : -1;
  return above >= 0 ? above : start;
}

/** The splices of each workload, by where the workloads begin. */
function splitAt(splices: readonly Splice[], starts: readonly number[]): Splice[][] {
  const groups: Splice[][] = starts.map(() => []);
  let group = 0;
  for (const splice of splices) {
    while ((starts[group + 1] ?? Number.POSITIVE_INFINITY) <= splice.span.start) group++;
    groups[group]?.push(splice);
  }
  return groups;
}
