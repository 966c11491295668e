import { matchSidecar } from '../catalogue/match.ts';
import type { ClassifiedContainer, Container, PodTemplate } from '../model/pod.ts';

/**
 * Roles by evidence: a container that is a known sidecar is one. Beside a sure sidecar an unknown container counts as
 * main, since a main is waited for and never killed; without one, nobody knows.
 */
export function classify(pod: PodTemplate): ClassifiedContainer[] {
  const known = pod.containers.map(classifyKnown);
  if (!known.some(({ role }) => role === 'sidecar')) return known;
  return known.map((container) => {
    if (container.role === 'sidecar') return container;
    const why = 'it stands beside a known sidecar';
    return { ...container, role: 'main', because: [{ by: 'heuristic', says: 'main', why }] };
  });
}

function classifyKnown(container: Container): ClassifiedContainer {
  const match = matchSidecar(container.spec.name, container.spec.image ?? '');
  if (match === null) return { ...container, role: 'unknown', because: [] };
  const why = `its ${match.by} is that of ${match.sidecar.id}`;
  return { ...container, role: 'sidecar', because: [{ by: 'catalogue', says: 'sidecar', why }] };
}
