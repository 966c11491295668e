import { hasNativeSidecars, printKubeVersion } from '../kube/version.ts';
import { type Diagnostic, diagnose } from '../model/diagnostic.ts';
import type { Edit } from '../model/edit.ts';
import type { Value } from '../model/object.ts';
import type { ClassifiedContainer, ClassifiedPod } from '../model/pod.ts';
import { findHazards } from './hazards.ts';
import { choosePlacement, orderSidecars } from './placement.ts';
import { planStartupProbe } from './startup-probe.ts';
import type { Strategy, StrategyContext } from './strategy.ts';
import { refuseAsked } from './supervised-options.ts';

/** Sidecars become init containers with `restartPolicy: Always`: the kubelet ends them when all mains have ended. */
export const NATIVE: Strategy = {
  id: 'native',
  findHazards,
  plan: (pod, context) => {
    const sidecars = orderSidecars(pod, context.options.sidecars);
    const obstacles = findObstacles(pod, sidecars, context);
    const placed = sidecars.map((container) => ({
      container,
      placement: choosePlacement(pod, container, context),
    }));
    const edits: Edit[] = [];
    const notes = context.options.kubeVersion === null ? ['it needs Kubernetes 1.29 or newer'] : [];
    for (const { container, placement } of placed) {
      if ('code' in placement) obstacles.push(placement);
      else {
        edits.push(...planMove(pod, container, placement.before, context));
        if (placement.why !== null) notes.push(`"${container.spec.name}" starts ${placement.why}`);
      }
    }
    if (obstacles.length > 0) return { edits: [], diagnostics: obstacles, notes: [] };
    return { edits, diagnostics: [], notes };
  },
};

function findObstacles(
  pod: ClassifiedPod,
  sidecars: readonly ClassifiedContainer[],
  context: StrategyContext,
): Diagnostic[] {
  const { options, place } = context;
  const { kubeVersion } = options;
  const obstacles = refuseAsked(
    pod,
    'that takes a supervisor, which the native strategy does without',
    context,
  );
  if (kubeVersion !== null && !hasNativeSidecars(kubeVersion)) {
    const version = printKubeVersion(kubeVersion);
    obstacles.push(diagnose('kube-version-too-old', { version }, place([...pod.path, 'spec', 'containers'])));
  }
  for (const { spec, path } of sidecars) {
    if ((spec.restartPolicy ?? null) === null) continue;
    const why = 'it has a restartPolicy of its own';
    obstacles.push(diagnose('unmovable', { name: spec.name, why }, place([...path, 'restartPolicy'])));
  }
  return obstacles;
}

function planMove(
  pod: ClassifiedPod,
  { spec, path }: ClassifiedContainer,
  before: number | null,
  { options }: StrategyContext,
): Edit[] {
  const probe = planStartupProbe(spec, pod, options);
  return [
    { op: 'set', path: [...path, 'restartPolicy'], value: 'Always' },
    ...(probe === null
      ? []
      : [{ op: 'set', path: [...path, 'startupProbe'], value: probe as unknown as Value } as const]),
    { op: 'move', path, to: [...pod.path, 'spec', 'initContainers'], before },
  ];
}
