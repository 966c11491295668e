import type * as V1 from 'kubernetes-types/core/v1.js';
import { sleep, timeLimit } from '../../support/process.ts';
import { hookCommandOf } from './expand.ts';
import { watchProbes } from './probes.ts';
import { type Kubelet, type State, statesWith } from './state.ts';
import { stopContainer, stopNativeSidecars } from './stop.ts';

/** A pod from its first init container to the end of its last native sidecar. */
export async function play(kubelet: Kubelet): Promise<void> {
  const sidecars: Promise<void>[] = [];
  if (await playInitContainers(kubelet, sidecars)) {
    const finishing: Promise<void>[] = [];
    // In the order of the list, each as soon as that above has started.
    for (const state of statesWith(kubelet, 'regular')) {
      await startContainer(kubelet, state);
      finishing.push(finish(kubelet, state));
    }
    await Promise.all(finishing);
  }
  await stopNativeSidecars(kubelet);
  await Promise.all(sidecars);
}

/** One after the other: an init container until it has ended, a native sidecar until it has started. */
async function playInitContainers(kubelet: Kubelet, sidecars: Promise<void>[]): Promise<boolean> {
  for (const state of statesWith(kubelet, 'init', 'native-sidecar')) {
    await startContainer(kubelet, state);
    const finishing = finish(kubelet, state);
    if (state.role === 'native-sidecar') {
      sidecars.push(finishing);
      while (!state.isStarted && !kubelet.isClosed) await timeLimit(0.02);
    } else {
      await finishing;
      if (state.codes.at(-1) !== 0) return false;
    }
  }
  return true;
}

async function startContainer(kubelet: Kubelet, state: State): Promise<void> {
  const { spec: container } = state;
  await pull(kubelet, container);
  if (kubelet.isClosed || kubelet.isEnding) return;
  state.waiting = refusalOf(kubelet, container);
  if (state.waiting !== null) return;
  const live = await (await kubelet.sandbox).launch({ container, volumes: kubelet.volumes });
  state.live = live;
  state.isStarted = false;
  state.starts++;
  // It was deleted while it started.
  if (kubelet.isClosed || kubelet.isEnding) void stopContainer(kubelet, container, live);
  const hook = hookCommandOf(container.lifecycle?.postStart);
  // A container whose hook fails is killed; until a hook has ended the next container is not started.
  if (hook.length > 0 && !(await live.exec(hook))) live.signal('SIGKILL');
  state.isStarted = container.startupProbe === undefined;
  void watchProbes(kubelet, state, live);
}

/** Once for each image, or for each start where the policy says so. */
function pull({ pulled, pulls }: Kubelet, { image = '', imagePullPolicy }: V1.Container): Promise<void> {
  const before = imagePullPolicy === 'Always' ? undefined : pulled.get(image);
  const pulling = before ?? sleep(pulls[image] ?? 0);
  pulled.set(image, pulling);
  return pulling;
}

/** Why a container is not made: `verifyRunAsNonRoot` of the kubelet. */
function refusalOf({ spec, runtime }: Kubelet, { image = '', securityContext }: V1.Container): string | null {
  const { runAsNonRoot, runAsUser } = { ...spec.securityContext, ...securityContext };
  if (!runAsNonRoot) return null;
  const user = runAsUser === undefined ? runtime.userOf(image).replace(/:.*/, '') : `${runAsUser}`;
  return /^0*$/.test(user) || /\D/.test(user) ? 'CreateContainerConfigError' : null;
}

/** Until the container has ended and is not started again. */
async function finish(kubelet: Kubelet, state: State): Promise<void> {
  for (;;) {
    while (state.live === null && state.waiting !== null && !kubelet.isClosed) {
      await timeLimit(1);
      await startContainer(kubelet, state);
    }
    if (state.live === null) return;
    const { code, stdout, stderr, at } = await state.live.ended;
    state.live = null;
    state.isStarted = false;
    state.codes.push(code);
    state.stdout += stdout;
    state.stderr += stderr;
    state.endedAfter = (at - kubelet.begin) / 1000;
    state.isDone = !mayRestart(kubelet, state);
    if (state.isDone) return;
    const { backOff } = kubelet;
    await timeLimit(backOff[Math.min(state.codes.length, backOff.length) - 1] ?? 0);
    await startContainer(kubelet, state);
  }
}

function mayRestart({ spec, isClosed, isEnding }: Kubelet, { role, codes }: State): boolean {
  if (isClosed || isEnding) return false;
  return role === 'native-sidecar' || (spec.restartPolicy === 'OnFailure' && codes.at(-1) !== 0);
}
