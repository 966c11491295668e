import type * as V1 from 'kubernetes-types/core/v1.js';
import type { Edit } from '../model/edit.ts';
import type { Value } from '../model/object.ts';
import type { Options } from '../model/options.ts';
import type { ClassifiedPod, Container } from '../model/pod.ts';
import { SHELL_SOURCES, type ShellSource } from '../supervisor/shells.ts';
import { planPullGuard } from './lifeline.ts';
import { freeName, type SharedVolumes } from './volume.ts';

/** Distroless images' "nonroot": any number would do, since the busybox is only copied. */
const NONROOT = 65532;

/**
 * One init container for each shell source in use that needs one, and then the pull guards of the mains on a lifeline; all
 * after those of the pod, whose order stays.
 */
export function planInitContainers(
  pod: ClassifiedPod,
  wrapped: readonly { readonly container: Container; readonly shell: ShellSource }[],
  held: readonly Container[],
  volumes: SharedVolumes,
  options: Options,
): Edit[] {
  const taken = [...pod.initContainers, ...pod.containers].map(({ spec }) => spec.name);
  const path = [...pod.path, 'spec', 'initContainers'];
  const shells = SHELL_SOURCES.flatMap((shell): V1.Container[] => {
    const served = wrapped.filter((row) => row.shell === shell).map(({ container }) => container.spec);
    if (shell.initContainer === null || served.length === 0) return [];
    const name = freeName('guillotine-shell', taken);
    const { directory, mounts } = volumes.directoryIn({ name });
    // A quota may ask every container for resources: those of a container that is served pass wherever it passes.
    const resources = served.find((spec) => spec.resources)?.resources;
    const container: V1.Container = {
      name,
      ...shell.initContainer(options.shellImage, directory),
      securityContext: securityContext(pod.spec, served),
      ...(resources ? { resources } : {}),
      volumeMounts: mounts,
    };
    return [container];
  });
  const images = held.filter(
    (row, index) => held.findIndex(({ spec }) => spec.image === row.spec.image) === index,
  );
  const guards: V1.Container[] = [];
  for (const row of images) {
    const name = freeName('guillotine-pull', [...taken, ...guards.map((guard) => guard.name)]);
    guards.push({
      ...planPullGuard(row, name, volumes),
      securityContext: securityContext(pod.spec, [row.spec]),
    });
  }
  const added = [...shells, ...guards];
  return added.length === 0 ? [] : [{ op: 'append', path, values: added as unknown as Value[] }];
}

/**
 * What the restricted Pod Security Standard asks for. The user is the pod's, or that of the first container that is
 * served; only where root is forbidden and nobody is named, it is somebody else than the image's root, with whom the
 * container would never start (CreateContainerConfigError).
 */
function securityContext(pod: V1.PodSpec, served: readonly V1.Container[]): V1.SecurityContext {
  const own = served.find((spec) => spec.securityContext)?.securityContext ?? {};
  const runAsUser = own.runAsUser ?? null;
  const mustNotBeRoot = own.runAsNonRoot ?? pod.securityContext?.runAsNonRoot ?? false;
  const isNobody = runAsUser === null && (pod.securityContext?.runAsUser ?? null) === null;
  return {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    ...(own.runAsNonRoot ? { runAsNonRoot: true } : {}),
    ...(runAsUser !== null ? { runAsUser } : mustNotBeRoot && isNobody ? { runAsUser: NONROOT } : {}),
    ...(own.seccompProfile ? { seccompProfile: own.seccompProfile } : {}),
  };
}
