import type * as V1 from 'kubernetes-types/core/v1.js';
import { type Diagnostic, diagnose } from '../model/diagnostic.ts';
import type { Edit } from '../model/edit.ts';
import { invariant } from '../model/invariant.ts';
import type { ClassifiedContainer, ClassifiedPod } from '../model/pod.ts';
import {
  GIVE_UP,
  LIFELINES,
  SCRIPT_DEFAULTS,
  SCRIPT_FILE,
  SUPERVISOR_ROLES,
} from '../supervisor/interface.ts';
import { SHELL_SOURCES, type ShellSource } from '../supervisor/shells.ts';
import type { StrategyContext } from './strategy.ts';
import { type Supervised, sentinelOf, type Variable } from './supervised.ts';
import { planMounts, type SharedVolumes } from './volume.ts';

/** Seconds that sidecars wait for a main to begin whose image may have to be pulled again. */
const UNGUARDED_GIVE_UP = 900;

/** Brings the shell that the hook runs in: nothing is known of the container's own. */
const INJECTED: ShellSource = findInjected();

function findInjected(): ShellSource {
  const source = SHELL_SOURCES.find(({ initContainer }) => initContainer !== null);
  invariant(source !== undefined, 'no shell source brings a shell');
  return source;
}

/** A main runs as it did, but for a hook that leaves a process in its container: the kernel ends it with the container. */
export function holdOnLifeline(
  pod: ClassifiedPod,
  container: ClassifiedContainer,
  volumes: SharedVolumes,
  context: StrategyContext,
): Supervised | Diagnostic {
  const { spec, path } = container;
  const { name } = spec;
  const hook = spec.lifecycle?.postStart;
  const kind = Object.keys(hook ?? {}).find((key) => key !== 'exec');
  if (kind !== undefined) {
    const why = `a lifeline would have to come before its ${kind} hook postStart, which takes exec`;
    return diagnose('unwrappable', { name, why }, context.place([...path, 'lifecycle', 'postStart', kind]));
  }
  const { directory, mounts } = volumes.directoryIn(spec);
  const shell = INJECTED.findShell({ command: [], hasShell: false, directory }) ?? [];
  const ours = [
    ...shell,
    `${volumes.bin}/${SCRIPT_FILE}`,
    SUPERVISOR_ROLES.lifeline,
    sentinelOf(pod, name, directory),
  ];
  const at = [...path, 'lifecycle', 'postStart', 'exec', 'command'];
  // Ours first: one of theirs that is slow would outlive a short main.
  const edit: Edit =
    (hook?.exec?.command ?? []).length > 0
      ? { op: 'prepend', path: at, values: ours }
      : { op: 'set', path: at, value: ours };
  const mounted = planMounts(container, [...mounts, volumes.scriptMount], context);
  if ('code' in mounted) return mounted;
  const edits: Edit[] = [edit, mounted];
  const notes = [`"${name}" is not wrapped: a postStart hook holds its lifeline`];
  return { container, shell: INJECTED, variables: [], edits, notes };
}

/** What a sidecar must know of the mains on a lifeline, in its view of the directory of the sentinels. */
export function planLifelineVariables(
  pod: ClassifiedPod,
  held: readonly ClassifiedContainer[],
  directory: string,
  { settings }: StrategyContext,
): readonly Variable[] {
  if (held.length === 0) return [];
  const seconds = held.map((main) => {
    const mayBeLate = isPulledAgain(main.spec) || isHeldUp(pod, main);
    return settings(main.spec.name).own.giveUp ?? (mayBeLate ? UNGUARDED_GIVE_UP : SCRIPT_DEFAULTS.giveUp);
  });
  const giveUp = Math.max(...seconds);
  return [
    { name: LIFELINES, value: held.map(({ spec }) => sentinelOf(pod, spec.name, directory)).join(' ') },
    ...(giveUp === SCRIPT_DEFAULTS.giveUp ? [] : [{ name: GIVE_UP, value: `${giveUp}` }]),
  ];
}

/**
 * The kubelet starts containers in the order of the list, each after the image and the postStart hook of the one before.
 * Those between the first sidecar and a main hold it up while that sidecar waits. The order stays as it is: a sidecar that
 * stands in front has a start that its main may need.
 */
function isHeldUp({ containers }: ClassifiedPod, main: ClassifiedContainer): boolean {
  const first = containers.findIndex(({ role }) => role === 'sidecar');
  const before = containers.slice(first, Math.max(first, containers.indexOf(main)));
  return before.length > 1 || before.some(({ spec }) => spec.lifecycle?.postStart);
}

/** `Always`, and what the API server takes for it: no policy, and no tag or `latest`. */
function isPulledAgain({ image = '', imagePullPolicy }: V1.Container): boolean {
  const isLatest = /^(?:[^@]*\/)?[^@/:]*(?::latest)?$/.test(image);
  return imagePullPolicy ? imagePullPolicy === 'Always' : isLatest;
}

/**
 * The pull guard: an init container with main's own image that does nothing, so that the image is on the node when the
 * containers start. A main that has not begun soon is then over already, not late.
 */
export function planPullGuard(
  { image = '', imagePullPolicy }: V1.Container,
  directory: string,
): Omit<V1.Container, 'name'> {
  const [busybox = ''] = INJECTED.findShell({ command: [], hasShell: false, directory }) ?? [];
  return { image, ...(imagePullPolicy ? { imagePullPolicy } : {}), command: [busybox, 'true'] };
}

/** Is it one that can be held? Where something is asked of its supervisor, it must have one. */
export function mayBeHeld(
  { role, spec }: ClassifiedContainer,
  { options, quits, settings }: StrategyContext,
): boolean {
  if (!options.holdsMains) return false;
  const { lifeline, waitFor } = settings(spec.name).own;
  return role === 'main' && lifeline !== false && waitFor === undefined && quits.length === 0;
}
