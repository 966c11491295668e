import type * as V1 from 'kubernetes-types/core/v1.js';
import { timeLimit } from '../../support/process.ts';
import { hookCommandOf } from './expand.ts';
import type { Live } from './runtime.ts';
import { type Kubelet, statesWith } from './state.ts';

/** The preStop hook and then TERM, both within the grace period, and KILL. */
export async function stopContainer(
  { spec }: Kubelet,
  { lifecycle }: V1.Container,
  live: Live,
): Promise<void> {
  const ended = live.ended.then(() => true);
  const deadline = timeLimit(spec.terminationGracePeriodSeconds ?? 30).then(() => false);
  const hook = hookCommandOf(lifecycle?.preStop);
  if (hook.length > 0) await Promise.race([live.exec(hook), deadline, ended]);
  live.signal('SIGTERM');
  if (!(await Promise.race([ended, deadline]))) live.signal('SIGKILL');
}

/** Native sidecars end when the containers have, the last one first, each when those behind it are gone. */
export async function stopNativeSidecars(kubelet: Kubelet): Promise<void> {
  kubelet.isEnding = true;
  for (const { spec, live } of statesWith(kubelet, 'native-sidecar').reverse()) {
    if (live === null) continue;
    await stopContainer(kubelet, spec, live);
    await live.ended;
  }
}

/** As if it were deleted: TERM to all at once, but native sidecars come after the others. */
export function deletePod(kubelet: Kubelet): void {
  kubelet.isClosed = true;
  for (const { spec, live } of statesWith(kubelet, 'init', 'regular')) {
    if (live !== null) void stopContainer(kubelet, spec, live);
  }
}
