import { type Command, Option } from 'commander';
import { DEFAULT_OPTIONS, type RoleFlag } from '../model/options.ts';
import { STRATEGY_CHOICES } from '../strategies/names.ts';
import { SHELL_CHOICES } from '../supervisor/shells.ts';
import {
  collect,
  parseDuration,
  parseEntrypoint,
  parseImage,
  parseInterval,
  parseMountPath,
  parseNamespace,
  parseProgram,
  parseRole,
  parseVersion,
  parseVolume,
} from './arguments.ts';
import { REPORT_FORMATS } from './formats/formats.ts';

export const OUTPUT_CHOICES = ['yaml', 'json', 'patch'] as const;

// The flags by what they are about; each command takes some of these groups.

export function addInputOptions(command: Command): void {
  command
    .optionsGroup('Input:')
    .option('-f, --filename <file>', 'file, folder or - (repeatable; default: stdin)', collect, [])
    .option('-R, --recursive', 'look into the folders of a folder, too', false);
}

export function addOutputOptions(command: Command): void {
  const alone = (option: Option): Option => {
    const others = ['output', 'inPlace', 'diff', 'check'];
    return option.conflicts(others.filter((name) => name !== option.attributeName()));
  };
  command
    .optionsGroup('Output (one of these; default: the manifests, each in the format it came in):')
    .addOption(alone(choice('-o, --output', OUTPUT_CHOICES, 'convert, or print patches for kustomize')))
    .addOption(alone(inPlaceOption()))
    .addOption(alone(new Option('--diff', 'print a unified diff; exit 1 if there is one').default(false)))
    .addOption(
      alone(new Option('--check', 'exit 1 if a workload would never complete as it stands').default(false)),
    );
}

export function inPlaceOption(): Option {
  return new Option('-i, --in-place', 'write changed files back, each whole or not at all').default(false);
}

export function addRoleOptions(command: Command): void {
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
    )
    .option(
      '-n, --namespace <name>',
      'the namespace of objects that name none (default: default)',
      parseNamespace,
    )
    .option(
      '--images <file>',
      'what images start: an index, which `images --help` shows how to make (repeatable)',
      collect,
      [],
    );
}

export function addStrategyOptions(command: Command): void {
  const { binary, grace, poll, mountPath, shellImage } = DEFAULT_OPTIONS;
  command
    .optionsGroup('How:')
    .addOption(
      new Option(
        '--strategy <how>',
        `how sidecars are ended: ${STRATEGY_CHOICES.join(', ')} (default: auto)`,
      ).choices(STRATEGY_CHOICES),
    )
    .option('--kube-version <version>', 'the oldest cluster that must run the result, as 1.31', parseVersion)
    .addOption(choice('--shell', SHELL_CHOICES, 'whose shell runs the supervisor (default: auto)'))
    .option(
      '--shell-image <image>',
      `the image with /bin/busybox for inject (default: ${shellImage})`,
      parseImage,
    )
    .option(
      '--binary <path>',
      `the supervisor that the images of sidecars hold, for binary (default: ${binary})`,
      parseProgram,
    )
    .option('--volume <name>', 'the name of our volume, or an emptyDir of the pod to reuse', parseVolume)
    .option('--mount-path <path>', `where our volumes are mounted (default: ${mountPath})`, parseMountPath)
    .option('--grace <duration>', `from TERM to KILL for a sidecar (default: ${grace}s)`, parseDuration)
    .option('--poll <duration>', `how often a sidecar looks (default: ${poll}s)`, parseInterval)
    .option('--config <file>', 'settings (default: .guillotine.yaml, if it is there)');
}

export function choice(flag: string, choices: readonly string[], about: string): Option {
  return new Option(`${flag} <${choices.join('|')}>`, about).choices(choices);
}

/** Where there is no undo record it cannot work, and what was rewritten passes every check. */
export function addUpgradeOption(command: Command): void {
  const upgrade = new Option('--upgrade', 'undo first what was rewritten before, and redo it').default(false);
  command.addOption(upgrade.conflicts('check'));
}

export function addErrorOptions(command: Command): void {
  command
    .optionsGroup('Errors:')
    .option('--keep-going', 'leave a workload that cannot be rewritten as it is, and warn', false)
    .option('--strict', 'warnings are errors', false);
}

export function addReportOptions(command: Command): void {
  command
    .optionsGroup('Report, on stderr:')
    .option('-q, --quiet', 'print only errors', false)
    .addOption(choice('--color', ['auto', 'always', 'never'], 'default: auto').default('auto'))
    .helpOption('-h, --help', 'print this help');
}

export function reportOption(): Option {
  const formats = Object.keys(REPORT_FORMATS);
  return new Option('--report <format>', `${formats.join(', ')} (default: text)`)
    .choices(formats)
    .default('text');
}
