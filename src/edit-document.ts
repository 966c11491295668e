import { groupByWorkload, markRewritten, recordUndo, type WorkloadEdits } from './kube/workload-edits.ts';
import type { Edit } from './model/edit.ts';
import type { Options } from './model/options.ts';
import type { Plan } from './model/pod.ts';
import type { Splice } from './model/source.ts';
import { fillRecords, RECORD_PLACEHOLDER } from './text/record.ts';
import { applySplices } from './text/splice.ts';
import { endOfLineAbove, isFirstOnLine } from './yaml/layout.ts';
import { lower } from './yaml/lower.ts';
import { applyEdits } from './yaml/oracle.ts';
import { type Parsed, spanOfPath } from './yaml/parse.ts';
import { verify, verifyObject } from './yaml/verify.ts';

// The arrows `lower, splice, verify`: from edits to the text.

/** A document's new text, and what makes it out of the old one. */
export interface Rewritten {
  readonly text: string;
  readonly splices: readonly Splice[];
}

/** The document's new text; null when no plan changes it. */
export function rewriteDocument(
  parsed: Parsed,
  plans: readonly Plan[],
  { recordsUndo }: Options,
): Rewritten | null {
  const groups = groupByWorkload(plans);
  if (groups.length === 0) return null;
  return recordsUndo ? rewriteWithRecords(parsed, groups) : editDocument(parsed, editsOf(groups));
}

/** All edits of workloads, without undo records. */
export function editsOf(groups: readonly WorkloadEdits[]): Edit[] {
  return groups.flatMap((group) => [...group.edits, markRewritten(group)]);
}

/** Applies edits. Throws when the new text is not what they mean. */
export function editDocument(parsed: Parsed, edits: readonly Edit[]): Rewritten {
  const splices = lower(parsed, edits);
  const text = applySplices(parsed.text, splices);
  verifyObject(text, applyEdits(parsed.value, edits));
  return { text, splices };
}

function rewriteWithRecords(parsed: Parsed, groups: readonly WorkloadEdits[]): Rewritten {
  const withRecord = (group: WorkloadEdits, record: string): Edit[] => {
    return [...editsOf([group]), recordUndo(group, record)];
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
