import type * as V1 from 'kubernetes-types/core/v1.js';
import { matchEntry } from '../catalogue/match.ts';
import { isPublished } from '../catalogue/published.ts';
import { containerText, mentionsLoopback, possiblePorts } from '../kube/container-text.ts';
import { mayProbeBlock } from '../kube/known-bugs.ts';
import type { Options } from '../model/options.ts';
import type { ClassifiedPod } from '../model/pod.ts';
import { SHELL_PROGRAM } from '../supervisor/shells.ts';
import { isWaiting } from './sidecar-habits.ts';

/** Seconds that a sidecar may take to start: a shorter limit kills slow ones over and over, and main never starts. */
const PATIENCE = 600;

/**
 * The startup probe that a native sidecar gets, besides what it has; null for none. It makes main wait for the sidecar.
 * And it makes a cluster fail loudly that drops `restartPolicy` from init containers (an old API server, a webhook
 * built against an old API): probes are forbidden without it, while without a probe the pod would hang. A probe that is
 * for the latter only is left out where it might itself make the pod hang (kubernetes#132826).
 */
export function planStartupProbe(
  spec: V1.Container,
  pod: ClassifiedPod,
  { kubeVersion, sidecars, mirrors }: Options,
): V1.Probe | null {
  if (spec.startupProbe || isWaiting(spec)) return null;
  const readinessProbe = asksMain(spec, pod) ? undefined : spec.readinessProbe;
  if (readinessProbe?.exec || (readinessProbe && !mayListenOnLoopback(spec, sidecars)))
    return fromReadiness(readinessProbe);
  const command = findHarmless(spec, sidecars, mirrors);
  if (command === null || (pod.restartPolicy === 'Never' && mayProbeBlock(kubeVersion))) return null;
  return { exec: { command: [...command] }, periodSeconds: 1, failureThreshold: PATIENCE };
}

/** Is it ready only when main serves, which would then never start? */
function asksMain({ readinessProbe, ports }: V1.Container, { containers }: ClassifiedPod): boolean {
  const asked = possiblePorts({ name: '', args: readinessProbe?.exec?.command ?? [] });
  const own = (ports ?? []).map(({ containerPort }) => containerPort);
  const mains = containers.filter(({ role }) => role === 'main').flatMap(({ spec }) => spec.ports ?? []);
  return mains.some(({ containerPort }) => asked.includes(containerPort) && !own.includes(containerPort));
}

/** successThreshold must be 1 for a startup probe, and the delay only makes main wait: both are left out. */
function fromReadiness({
  exec,
  httpGet,
  tcpSocket,
  grpc,
  timeoutSeconds,
  initialDelaySeconds,
}: V1.Probe): V1.Probe {
  const handler = exec ? { exec } : httpGet ? { httpGet } : tcpSocket ? { tcpSocket } : { grpc };
  return {
    ...(handler as V1.Probe),
    ...(timeoutSeconds ? { timeoutSeconds } : {}),
    periodSeconds: 1,
    failureThreshold: PATIENCE + (initialDelaySeconds ?? 0),
  };
}

/** Probes other than exec go to the pod's IP, where a program does not answer that listens on loopback only. */
function mayListenOnLoopback(spec: V1.Container, own: Options['sidecars']): boolean {
  const text = containerText(spec);
  if (/\b0\.0\.0\.0\b|\[::\]/.test(text)) return false;
  const known = matchEntry(spec.name, spec.image ?? '', own)?.entry;
  const host = spec.readinessProbe?.httpGet?.host ?? spec.readinessProbe?.tcpSocket?.host ?? '';
  return known?.loopback === true || mentionsLoopback(text) || mentionsLoopback(host);
}

/** An argv that surely exists in the image, does nothing and exits 0. */
function findHarmless(
  spec: V1.Container,
  own: Options['sidecars'],
  mirrors: Options['mirrors'],
): readonly string[] | null {
  const [program = ''] = spec.command ?? [];
  if (SHELL_PROGRAM.test(program)) return [program, '-c', ':'];
  const match = matchEntry(spec.name, spec.image ?? '', own);
  const harmless = match?.entry.harmless;
  if (match === null || harmless === undefined) return null;
  const isThere =
    program === harmless[0] || (program === '' && isPublished(spec.image ?? '', match.entry, mirrors));
  return isThere ? harmless : null;
}
