import type * as V1 from 'kubernetes-types/core/v1.js';

/** What podman is told of a container's security context and of its memory. */
export function securityWords(pod: V1.PodSpec, container: V1.Container): string[] {
  const { runAsUser, runAsGroup } = { ...pod.securityContext, ...container.securityContext };
  const { fsGroup, supplementalGroups = [] } = pod.securityContext ?? {};
  const { readOnlyRootFilesystem, allowPrivilegeEscalation, capabilities } = container.securityContext ?? {};
  const groups = [...(fsGroup === undefined ? [] : [fsGroup]), ...supplementalGroups];
  const memory = container.resources?.limits?.['memory'];
  return [
    ...(runAsUser === undefined ? [] : ['--user', `${runAsUser}:${runAsGroup ?? 0}`]),
    ...groups.map((group) => `--group-add=${group}`),
    ...(readOnlyRootFilesystem ? ['--read-only', '--read-only-tmpfs=false'] : []),
    ...(allowPrivilegeEscalation === false ? ['--security-opt=no-new-privileges'] : []),
    ...(capabilities?.drop ?? []).map((name) => `--cap-drop=${name}`),
    ...(capabilities?.add ?? []).map((name) => `--cap-add=${name}`),
    ...(memory === undefined ? [] : [`--memory=${toBytes(memory)}`, `--memory-swap=${toBytes(memory)}`]),
  ];
}

const UNITS: Readonly<Record<string, number>> = { '': 1, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 };

function toBytes(quantity: string): number {
  const [, digits = '', unit = ''] = /^(\d+)([KMG]i)?$/.exec(quantity) ?? [];
  if (digits === '') throw new Error(`this quantity is not known here: ${quantity}`);
  return Number(digits) * (UNITS[unit] ?? 1);
}
