import type * as V1 from 'kubernetes-types/core/v1.js';
import { sleep, timeLimit } from '../../support/process.ts';
import { probeCommandOf } from './expand.ts';
import type { Live } from './runtime.ts';
import type { Kubelet, State } from './state.ts';
import { stopContainer } from './stop.ts';

/** The startup probe, and when that has passed the liveness probe; a container that fails one is stopped. */
export async function watchProbes(kubelet: Kubelet, state: State, live: Live): Promise<void> {
  const { startupProbe, livenessProbe } = state.spec;
  if (startupProbe && !(await passes(kubelet, state, live, startupProbe))) return;
  if (state.live === live) state.isStarted = true;
  if (livenessProbe) await keepsPassing(kubelet, state, live, livenessProbe);
}

/** Until it succeeds for the first time; false when it has failed too often, or the container has ended. */
async function passes(kubelet: Kubelet, state: State, live: Live, probe: V1.Probe): Promise<boolean> {
  await timeLimit(probe.initialDelaySeconds ?? 0);
  for (let failures = 0; live.pid() !== null; ) {
    if (await succeeds(kubelet, live, probe)) return true;
    failures++;
    if (failures >= (probe.failureThreshold ?? 3)) {
      if (live.pid() !== null) await stopContainer(kubelet, state.spec, live);
      return false;
    }
    await timeLimit(probe.periodSeconds ?? 10);
  }
  return false;
}

async function keepsPassing(kubelet: Kubelet, state: State, live: Live, probe: V1.Probe): Promise<void> {
  await timeLimit(probe.initialDelaySeconds ?? 0);
  for (let failures = 0; live.pid() !== null; ) {
    await timeLimit(probe.periodSeconds ?? 10);
    failures = (await succeeds(kubelet, live, probe)) ? 0 : failures + 1;
    if (failures >= (probe.failureThreshold ?? 3) && live.pid() !== null)
      return stopContainer(kubelet, state.spec, live);
  }
}

async function succeeds({ sandbox }: Kubelet, live: Live, probe: V1.Probe): Promise<boolean> {
  if (probe.exec) return live.exec(probeCommandOf(probe, live.env));
  const port = Number(probe.tcpSocket?.port);
  if (!(port > 0)) throw new Error('the bench has probes of exec and of tcpSocket with a number only');
  const isOpen = (await sandbox).hasListener(port);
  return Promise.race([isOpen, sleep(probe.timeoutSeconds ?? 1).then(() => false)]);
}
