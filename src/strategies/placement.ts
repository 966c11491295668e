import type * as V1 from 'kubernetes-types/core/v1.js';
import { matchEntry } from '../catalogue/match.ts';
import { argvText, containerText, mentionedPorts, mentionsLoopback } from '../kube/container-text.ts';
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
  const known = matchEntry(spec.name, spec.image ?? '', context.options.sidecars)?.entry;
  if (known?.network === 'mesh') {
    const index = inits.findIndex(({ name }) => !known.ownInits?.includes(name));
    return index < 0
      ? placeLast('which direct the traffic to it')
      : placeBefore(inits, index, 'whose traffic it carries');
  }
  const index = inits.findIndex((init) => init.restartPolicy !== 'Always' && needsSidecar(init, spec, known));
  return index < 0 ? placeLast('none of which needs it') : placeBefore(inits, index, 'which connects to it');
}

function placeBefore(inits: readonly V1.Container[], before: number, reason: string): Placement {
  return { before, why: `before init container "${inits[before]?.name}", ${reason}` };
}

function placeLast(reason: string): Placement {
  return { before: null, why: `after the init containers, ${reason}` };
}

/** Does the init container connect to the sidecar: by a loopback address and port, or by the folder of its sockets? */
function needsSidecar(init: V1.Container, sidecar: V1.Container, known: CatalogueEntry | undefined): boolean {
  const text = containerText(init);
  const folder = socketFolder(sidecar);
  if (folder !== null && (text.includes(folder) || sharesFolder(init, sidecar, folder))) return true;
  if (!mentionsLoopback(text)) return false;
  const declared = (sidecar.ports ?? []).map(({ containerPort }) => containerPort);
  const serves = [...declared, ...mentionedPorts(sidecar), ...(known?.ports ?? [])];
  const isNetwork = known?.network !== undefined;
  const wants = mentionedPorts(init);
  if (wants.length === 0 || serves.length === 0) return isNetwork;
  return wants.some((port) => serves.includes(port));
}

const SOCKET_FLAG = /(?:^|\s)--?(?:dir|unix-socket(?:-path)?|u)[= ](\/[\w./-]+)/;

function socketFolder(sidecar: V1.Container): string | null {
  return SOCKET_FLAG.exec(argvText(sidecar))?.[1] ?? null;
}

/** Do both mount the volume that the sidecar's sockets are in? */
function sharesFolder(init: V1.Container, sidecar: V1.Container, folder: string): boolean {
  const volume = sidecar.volumeMounts?.find(({ mountPath }) =>
    `${folder}/`.startsWith(`${mountPath.replace(/\/+$/, '')}/`),
  );
  return volume !== undefined && (init.volumeMounts ?? []).some(({ name }) => name === volume.name);
}
