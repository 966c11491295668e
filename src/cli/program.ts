import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { parseSeconds } from '../model/duration.ts';
import { DEFAULT_OPTIONS, type Options, type RoleFlag } from '../model/options.ts';
import { STRATEGIES } from '../strategies/index.ts';
import { SHELL_SOURCES } from '../supervisor/shells.ts';

const STRATEGY_CHOICES = ['auto', ...STRATEGIES.map(({ id }) => id)];
const SHELL_CHOICES = ['auto', ...SHELL_SOURCES.map(({ id }) => id)];

/** What the command line asks for: argv as a value. */
export type Request = RewriteRequest | UndoRequest | { readonly command: 'version' };

export interface InputRequest {
  readonly filename: readonly string[];
  readonly recursive: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: 'auto' | 'always' | 'never';
}

export interface RewriteRequest extends InputRequest {
  readonly command: 'rewrite';
  /** Only what was given. */
  readonly options: Partial<Options>;
  readonly config: string | undefined;
  readonly keepGoing: boolean;
  readonly strict: boolean;
}

export interface UndoRequest extends InputRequest {
  readonly command: 'undo';
}

/** The text to print and the exit code, when the command line asks for nothing more (help) or is wrong. */
export interface Answer {
  readonly text: string;
  readonly exitCode: number;
}

interface Flags extends InputRequest {
  readonly main: readonly RoleFlag[];
  readonly sidecar: readonly RoleFlag[];
  readonly entrypoint: readonly [string, readonly string[]][];
  readonly strategy?: string;
  readonly shell?: string;
  readonly shellImage?: string;
  readonly volume?: string;
  readonly mountPath?: string;
  readonly grace?: number;
  readonly poll?: number;
  readonly config?: string;
  readonly keepGoing: boolean;
  readonly strict: boolean;
}

/** Reads the command line. Pure: it neither prints nor ends the process. */
export function parseArguments(argv: readonly string[], name: string): Request | Answer {
  let request: Request | undefined;
  let text = '';
  const print = (chunk: string): void => {
    text += chunk;
  };
  const program = buildProgram(name, (parsed) => {
    request = parsed;
  });
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ writeOut: print, writeErr: print, getOutHelpWidth: () => 80 });
  }
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { text, exitCode: error.exitCode === 0 ? 0 : 2 };
  }
  return request ?? { text, exitCode: 2 };
}

function buildProgram(name: string, done: (request: Request) => void): Command {
  const program = new Command(name)
    .description('Makes Kubernetes Jobs with sidecars complete.')
    .usage('-f FILE | kubectl apply -f -')
    .helpCommand(false)
    .enablePositionalOptions()
    .allowExcessArguments(false)
    .showHelpAfterError(`\nFor help: ${name} --help`);
  addInputOptions(program);
  addRoleOptions(program);
  addStrategyOptions(program);
  addReportOptions(program);
  program.addHelpText('after', HELP(name));
  program.action((flags: Flags) => done(toRewriteRequest(flags)));
  const undo = program.command('undo').description('give back exactly what was there before the rewrite');
  undo.usage('-f FILE').allowExcessArguments(false);
  addInputOptions(undo);
  addSpeechOptions(undo);
  undo.action((flags: InputRequest) => done({ command: 'undo', ...flags }));
  program
    .command('version')
    .description('print the version')
    .action(() => done({ command: 'version' }));
  return program;
}

const HELP = (name: string): string => `
Examples:
  ${name} -f job.yaml | kubectl apply -f -
  helm template chart | ${name} | kubectl apply -f -
  ${name} -f job.yaml --sidecar log-shipper --entrypoint log-shipper='["/ship"]'

Annotations, on the workload or its pod template:
  guillotine/main, guillotine/sidecars   container names, comma separated
  guillotine/strategy                    ${[...STRATEGY_CHOICES, 'skip'].join(', ')}
  guillotine/entrypoints                 {"container": ["argv", ...]}
  guillotine/options                     {"container": {"shell": "inject", "grace": "30s"}}

Exit codes: 0 done, 2 an error in the input or the invocation, 70 a bug of guillotine.`;

function addInputOptions(command: Command): void {
  command
    .optionsGroup('Input:')
    .option('-f, --filename <path>', 'file, folder or - (repeatable; default: stdin)', collect, [])
    .option('-R, --recursive', 'look into the folders of a folder, too', false);
}

function addRoleOptions(command: Command): void {
  const role = (role: RoleFlag['role']) => (text: string, before: RoleFlag[]) => [
    ...before,
    parseRole(role, text),
  ];
  command
    .optionsGroup('Which container is which:')
    .option(
      '--main <name>',
      'a main container: NAME, WORKLOAD/NAME or KIND/WORKLOAD/NAME (repeatable)',
      role('main'),
      [],
    )
    .option('--sidecar <name>', 'a sidecar, named in the same way (repeatable)', role('sidecar'), [])
    .option(
      '--entrypoint <name=argv>',
      'the entrypoint of a container or image without command: a JSON array or one word (repeatable)',
      (text: string, before: [string, readonly string[]][]) => [...before, parseEntrypoint(text)],
      [],
    );
}

