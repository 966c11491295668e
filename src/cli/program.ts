import { Command, CommanderError, Option } from 'commander';
import { DEFAULT_OPTIONS, type KubeVersion, type RoleFlag } from '../model/options.ts';
import { STRATEGY_CHOICES } from '../strategies/index.ts';
import { SHELL_CHOICES } from '../supervisor/shells.ts';
import {
  collect,
  parseDuration,
  parseEntrypoint,
  parseImage,
  parseInterval,
  parseMountPath,
  parseRole,
  parseVersion,
  parseVolume,
} from './arguments.ts';
import { helpText } from './help.ts';
import type { InputRequest, Request, RewriteRequest, TransformRequest } from './request.ts';

/** The text to print and the exit code, when the command line asks for nothing more (help) or is wrong. */
export interface Answer {
  readonly text: string;
  readonly exitCode: number;
}

interface TransformFlags extends InputRequest {
  readonly main: readonly RoleFlag[];
  readonly sidecar: readonly RoleFlag[];
  readonly entrypoint: readonly [string, readonly string[]][];
  readonly strategy?: string;
  readonly kubeVersion?: KubeVersion;
  readonly shell?: string;
  readonly shellImage?: string;
  readonly volume?: string;
  readonly mountPath?: string;
  readonly grace?: number;
  readonly poll?: number;
  readonly config?: string;
}

interface Flags extends TransformFlags {
  readonly keepGoing: boolean;
  readonly strict: boolean;
  readonly verbose: boolean;
}

interface ExplainFlags extends TransformFlags {
  readonly output: 'table' | 'json';
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
    command.exitOverride();
    command.configureOutput({
      writeOut: print,
      writeErr: print,
      getOutHelpWidth: () => 80,
      getErrHelpWidth: () => 80,
    });
    command.configureHelp({ optionDescription: ({ description }) => description });
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
    .showHelpAfterError(`For help: ${name} --help`);
  addInputOptions(program);
  addRoleOptions(program);
  addStrategyOptions(program);
  addErrorOptions(program);
  addReportOptions(program);
  program.option('-v, --verbose', 'print the evidence for every role', false);
  program.addHelpText('after', helpText(name));
  program.argument('[words...]').action((words: readonly string[], flags: Flags) => {
    const [word] = words;
    if (word !== undefined) program.error(`error: "${word}" is no command; files are named with -f`);
    done(toRewriteRequest(flags));
  });
  addExplain(program, done);
  addUndo(program, done);
  program
    .command('version')
    .description('print the version')
    .action(() => done({ command: 'version' }));
  return program;
}

function addExplain(program: Command, done: (request: Request) => void): void {
  const explain = addCommand(
    program,
    'explain',
    'say which container is which and why, and what a rewrite changes',
  );
  addInputOptions(explain);
  explain.addOption(choice('-o, --output', ['table', 'json'], 'default: table').default('table'));
  addRoleOptions(explain);
  addStrategyOptions(explain);
  addReportOptions(explain);
  explain.action((flags: ExplainFlags) => {
    const { output, ...rest } = flags;
    done({ command: 'explain', output, ...toTransformRequest(rest) });
  });
}

function addUndo(program: Command, done: (request: Request) => void): void {
  const undo = addCommand(program, 'undo', 'give back exactly what was there before the rewrite');
  addInputOptions(undo);
  addReportOptions(undo);
  undo.action((flags: InputRequest) => done({ command: 'undo', ...flags }));
}

function addCommand(program: Command, name: string, about: string): Command {
  const command = program.command(name).description(about).usage('-f FILE').allowExcessArguments(false);
  // Flags in front of a command are the default command's: to ignore them would read another input than was named.
  return command.hook('preAction', () => {
    const early = program.options.find(
      (option) => program.getOptionValueSource(option.attributeName()) === 'cli',
    );
    if (early === undefined) return;
    const right = `${program.name()} ${name} ${early.long} …`;
    program.error(`error: ${early.long} must stand behind the command: ${right}`);
  });
}

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
    .addOption(choice('--strategy', STRATEGY_CHOICES, 'how the sidecars are ended (default: auto)'))
    .option('--kube-version <version>', 'the oldest cluster that must run the result, as 1.31', parseVersion)
    .addOption(choice('--shell', SHELL_CHOICES, 'whose shell runs the supervisor (default: auto)'))
    .option(
      '--shell-image <image>',
      `the image with /bin/busybox for inject (default: ${shellImage})`,
      parseImage,
    )
    .option('--volume <name>', 'the name of our volume, or an emptyDir of the pod to reuse', parseVolume)
    .option('--mount-path <path>', `where our volumes are mounted (default: ${mountPath})`, parseMountPath)
    .option('--grace <duration>', `from TERM to KILL for a sidecar (default: ${grace}s)`, parseDuration)
    .option('--poll <duration>', `how often a sidecar looks (default: ${poll}s)`, parseInterval)
    .option('--config <file>', 'settings (default: .guillotine.yaml, if it is there)');
}

function choice(flag: string, choices: readonly string[], about: string): Option {
  return new Option(`${flag} <${choices.join('|')}>`, about).choices(choices);
}

function addErrorOptions(command: Command): void {
  command
    .optionsGroup('Errors:')
    .option('--keep-going', 'leave a workload that cannot be rewritten as it is, and warn', false)
    .option('--strict', 'warnings are errors', false);
}

function addReportOptions(command: Command): void {
  command
    .optionsGroup('Report, on stderr:')
    .option('-q, --quiet', 'print only errors', false)
    .addOption(choice('--color', ['auto', 'always', 'never'], 'default: auto').default('auto'))
    .helpOption('-h, --help', 'print this help');
}

function toRewriteRequest({ keepGoing, strict, verbose, ...flags }: Flags): RewriteRequest {
  return { command: 'rewrite', keepGoing, strict, verbose, ...toTransformRequest(flags) };
}

function toTransformRequest(flags: TransformFlags): InputRequest & TransformRequest {
  const { strategy, kubeVersion, shell, shellImage, volume, mountPath, grace, poll, config, ...rest } = flags;
  const given = { strategy, kubeVersion, shell, shellImage, volume, mountPath, grace, poll };
  const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const { main, sidecar, entrypoint, ...input } = rest;
  return {
    ...input,
    config,
    options: { ...options, roleFlags: [...main, ...sidecar], entrypoints: Object.fromEntries(entrypoint) },
  };
}
