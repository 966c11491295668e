import type { ClassifiedContainer } from '../model/pod.ts';

/**
 * How much each kind of evidence weighs, in powers of two: a point doubles the odds. They are compared with each other
 * and printed; the decision itself is that of `classify`.
 */
export const WEIGHTS = {
  /** Whoever names a role knows. */
  named: 20,
  /** In 150 labelled pods of public manifests no main had the image of a known sidecar. */
  image: 8,
  /** A product's exact name; one of 209 mains bore one. */
  name: 6,
  /** There is nothing else that the pod could be waited for. */
  only: 6,
  /** An unknown container beside a known sidecar was nearly always a main. */
  beside: 1,
} as const;

/** Before any evidence one of nine containers is a sidecar: odds of 1 : 2^3. */
const PRIOR = -3;

/** How sure the role is, from 0 to 1, rounded to hundredths. */
export function confidenceOf({ role, because }: ClassifiedContainer): number {
  const score = because.reduce(
    (sum, { says, weight }) => sum + (says === 'sidecar' ? weight : -weight),
    PRIOR,
  );
  const sidecar = 1 / (1 + 2 ** -score);
  return Math.round((role === 'sidecar' ? sidecar : 1 - sidecar) * 100) / 100;
}
