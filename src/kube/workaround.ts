import type { ClassifiedContainer, PodTemplate } from '../model/pod.ts';
import type { Ending } from './endings/ending.ts';

/** What the pod does by hand to end its sidecars. */
export interface Workaround {
  readonly why: string;
  /** Why it does not work, or not always; null when it does. */
  readonly flaw: string | null;
}

/**
 * The hand-made way in which this pod ends its sidecars; null when there is none. It must end every sure sidecar, with
 * both halves in sight, also when main fails: else it is a broken one.
 */
export function findWorkaround(
  found: readonly Ending[],
  containers: readonly ClassifiedContainer[],
): Workaround | null {
  const endings = found.filter(({ to }) => to === null || containers[to]?.role !== 'main');
  if (endings.length === 0) return null;
  const sidecars = containers.flatMap(({ role }, index) => (role === 'sidecar' ? [index] : []));
  const ends = (index: number, { to }: Ending): boolean => to === index || to === null;
  const best = sidecars.map((index) => pickBest(endings.filter((ending) => ends(index, ending))));
  const missing = best.indexOf(undefined);
  const chosen = best.filter((ending) => ending !== undefined);
  if (missing >= 0 && chosen.length === 0) return null;
  const [first] = chosen.length > 0 ? chosen : [pickBest(endings)];
  if (first === undefined) return null;
  const flawed = chosen.find(({ flaw }) => flaw !== null);
  const name = missing < 0 ? '' : (containers[sidecars[missing] ?? 0]?.spec.name ?? '');
  const flaw = missing >= 0 ? `nothing ends "${name}"` : (flawed ?? first).flaw;
  return { why: describe(first, containers), flaw };
}

/** One that works, if there is one. */
function pickBest(endings: readonly Ending[]): Ending | undefined {
  return endings.find(({ flaw }) => flaw === null) ?? endings[0];
}

function describe({ to, why }: Ending, containers: readonly ClassifiedContainer[]): string {
  const name = to === null ? 'a sidecar' : `"${containers[to]?.spec.name}"`;
  return why.replace(/^it(s?)\b/, (_, possessive: string) => (possessive === '' ? name : `${name}’s`));
}

/** The name of a container that Kubernetes itself treats as a sidecar; null if there is none. */
export function findNativeSidecar(pod: PodTemplate): string | null {
  const native = pod.initContainers.find(({ spec }) => spec.restartPolicy === 'Always');
  return native === undefined ? null : (native.spec.name ?? '');
}
