import type { ClassifiedContainer, Evidence } from '../../model/pod.ts';
import { EVIDENCE, type EvidenceKind, PRIOR } from './weights.ts';

/** Evidence found in the manifest (`by` says where else it comes from). */
export function evidence(kind: EvidenceKind, why: string, by: Evidence['by'] = 'heuristic'): Evidence {
  const { says, weight } = EVIDENCE[kind];
  return { by, says, why, weight, kind };
}

/** The odds that the container is a sidecar, as a power of two. */
export function scoreOf(because: readonly Evidence[]): number {
  return because.reduce((sum, { says, weight }) => sum + (says === 'sidecar' ? weight : -weight), PRIOR);
}

/** What tells, the strongest first; the weak only where there is nothing else. */
export function pickTelling<T extends Pick<Evidence, 'weight'>>(because: readonly T[]): T[] {
  const strong = because.filter(({ weight }) => weight >= 1);
  return [...(strong.length > 0 ? strong : because)].sort((a, b) => b.weight - a.weight);
}

/** How sure the role is, from 0 to 1, rounded to hundredths. */
export function confidenceOf({ role, because }: ClassifiedContainer): number {
  const sidecar = 1 / (1 + 2 ** -scoreOf(because));
  return Math.round((role === 'sidecar' ? sidecar : 1 - sidecar) * 100) / 100;
}
