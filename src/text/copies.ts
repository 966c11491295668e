import { findByHash } from './hash.ts';
import type { Step } from './record-format.ts';

/** A step and where it was found, in the blanked text. */
export interface FoundStep {
  readonly step: Step;
  readonly at: number;
}

/** Where a stretch of ours stands once more, outside of what was found; -1 if nowhere. */
export function findCopy(blanked: string, found: readonly FoundStep[]): number {
  const stretches = found.flatMap(({ step, at }) => (step.kind === 'stretch' ? [{ ...step, at }] : []));
  const own = stretches.filter(({ point }) => point === null);
  const distinct = new Map(own.map((stretch) => [`${stretch.length}-${stretch.hash}`, stretch]));
  for (const { length, hash } of distinct.values()) {
    let next = 0;
    const endOf = (index: number): number => {
      const stretch = stretches[index];
      return stretch === undefined ? Number.POSITIVE_INFINITY : stretch.at + stretch.length;
    };
    for (
      let at = findByHash(blanked, length, hash, 0);
      at !== -1;
      at = findByHash(blanked, length, hash, at + 1)
    ) {
      while (endOf(next) <= at) next++;
      if (at + length <= (stretches[next]?.at ?? Number.POSITIVE_INFINITY)) return at;
    }
  }
  return -1;
}
