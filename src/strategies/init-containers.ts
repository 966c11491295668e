import type * as V1 from 'kubernetes-types/core/v1.js';
import type { Value } from '../model/object.ts';
import type { Options } from '../model/options.ts';
import type { ClassifiedPod, Container } from '../model/pod.ts';
import { SHELL_SOURCES, type ShellSource } from '../supervisor/shells.ts';
import { planPullGuard } from './lifeline.ts';
import { lacksUser, planSecurityContext } from './security-context.ts';
import type { StrategyResult } from './strategy.ts';
import { freeName, type SharedVolumes } from './volume.ts';

/** What needs a container of ours before the pod's own start. */
export interface Served {
  /** Containers that the supervisor runs in, each with its shell. */
  readonly wrapped: readonly { readonly container: Container; readonly shell: ShellSource | null }[];
  /** Mains on a lifeline. */
  readonly held: readonly Container[];
}

/**
 * One init container for each shell source in use that needs one, and then the pull guards of the mains on a lifeline; all
 * after those of the pod, whose order stays.
 */
export function planInitContainers(
  pod: ClassifiedPod,
  served: Served,
  volumes: SharedVolumes,
  options: Options,
): Pick<StrategyResult, 'edits' | 'notes'> {
  const taken = [...pod.initContainers, ...pod.containers].map(({ spec }) => spec.name);
  const shells = planShells(pod, served, volumes, options, taken);
  const guards = planPullGuards(pod, served, volumes, taken);
  const added = [...shells.containers, ...guards];
  if (added.length === 0) return { edits: [], notes: [] };
  const path = [...pod.path, 'spec', 'initContainers'];
  return { edits: [{ op: 'append', path, values: added as unknown as Value[] }], notes: shells.notes };
}

function planShells(
  pod: ClassifiedPod,
  { wrapped }: Served,
  volumes: SharedVolumes,
  { shellImage, shellUser }: Options,
  taken: readonly string[],
): { readonly containers: readonly V1.Container[]; readonly notes: readonly string[] } {
  const containers: V1.Container[] = [];
  const notes: string[] = [];
  for (const shell of SHELL_SOURCES) {
    const served = wrapped.filter((row) => row.shell === shell).map(({ container }) => container.spec);
    if (shell.initContainer === null || served.length === 0) continue;
    const name = freeName('guillotine-shell', taken);
    const { directory, mounts } = volumes.directoryIn({ name });
    const own = served.find((spec) => spec.securityContext)?.securityContext ?? {};
    containers.push({
      name,
      ...shell.initContainer(shellImage, directory),
      securityContext: planSecurityContext(pod.spec, own, shellUser),
      ...planResources(served.find((spec) => spec.resources)),
      volumeMounts: mounts,
    });
    if (lacksUser(pod.spec, own) && shellUser !== null)
      notes.push(
        `"${name}" runs as user ${shellUser}: runAsNonRoot forbids the root of ${shellImage} (config: shell.runAsUser)`,
      );
  }
  return { containers, notes };
}

/** One for each image. */
function planPullGuards(
  pod: ClassifiedPod,
  { held }: Served,
  volumes: SharedVolumes,
  taken: readonly string[],
): V1.Container[] {
  const images = held.map(({ spec }) => spec.image);
  const guards: V1.Container[] = [];
  for (const { spec } of held.filter((row, index) => images.indexOf(row.spec.image) === index)) {
    const name = freeName('guillotine-pull', [...taken, ...guards.map((guard) => guard.name)]);
    const { directory, mounts } = volumes.directoryIn({ name });
    guards.push({
      name,
      ...planPullGuard(spec, directory),
      // Where root is forbidden, main itself could not run as its image's user if that were root.
      securityContext: planSecurityContext(pod.spec, spec.securityContext ?? {}, null),
      ...planResources(spec),
      volumeMounts: mounts,
    });
  }
  return guards;
}

/** What quotas and limit ranges ask every container for, and what the pod's quality of service hangs on. */
const RATIONED = ['cpu', 'memory', 'ephemeral-storage'];

/** Those of a container that is served pass wherever it passes; the devices that it asks for are not needed. */
function planResources(served: V1.Container | undefined): Pick<V1.Container, 'resources'> {
  const { limits, requests } = served?.resources ?? {};
  const given = Object.entries({ limits, requests }).map(([key, amounts]) => {
    const rationed = Object.entries(amounts ?? {}).filter(([name]) => RATIONED.includes(name));
    return [key, Object.fromEntries(rationed)] as const;
  });
  const resources = given.filter(([, amounts]) => Object.keys(amounts).length > 0);
  return resources.length === 0 ? {} : { resources: Object.fromEntries(resources) };
}
