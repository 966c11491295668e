import type * as V1 from 'kubernetes-types/core/v1.js';
import { findImageFacts } from '../catalogue/image-facts.ts';
import { hasNativeSidecars } from '../kube/version.ts';
import { type Diagnostic, diagnose, type Place } from '../model/diagnostic.ts';
import type { Edit } from '../model/edit.ts';
import type { FieldPath, Value } from '../model/object.ts';
import type { ClassifiedContainer, ClassifiedPod } from '../model/pod.ts';
import { SCRIPT_FILE, VARIABLES } from '../supervisor/interface.ts';
import { SHELL_SOURCES, type ShellQuestion, type ShellSource } from '../supervisor/shells.ts';
import { findStart, type Start } from './container-start.ts';
import type { ContainerSettings, StrategyContext } from './strategy.ts';
import type { Supervised, Variable } from './supervised.ts';
import { findAsked } from './supervised-options.ts';
import { planMounts, type SharedVolumes } from './volume.ts';

/** What a container starts; null: nobody knows. */
export function startOf({ spec }: ClassifiedContainer, { options, settings }: StrategyContext): Start | null {
  const { start } = findImageFacts(spec.name, spec.image ?? '', options);
  return findStart(spec, settings(spec.name).entrypoint, start);
}

/** Is it known what it starts, and would that run as well as the child of a shell? */
export function isWrappable(container: ClassifiedContainer, context: StrategyContext): boolean {
  const start = startOf(container, context);
  return start !== null && findDislike(container.spec, start) === null;
}

/** Puts the supervisor's script in front of a container's command. `role` is a word of SUPERVISOR_ROLES. */
export function wrapInScript(
  container: ClassifiedContainer,
  role: string,
  volumes: SharedVolumes,
  variablesIn: (directory: string) => readonly Variable[] | Diagnostic,
  pod: ClassifiedPod,
  context: StrategyContext,
): Supervised | Diagnostic {
  const { spec, path } = container;
  const { name } = spec;
  const image = findImageFacts(name, spec.image ?? '', context.options);
  const start = startOf(container, context);
  if (start === null) return describeUnknown(pod, container, context);
  const problem = findObstacle(container, start, context);
  if (problem !== null) return problem;
  const { directory, mounts } = volumes.directoryIn(spec);
  const all = [...mounts, volumes.scriptMount];
  const hidden = findHiddenProgram(container, start, all, context);
  if (hidden !== null) return hidden;
  const mounted = planMounts(container, all, context);
  if ('code' in mounted) return mounted;
  const question = { command: start.argv, hasShell: image.shell === true, directory };
  const found = findShell(question, context.settings(name));
  if (found === null) return diagnose('shell-unknown', { name }, context.place([...path, 'name']));
  const variables = variablesIn(directory);
  if ('code' in variables) return variables;
  const prefix = [...found.argv, `${volumes.bin}/${SCRIPT_FILE}`, role];
  const edits = [...planPrefix(container, prefix, start), planEnvironment(container, variables), mounted];
  return { container, shell: found.shell, variables, edits, notes: describeStart(container, start) };
}

/** A program of the image at, above or below a path that ours is mounted at: it could not be started. */
export function findHiddenProgram(
  { spec, path }: ClassifiedContainer,
  { argv: [program = ''] }: Start,
  mounts: readonly V1.VolumeMount[],
  { place }: StrategyContext,
): Diagnostic | null {
  const hiding = mounts.find(({ mountPath }) => isWithin(mountPath, program) || isWithin(program, mountPath));
  if (hiding === undefined) return null;
  const params = { name: spec.name, program, ours: hiding.mountPath };
  return diagnose('program-hidden', params, place([...path, originOf(spec)]));
}

/** Is it the folder, or below it? */
export function isWithin(path: string, folder: string): boolean {
  return folder !== '' && `${path}/`.startsWith(`${folder}/`);
}

/** Says of a container without command where ours is from. */
export function describeStart({ spec }: ClassifiedContainer, { argv, source }: Start): string[] {
  return source === null ? [] : [`"${spec.name}" starts ${argv[0]}, as ${source} says of its image`];
}

