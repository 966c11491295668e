import { accessSync, constants, realpathSync } from 'node:fs';
import { basename, delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Streams, UsageError } from './streams.ts';

/** The name on PATH by which kubectl finds us. */
export const PROGRAM = 'kubectl-guillotine';

/** By this name kubectl asks how a line goes on; its arguments are the words behind `kubectl guillotine`. */
const COMPLETER = 'kubectl_complete-guillotine';

/** By which path it was started, links unresolved: a script finds it in argv[1], a compiled program in argv0. */
function findStart({ argv0 = '', argv = [] }: Streams): string | undefined {
  return [argv0, argv[1] ?? ''].find((path) => /^kubectl[-_]/.test(basename(path)));
}

export function isCompleter(streams: Streams): boolean {
  return basename(findStart(streams) ?? '', '.exe') === COMPLETER;
}

/** kubectl replaces itself by the plugin; the shell's `_` still names what was typed, and krew installs for kubectl alone. */
export function programName(streams: Streams): string {
  const isKrew = /[\\/]\.?krew[\\/]/.test(findStart(streams) ?? '');
  return isKrew || basename(streams.env['_'] ?? '') === 'kubectl' ? 'kubectl guillotine' : PROGRAM;
}

/** How other programs start this one. */
export interface Itself {
  /** Absolute, and if it can be a link that stays when another version is installed. */
  readonly path: string;
  readonly isOnPath: boolean;
}

/** Throws a UsageError where npx has put it only for now. */
export function findItself(streams: Streams): Itself {
  const script = fileURLToPath(new URL(`../../../bin/${PROGRAM}`, import.meta.url));
  const real = realpathSync(findStart(streams) ?? script);
  if (/[\\/]_npx[\\/]/.test(real)) {
    throw new UsageError(`${real}: npx keeps it only for a while`, 'npm install --global kubectl-guillotine');
  }
  const folders = (streams.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const first = folders.map((folder) => resolve(join(folder, PROGRAM))).find(isExecutable);
  const isOnPath = first !== undefined && realpathSync(first) === real;
  return { path: isOnPath ? first : real, isOnPath };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
