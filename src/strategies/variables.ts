import type { Diagnostic } from '../model/diagnostic.ts';
import type { ClassifiedContainer, ClassifiedPod } from '../model/pod.ts';
import { QUIT } from '../supervisor/interface.ts';
import { SHELL_SOURCES, type ShellSource } from '../supervisor/shells.ts';
import { planMainVariables } from './quit.ts';
import { planStop } from './stop.ts';
import type { StrategyContext } from './strategy.ts';
import { planWait, waitsForHttp } from './wait-for.ts';

/** What a container says to its supervisor. */
export interface Variable {
  readonly name: string;
  readonly value: string;
}

/** `directory` is that of the sentinels, as this container sees it. */
export function planVariables(
  pod: ClassifiedPod,
  container: ClassifiedContainer,
  directory: string,
  context: StrategyContext,
): readonly Variable[] | Diagnostic {
  const mains = pod.containers.filter(({ role }) => role === 'main').map(({ spec }) => spec.name);
  const sentinel = (main: string): string => `${directory}/completed${mains.length > 1 ? `-${main}` : ''}`;
  if (container.role !== 'main') {
    const fileOf = (sidecar: string): string => `${directory}/ended-${sidecar}`;
    return planStop(pod, container, { sentinels: mains.map(sentinel), fileOf }, context);
  }
  const wait = planWait(pod, container, context);
  if ('code' in wait) return wait;
  return [...planMainVariables(container.spec.name, mains, sentinel, context), ...wait];
}

interface Supervised {
  readonly container: ClassifiedContainer;
  readonly shell: ShellSource;
  readonly variables: readonly Variable[];
}

/** A main's HTTP calls are made by busybox's wget, so it needs that even where its image has a shell of its own. */
export function withBusyboxOfCallers(supervised: readonly Supervised[]): readonly Supervised[] {
  const bringing = SHELL_SOURCES.filter(({ initContainer }) => initContainer !== null);
  const callers = supervised.filter(
    ({ variables }) => waitsForHttp(variables) || variables.some(({ name }) => name === QUIT),
  );
  return [...supervised, ...callers.flatMap((row) => bringing.map((shell) => ({ ...row, shell })))];
}
