import { Command, CommanderError } from 'commander';
import {
  addErrorOptions,
  addInputOptions,
  addOutputOptions,
  addReportOptions,
  addRoleOptions,
  addStrategyOptions,
  addUpgradeOption,
  choice,
  inPlaceOption,
  reportOption,
} from './flags.ts';
import { helpText, imagesHelpText } from './help.ts';
import { addOwnCommands } from './own-commands.ts';
import type { Request, UndoRequest } from './request.ts';
import { type Flags, type TransformFlags, toRequest, toTransformRequest } from './to-request.ts';

/** The text to print and the exit code, when the command line asks for nothing more (help) or is wrong. */
export interface Answer {
  readonly text: string;
  readonly exitCode: number;
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
  const done = (parsed: Request): void => {
    request = parsed;
  };
  try {
    buildProgram(name, argv, done, print).parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { text, exitCode: error.exitCode === 0 ? 0 : 2 };
  }
  return request ?? { text, exitCode: 2 };
}

/** The whole command line: parsing, `--help` and completion are made from it. */
export function buildProgram(
  name: string,
  argv: readonly string[],
  done: (request: Request) => void,
  print: (text: string) => void,
): Command {
  // Commands take these settings over when they are added.
  const program = new Command(name)
    .exitOverride()
    .configureOutput({
      writeOut: print,
      writeErr: print,
      getOutHelpWidth: () => 80,
      getErrHelpWidth: () => 80,
    })
    .configureHelp({ optionDescription: ({ description }) => description })
    .description('Makes Kubernetes Jobs with sidecars complete.')
    .usage('-f FILE | kubectl apply -f -')
    .helpCommand(false)
    .enablePositionalOptions()
    .showHelpAfterError(`For help: ${name} --help`);
  addInputOptions(program);
  addOutputOptions(program);
  addRoleOptions(program);
  addStrategyOptions(program);
  addUpgradeOption(program);
  addErrorOptions(program);
  addReportOptions(program);
  program.option('-v, --verbose', 'print the evidence for every role', false);
  program.addOption(reportOption());
  program.addHelpText('after', helpText(name));
  program.argument('[words...]').action((words: readonly string[], flags: Flags) => {
    const [word] = words;
    if (word !== undefined) program.error(`error: "${word}" is no command; files are named with -f`);
    if (flags.upgrade && flags.output === 'patch')
      program.error('error: --upgrade and -o patch: a patch is for the manifest from before the rewrite');
    done(toRequest(flags, [name, ...argv]));
  });
  addExplain(program, done);
  addImages(program, name, done);
  addUndo(program, done);
  addOwnCommands(program, name, done);
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

function addImages(program: Command, name: string, done: (request: Request) => void): void {
  const images = addCommand(
    program,
    'images',
    'print the images whose entrypoint a rewrite must know and nothing says',
  );
  addInputOptions(images);
  addRoleOptions(images);
  addStrategyOptions(images);
  addReportOptions(images);
  images.addHelpText('after', imagesHelpText(name));
  images.action((flags: TransformFlags) => done({ command: 'images', ...toTransformRequest(flags) }));
}

function addUndo(program: Command, done: (request: Request) => void): void {
  const undo = addCommand(program, 'undo', 'give back exactly what was there before the rewrite');
  addInputOptions(undo);
  undo.optionsGroup('Output:').addOption(inPlaceOption());
  addReportOptions(undo);
  undo.action((flags: Omit<UndoRequest, 'command'>) => done({ command: 'undo', ...flags }));
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
