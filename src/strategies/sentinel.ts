import type * as V1 from 'kubernetes-types/core/v1.js';
import { findImageFacts } from '../catalogue/image-facts.ts';
import { SUPERVISOR } from '../kube/annotations.ts';
import { hasNativeSidecars } from '../kube/version.ts';
import { type Diagnostic, diagnose, type Place } from '../model/diagnostic.ts';
import type { Edit } from '../model/edit.ts';
import type { FieldPath, Value } from '../model/object.ts';
import type { ClassifiedContainer, ClassifiedPod } from '../model/pod.ts';
import { scriptFor } from '../supervisor/assemble.ts';
import { SCRIPT_FILE, SUPERVISOR_ROLES, VARIABLES } from '../supervisor/interface.ts';
import { SHELL_SOURCES, type ShellQuestion, type ShellSource } from '../supervisor/shells.ts';
import { findStart, type Start } from './container-start.ts';
import { findExitCodePolicies } from './exit-code-policy.ts';
import { planInitContainers } from './init-containers.ts';
import { holdOnLifeline, mayBeHeld } from './lifeline.ts';
import { describeQuits } from './quit.ts';
import { findSkippedHooks } from './stop.ts';
import type { ContainerSettings, Strategy, StrategyContext } from './strategy.ts';
import type { Supervised } from './supervised.ts';
import { findAsked } from './supervised-options.ts';
import { planVariables, withBusyboxOfCallers } from './variables.ts';
import { planMounts, planVolumes, type SharedVolumes } from './volume.ts';

/**
 * Mains leave a file when they are done; the sidecars' commands run under a supervisor that ends them when it is there. A
 * main that cannot be wrapped is held on a lifeline.
 */
export const SENTINEL: Strategy = sentinel(mayBeHeld);

/** The same for pods in which every command is known. */
export const SENTINEL_WITHOUT_LIFELINE: Strategy = sentinel(() => false);

function sentinel(mayHold: typeof mayBeHeld): Strategy {
  const plan: Strategy['plan'] = (pod, context) => {
    const volumes = planVolumes(pod, context);
    if ('code' in volumes) return { edits: [], diagnostics: [volumes], notes: [] };
    const held = pod.containers.filter((container) => {
      return !volumes.isReused && mayHold(container, context) && !isWrappable(container, context);
    });
    const results = pod.containers.map((container) => {
      if (held.includes(container)) return holdOnLifeline(pod, container, volumes, context);
      return wrap(pod, container, held, volumes, context);
    });
    const diagnostics = results.flatMap((result) => ('code' in result ? [result] : []));
    if (diagnostics.length > 0) return { edits: [], diagnostics, notes: [] };
    const containers = results.filter((result): result is Supervised => !('code' in result));
    const script: Edit = {
      op: 'set',
      path: [...pod.path, 'metadata', 'annotations', SUPERVISOR],
      value: scriptFor(containers.flatMap(({ variables }) => variables.map(({ name }) => name))),
      before: 'spec',
    };
    const edits = [
      script,
      ...containers.flatMap((result) => result.edits),
      ...volumes.edits,
      ...planInitContainers(pod, withBusyboxOfCallers(containers), held, volumes, context.options),
    ];
    const notes = [...containers.flatMap((result) => result.notes), ...describeQuits(context)];
    return { edits, diagnostics: [], notes };
  };
  const findHazards: Strategy['findHazards'] = (pod, context) => [
    ...findSkippedHooks(pod, context),
    ...findExitCodePolicies(pod, context),
  ];
  return { id: 'sentinel', findHazards, plan };
}

function startOf({ spec }: ClassifiedContainer, { options, settings }: StrategyContext): Start | null {
  const { start } = findImageFacts(spec.name, spec.image ?? '', options);
  return findStart(spec, settings(spec.name).entrypoint, start);
}

/** Is it known what it starts, and would that run as well as the child of a shell? */
function isWrappable(container: ClassifiedContainer, context: StrategyContext): boolean {
  const start = startOf(container, context);
  return start !== null && findDislike(container.spec, start) === null;
}

function wrap(
  pod: ClassifiedPod,
  container: ClassifiedContainer,
  held: readonly ClassifiedContainer[],
  volumes: SharedVolumes,
  context: StrategyContext,
): Supervised | Diagnostic {
  const { spec, path } = container;
  const { name } = spec;
  const settings = context.settings(name);
  const image = findImageFacts(name, spec.image ?? '', context.options);
  const start = startOf(container, context);
  if (start === null) return describeUnknown(pod, container, context);
  const problem = findObstacle(container, start, context);
  if (problem !== null) return problem;
  const { directory, mounts } = volumes.directoryIn(spec);
  const mounted = planMounts(container, [...mounts, volumes.scriptMount], context);
  if ('code' in mounted) return mounted;
  const found = findShell({ command: start.argv, hasShell: image.shell === true, directory }, settings);
  if (found === null) return diagnose('shell-unknown', { name }, context.place([...path, 'name']));
  const prefix = [...found.argv, `${volumes.bin}/${SCRIPT_FILE}`, roleWord(pod, container)];
  const variables = planVariables(pod, container, held, directory, context);
  if ('code' in variables) return variables;
  const edits: Edit[] = [
    ...planCommand(container, prefix, start),
    { op: 'append', path: [...path, 'env'], values: variables as unknown as Value[] },
    mounted,
  ];
  const { argv, source } = start;
  const notes = source === null ? [] : [`"${name}" starts ${argv[0]}, as ${source} says of its image`];
  return { container, shell: found.shell, variables, edits, notes };
}

