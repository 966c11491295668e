import {
  AFTER,
  DRAIN,
  GIVE_UP,
  LIFELINES,
  PRE_STOP,
  QUIT,
  RESTARTS,
  TERM_AFTER,
  WAIT_FOR,
  WAIT_SECONDS,
} from './interface.ts';
import { CORE, PARTS } from './script.ts';

export type PartName = keyof typeof PARTS;

/** The parts of the script, which only some pods need, and the variables that ask for them. */
export const PART_VARIABLES: Readonly<Record<PartName, readonly string[]>> = {
  'before-stop': [AFTER, DRAIN, PRE_STOP],
  'follow-main': [TERM_AFTER],
  lifeline: [LIFELINES, GIVE_UP],
  quit: [QUIT],
  restart: [RESTARTS],
  'wait-for': [WAIT_FOR, WAIT_SECONDS],
};

/** The parts come first, under the comment at the top: the core looks which of them are there. */
export function assembleScript(parts: readonly PartName[]): string {
  const [head = ''] = /^(?:#.*\n)*/.exec(CORE) ?? [];
  return [head, ...parts.map((part) => PARTS[part]), CORE.slice(head.length)].join('');
}

/** The script of a pod whose containers have these variables. */
export function scriptFor(variables: readonly string[]): string {
  const names = Object.keys(PART_VARIABLES) as PartName[];
  return assembleScript(names.filter((name) => PART_VARIABLES[name].some((row) => variables.includes(row))));
}