function addStrategyOptions(command: Command): void {
  const { grace, poll, mountPath, shellImage } = DEFAULT_OPTIONS;
  command
    .optionsGroup('How:')
    .addOption(
      new Option('--strategy <strategy>', 'how the sidecars are ended (default: auto)').choices(
        STRATEGY_CHOICES,
      ),
    )
    .addOption(
      new Option('--shell <source>', 'whose shell runs the supervisor (default: auto)').choices(
        SHELL_CHOICES,
      ),
    )
    .option('--shell-image <image>', `the image with /bin/busybox for inject (default: ${shellImage})`)
    .option('--volume <name>', 'the name of our volume, or an emptyDir of the pod to reuse', parseVolume)
    .option('--mount-path <path>', `where our volumes are mounted (default: ${mountPath})`, parseMountPath)
    .option('--grace <duration>', `from TERM to KILL for a sidecar (default: ${grace}s)`, parseDuration)
    .option('--poll <duration>', `how often a sidecar looks (default: ${poll}s)`, parseInterval)
    .option('--config <file>', 'default: .guillotine.yaml, if it is there');
}

function addReportOptions(command: Command): void {
  command
    .optionsGroup('Errors and report:')
    .option('--keep-going', 'leave a workload that cannot be rewritten as it is, and warn', false)
    .option('--strict', 'warnings are errors', false);
  addSpeechOptions(command);
}

function addSpeechOptions(command: Command): void {
  command
    .optionsGroup('Errors and report:')
    .option('-q, --quiet', 'print only errors', false)
    .option('-v, --verbose', 'print the evidence for every role', false)
    .addOption(
      new Option('--color <when>', 'colour on stderr').choices(['auto', 'always', 'never']).default('auto'),
    )
    .helpOption('-h, --help', 'print this help');
}

function collect(text: string, before: readonly string[]): string[] {
  return [...before, text];
}

function parseRole(role: RoleFlag['role'], text: string): RoleFlag {
  const parts = text.split('/');
  const container = parts.pop() ?? '';
  const workload = parts.pop() ?? null;
  const kind = parts.pop() ?? null;
  if (parts.length > 0 || [container, workload, kind].includes('')) {
    throw new InvalidArgumentError('It must be NAME, WORKLOAD/NAME or KIND/WORKLOAD/NAME.');
  }
  return { role, container, workload, kind, text };
}

function parseEntrypoint(text: string): [string, readonly string[]] {
  const at = text.indexOf('=');
  const argv = text.slice(at + 1);
  if (at < 1 || argv === '')
    throw new InvalidArgumentError(`It must be NAME=ARGV, as app='["/app", "--serve"]'.`);
  if (!argv.startsWith('[')) return [text.slice(0, at), [argv]];
  try {
    const words: unknown = JSON.parse(argv);
    if (Array.isArray(words) && words.length > 0 && words.every((word) => typeof word === 'string')) {
      return [text.slice(0, at), words];
    }
  } catch {
    // falls through to the same message
  }
  throw new InvalidArgumentError(
    `ARGV must be a JSON array of strings, as '["/app", "--serve"]', or one word.`,
  );
}

function parseDuration(text: string): number {
  const seconds = parseSeconds(text);
  if (seconds === null) throw new InvalidArgumentError('It must be whole seconds, as 10s or 1m30s.');
  return seconds;
}

function parseInterval(text: string): number {
  const seconds = parseDuration(text);
  if (seconds < 1) throw new InvalidArgumentError('It must be at least 1s.');
  return seconds;
}

function parseVolume(text: string): string {
  if (/^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(text)) return text;
  throw new InvalidArgumentError('It must be a volume name: lower-case letters, digits and dashes.');
}

function parseMountPath(text: string): string {
  if (/^(?:\/[\w.-]+)+$/.test(text)) return text;
  throw new InvalidArgumentError(
    'It must be an absolute path of letters, digits, ".", "_" and "-", not "/" itself.',
  );
}

function toRewriteRequest(flags: Flags): RewriteRequest {
  const { strategy, shell, shellImage, volume, mountPath, grace, poll, config, ...rest } = flags;
  const given = { strategy, shell, shellImage, volume, mountPath, grace, poll };
  const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const { main, sidecar, entrypoint, ...input } = rest;
  return {
    ...input,
    command: 'rewrite',
    config,
    options: { ...options, roleFlags: [...main, ...sidecar], entrypoints: Object.fromEntries(entrypoint) },
  };
}
