import type * as V1 from 'kubernetes-types/core/v1.js';
import { placeOfOptions } from '../kube/annotations.ts';
import { type Diagnostic, diagnose } from '../model/diagnostic.ts';
import type { ClassifiedContainer, ClassifiedPod } from '../model/pod.ts';
import { WAIT_FOR, WAIT_SECONDS } from '../supervisor/interface.ts';
import type { StrategyContext } from './strategy.ts';
import type { Variable } from './supervised.ts';

/** Why a wait cannot be done, and what can be said instead. */
interface Obstacle {
  readonly why: string;
  readonly hint: string;
}

/** What must serve before a main starts: its variables. */
export function planWait(
  pod: ClassifiedPod,
  { spec: { name } }: ClassifiedContainer,
  context: StrategyContext,
): readonly Variable[] | Diagnostic {
  const { waitFor } = context.settings(name).own;
  if (waitFor === undefined) return [];
  const words: string[] = [];
  for (const word of waitFor.words) {
    const found = resolve(pod, word);
    if (typeof found !== 'string') {
      const at = placeOfOptions(pod, name, context.place);
      return diagnose('option-unusable', { name, option: 'waitFor', ...found }, at);
    }
    words.push(found);
  }
  return [
    { name: WAIT_FOR, value: words.join(' ') },
    { name: WAIT_SECONDS, value: `${waitFor.timeout}` },
  ];
}

/** Is there something that only an HTTP client can find out? It is busybox's. */
export function waitsForHttp(variables: readonly Variable[]): boolean {
  return variables.some(({ name, value }) => name === WAIT_FOR && value.includes('http:'));
}

function resolve(pod: ClassifiedPod, word: string): string | Obstacle {
  const [, name] = /^probe:(.*)$/.exec(word) ?? [];
  if (name === undefined) return word;
  const sidecars = pod.containers.filter(({ role }) => role === 'sidecar');
  const spec = sidecars.find((row) => row.spec.name === name)?.spec;
  if (spec === undefined) {
    const hint = `the sidecars are ${sidecars.map((row) => `"${row.spec.name}"`).join(', ')}`;
    return { why: `"${name}" is no sidecar of the pod`, hint };
  }
  return fromProbe(name, spec);
}

const INSTEAD = 'say what it is that serves: tcp:PORT, http:PORT/path or file:/path';

/** The kubelet asks the pod's address, the supervisor the loopback: a sidecar that listens for the one listens on the other. */
function fromProbe(name: string, { readinessProbe, ports }: V1.Container): string | Obstacle {
  const cannot = (why: string): Obstacle => ({ why: `"${name}" ${why}`, hint: INSTEAD });
  if (!readinessProbe) return cannot('has no readiness probe');
  const { httpGet, tcpSocket } = readinessProbe;
  const kind = httpGet ?? tcpSocket;
  if (!kind) return cannot('has a readiness probe that only the kubelet can make: exec or grpc');
  const rows = Array.isArray(ports) ? ports : [];
  const port = rows.find((row) => row?.name === kind.port)?.containerPort ?? kind.port;
  if (!/^\d+$/.test(`${port}`)) return cannot(`has no port "${port}"`);
  if (kind.host && !/^(?:localhost|127\.0\.0\.1)$/.test(kind.host))
    return cannot(`is probed at ${kind.host}`);
  if (!httpGet) return `tcp:${port}`;
  if (httpGet.scheme === 'HTTPS') return cannot('is probed over HTTPS');
  if (httpGet.httpHeaders?.length) return cannot('is probed with HTTP headers');
  const path = httpGet.path || '/';
  if (!/^\/[\w./~%?&=+:@,;-]*$/.test(path)) return cannot(`is probed at a path that a variable cannot hold`);
  return `http:${port}${path}`;
}
