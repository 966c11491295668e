import type * as V1 from 'kubernetes-types/core/v1.js';
import { BUSYBOX_FILE } from './interface.ts';

/** A container that is to be wrapped, as far as its shell is concerned. */
export interface ShellQuestion {
  readonly command: readonly string[];
  /** Is `/bin/sh` known to be in the image? */
  readonly hasShell: boolean;
  /** The directory that the pod's containers share, as this container sees it. */
  readonly directory: string;
}

/** A place that the supervisor's shell comes from. */
export interface ShellSource {
  readonly id: string;
  /** The argv that starts the shell in this container; null when there is none. */
  readonly findShell: (question: ShellQuestion) => readonly string[] | null;
  /** The init container that brings the shell to `directory`, if one must; without volume mounts and security context. */
  readonly initContainer: ((image: string, directory: string) => Omit<V1.Container, 'name'>) | null;
}

/** A program that is a POSIX shell. */
export const SHELL_PROGRAM = /^(?:\/(?:usr\/)?bin\/)?(?:sh|bash|dash|ash|ksh|mksh)$/;

/** In order of preference for `auto`. */
export const SHELL_SOURCES: readonly ShellSource[] = [
  {
    id: 'image',
    findShell: ({ command, hasShell }) => {
      const [program = ''] = command;
      if (SHELL_PROGRAM.test(program)) return [program];
      return hasShell ? ['/bin/sh'] : null;
    },
    initContainer: null,
  },
  {
    id: 'inject',
    findShell: ({ directory }) => [`${directory}/${BUSYBOX_FILE}`, 'sh'],
    initContainer: (image, directory) => ({
      image,
      command: ['/bin/busybox', 'sh', '-c', copyBusybox(directory)],
    }),
  },
];

/** What a user can ask for. */
export const SHELL_CHOICES: readonly string[] = ['auto', ...SHELL_SOURCES.map(({ id }) => id)];

/** The directory is a mount point of the volume, or `.guillotine` in one, which any user must be able to write to. */
function copyBusybox(directory: string): string {
  const copy = `cp /bin/busybox ${directory}/${BUSYBOX_FILE}`;
  return directory.endsWith('/.guillotine') ? `mkdir -p -m 0777 ${directory} && ${copy}` : copy;
}
