import type * as V1 from 'kubernetes-types/core/v1.js';
import { matchEntry } from '../catalogue/match.ts';
import {
  containerText,
  mentionedPorts,
  mentionsLoopback,
  possiblePorts,
  socketFolder,
} from '../kube/container-text.ts';
import type { CatalogueEntry } from '../model/catalogue-entry.ts';
import { type Diagnostic, diagnose } from '../model/diagnostic.ts';
import type { ClassifiedContainer, ClassifiedPod } from '../model/pod.ts';
import type { StrategyContext } from './strategy.ts';

/** Where a native sidecar goes among the init containers. */
export interface Placement {
  /** The index of the init container that comes next; null: it is the last one. */
  readonly before: number | null;
  /** For the report; null where there is no other init container. */
  readonly why: string | null;
}

/**
 * A proxy goes in front of the first init container that needs it, everything else behind the last one: an init container
 * behind a sidecar waits until that has started.
 */
export function choosePlacement(
  pod: ClassifiedPod,
  { spec }: ClassifiedContainer,
  context: StrategyContext,
): Placement | Diagnostic {
  const inits = pod.initContainers.map((container) => container.spec);
  const wish = context.settings(spec.name).place;
  const asked = 'as options.place asks';
  if (wish?.startsWith('before:')) {
    const name = wish.slice('before:'.length);
    const index = inits.findIndex((init) => init.name === name);
    if (index >= 0) return placeBefore(inits, index, asked);
    const names = inits.map((init) => init.name);
    const by = `the option place of "${spec.name}"`;
    return diagnose('init-container-unknown', { name, by, names }, context.place([...pod.path, 'spec']));
  }
  if (inits.length === 0) return { before: null, why: null };
  if (wish === 'first') return placeBefore(inits, 0, asked);
  if (wish === 'last') return placeLast(asked);
  const own = context.options.sidecars;
  const known = matchEntry(spec.name, spec.image ?? '', own)?.entry;
  if (known?.network === 'mesh') {
    const index = inits.findIndex(({ name }) => !known.ownInits?.includes(name));
    return index < 0
      ? placeLast('which direct the traffic to it')
      : placeBefore(inits, index, 'whose traffic it carries');
  }
  const needed = [spec, ...dependants(pod, spec, own)];
  const index = inits.findIndex((init) => {
    return init.restartPolicy !== 'Always' && needed.some((sidecar) => needsSidecar(init, sidecar, own));
  });
  return index < 0 ? placeLast('none of which needs it') : placeBefore(inits, index, 'which connects to it');
}

/** The sidecars in the order in which they must start: one that another one needs comes first, else as they stand. */
export function orderSidecars(
  { containers }: ClassifiedPod,
  own: readonly CatalogueEntry[],
): ClassifiedContainer[] {
  const left = containers.filter(({ role }) => role === 'sidecar');
  const ordered: ClassifiedContainer[] = [];
  while (left.length > 0) {
    const isFree = (a: ClassifiedContainer): boolean =>
      !left.some((b) => b !== a && needsOther(a.spec, b.spec, own));
    // In a circle the first one has to begin.
    const next = left.find(isFree) ?? (left[0] as ClassifiedContainer);
    ordered.push(next);
    left.splice(left.indexOf(next), 1);
  }
  return ordered;
}

/** The sidecars that need this one, by whatever way round. */
function dependants(
  { containers }: ClassifiedPod,
  needed: V1.Container,
  own: readonly CatalogueEntry[],
): V1.Container[] {
  const found = [needed];
  let left = containers.filter(({ role, spec }) => role === 'sidecar' && spec !== needed);
  for (let i = 0; i < found.length; i++) {
    const needs = left.filter(({ spec }) => needsOther(spec, found[i] as V1.Container, own));
    found.push(...needs.map(({ spec }) => spec));
    left = left.filter((container) => !needs.includes(container));
  }
  return found.slice(1);
}

/** Does one sidecar connect to another one, by its variables or in its probes? Its arguments are where it listens. */
function needsOther(
  { env, ports, readinessProbe, startupProbe }: V1.Container,
  other: V1.Container,
  own: readonly CatalogueEntry[],
): boolean {
  const probes = [readinessProbe, startupProbe].flatMap((probe) => probe?.exec?.command ?? []);
  const client: V1.Container = { name: '', env: env ?? [], args: probes };
  const listens = (ports ?? []).map(({ containerPort }) => containerPort);
  const wants = possiblePorts(client).filter((port) => !listens.includes(port));
  return (
    mentionsLoopback(containerText(client)) && wants.some((port) => servedPorts(other, own).includes(port))
  );
}

function placeBefore(inits: readonly V1.Container[], before: number, reason: string): Placement {
  return { before, why: `before init container "${inits[before]?.name}", ${reason}` };
}

function placeLast(reason: string): Placement {
  return { before: null, why: `after the init containers, ${reason}` };
}

/** Does the init container connect to the sidecar: by a loopback address and port, or by the folder of its sockets? */
function needsSidecar(init: V1.Container, sidecar: V1.Container, own: readonly CatalogueEntry[]): boolean {
  const text = containerText(init);
  const folder = socketFolder(sidecar);
  if (folder !== null && (text.includes(folder) || sharesFolder(init, sidecar, folder))) return true;
  if (!mentionsLoopback(text)) return false;
  const serves = servedPorts(sidecar, own);
  if (possiblePorts(init).some((port) => serves.includes(port))) return true;
  const isNetwork = matchEntry(sidecar.name, sidecar.image ?? '', own)?.entry.network !== undefined;
  // Only a sure port shows that it means another program.
  return isNetwork && (serves.length === 0 || mentionedPorts(init).length === 0);
}

function servedPorts(sidecar: V1.Container, own: readonly CatalogueEntry[]): number[] {
  const declared = (sidecar.ports ?? []).map(({ containerPort }) => containerPort);
  const known = matchEntry(sidecar.name, sidecar.image ?? '', own)?.entry;
  return [...declared, ...mentionedPorts({ ...sidecar, env: [] }), ...(known?.ports ?? [])];
}

/** Do both mount the volume that the sidecar's sockets are in? */
function sharesFolder(init: V1.Container, sidecar: V1.Container, folder: string): boolean {
  const volume = sidecar.volumeMounts?.find(({ mountPath }) =>
    `${folder}/`.startsWith(`${mountPath.replace(/\/+$/, '')}/`),
  );
  return volume !== undefined && (init.volumeMounts ?? []).some(({ name }) => name === volume.name);
}
