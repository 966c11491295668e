import type * as V1 from 'kubernetes-types/core/v1.js';
import type { PodTemplate } from '../../model/pod.ts';
import { variable } from './ending.ts';

/** `$VAR`, `${VAR}` and `$(VAR)` by the container's own variables. */
export function expand(path: string, spec: V1.Container): string {
  return path.replace(/\$[({]?(\w+)[)}]?/g, (all, name: string) => variable(spec, name) ?? all);
}

/** A path as a volume and the path on it; null where it stands on no volume of the pod. */
export function placeOf(pod: PodTemplate, spec: V1.Container, path: string): string | null {
  const mounts = [...(spec.volumeMounts ?? [])].sort(
    (a, b) => String(b.mountPath).length - String(a.mountPath).length,
  );
  const mount = mounts.find(({ mountPath }) =>
    `${path}/`.startsWith(`${String(mountPath).replace(/\/+$/, '')}/`),
  );
  const isDeclared = (pod.spec.volumes ?? []).some(({ name }) => name === mount?.name);
  if (mount === undefined || !isDeclared) return null;
  const inside = path.slice(String(mount.mountPath).replace(/\/+$/, '').length);
  return `${mount.name}:${mount.subPath ?? ''}${inside}`;
}

export function samePlace(a: string | null, b: string | null, pathA: string, pathB: string): boolean {
  return a !== null && b !== null ? a === b : pathA === pathB;
}