export function describeUnknown(
  pod: ClassifiedPod,
  { spec, path }: ClassifiedContainer,
  context: StrategyContext,
): Diagnostic {
  const { kubeVersion } = context.options;
  const isNewEnough = kubeVersion === null || hasNativeSidecars(kubeVersion);
  const mayBeNative = isNewEnough && findAsked(pod, context).length === 0;
  return diagnose('entrypoint-unknown', { name: spec.name, mayBeNative }, context.place([...path, 'name']));
}

/** The user's words stay as they are; the kubelet expands `$(VAR)` in them once, as before. */
export function planPrefix(
  { spec, path }: ClassifiedContainer,
  prefix: readonly string[],
  { command, args }: Start,
): Edit[] {
  const at = [...path, 'command'];
  if (spec.command?.length) return [{ op: 'prepend', path: at, values: prefix }];
  const edit: Edit = { op: 'set', path: at, value: [...prefix, ...command], before: 'args' };
  return args.length === 0 ? [edit] : [edit, { op: 'set', path: [...path, 'args'], value: args }];
}

export function planEnvironment({ path }: ClassifiedContainer, variables: readonly Variable[]): Edit {
  return { op: 'append', path: [...path, 'env'], values: variables as unknown as Value[] };
}

/** Why nothing at all can stand in front of this container's command; null when something can. */
export function findBar(
  { spec, path }: ClassifiedContainer,
  start: Start,
  context: StrategyContext,
): Diagnostic | null {
  const { name } = spec;
  const at = (...steps: FieldPath): Place => context.place([...path, ...steps]);
  const unwrappable = (why: string, place: Place): Diagnostic =>
    diagnose('unwrappable', { name, why }, place);
  if (!/^[a-z0-9-]+$/.test(name)) return unwrappable('its name is no DNS label', at('name'));
  if (start.argv.length === 0)
    return unwrappable('its image starts nothing, so it needs a command', at(originOf(spec)));
  if (spec.restartPolicy) return unwrappable('it has a restartPolicy of its own', at('restartPolicy'));
  const variables = (spec.env ?? []).map((row) => row.name);
  const taken = variables.findIndex((variable) => VARIABLES.includes(variable));
  if (taken < 0) return null;
  return diagnose('env-taken', { name, variable: variables[taken] ?? '' }, at('env', taken, 'name'));
}

/** Why the supervisor's script cannot; null when it can. */
function findObstacle(
  container: ClassifiedContainer,
  start: Start,
  context: StrategyContext,
): Diagnostic | null {
  const { spec, path } = container;
  const dislike = findDislike(spec, start);
  if (dislike === null) return findBar(container, start, context);
  const place = context.place([...path, ...dislike.at]);
  return diagnose('unwrappable', { name: spec.name, why: dislike.why }, place);
}

/** Variables that dash, bash, busybox or mksh set themselves, or do not pass on (each tried). */
const SHELLS_OWN = ['BASHOPTS', 'IFS', 'LINENO', 'OPTIND', 'PPID', 'RANDOM', 'SECONDS', 'SHELLOPTS', 'TMOUT'];

/** What a command would not bear that runs as the child of a shell, and where that stands in the container; null: nothing. */
function findDislike(
  spec: V1.Container,
  { argv }: Start,
): { readonly why: string; readonly at: FieldPath } | null {
  if (spec.tty) return { why: 'it has a terminal, which a supervisor would take away', at: ['tty'] };
  if (argv[0] === '/init') return { why: 'its /init (s6-overlay) must be process 1', at: [originOf(spec)] };
  const variables = (spec.env ?? []).map((row) => row.name);
  const lost = variables.findIndex((name) => !/^[A-Za-z_]\w*$/.test(name) || SHELLS_OWN.includes(name));
  if (lost < 0) return null;
  return { why: `a shell would lose its variable ${variables[lost]}`, at: ['env', lost, 'name'] };
}

/** The field that says what a container starts. */
function originOf({ command }: V1.Container): string {
  return command?.length ? 'command' : 'image';
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
