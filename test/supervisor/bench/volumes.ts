import { chmodSync, chownSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as V1 from 'kubernetes-types/core/v1.js';
import { makeFolder, removeAtExit } from '../../support/temp.ts';

/** The folders of a pod's volumes, by name: emptyDirs and downwardAPI files made of annotations. */
export function makeVolumes(
  { volumes = [], securityContext }: V1.PodSpec,
  annotations: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
  const fsGroup = securityContext?.fsGroup ?? null;
  return new Map(volumes.map((volume) => [volume.name, makeVolume(volume, annotations, fsGroup)]));
}

function makeVolume(
  { name, emptyDir, downwardAPI }: V1.Volume,
  annotations: Readonly<Record<string, string>>,
  fsGroup: number | null,
): string {
  if (!emptyDir && !downwardAPI) throw new Error(`the bench has no volume like "${name}"`);
  const isMemory = emptyDir?.medium === 'Memory';
  const path = isMemory ? makeMemoryFolder() : makeFolder();
  for (const { path: file, fieldRef } of downwardAPI?.items ?? []) {
    const key = /^metadata\.annotations\['(.+)'\]$/.exec(fieldRef?.fieldPath ?? '')?.[1] ?? '';
    writeFileSync(join(path, file), annotations[key] ?? '', { mode: 0o644 });
  }
  if (fsGroup !== null) chownSync(path, 0, fsGroup);
  // As on a kubelet: 0777, for a memory volume with the sticky bit, with a group with setgid.
  chmodSync(path, 0o777 | (isMemory ? 0o1000 : 0) | (fsGroup === null ? 0 : 0o2000));
  return path;
}

/** In a file system of the kind that `medium: Memory` is. */
function makeMemoryFolder(): string {
  const path = mkdtempSync('/dev/shm/guillotine-');
  removeAtExit(path);
  return path;
}
