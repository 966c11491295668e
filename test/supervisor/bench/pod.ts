import { readFileSync } from 'node:fs';
import type * as V1 from 'kubernetes-types/core/v1.js';
import { sleep, start, timeLimit } from '../../support/process.ts';
import { type Live, launch } from './container.ts';
import { hookCommandOf, probeCommandOf } from './expand.ts';
import type { Image } from './image.ts';
import { makeVolumes } from './volumes.ts';

// A kubelet in small: runs a pod as local processes by the rules that matter to a supervisor. Needs root, namespaces and a
// static /bin/busybox. All times are seconds.

export interface PodOptions {
  readonly images: Readonly<Record<string, Image>>;
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
}

export interface PodResult {
  readonly phase: 'Succeeded' | 'Failed' | 'Running';
  readonly containers: Readonly<Record<string, ContainerResult>>;
  /** Containers that were still running at the time limit. */
  readonly running: readonly string[];
  readonly seconds: number;
}

export interface Pod {
  readonly ended: Promise<PodResult>;
  /** To the first process of a container, as it is when it is running. */
  readonly signal: (container: string, name: NodeJS.Signals) => void;
  /** The folder of a volume, on this machine. */
  readonly volume: (name: string) => string;
  /** As if the time were over. */
  readonly giveUp: () => void;
  /** preStop hooks, TERM to every container at once, KILL after the grace period. */
  readonly delete: () => void;
  /** Resolves when the container has been started for the nth time. */
  readonly started: (container: string, times?: number) => Promise<void>;
  /** Resolves when the first process of the container catches a signal. */
  readonly catches: (container: string, name: NodeJS.Signals) => Promise<void>;
  /** Resolves when the container has ended for the nth time. */
  readonly over: (container: string, times?: number) => Promise<void>;
}

interface State {
  readonly spec: V1.Container;
  readonly codes: (number | null)[];
  starts: number;
  stdout: string;
  stderr: string;
  endedAfter: number;
  /** It has ended and will not be started again. */
  isDone: boolean;
  live: Live | null;
}

/** What the functions below share. */
interface Kubelet {
  readonly spec: V1.PodSpec;
  readonly options: PodOptions;
  readonly volumes: ReadonlyMap<string, string>;
  readonly pause: Pause | null;
  readonly states: ReadonlyMap<string, State>;
  readonly pulled: Map<string, Promise<void>>;
  readonly now: () => number;
  /** It is being deleted, or its time is over: nothing is started any more. */
  isClosed: boolean;
  isOver: boolean;
}

/** Starts a pod. `annotations` are those of its metadata. */
export function startPod(
  spec: V1.PodSpec,
  annotations: Readonly<Record<string, string>>,
  options: PodOptions,
): Pod {
  const begin = performance.now();
  const kubelet: Kubelet = {
    spec,
    options,
    volumes: makeVolumes(spec, annotations),
    pause: spec.shareProcessNamespace ? startPause() : null,
    states: new Map(
      [...(spec.initContainers ?? []), ...spec.containers].map((container) => [
        container.name,
        newState(container),
      ]),
    ),
    pulled: new Map(),
    now: () => (performance.now() - begin) / 1000,
    isClosed: false,
    isOver: false,
  };
  const limit = startLimit(options.limit ?? 20);
  const until = async (isTrue: () => boolean): Promise<void> => {
    while (!isTrue() && !kubelet.isOver) await sleep(0.01);
  };
  return {
    ended: Promise.race([play(kubelet), limit.over]).then(() => {
      limit.end();
      return end(kubelet);
    }),
    giveUp: limit.end,
    volume: (name) => kubelet.volumes.get(name) ?? '',
    signal: (container, name) => stateOf(kubelet, container).live?.signal(name),
    delete: () => {
      kubelet.isClosed = true;
      for (const { spec: container, live } of kubelet.states.values()) {
        if (live !== null) void stopContainer(kubelet, container, live);
      }
    },
    started: (container, times = 1) => until(() => stateOf(kubelet, container).starts >= times),
    catches: (container, name) => until(() => stateOf(kubelet, container).live?.catches(name) ?? false),
    over: (container, times = 1) => until(() => stateOf(kubelet, container).codes.length >= times),
  };
}

function newState(spec: V1.Container): State {
  return { spec, codes: [], starts: 0, stdout: '', stderr: '', endedAfter: 0, isDone: false, live: null };
}

function stateOf({ states }: Kubelet, name: string): State {
  const state = states.get(name);
  if (state === undefined) throw new Error(`no container "${name}"`);
  return state;
}

/** Init containers one after the other; then containers in the order of the list, each as soon as that above has started. */
async function play(kubelet: Kubelet): Promise<void> {
  for (const { name } of kubelet.spec.initContainers ?? []) {
    const state = stateOf(kubelet, name);
    await startContainer(kubelet, state);
    await finish(kubelet, state);
    if (state.codes.at(-1) !== 0) return;
  }
  const finishing: Promise<void>[] = [];
  for (const { name } of kubelet.spec.containers) {
    const state = stateOf(kubelet, name);
    await startContainer(kubelet, state);
    finishing.push(finish(kubelet, state));
  }
  await Promise.all(finishing);
}

