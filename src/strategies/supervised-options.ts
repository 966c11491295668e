import { placeOfOptions } from '../kube/annotations.ts';
import { type Diagnostic, diagnose } from '../model/diagnostic.ts';
import type { ContainerOptions } from '../model/options.ts';
import type { ClassifiedPod } from '../model/pod.ts';
import type { StrategyContext } from './strategy.ts';

/** Options that are for one role. */
const OF_ONE_ROLE: readonly {
  readonly option: string;
  readonly key: keyof ContainerOptions;
  readonly role: 'main' | 'sidecar';
  readonly why: string;
  /** It asks nothing of a supervisor: it says what one would do. */
  readonly isIdle?: boolean;
}[] = [
  { option: 'drain', key: 'drain', role: 'sidecar', why: 'only a sidecar is stopped' },
  { option: 'grace', key: 'grace', role: 'sidecar', why: 'only a sidecar is stopped' },
  { option: 'onTerm', key: 'onTerm', role: 'sidecar', why: 'only a sidecar can follow the main containers' },
  { option: 'order', key: 'order', role: 'sidecar', why: 'only sidecars are stopped in an order' },
  {
    option: 'quit',
    key: 'quit',
    role: 'main',
    why: 'the call is made by a main container when it has ended',
  },
  {
    option: 'restart',
    key: 'restarts',
    role: 'sidecar',
    why: 'a main container is restarted by the kubelet',
  },
  { option: 'stopSignal', key: 'stopSignal', role: 'sidecar', why: 'only a sidecar is stopped' },
  { option: 'waitFor', key: 'waitFor', role: 'main', why: 'only a main container waits for its sidecars' },
  { option: 'giveUp', key: 'giveUp', role: 'main', why: 'only a main container is waited for', isIdle: true },
  {
    option: 'lifeline',
    key: 'lifeline',
    role: 'main',
    why: 'only a main container has a lifeline',
    isIdle: true,
  },
];

interface Asked {
  readonly container: string;
  readonly option: string;
}

/** What the containers of the pod ask of a supervisor. */
export function findAsked(pod: ClassifiedPod, { settings }: StrategyContext): Asked[] {
  return pod.containers.flatMap(({ spec: { name: container } }) => {
    const { own } = settings(container);
    const rows = OF_ONE_ROLE.filter(({ key, isIdle }) => own[key] !== undefined && !isIdle);
    return rows.map(({ option }) => ({ container, option }));
  });
}

/** Options of a container whose role they are not for. */
export function findMisplaced(pod: ClassifiedPod, { settings, place }: StrategyContext): Diagnostic[] {
  return pod.containers.flatMap(({ spec: { name }, role }) => {
    const { own } = settings(name);
    const rows = OF_ONE_ROLE.filter((row) => own[row.key] !== undefined && row.role !== role);
    return rows.map(({ option, why, role: wanted }) => {
      const others = pod.containers.filter((row) => row.role === wanted).map(({ spec }) => spec.name);
      const hint = `"${name}" is a ${role === 'main' ? 'main container' : role}; give the option to ${others.map((other) => `"${other}"`).join(', ')}`;
      return diagnose('option-unusable', { name, option, why, hint }, placeOfOptions(pod, name, place));
    });
  });
}

/** Where our own supervisor does not come, nothing can be asked of it. */
export function refuseAsked(pod: ClassifiedPod, why: string, context: StrategyContext): Diagnostic[] {
  return findAsked(pod, context).map(({ container: name, option }) => {
    const hint = 'use --strategy sentinel or auto, or take the option away';
    const at = placeOfOptions(pod, name, context.place);
    return diagnose('option-unusable', { name, option, why, hint }, at);
  });
}
