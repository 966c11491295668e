import { diagnose } from '../model/diagnostic.ts';
import { type FieldPath, isList, isMap, type Value } from '../model/object.ts';
import type { ClassifiedPod } from '../model/pod.ts';
import type { Hazard, StrategyContext } from './strategy.ts';

/**
 * Of a pod that failed Volcano looks at the exit code of the first container status only (volcano:
 * pkg/controllers/job/job_controller_handler.go), and the kubelet sorts those by name. A supervised sidecar exits with 0.
 */
export function findExitCodePolicies(pod: ClassifiedPod, { place }: StrategyContext): Hazard[] {
  const { id, root, object } = pod.workload;
  if (!id.apiVersion.startsWith('batch.volcano.sh/')) return [];
  const first = [...pod.containers].sort((a, b) => (a.spec.name < b.spec.name ? -1 : 1))[0];
  if (first?.role !== 'sidecar') return [];
  const spec = object['spec'];
  const tasks = isMap(spec) ? spec['tasks'] : undefined;
  const task = pod.path.slice(0, -1);
  const ofTask = isList(tasks) ? tasks[Number(task.at(-1))] : undefined;
  const policies = [...policiesIn(spec, [...root, 'spec']), ...policiesIn(ofTask, task)];
  return policies.map(({ code, path }) => ({
    avoid: false,
    diagnostic: diagnose('exit-code-policy', { name: first.spec.name, code }, place(path)),
  }));
}

function policiesIn(value: Value | undefined, path: FieldPath): { code: number; path: FieldPath }[] {
  const policies = isMap(value) ? value['policies'] : undefined;
  if (!isList(policies)) return [];
  return policies.flatMap((policy, index) => {
    const code = isMap(policy) ? policy['exitCode'] : undefined;
    return typeof code === 'number' ? [{ code, path: [...path, 'policies', index, 'exitCode'] }] : [];
  });
}