async function startContainer(kubelet: Kubelet, state: State): Promise<void> {
  const { spec: container } = state;
  await pull(kubelet, container);
  if (kubelet.isClosed) return;
  const image = kubelet.options.images[container.image ?? ''];
  if (image === undefined) throw new Error(`no such image: ${container.image}`);
  const { spec: pod, volumes, pause } = kubelet;
  const live = launch({ pod, container, image, volumes, pause: pause?.pid ?? null });
  state.live = live;
  state.starts++;
  const hook = hookCommandOf(container.lifecycle?.postStart);
  // A container whose hook fails is killed; until a hook has ended the next container is not started.
  if (hook.length > 0 && !(await live.exec(hook))) live.signal('SIGKILL');
  void watchLiveness(kubelet, container, live);
}

/** Once for each image, or for each start where the policy says so. */
function pull({ pulled, options }: Kubelet, { image = '', imagePullPolicy }: V1.Container): Promise<void> {
  const before = imagePullPolicy === 'Always' ? undefined : pulled.get(image);
  const pulling = before ?? sleep(options.pulls?.[image] ?? 0);
  pulled.set(image, pulling);
  return pulling;
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

/** Until the container has ended and is not restarted. */
async function finish(kubelet: Kubelet, state: State): Promise<void> {
  const { backOff = [0, 0.3, 0.6] } = kubelet.options;
  while (state.live !== null) {
    const { code, stdout, stderr } = await state.live.ended;
    state.live = null;
    state.codes.push(code);
    state.stdout += stdout;
    state.stderr += stderr;
    state.endedAfter = kubelet.now();
    state.isDone = kubelet.spec.restartPolicy !== 'OnFailure' || code === 0 || kubelet.isClosed;
    if (state.isDone) return;
    await timeLimit(backOff[Math.min(state.codes.length, backOff.length) - 1] ?? 0);
    await startContainer(kubelet, state);
  }
}

async function watchLiveness(kubelet: Kubelet, container: V1.Container, live: Live): Promise<void> {
  const probe = container.livenessProbe;
  if (!probe?.exec) return;
  const command = probeCommandOf(probe, live.env);
  await timeLimit(probe.initialDelaySeconds ?? 0);
  for (let failures = 0; live.pid() !== null; ) {
    await timeLimit(probe.periodSeconds ?? 10);
    failures = (await live.exec(command)) ? 0 : failures + 1;
    if (failures >= (probe.failureThreshold ?? 3) && live.pid() !== null)
      return stopContainer(kubelet, container, live);
  }
}

/** The preStop hook and then TERM, both within the grace period, and KILL. */
async function stopContainer({ spec }: Kubelet, { lifecycle }: V1.Container, live: Live): Promise<void> {
  const ended = live.ended.then(() => true);
  const deadline = timeLimit(spec.terminationGracePeriodSeconds ?? 30).then(() => false);
  const hook = hookCommandOf(lifecycle?.preStop);
  if (hook.length > 0) await Promise.race([live.exec(hook), deadline, ended]);
  live.signal('SIGTERM');
  if (!(await Promise.race([ended, deadline]))) live.signal('SIGKILL');
}

/** What came of the pod; what still runs is killed, which does not count as an exit code. */
async function end(kubelet: Kubelet): Promise<PodResult> {
  kubelet.isClosed = true;
  kubelet.isOver = true;
  const seconds = kubelet.now();
  const states = kubelet.spec.containers.map(({ name }) => stateOf(kubelet, name));
  const phase = phaseOf(states);
  for (const { live } of kubelet.states.values()) live?.signal('SIGKILL');
  const running = [...kubelet.states.values()].flatMap(({ spec, live }) =>
    live === null ? [] : [spec.name],
  );
  const results = states.map(async ({ spec, codes, stdout, stderr, endedAfter, live }) => {
    const before = { codes: [...codes], stdout, stderr, endedAfter };
    if (live === null) return [spec.name, before] as const;
    const rest = await live.ended;
    return [spec.name, { ...before, stdout: stdout + rest.stdout, stderr: stderr + rest.stderr }] as const;
  });
  const containers = Object.fromEntries(await Promise.all(results));
  kubelet.pause?.end();
  return { phase, containers, running, seconds };
}

function phaseOf(states: readonly State[]): PodResult['phase'] {
  if (!states.every(({ isDone }) => isDone)) return 'Running';
  return states.every(({ codes }) => codes.at(-1) === 0) ? 'Succeeded' : 'Failed';
}

interface Pause {
  readonly pid: number;
  readonly end: () => void;
}

/** Process 1 of a PID namespace that is shared. */
function startPause(): Pause {
  const { child } = start(['/usr/bin/unshare', '-pf', '--kill-child', '/bin/sleep', '1000000']);
  for (let tries = 0; tries < 10_000; tries++) {
    const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
    const [pid = ''] = children.split(' ');
    if (pid !== '') return { pid: Number(pid), end: () => child.kill('SIGKILL') };
  }
  throw new Error('the pause container did not start');
}
