import { SUPERVISOR } from '../kube/annotations.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Edit } from '../model/edit.ts';
import type { ClassifiedPod, Container } from '../model/pod.ts';
import { scriptFor } from '../supervisor/assemble.ts';
import { planInitContainers } from './init-containers.ts';
import { describeQuits } from './quit.ts';
import type { StrategyContext, StrategyResult } from './strategy.ts';
import type { Supervised } from './supervised.ts';
import { withBusyboxOfCallers } from './variables.ts';
import type { SharedVolumes } from './volume.ts';

/** What becomes of a pod, from what becomes of each of its containers; `held` are the mains on a lifeline. */
export function planPod(
  pod: ClassifiedPod,
  results: readonly (Supervised | Diagnostic)[],
  held: readonly Container[],
  volumes: SharedVolumes,
  context: StrategyContext,
): StrategyResult {
  const diagnostics = results.flatMap((result) => ('code' in result ? [result] : []));
  if (diagnostics.length > 0) return { edits: [], diagnostics, notes: [] };
  const containers = results.filter((result): result is Supervised => !('code' in result));
  const script: Edit = {
    op: 'set',
    path: [...pod.path, 'metadata', 'annotations', SUPERVISOR],
    value: scriptFor(containers.flatMap(({ variables }) => variables.map(({ name }) => name))),
    before: 'spec',
  };
  const served = { wrapped: withBusyboxOfCallers(containers), held };
  const added = planInitContainers(pod, served, volumes, context.options);
  const edits = [script, ...containers.flatMap((result) => result.edits), ...volumes.edits, ...added.edits];
  const notes = [...containers.flatMap((result) => result.notes), ...describeQuits(context), ...added.notes];
  return { edits, diagnostics: [], notes };
}
