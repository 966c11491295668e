import type { Diagnostic } from '../model/diagnostic.ts';
import type { ClassifiedContainer, ClassifiedPod } from '../model/pod.ts';
import { QUIT } from '../supervisor/interface.ts';
import { SHELL_SOURCES } from '../supervisor/shells.ts';
import { planLifelineVariables } from './lifeline.ts';
import { planMainVariables } from './quit.ts';
import { planStop } from './stop.ts';
import type { StrategyContext } from './strategy.ts';
import { type Supervised, sentinelOf, type Variable } from './supervised.ts';
import { planWait, waitsForHttp } from './wait-for.ts';

/** `directory` is that of the sentinels, as this container sees it; `held` are the mains on a lifeline. */
export function planVariables(
  pod: ClassifiedPod,
  container: ClassifiedContainer,
  held: readonly ClassifiedContainer[],
  directory: string,
  context: StrategyContext,
): readonly Variable[] | Diagnostic {
  const mains = pod.containers.filter(({ role }) => role === 'main').map(({ spec }) => spec.name);
  const sentinel = (main: string): string => sentinelOf(pod, main, directory);
  if (container.role !== 'main') {
    const fileOf = (sidecar: string): string => `${directory}/ended-${sidecar}`;
    const stop = planStop(pod, container, { sentinels: mains.map(sentinel), fileOf }, context);
    return [...stop, ...planLifelineVariables(pod, held, directory, context)];
  }
  const wait = planWait(pod, container, context);
  if ('code' in wait) return wait;
  return [...planMainVariables(container.spec.name, mains, sentinel, context), ...wait];
}

/** A main's HTTP calls are made by busybox's wget, so it needs that even where its image has a shell of its own. */
export function withBusyboxOfCallers(supervised: readonly Supervised[]): readonly Supervised[] {
  const bringing = SHELL_SOURCES.filter(({ initContainer }) => initContainer !== null);
  const callers = supervised.filter(
    ({ variables }) => waitsForHttp(variables) || variables.some(({ name }) => name === QUIT),
  );
  return [...supervised, ...callers.flatMap((row) => bringing.map((shell) => ({ ...row, shell })))];
}