function describeUnknown(
  pod: ClassifiedPod,
  { spec, path }: ClassifiedContainer,
  context: StrategyContext,
): Diagnostic {
  const { kubeVersion } = context.options;
  const isNewEnough = kubeVersion === null || hasNativeSidecars(kubeVersion);
  const mayBeNative = isNewEnough && findAsked(pod, context).length === 0;
  return diagnose('entrypoint-unknown', { name: spec.name, mayBeNative }, context.place([...path, 'name']));
}

/** Variables that dash, bash, busybox or mksh set themselves, or do not pass on (each tried). */
const SHELLS_OWN = ['BASHOPTS', 'IFS', 'LINENO', 'OPTIND', 'PPID', 'RANDOM', 'SECONDS', 'SHELLOPTS', 'TMOUT'];

/** What a command would not bear that runs as the child of a shell, and where that stands in the container; null: nothing. */
function findDislike(
  spec: V1.Container,
  { argv }: Start,
): { readonly why: string; readonly at: FieldPath } | null {
  if (spec.tty) return { why: 'it has a terminal, which a supervisor would take away', at: ['tty'] };
  const origin = spec.command?.length ? 'command' : 'image';
  if (argv[0] === '/init') return { why: 'its /init (s6-overlay) must be process 1', at: [origin] };
  const variables = (spec.env ?? []).map((row) => row.name);
  const lost = variables.findIndex((name) => !/^[A-Za-z_]\w*$/.test(name) || SHELLS_OWN.includes(name));
  if (lost < 0) return null;
  return { why: `a shell would lose its variable ${variables[lost]}`, at: ['env', lost, 'name'] };
}

/** Why the supervisor cannot stand in front of this container's command; null when it can. */
function findObstacle(
  { spec, path }: ClassifiedContainer,
  start: Start,
  context: StrategyContext,
): Diagnostic | null {
  const { name } = spec;
  const at = (...steps: FieldPath): Place => context.place([...path, ...steps]);
  const unwrappable = (why: string, place: Place): Diagnostic =>
    diagnose('unwrappable', { name, why }, place);
  if (!/^[a-z0-9-]+$/.test(name)) return unwrappable('its name is no DNS label', at('name'));
  const dislike = findDislike(spec, start);
  if (dislike !== null) return unwrappable(dislike.why, at(...dislike.at));
  const origin = at(spec.command?.length ? 'command' : 'image');
  if (start.argv.length === 0) return unwrappable('its image starts nothing, so it needs a command', origin);
  if (spec.restartPolicy) return unwrappable('it has a restartPolicy of its own', at('restartPolicy'));
  const variables = (spec.env ?? []).map((row) => row.name);
  const taken = variables.findIndex((variable) => VARIABLES.includes(variable));
  if (taken < 0) return null;
  return diagnose('env-taken', { name, variable: variables[taken] ?? '' }, at('env', taken, 'name'));
}

function findShell(
  question: ShellQuestion,
  settings: ContainerSettings,
): { readonly shell: ShellSource; readonly argv: readonly string[] } | null {
  for (const shell of SHELL_SOURCES) {
    if (settings.shell !== 'auto' && settings.shell !== shell.id) continue;
    const argv = shell.findShell(question);
    if (argv !== null) return { shell, argv };
  }
  return null;
}

function roleWord(pod: ClassifiedPod, { role }: ClassifiedContainer): string {
  const { main, retriedMain, sidecar, retriedSidecar } = SUPERVISOR_ROLES;
  const isRetried = pod.restartPolicy === 'OnFailure';
  if (role === 'sidecar') return isRetried ? retriedSidecar : sidecar;
  return isRetried ? retriedMain : main;
}

/** The user's words stay as they are; the kubelet expands `$(VAR)` in them once, as before. */
function planCommand(
  { spec, path }: ClassifiedContainer,
  prefix: readonly string[],
  { command, args }: Start,
): Edit[] {
  const at = [...path, 'command'];
  if (spec.command?.length) return [{ op: 'prepend', path: at, values: prefix }];
  const edit: Edit = { op: 'set', path: at, value: [...prefix, ...command], before: 'args' };
  return args.length === 0 ? [edit] : [edit, { op: 'set', path: [...path, 'args'], value: args }];
}
