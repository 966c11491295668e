import type { KubeVersion } from '../model/options.ts';
import { isBefore } from './version.ts';

/** A fault of certain releases that a pod with native sidecars meets. */
export interface KnownBug {
  /** The first and the last minor release that is affected. */
  readonly minors: readonly [number, number];
  /** The first patch release of each minor with the fix; none: it never got it. */
  readonly fixed: Readonly<Record<number, number>>;
  /** What a pod must have besides: a startup probe, restartPolicy Never. */
  readonly needs: 'none' | 'probe' | 'probe and Never';
  readonly what: string;
  readonly issue: string;
}

/** Read off the issues and the changelogs of the releases. */
export const KNOWN_BUGS: readonly KnownBug[] = [
  {
    minors: [28, 29],
    fixed: { 28: 8, 29: 3 },
    needs: 'none',
    what: 'the pod may stay in a wrong phase',
    issue: 'kubernetes#123323',
  },
  {
    minors: [29, 31],
    fixed: { 29: 9, 30: 5, 31: 1 },
    needs: 'none',
    what: 'an init container may never start after a short failure of the container runtime',
    issue: 'kubernetes#126543',
  },
  {
    minors: [29, 34],
    fixed: { 33: 6, 34: 2 },
    needs: 'probe and Never',
    what: 'main never starts if the sidecar fails at its first attempt',
    issue: 'kubernetes#132826',
  },
  {
    minors: [35, 35],
    fixed: { 35: 4 },
    needs: 'probe',
    what: 'a main that failed is not started again if the kubelet was restarted',
    issue: 'kubernetes#137146',
  },
];

/** May main never start in this cluster, if a sidecar with a startup probe fails at first and the pod is never restarted? */
export function mayProbeBlock(version: KubeVersion | null): boolean {
  if (version === null) return true;
  return findKnownBugs(version).some(({ needs }) => needs === 'probe and Never');
}

/** The bugs that a release has. Of one without a patch number only those that no patch release mended. */
export function findKnownBugs(version: KubeVersion): KnownBug[] {
  const { minor } = version;
  return KNOWN_BUGS.filter(({ minors: [first, last], fixed }) => {
    const patch = fixed[minor];
    return minor >= first && minor <= last && (patch === undefined || isBefore(version, minor, patch));
  });
}
