import type { KubeVersion } from '../model/options.ts';

/** Reads `1.31`, `v1.31.4`, `v1.29.3-gke.1282000`; null for anything else. */
export function parseKubeVersion(text: string): KubeVersion | null {
  const match = /^v?1\.(\d{1,3})(?:\.(\d{1,3}))?\+?(?:[-+].*)?$/.exec(text);
  if (match === null) return null;
  return { minor: Number(match[1]), patch: match[2] === undefined ? null : Number(match[2]) };
}

export function printKubeVersion({ minor, patch }: KubeVersion): string {
  return `1.${minor}${patch === null ? '' : `.${patch}`}`;
}

/** Native sidecars: alpha and off in 1.28, on by default since 1.29 (KEP-753). */
export function hasNativeSidecars({ minor }: KubeVersion): boolean {
  return minor >= 29;
}

/** Is it surely older? Of a version without a patch number the newest patch is meant. */
export function isBefore(version: KubeVersion, minor: number, patch: number): boolean {
  return version.minor < minor || (version.minor === minor && (version.patch ?? patch) < patch);
}
