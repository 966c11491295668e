import type { Edit } from '../model/edit.ts';
import type { FieldPath } from '../model/object.ts';
import type { Plan, Workload } from '../model/pod.ts';
import { REWRITTEN, UNDO } from './annotations.ts';

/** Changes only in a major release, as every byte that is written does. */
const OUTPUT_VERSION = 1;

/** All that changes in one workload. */
export interface WorkloadEdits {
  readonly workload: Workload;
  readonly strategy: string;
  readonly edits: readonly Edit[];
}

/** A workload may have several pod templates, but it has one record. */
export function groupByWorkload(plans: readonly Plan[]): WorkloadEdits[] {
  const groups = new Map<Workload, WorkloadEdits>();
  for (const plan of plans) {
    if (plan.action !== 'rewrite') continue;
    const { workload } = plan.pod;
    const { strategy } = plan;
    groups.set(workload, {
      workload,
      strategy,
      edits: [...(groups.get(workload)?.edits ?? []), ...plan.edits],
    });
  }
  return [...groups.values()];
}

/** On the workload's own metadata: a Job's template cannot be changed, its metadata can. */
export function markRewritten({ workload, strategy }: WorkloadEdits): Edit {
  return { op: 'set', path: annotation(workload, REWRITTEN), value: `${strategy}/${OUTPUT_VERSION}` };
}

export function recordUndo({ workload }: WorkloadEdits, record: string): Edit {
  return { op: 'set', path: annotation(workload, UNDO), value: record };
}

function annotation({ root }: Workload, name: string): FieldPath {
  return [...root, 'metadata', 'annotations', name];
}
