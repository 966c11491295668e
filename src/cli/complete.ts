import type { Command, Option } from 'commander';
import type { PodTemplate } from '../model/pod.ts';
import { type Line, readLine } from './complete-line.ts';
import { load } from './load.ts';
import { type Streams, write } from './streams.ts';

/** What may stand at the end of the line, and what a shell does with it: directives of Cobra, whose protocol kubectl speaks. */
interface Completion {
  /** Words, each with what is said of it. */
  readonly candidates: readonly (readonly [word: string, about?: string])[];
  readonly directive: number;
}

const FILES = 0;
const NO_SPACE = 2;
const NO_FILES = 4;
const FOLDERS = 16;

const NOTHING: Completion = { candidates: [], directive: NO_FILES };

/** Prints how the last of the words may go on, as `kubectl __complete` does. Everything is read from the program itself. */
export async function complete(
  program: Command,
  words: readonly string[],
  streams: Streams,
): Promise<number> {
  const line = readLine(program, words);
  const { candidates, directive } = await completeLine(line, streams);
  const lines = candidates
    .filter(([word]) => word.startsWith(line.word))
    .map(([word, about]) => (about === undefined ? word : `${word}\t${about}`));
  await write(streams.stdout, [...lines, `:${directive}`, ''].join('\n'));
  return 0;
}

async function completeLine(line: Line, streams: Streams): Promise<Completion> {
  const { command, pending, word } = line;
  if (pending !== null) return completeValue(pending, line, streams);
  if (word.startsWith('-')) return line.isPastFlags ? NOTHING : completeFlags(line);
  if (!line.hasFlags && command.commands.length > 0) {
    const commands = command.createHelp().visibleCommands(command);
    return choose(commands.map((child) => [child.name(), child.description()] as const));
  }
  const choices = command.registeredArguments[line.positionals]?.argChoices;
  if (choices !== undefined) return choose(choices.map((choice) => [choice] as const));
  return line.isPastFlags ? NOTHING : completeFlags(line);
}

function choose(candidates: Completion['candidates']): Completion {
  return { candidates, directive: NO_FILES };
}

/** Commander's types leave it out. */
type Excluding = Option & { readonly conflictsWith: readonly string[] };

/** Those that may still be given; of a flag with a list of values one more. */
function completeFlags({ command, values }: Line): Completion {
  const given = values.map(([option]) => option as Excluding);
  const excluded = given.flatMap((option) => {
    return Array.isArray(option.defaultValue) ? [] : [option.attributeName(), ...option.conflictsWith];
  });
  const free = command
    .createHelp()
    .visibleOptions(command)
    .filter((option) => !excluded.includes(option.attributeName()));
  return choose(free.flatMap(({ long, description }) => (long ? [[long, description] as const] : [])));
}

async function completeValue(option: Option, line: Line, streams: Streams): Promise<Completion> {
  if (option.argChoices !== undefined) return choose(option.argChoices.map((choice) => [choice] as const));
  if (option.flags.endsWith('<file>')) return { candidates: [], directive: FILES };
  if (option.flags.endsWith('<folder>')) return { candidates: [], directive: FOLDERS };
  switch (option.attributeName()) {
    case 'main':
    case 'sidecar':
      return choose(nameContainers(await readPods(line, streams), line.word));
    case 'entrypoint':
      return {
        candidates: nameEntrypoints(await readPods(line, streams)),
        directive: NO_FILES | NO_SPACE,
      };
    default:
      return NOTHING;
  }
}

/** The pods of the files that the line has named so far; none if something is wrong with them: nobody asked yet. */
async function readPods({ values }: Line, streams: Streams): Promise<readonly PodTemplate[]> {
  const of = (name: string): string[] =>
    values.flatMap(([option, value]) => (option.attributeName() === name ? [value] : []));
  // Standard input is the terminal that the shell completes in.
  const filename = of('filename').filter((file) => file !== '-');
  if (filename.length === 0) return [];
  const input = { filename, recursive: of('recursive').length > 0, quiet: true, color: 'never' } as const;
  const request = { ...input, config: of('config').at(-1), images: [], options: {} };
  try {
    const { outcome } = await load(request, streams, () => ({ takesLive: true }));
    return (outcome?.plans ?? []).map(({ pod }) => pod);
  } catch {
    return [];
  }
}

/** As the API server takes it. What a shell puts into the line must not hold words of the shell. */
const NAME = /^[a-z0-9][-a-z0-9.]*$/;

function isName(name: string | undefined): name is string {
  return name !== undefined && NAME.test(name);
}

/** NAME; where that may be ambiguous, or the word has a slash, what stands in front of it, too. */
function nameContainers(pods: readonly PodTemplate[], word: string): Completion['candidates'] {
  const bare = new Map<string, string>();
  const longer = new Map<string, string>();
  const parts = word.split('/').length;
  for (const { containers, workload } of pods) {
    const { kind, name } = workload.id;
    for (const { spec } of containers.filter((container) => isName(container.spec.name))) {
      const places = bare.get(spec.name);
      bare.set(spec.name, places === undefined ? `in ${kind} ${name}` : 'in several workloads');
      if (isName(name) && parts <= 2) longer.set(`${name}/${spec.name}`, `in ${kind} ${name}`);
      if (isName(name) && parts >= 2) longer.set(`${kind}/${name}/${spec.name}`, `in ${kind} ${name}`);
    }
  }
  const isOne = new Set(pods.map(({ workload }) => workload)).size < 2;
  return isOne && parts === 1 ? [...bare] : [...bare, ...longer];
}

/** Only what has no command of its own takes one. */
function nameEntrypoints(pods: readonly PodTemplate[]): Completion['candidates'] {
  const names = new Map<string, string>();
  for (const { containers } of pods) {
    for (const { spec } of containers) {
      if (isName(spec.name) && !spec.command?.length) names.set(`${spec.name}=`, spec.image ?? '');
    }
  }
  return [...names].map(([word, image]) => (/^\S+$/.test(image) ? [word, image] : [word]));
}
