import type { Edit } from '../model/edit.ts';
import type { FieldPath } from '../model/object.ts';
import type { Plan, Workload } from '../model/pod.ts';
import { REWRITTEN, UNDO } from './annotations.ts';

/** Changes only in a major release, as every byte that is written does. */
const OUTPUT_VERSION = 1;

/** All that changes in one workload. */
export interface WorkloadEdits {
  readonly workload: Workload;
  /** Those of its pod templates, each once. */
  readonly strategies: readonly string[];
  readonly edits: readonly Edit[];
}

/** A workload may have several pod templates, but it has one record. */
export function groupByWorkload(plans: readonly Plan[]): WorkloadEdits[] {
  const groups = new Map<Workload, WorkloadEdits>();
  for (const plan of plans) {
    if (plan.action !== 'rewrite') continue;
    const { workload } = plan.pod;
    const { edits = [], strategies = [] } = groups.get(workload) ?? {};
    groups.set(workload, {
      workload,
      strategies: strategies.includes(plan.strategy) ? strategies : [...strategies, plan.strategy],
      edits: [...edits, ...plan.edits],
    });
  }
  return [...groups.values()];
}

/** On the workload's own metadata: a Job's template cannot be changed, its metadata can. */
export function markRewritten({ workload, strategies }: WorkloadEdits): Edit {
  return {
    op: 'set',
    path: annotation(workload, REWRITTEN),
    value: `${strategies.join('+')}/${OUTPUT_VERSION}`,
  };
}

export function recordUndo({ workload }: WorkloadEdits, record: string): Edit {
  return { op: 'set', path: annotation(workload, UNDO), value: record };
}

function annotation({ root }: Workload, name: string): FieldPath {
  return [...root, 'metadata', 'annotations', name];
}
