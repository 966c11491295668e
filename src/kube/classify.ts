import { matchEntry } from '../catalogue/match.ts';
import type { Options } from '../model/options.ts';
import type { ClassifiedContainer, Container, PodTemplate } from '../model/pod.ts';
import { WEIGHTS } from './weights.ts';

/**
 * Roles by evidence: a container that is a known sidecar is one. Beside a sure sidecar an unknown container counts as
 * main, since a main is waited for and never killed; without one, nobody knows.
 */
export function classify(pod: PodTemplate, { sidecars }: Pick<Options, 'sidecars'>): ClassifiedContainer[] {
  if (pod.containers.length === 1)
    return pod.containers.map((only) => toMain(only, 'it is the only container', WEIGHTS.only));
  const known = pod.containers.map((container) => classifyKnown(container, sidecars));
  if (!known.some(({ role }) => role === 'sidecar')) return known;
  return known.map((container) => {
    return container.role === 'sidecar'
      ? container
      : toMain(container, 'it stands beside a known sidecar', WEIGHTS.beside);
  });
}

function toMain(container: Container, why: string, weight: number): ClassifiedContainer {
  return { ...container, role: 'main', because: [{ by: 'heuristic', says: 'main', why, weight }] };
}

function classifyKnown(container: Container, own: Options['sidecars']): ClassifiedContainer {
  const match = matchEntry(container.spec.name, container.spec.image ?? '', own);
  const isSidecar = match?.entry.kind === 'sidecar' || match?.entry.kind === 'injected';
  if (match === null || !isSidecar) return { ...container, role: 'unknown', because: [] };
  const why = `its ${match.by} is that of ${match.entry.id}`;
  return {
    ...container,
    role: 'sidecar',
    because: [{ by: 'catalogue', says: 'sidecar', why, weight: WEIGHTS[match.by] }],
  };
}
