import type * as V1 from 'kubernetes-types/core/v1.js';
import { SUPERVISOR } from '../kube/annotations.ts';
import { type Diagnostic, diagnose } from '../model/diagnostic.ts';
import type { Edit } from '../model/edit.ts';
import type { Value } from '../model/object.ts';
import type { ClassifiedPod, Container } from '../model/pod.ts';
import { SCRIPT_FILE } from '../supervisor/interface.ts';
import type { StrategyContext } from './strategy.ts';

/** The volumes through which the supervisor and the sentinels get into the containers of one pod. */
export interface SharedVolumes {
  /** Where the script is mounted, in every container. */
  readonly bin: string;
  /** Where a container sees the directory of the sentinels, and the mounts that it needs for that. */
  readonly directoryIn: (container: V1.Container) => {
    readonly directory: string;
    readonly mounts: V1.VolumeMount[];
  };
  readonly scriptMount: V1.VolumeMount;
  /** Is it a volume that the user had? */
  readonly isReused: boolean;
  readonly edits: readonly Edit[];
}

/** In a volume of the user's, everything of ours stands in this folder. */
export const OWN_FOLDER = '.guillotine';

/**
 * The script's volume is a downwardAPI file made from the annotation; the sentinels' is an emptyDir of ours or,
 * with `--volume`, one that the pod has: there in `folder`, or, where that is empty, in the volume itself.
 */
export function planVolumes(
  pod: ClassifiedPod,
  folder: string,
  context: StrategyContext,
): SharedVolumes | Diagnostic {
  const { mountPath, volume } = context.options;
  const volumes = pod.spec.volumes ?? [];
  const taken = volumes.map(({ name }) => name);
  const reused = volumes.find(({ name }) => name === volume);
  if (reused !== undefined && !reused.emptyDir) {
    const place = context.place([...pod.path, 'spec', 'volumes', volumes.indexOf(reused), 'name']);
    return diagnose('volume-unusable', { name: reused.name, why: 'it is no emptyDir' }, place);
  }
  const name = volume ?? freeName('guillotine', taken);
  const scriptName = freeName(`${name}-supervisor`, [...taken, name]);
  const own: Value[] = reused === undefined ? [{ name, emptyDir: {} }] : [];
  const values = [...own, scriptVolume(scriptName)];
  const run = `${mountPath}/run`;
  const below = folder === '' ? '' : `/${folder}`;
  const mount = { name, mountPath: run };
  return {
    bin: `${mountPath}/bin`,
    isReused: reused !== undefined,
    scriptMount: { name: scriptName, mountPath: `${mountPath}/bin`, readOnly: true },
    directoryIn: (container) => {
      if (reused === undefined) return { directory: run, mounts: [mount] };
      const theirs = (container.volumeMounts ?? []).find((candidate) => isUsable(candidate, name));
      if (theirs === undefined) return { directory: `${run}${below}`, mounts: [mount] };
      return { directory: `${theirs.mountPath.replace(/\/+$/, '')}${below}`, mounts: [] };
    },
    edits: [{ op: 'append', path: [...pod.path, 'spec', 'volumes'], values }],
  };
}

function scriptVolume(name: string): Value {
  const fieldRef = { fieldPath: `metadata.annotations['${SUPERVISOR}']` };
  return { name, downwardAPI: { items: [{ path: SCRIPT_FILE, fieldRef }] } };
}

/** Can sentinels be written through this mount? Its path goes into a variable, where `$` would be expanded. */
function isUsable(mount: V1.VolumeMount, volume: string): boolean {
  const isWhole = !mount.subPath && !mount.subPathExpr && !mount.readOnly;
  return mount.name === volume && isWhole && /^\/[\w./-]*$/.test(mount.mountPath);
}

/** The name, or the name with the first number that is free. */
export function freeName(name: string, taken: readonly string[]): string {
  if (!taken.includes(name)) return name;
  for (let number = 2; ; number++) if (!taken.includes(`${name}-${number}`)) return `${name}-${number}`;
}

/** Our mounts in a container, if they do not get in the way of its own. */
export function planMounts(
  container: Container,
  ours: readonly V1.VolumeMount[],
  context: StrategyContext,
): Edit | Diagnostic {
  const { spec, path } = container;
  const conflict = findMountConflict(container, ours);
  if (conflict === null)
    return { op: 'append', path: [...path, 'volumeMounts'], values: ours as unknown as Value[] };
  const at = context.place([...path, 'volumeMounts', conflict.index, 'mountPath']);
  return diagnose('mount-conflict', { name: spec.name, ...conflict }, at);
}

/** A mount of the container that one of ours would hide, or that would hide ours. */
function findMountConflict(
  container: Container,
  ours: readonly V1.VolumeMount[],
): { readonly ours: string; readonly theirs: string; readonly index: number } | null {
  for (const { mountPath } of ours) {
    for (const [index, { mountPath: theirs }] of (container.spec.volumeMounts ?? []).entries()) {
      const there = `${theirs}/`.replace(/\/+/g, '/');
      const hides = `${mountPath}/`.startsWith(there) || there.startsWith(`${mountPath}/`);
      if (hides) return { ours: mountPath, theirs, index };
    }
  }
  return null;
}
