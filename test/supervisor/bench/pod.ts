import type * as V1 from 'kubernetes-types/core/v1.js';
import { sleep } from '../../support/process.ts';
import type { Image } from './image.ts';
import { localProcesses } from './local-processes.ts';
import { play } from './play.ts';
import type { Runtime } from './runtime.ts';
import { type Kubelet, newStates, type State, stateOf, statesWith } from './state.ts';
import { deletePod } from './stop.ts';
import { makeVolumes } from './volumes.ts';

// A kubelet in small: runs a pod by the rules that matter to a supervisor, as local processes or in another runtime.
// Needs root. All times are seconds.

export interface PodOptions {
  /** Of local processes, by name. */
  readonly images?: Readonly<Record<string, Image>>;
  /** What runs the containers; local processes if nothing is said. */
  readonly runtime?: Runtime;
  /** How long it takes to pull an image. */
  readonly pulls?: Readonly<Record<string, number>>;
  /** Before restart 1, 2 …; the last one holds for those after it. */
  readonly backOff?: readonly number[];
  /** When a pod that has not ended is given up: the bench kills what runs. */
  readonly limit?: number;
}

export interface ContainerResult {
  /** Of each start. */
  readonly codes: readonly (number | null)[];
  readonly stdout: string;
  readonly stderr: string;
  /** Since the pod's start; 0: never. */
  readonly endedAfter: number;
  /** Why it could not be made. */
  readonly waiting: string | null;
}

export interface PodResult {
  readonly phase: 'Succeeded' | 'Failed' | 'Running';
  readonly containers: Readonly<Record<string, ContainerResult>>;
  /** Native sidecars among them. */
  readonly initContainers: Readonly<Record<string, ContainerResult>>;
  /** Containers that were still running at the time limit. */
  readonly running: readonly string[];
  readonly seconds: number;
}

export interface Pod {
  readonly ended: Promise<PodResult>;
  /** To the first process of a container, as it is when it is running. */
  readonly signal: (container: string, name: NodeJS.Signals) => void;
  /** The first process of a container, on this machine; null when it is not running. */
  readonly pid: (container: string) => number | null;
  /** The folder of a volume, on this machine. */
  readonly volume: (name: string) => string;
  /** As if the time were over. */
  readonly giveUp: () => void;
  /** preStop hooks, TERM to every container at once, KILL after the grace period. */
  readonly delete: () => void;
  /** How often containers were started again, all together. */
  readonly restarts: () => number;
  /** Resolves when the container has been started for the nth time. */
  readonly started: (container: string, times?: number) => Promise<void>;
  /** Resolves when the first process of the container catches a signal. */
  readonly catches: (container: string, name: NodeJS.Signals) => Promise<void>;
  /** Resolves when the container has ended for the nth time. */
  readonly over: (container: string, times?: number) => Promise<void>;
}

/** Starts a pod. `annotations` are those of its metadata. */
export function startPod(
  spec: V1.PodSpec,
  annotations: Readonly<Record<string, string>>,
  options: PodOptions,
): Pod {
  const kubelet = newKubelet(spec, annotations, options);
  const limit = startLimit(options.limit ?? 20);
  const of = (container: string): State => stateOf(kubelet, container);
  const until = async (isTrue: () => boolean): Promise<void> => {
    while (!isTrue() && !kubelet.isOver) await sleep(0.01);
  };
  return {
    ended: Promise.race([play(kubelet), limit.over])
      .finally(limit.end)
      .then(() => end(kubelet)),
    giveUp: limit.end,
    volume: (name) => kubelet.volumes.get(name) ?? '',
    signal: (container, name) => of(container).live?.signal(name),
    pid: (container) => of(container).live?.pid() ?? null,
    delete: () => deletePod(kubelet),
    restarts: () =>
      [...kubelet.states.values()].reduce((sum, { starts }) => sum + Math.max(0, starts - 1), 0),
    started: (container, times = 1) => until(() => of(container).starts >= times),
    catches: (container, name) => until(() => of(container).live?.catches(name) ?? false),
    over: (container, times = 1) => until(() => of(container).codes.length >= times),
  };
}

function newKubelet(
  spec: V1.PodSpec,
  annotations: Readonly<Record<string, string>>,
  { runtime, images = {}, pulls = {}, backOff = [0, 0.3, 0.6] }: PodOptions,
): Kubelet {
  const used = runtime ?? localProcesses(images);
  return {
    spec,
    runtime: used,
    sandbox: used.openSandbox(spec),
    volumes: makeVolumes(spec, annotations),
    states: newStates(spec),
    pulls,
    pulled: new Map(),
    backOff,
    begin: Date.now(),
    isEnding: false,
    isClosed: false,
    isOver: false,
  };
}

/** A time, for which the process stays alive unless it is ended. */
function startLimit(seconds: number): { readonly over: Promise<void>; readonly end: () => void } {
  let end: () => void = () => {};
  const over = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000);
    end = () => {
      clearTimeout(timer);
      resolve();
    };
  });
  return { over, end };
}

/** What came of the pod; what still runs is killed, which does not count as an exit code. */
async function end(kubelet: Kubelet): Promise<PodResult> {
  kubelet.isClosed = true;
  kubelet.isOver = true;
  const seconds = (Date.now() - kubelet.begin) / 1000;
  const phase = phaseOf(kubelet);
  const all = [...kubelet.states.values()];
  const running = all.flatMap(({ spec, live }) => (live === null ? [] : [spec.name]));
  for (const { live } of all) live?.signal('SIGKILL');
  const containers = await collect(statesWith(kubelet, 'regular'));
  const initContainers = await collect(statesWith(kubelet, 'init', 'native-sidecar'));
  await (await kubelet.sandbox).close();
  return { phase, containers, initContainers, running, seconds };
}

async function collect(states: readonly State[]): Promise<Record<string, ContainerResult>> {
  const results = states.map(async ({ spec, codes, stdout, stderr, endedAfter, waiting, live }) => {
    const before = { codes: [...codes], stdout, stderr, endedAfter, waiting };
    if (live === null) return [spec.name, before] as const;
    const rest = await live.ended;
    return [spec.name, { ...before, stdout: stdout + rest.stdout, stderr: stderr + rest.stderr }] as const;
  });
  return Object.fromEntries(await Promise.all(results));
}

/** Native sidecars do not count. */
function phaseOf(kubelet: Kubelet): PodResult['phase'] {
  const hasFailed = ({ isDone, codes }: State): boolean => isDone && codes.at(-1) !== 0;
  if (statesWith(kubelet, 'init').some(hasFailed)) return 'Failed';
  const states = statesWith(kubelet, 'regular');
  if (!states.every(({ isDone }) => isDone)) return 'Running';
  return states.some(hasFailed) ? 'Failed' : 'Succeeded';
}
