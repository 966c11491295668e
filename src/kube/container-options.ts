import { parseSeconds } from '../model/duration.ts';
import type { ContainerOptions, WaitFor } from '../model/options.ts';
import { parseQuits } from './quit.ts';

/** What a reader makes of an option; a string says what the option must be. */
type Read = ContainerOptions | string;

const SIGNALS = ['HUP', 'INT', 'QUIT', 'KILL', 'USR1', 'USR2', 'TERM', 'WINCH'];
const NAMES = '[a-z0-9-]+(?:,[a-z0-9-]+)*';
const DEFAULT_RESTARTS = 5;
const DEFAULT_WAIT_SECONDS = 120;

/** How the options of a container are read, each from what was written. */
const OPTION_READERS: Readonly<Record<string, (value: unknown, shells: readonly string[]) => Read>> = {
  drain: (value) => seconds(value, (drain) => ({ drain })),
  giveUp: (value) => seconds(value, (giveUp) => ({ giveUp })),
  grace: (value) => seconds(value, (grace) => ({ grace })),
  lifeline: (value) => (typeof value === 'boolean' ? { lifeline: value } : 'true or false'),
  onTerm: (value) =>
    value === 'forward' || value === 'follow-main' ? { onTerm: value } : 'forward or follow-main',
  order: (value) => {
    const [, names] = pattern(`^(?:reverse|after:(${NAMES}))$`, value) ?? [];
    if (value === 'reverse') return { order: 'reverse' };
    return names === undefined ? 'reverse, or after:NAME of another sidecar' : { order: names.split(',') };
  },
  place: (value) => {
    const isPlace = pattern('^(?:first|last|before:[a-z0-9-]+)$', value) !== null;
    return isPlace ? { place: String(value) } : 'first, last or before:NAME';
  },
  quit: (value) => {
    const quit = parseQuits(value);
    return typeof quit === 'string' ? quit : { quit };
  },
  restart: (value) => {
    const [text, times] = pattern('^on-failure(?::([1-9][0-9]?))?$', value) ?? [];
    if (text === undefined) return 'on-failure, or on-failure:TIMES, at most 99';
    return { restarts: times === undefined ? DEFAULT_RESTARTS : Number(times) };
  },
  shell: (value, shells) => {
    const isShell = typeof value === 'string' && shells.includes(value);
    return isShell ? { shell: value } : `one of ${shells.join(', ')}`;
  },
  stopSignal: (value) => {
    const name = typeof value === 'string' ? value.replace(/^SIG/, '') : '';
    return SIGNALS.includes(name) ? { stopSignal: name } : `a signal: ${SIGNALS.join(', ')}`;
  },
  waitFor: (value) => {
    const waitFor = parseWaitFor(value);
    return waitFor === null ? WAIT_FORM : { waitFor };
  },
};

export const CONTAINER_OPTIONS: readonly string[] = Object.keys(OPTION_READERS);

/** The options of one container, as they stand in the annotation and in the config file. */
export function parseContainerOptions(
  value: unknown,
  shells: readonly string[],
): { readonly options: ContainerOptions } | { readonly why: string } {
  if (!isMap(value)) return { why: 'the options must be a map' };
  let options: ContainerOptions = {};
  for (const [key, option] of Object.entries(value)) {
    const read = Object.hasOwn(OPTION_READERS, key) ? OPTION_READERS[key] : undefined;
    if (read === undefined) {
      return { why: `there is no option "${key}" (known: ${CONTAINER_OPTIONS.join(', ')})` };
    }
    const found = read(option, shells);
    if (typeof found === 'string') return { why: `${key} must be ${found}` };
    options = { ...options, ...found };
  }
  return { options };
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function seconds(value: unknown, use: (seconds: number) => ContainerOptions): Read {
  const read = parseSeconds(String(value));
  return read === null ? `whole seconds, as 10s, not ${JSON.stringify(value)}` : use(read);
}

function pattern(source: string, value: unknown): RegExpExecArray | null {
  return typeof value === 'string' ? new RegExp(source).exec(value) : null;
}

const WAIT_FORM =
  'tcp:PORT, http:PORT/path, file:/path or probe:SIDECAR, a list of them, or {"for": …, "timeout": "2m"}';

/** The words stand in a variable of the container, separated by blanks, where `$` would be expanded. */
const WAIT_WORD =
  /^(?:tcp:([1-9]\d{0,4})|http:([1-9]\d{0,4})\/[\w./~%?&=+:@,;-]*|file:\/[\w./@:,+~-]*|probe:[a-z0-9-]+)$/;

function parseWaitFor(value: unknown): WaitFor | null {
  const map = isMap(value) ? value : { for: value };
  const timeout = parseSeconds(String(map['timeout'] ?? DEFAULT_WAIT_SECONDS));
  const words: readonly unknown[] = Array.isArray(map['for']) ? map['for'] : [map['for']];
  const isKnown = Object.keys(map).every((key) => key === 'for' || key === 'timeout');
  if (!isKnown || timeout === null || words.length === 0) return null;
  return words.every(isWaitWord) ? { words, timeout } : null;
}

function isWaitWord(word: unknown): word is string {
  const [text, ...ports] = typeof word === 'string' ? (WAIT_WORD.exec(word) ?? []) : [];
  return text !== undefined && ports.every((port) => port === undefined || Number(port) <= 65_535);
}
