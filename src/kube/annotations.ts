import { type Diagnostic, diagnose, type Place } from '../model/diagnostic.ts';
import { nearestWord } from '../model/nearest.ts';
import type { FieldPath } from '../model/object.ts';
import type { ContainerOptions } from '../model/options.ts';
import type { PodTemplate } from '../model/pod.ts';
import { parseContainerOptions } from './container-options.ts';

const PREFIX = 'guillotine/';
/** What users write on a workload or its pod template. */
export const USER_ANNOTATIONS: readonly string[] = ['entrypoints', 'main', 'options', 'sidecars', 'strategy'];
/** What we write, on the workload and (the script) on the pod template. */
export const REWRITTEN = 'guillotine/rewritten';
export const UNDO = 'guillotine/undo';
export const SUPERVISOR = 'guillotine/supervisor';
const OWN_ANNOTATIONS = [REWRITTEN, UNDO, SUPERVISOR];

export interface PodAnnotations {
  readonly main: readonly string[] | null;
  readonly sidecars: readonly string[] | null;
  readonly strategy: string | null;
  readonly entrypoints: Readonly<Record<string, readonly string[]>>;
  readonly options: Readonly<Record<string, ContainerOptions>>;
}

/** For diagnostics: a place in the workload's document. */
export type PlaceOf = (path: FieldPath) => Place;

type Report = (annotation: string, why: string) => void;

/**
 * Our annotations of the workload and of its pod template, of which the template's win. What cannot be read is a
 * diagnostic: to act without it could kill the wrong container.
 */
export function readAnnotations(
  pod: PodTemplate,
  shells: readonly string[],
  place: PlaceOf,
): { readonly annotations: PodAnnotations; readonly diagnostics: readonly Diagnostic[] } {
  const all: Readonly<Record<string, string>> = { ...pod.workload.annotations, ...pod.annotations };
  const diagnostics: Diagnostic[] = [];
  const report: Report = (name, why) =>
    diagnostics.push(diagnose('annotation-invalid', { name, why }, placeOfAnnotation(pod, name, place)));
  for (const name of Object.keys(all)) {
    const short = name.slice(PREFIX.length);
    if (!name.startsWith(PREFIX) || USER_ANNOTATIONS.includes(short) || OWN_ANNOTATIONS.includes(name))
      continue;
    const nearest = PREFIX + (nearestWord(short, USER_ANNOTATIONS) ?? `(${USER_ANNOTATIONS.join(', ')})`);
    diagnostics.push(diagnose('annotation-unknown', { name, nearest }, placeOfAnnotation(pod, name, place)));
  }
  const annotations = {
    main: names(all['guillotine/main']),
    sidecars: names(all['guillotine/sidecars']),
    strategy: all['guillotine/strategy'] ?? null,
    entrypoints: readEntrypoints(all['guillotine/entrypoints'], report),
    options: readOptions(all[OPTIONS], shells, report),
  };
  return { annotations, diagnostics };
}

/** The place of an annotation that counts: on the template, or else on the workload. */
export function placeOfAnnotation(pod: PodTemplate, name: string, place: PlaceOf): Place {
  const root = name in pod.annotations ? pod.path : pod.workload.root;
  return place([...root, 'metadata', 'annotations', name]);
}

const OPTIONS = 'guillotine/options';

/** Where the options of a container stand, if they stand in the manifest; else the container's name. */
export function placeOfOptions(pod: PodTemplate, container: string, place: PlaceOf): Place {
  const isAnnotated = OPTIONS in pod.annotations || OPTIONS in pod.workload.annotations;
  if (isAnnotated) return placeOfAnnotation(pod, OPTIONS, place);
  const row = pod.containers.find(({ spec }) => spec.name === container);
  return place([...(row?.path ?? pod.path), 'name']);
}

/** Names, comma separated; the empty string says that there is none. */
function names(text: string | undefined): string[] | null {
  if (text === undefined) return null;
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function readJsonObject(name: string, text: string | undefined, report: Report): [string, unknown][] {
  if (text === undefined) return [];
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.entries(value);
    report(name, 'it must be a JSON object whose keys are container names');
  } catch {
    report(name, 'it is not JSON');
  }
  return [];
}

function readEntrypoints(text: string | undefined, report: Report): Record<string, readonly string[]> {
  const name = 'guillotine/entrypoints';
  const found: Record<string, readonly string[]> = {};
  for (const [container, argv] of readJsonObject(name, text, report)) {
    if (isArgv(argv)) found[container] = argv;
    else report(name, `the entrypoint of "${container}" must be a list of strings, as ["/app", "--flag"]`);
  }
  return found;
}

/** An argv: at least one string. */
export function isArgv(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string');
}

function readOptions(
  text: string | undefined,
  shells: readonly string[],
  report: Report,
): Record<string, ContainerOptions> {
  const name = OPTIONS;
  const found: Record<string, ContainerOptions> = {};
  for (const [container, options] of readJsonObject(name, text, report)) {
    const read = parseContainerOptions(options, shells);
    if ('why' in read) report(name, `"${container}": ${read.why}`);
    else found[container] = read.options;
  }
  return found;
}
