import { accessSync, constants, realpathSync } from 'node:fs';
import { basename, delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Streams, UsageError } from './streams.ts';

/** The name on PATH by which kubectl finds us. */
export const PROGRAM = 'kubectl-guillotine';

/** By this name kubectl asks how a line goes on; its arguments are the words behind `kubectl guillotine`. */
const COMPLETER = 'kubectl_complete-guillotine';

/** Node says by which path it was started, links unresolved, in argv[1]; compiled programs in argv0. */
export function isCompleter({ argv0 = '', argv = [] }: Streams): boolean {
  return [argv0, argv[1] ?? ''].some((path) => basename(path, '.exe') === COMPLETER);
}

/** kubectl replaces itself by the plugin; the shell's `_` still names what was typed, and krew installs for kubectl alone. */
export function programName({ env, argv = [] }: Streams): string {
  const isKrew = /[\\/]\.?krew[\\/]/.test(argv[1] ?? '');
  return isKrew || basename(env['_'] ?? '') === 'kubectl' ? 'kubectl guillotine' : PROGRAM;
}

/** How other programs start this one. */
export interface Itself {
  /** Absolute, and if it can be a link that stays when another version is installed. */
  readonly path: string;
  readonly isOnPath: boolean;
}

/** Throws a UsageError where npx has put it only for now. */
export function findItself({ env, argv = [] }: Streams): Itself {
  const started = argv[1] ?? fileURLToPath(new URL(`../../../bin/${PROGRAM}`, import.meta.url));
  const real = realpathSync(started);
  if (/[\\/]_npx[\\/]/.test(real)) {
    throw new UsageError(`${real}: npx keeps it only for a while`, 'npm install --global kubectl-guillotine');
  }
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
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
