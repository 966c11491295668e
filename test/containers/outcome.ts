import type { JobResult } from './job.ts';

/** The exit codes of every start of a container; or what keeps it from one. */
export type Fate = readonly number[] | 'running' | 'CreateContainerConfigError';

/** What a Job comes to, and the containers of each of its pods, without those that we add. */
export interface Outcome {
  readonly job: JobResult['condition'];
  readonly pods: readonly Readonly<Record<string, Fate>>[];
}

export function outcomeOf({ condition, pods }: JobResult): Outcome {
  return {
    job: condition,
    pods: pods.map(({ containers, initContainers, running }) => {
      const rows = Object.entries({ ...initContainers, ...containers });
      const fates = rows.flatMap(([name, { codes, waiting }]): [string, Fate][] => {
        if (name.startsWith('guillotine-') && codes.join() === '0') return [];
        if (running.includes(name)) return [[name, 'running']];
        return [[name, waiting === 'CreateContainerConfigError' ? waiting : codes.map((code) => code ?? -1)]];
      });
      return Object.fromEntries(fates);
    }),
  };
}

/** `Failed: work 3, proxy 0 | work 3, proxy 0`; a container that was started again has more than one code. */
export function printOutcome({ job, pods }: Outcome): string {
  const printed = pods.map((pod) =>
    Object.entries(pod)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, fate]) => `${name} ${typeof fate === 'string' ? fate : fate.join('-') || 'not started'}`)
      .join(', '),
  );
  return `${job}: ${printed.join(' | ')}`;
}
