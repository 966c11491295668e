import type * as V1 from 'kubernetes-types/core/v1.js';
import { matchEntry } from '../../catalogue/match.ts';
import type { CatalogueEntry } from '../../model/catalogue-entry.ts';
import type { Container, Evidence, PodTemplate } from '../../model/pod.ts';
import { containerText, mentionedPorts, mentionsLoopback, socketFolder } from '../container-text.ts';
import type { Ending } from '../endings/ending.ts';
import { evidence } from './evidence.ts';

/** What the containers of a pod say of each other: for each container a list. */
export function relationEvidence(
  pod: PodTemplate,
  endings: readonly Ending[],
  own: readonly CatalogueEntry[],
): Evidence[][] {
  const { containers } = pod;
  const found: Evidence[][] = containers.map(() => []);
  const add: Add = (index, row) => {
    found[index]?.push(row);
  };
  for (const [index, { spec }] of containers.entries()) {
    for (const [other, { spec: server }] of containers.entries()) {
      if (index === other || !connectsTo(spec, server, own)) continue;
      add(index, evidence('connects', `it connects to "${server.name}"`));
      add(other, evidence('serves', `"${spec.name}" connects to it`));
    }
  }
  for (const ending of endings) addEnding(ending, pod, add);
  return found.map(unique);
}

type Add = (index: number, row: Evidence) => void;

function addEnding({ from, to, by, why }: Ending, { containers }: PodTemplate, add: Add): void {
  // A time limit is set for work as well.
  if (by === 'time') return;
  const nameOf = (index: number): string => `"${containers[index]?.spec.name}"`;
  if (to !== null) add(to, evidence('ended', from === null ? why : `${why} by ${nameOf(from)}`));
  if (from !== null) add(from, evidence('ends', `it ends ${to === null ? 'a sidecar' : nameOf(to)}`));
}

/** A kind of evidence counts once, however often it is found. */
function unique(rows: readonly Evidence[]): Evidence[] {
  const kinds = new Map(rows.map((row) => [row.kind, row]));
  return [...kinds.values()];
}

/** Does the client speak of the server's port on loopback, or of the folder of its sockets? */
function connectsTo(client: V1.Container, server: V1.Container, own: readonly CatalogueEntry[]): boolean {
  const text = containerText(client);
  const entry = matchEntry(server.name ?? '', server.image ?? '', own)?.entry;
  const folder = socketFolder(server);
  if (folder !== null && folder.length > 4 && text.includes(folder)) return true;
  if (!mentionsLoopback(text)) return false;
  // Who reads the metrics of another container looks after it, and copies of one program are peers.
  if (/:\d+\/metrics\b/.test(text) || (client.image === server.image && entry?.kind !== 'server'))
    return false;
  const declared = (server.ports ?? []).map(({ containerPort }) => containerPort);
  const serves = [...declared, ...numbersOf(server), ...(entry?.ports ?? [])];
  return mentionedPorts(client).some((port) => serves.includes(port) && !listensOn(client, port));
}

/** Whatever may be a port in its words and variables. */
function numbersOf(spec: V1.Container): number[] {
  return [...containerText(spec).matchAll(/(?<![\w.-])(?:\S*[:=])?(\d{2,5})(?![\w.-])/g)].map(([, digits]) =>
    Number(digits),
  );
}

/** It speaks of a port of its own. */
function listensOn({ ports }: V1.Container, port: number): boolean {
  return (ports ?? []).some(({ containerPort }) => containerPort === port);
}

/** Probes and ports: what is asked of something that runs on. */
export function shapeEvidence({ spec }: Container): Evidence[] {
  const found: Evidence[] = [];
  if (spec.readinessProbe) found.push(evidence('probe', 'it has a readinessProbe'));
  else if (spec.startupProbe) found.push(evidence('probe', 'it has a startupProbe'));
  else if (spec.livenessProbe) found.push(evidence('liveness', 'it has a livenessProbe'));
  // A port beside a probe says the same once more.
  else if ((spec.ports ?? []).length > 0) found.push(evidence('port', 'it declares a port'));
  return found;
}

const DECLARING = ['pod.kubernetes.io/sidecars', 'kubernetes.io/sidecars', 'sidecars'];

/** Annotations of other tools that name containers. */
export function annotationEvidence({ spec }: Container, pod: PodTemplate): Evidence[] {
  const found: Evidence[] = [];
  const all: Readonly<Record<string, string>> = { ...pod.workload.annotations, ...pod.annotations };
  const name = spec.name ?? '';
  const declaring = DECLARING.find((key) => (all[key] ?? '').split(/[\s,]+/).includes(name));
  if (declaring !== undefined)
    found.push(evidence('declared', `the annotation ${declaring} names it`, 'annotation'));
  if (all['kubectl.kubernetes.io/default-container'] === name)
    found.push(evidence('defaultContainer', 'it is kubectl’s default container', 'annotation'));
  return found;
}
