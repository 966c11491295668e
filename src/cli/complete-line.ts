import type { Command, Option } from 'commander';

/** A command line as far as it was typed. */
export interface Line {
  readonly command: Command;
  /** The option whose value is being typed. */
  readonly pending: Option | null;
  /** What is there of the last word; of `--flag=value` the value, as Cobra has it. */
  readonly word: string;
  /** Flags with what they were given. */
  readonly values: readonly (readonly [Option, string])[];
  readonly hasFlags: boolean;
  readonly positionals: number;
  /** Behind `--`. */
  readonly isPastFlags: boolean;
}

type Growing = { -readonly [K in keyof Line]: Line[K] } & { values: (readonly [Option, string])[] };

/** Reads the words before the last by the options of the program, which itself takes no unfinished line. */
export function readLine(program: Command, words: readonly string[]): Line {
  const line: Growing = {
    command: program,
    pending: null,
    word: words.at(-1) ?? '',
    values: [],
    hasFlags: false,
    positionals: 0,
    isPastFlags: false,
  };
  for (const word of words.slice(0, -1)) readWord(line, word);
  if (line.pending === null && !line.isPastFlags) splitLast(line);
  return line;
}

function readWord(line: Growing, word: string): void {
  if (line.pending !== null) give(line, line.pending, word);
  else if (word === '--') line.isPastFlags = line.hasFlags = true;
  else if (word.startsWith('--') && !line.isPastFlags) readLong(line, word);
  else if (/^-./.test(word) && !line.isPastFlags) readShort(line, word.slice(1));
  else readPositional(line, word);
}

function readPositional(line: Growing, word: string): void {
  const child = line.command.commands.find((command) => command.name() === word);
  if (child === undefined) line.positionals++;
  else line.command = child;
}

function readLong(line: Growing, word: string): void {
  const [name = '', value] = splitValue(word);
  const option = find(line, name);
  line.hasFlags = true;
  if (option === undefined) return;
  if (option.required && value === undefined) line.pending = option;
  else give(line, option, value ?? '');
}

/** `-qRf FILE`, `-fFILE`. */
function readShort(line: Growing, letters: string): void {
  line.hasFlags = true;
  const option = find(line, `-${letters.charAt(0)}`);
  const rest = letters.slice(1);
  if (option?.required) {
    if (rest === '') line.pending = option;
    else give(line, option, rest);
    return;
  }
  if (option !== undefined) give(line, option, '');
  if (rest !== '') readShort(line, rest);
}

function give(line: Growing, option: Option, value: string): void {
  line.values.push([option, value]);
  line.pending = null;
}

/** The last word may be a flag and the beginning of its value. */
function splitLast(line: Growing): void {
  const [name = '', value] = splitValue(line.word);
  const option = find(line, name);
  if (value === undefined || !option?.required) return;
  line.pending = option;
  line.word = value;
}

function splitValue(word: string): string[] {
  const at = word.indexOf('=');
  return at < 0 || !word.startsWith('--') ? [word] : [word.slice(0, at), word.slice(at + 1)];
}

function find({ command }: Line, name: string): Option | undefined {
  return command.options.find(({ long, short }) => name === long || name === short);
}
