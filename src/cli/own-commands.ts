import { Argument, type Command } from 'commander';
import { COMPLETION_SHELLS, type CompletionShell } from './completion-scripts.ts';
import { completionHelpText } from './help.ts';
import { type Host, PLUGIN_HOSTS, type Request } from './request.ts';

/** The commands that are about the program itself: they read no manifest. */
export function addOwnCommands(program: Command, name: string, done: (request: Request) => void): void {
  addCommand(program, 'completion', 'print what completes commands, flags and containers in a shell')
    .addArgument(choice('shell', COMPLETION_SHELLS))
    .addHelpText('after', completionHelpText(name))
    .action((shell: CompletionShell) => done({ command: 'completion', shell }));
  const plugin = addCommand(program, 'plugin', 'make helm or kustomize start guillotine').helpCommand(false);
  addCommand(plugin, 'install', 'put guillotine where helm 4 or kustomize looks for plugins')
    .addArgument(choice('host', PLUGIN_HOSTS))
    .option('--to <folder>', 'the folder of all plugins (default: where the host looks)')
    .action((host: Host, { to }: { readonly to?: string }) => done({ command: 'plugin', host, to }));
  program
    .command('version')
    .description('print the version')
    .action(() => done({ command: 'version' }));
}

function addCommand(parent: Command, name: string, about: string): Command {
  const command = parent.command(name).description(about).allowExcessArguments(false);
  return command.optionsGroup('Options:').helpOption('-h, --help', 'print this help');
}

function choice(name: string, choices: readonly string[]): Argument {
  return new Argument(`<${name}>`).choices(choices);
}
