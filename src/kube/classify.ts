import type { Options } from '../model/options.ts';
import type { ClassifiedContainer, Container, Evidence, PodTemplate, Role } from '../model/pod.ts';
import type { Ending } from './endings/ending.ts';
import { findEndings } from './endings/find-endings.ts';
import { commandEvidence } from './evidence/commands.ts';
import { evidence, scoreOf } from './evidence/evidence.ts';
import { catalogueEvidence, nameEvidence } from './evidence/identity.ts';
import { annotationEvidence, relationEvidence, shapeEvidence } from './evidence/relations.ts';
import { EVIDENCE, PRIOR, SURE, SUSPECT } from './evidence/weights.ts';

/** Roles by evidence. `ambiguous`: something points to a sidecar, but not enough. */
interface Decision {
  readonly containers: readonly ClassifiedContainer[];
  readonly ambiguous: boolean;
}

export interface Classification extends Decision {
  /** How the containers already end each other. */
  readonly endings: readonly Ending[];
}

/** Which container is which, by all evidence in the manifest. */
export function classify(pod: PodTemplate, { without, sidecars }: Options): Classification {
  const endings = findEndings(pod);
  const relations = relationEvidence(pod, endings, sidecars);
  const found = pod.containers.map((container, index) => {
    const because = [
      ...annotationEvidence(container, pod),
      ...catalogueEvidence(container, sidecars),
      ...nameEvidence(container, pod),
      ...commandEvidence(container.spec),
      ...shapeEvidence(container),
      ...(relations[index] ?? []),
      ...orderEvidence(pod, index),
    ];
    const kept = because.filter(({ kind }) => kind !== without);
    // A product that ends by itself may do so from a loop without end.
    const isCompanion = kept.some(({ kind }) => kind === 'companion');
    return { container, because: isCompanion ? kept.filter(({ says }) => says === 'main') : kept };
  });
  return { ...decide(found), endings };
}

function orderEvidence({ containers }: PodTemplate, index: number): Evidence[] {
  if (containers.length === 1) return [evidence('only', 'it is the only container')];
  if (index === 0) return [evidence('first', 'it stands first')];
  return index === containers.length - 1 ? [evidence('last', 'it stands last')] : [];
}

interface Finding {
  readonly container: Container;
  readonly because: readonly Evidence[];
}

/**
 * The decision. What is surely a sidecar is one; beside it every other container is a main, which is waited for and
 * never killed. Where one may well be a sidecar but is not surely, or where all are, it cannot be decided.
 */
function decide(found: readonly Finding[]): Decision {
  const scores = found.map(({ because }) => scoreOf(because));
  const isSure = scores.map((score) => score >= SURE);
  const sidecars = isSure.filter(Boolean).length;
  const ambiguous =
    found.some(({ because }) => isSuspect(because)) || (sidecars > 0 && sidecars === found.length);
  const containers = found.map(({ container, because }, index): ClassifiedContainer => {
    const score = scores[index] ?? PRIOR;
    return { ...container, role: roleOf(score, sidecars > 0, because), because };
  });
  return { containers, ambiguous };
}

/** May it well be a sidecar, but not surely? */
export function isSuspect(because: readonly Evidence[]): boolean {
  const score = scoreOf(because);
  return score >= SUSPECT && score < SURE;
}

function roleOf(score: number, besideSidecar: boolean, because: readonly Evidence[]): Role {
  if (score >= SURE) return 'sidecar';
  if (score >= SUSPECT) return 'unknown';
  const isTold = because.some(({ says, weight }) => says === 'main' && weight > EVIDENCE.first.weight);
  return besideSidecar || (isTold && score < PRIOR) ? 'main' : 'unknown';
}
