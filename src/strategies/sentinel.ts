import type { ClassifiedContainer, ClassifiedPod } from '../model/pod.ts';
import { SUPERVISOR_ROLES } from '../supervisor/interface.ts';
import { findExitCodePolicies } from './exit-code-policy.ts';
import { holdOnLifeline, mayBeHeld } from './lifeline.ts';
import { planPod } from './plan-pod.ts';
import { findSkippedHooks } from './stop.ts';
import type { Strategy } from './strategy.ts';
import { planVariables } from './variables.ts';
import { OWN_FOLDER, planVolumes } from './volume.ts';
import { isWrappable, wrapInScript } from './wrap.ts';

/**
 * Mains leave a file when they are done; the sidecars' commands run under a supervisor that ends them when it is there. A
 * main that cannot be wrapped is held on a lifeline.
 */
export const SENTINEL: Strategy = sentinel(mayBeHeld);

/** The same for pods in which every command is known. */
export const SENTINEL_WITHOUT_LIFELINE: Strategy = sentinel(() => false);

function sentinel(mayHold: typeof mayBeHeld): Strategy {
  const plan: Strategy['plan'] = (pod, context) => {
    const volumes = planVolumes(pod, OWN_FOLDER, context);
    if ('code' in volumes) return { edits: [], diagnostics: [volumes], notes: [] };
    const held = pod.containers.filter((container) => {
      return !volumes.isReused && mayHold(container, context) && !isWrappable(container, context);
    });
    const results = pod.containers.map((container) => {
      if (held.includes(container)) return holdOnLifeline(pod, container, volumes, context);
      const variablesIn = (directory: string): ReturnType<typeof planVariables> =>
        planVariables(pod, container, held, directory, context);
      return wrapInScript(container, roleWord(pod, container), volumes, variablesIn, pod, context);
    });
    return planPod(pod, results, held, volumes, context);
  };
  const findHazards: Strategy['findHazards'] = (pod, context) => [
    ...findSkippedHooks(pod, context),
    ...findExitCodePolicies(pod, context),
  ];
  return { id: 'sentinel', findHazards, plan };
}

function roleWord(pod: ClassifiedPod, { role }: ClassifiedContainer): string {
  const { main, retriedMain, sidecar, retriedSidecar } = SUPERVISOR_ROLES;
  const isRetried = pod.restartPolicy === 'OnFailure';
  if (role === 'sidecar') return isRetried ? retriedSidecar : sidecar;
  return isRetried ? retriedMain : main;
}
