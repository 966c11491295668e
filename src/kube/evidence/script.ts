import type * as V1 from 'kubernetes-types/core/v1.js';
import { argvOf } from '../container-text.ts';

const SHELL = /^(?:\S*\/)?(?:sh|bash|dash|ash|ksh|mksh|zsh)$/;
/** Programs that only run another one, with their options. */
const WRAPPER =
  /^(?:\S*\/)?(?:tini|dumb-init|catatonit|su-exec|gosu|exec|nohup|env|kubexit|scuttle|linkerd-await|envoy-preflight)$/;

/** What a container runs, as far as the manifest shows. */
export interface Script {
  /** The shell script, or the argv as one line. */
  readonly text: string;
  /** The basename of the program, behind wrappers; a script's is that of its shell; '' when it is the image's. */
  readonly program: string;
  readonly isShell: boolean;
  /** The words behind the program. */
  readonly words: readonly string[];
}

/** Finds the script of `sh -c` anywhere in the argv: an image's own wrapper may stand in front of it. */
export function scriptOf(spec: V1.Container): Script {
  const argv = argvOf(spec);
  const hasCommand = Boolean(spec.command?.length);
  const shell = argv.findIndex((word, index) => SHELL.test(word) && /^-\w*c$/.test(argv[index + 1] ?? ''));
  if (shell >= 0) {
    const text = withoutComments(argv[shell + 2] ?? '');
    return { text, program: basename(argv[shell] ?? ''), isShell: true, words: [] };
  }
  // `args: [-c, script]` for an image whose entrypoint is a shell; one word is a configuration file.
  if (!hasCommand && argv[0] === '-c' && /[\s;&|$]/.test(argv[1] ?? ''))
    return { text: withoutComments(argv[1] ?? ''), program: '', isShell: true, words: [] };
  const start = argv.findIndex((word) => !WRAPPER.test(word) && !/^-|^\w+=/.test(word));
  const hasProgram = hasCommand && start >= 0;
  const words = hasProgram ? argv.slice(start + 1) : argv;
  return {
    text: argv.join(' '),
    program: hasProgram ? basename(argv[start] ?? '') : '',
    isShell: false,
    words,
  };
}

export function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function withoutComments(script: string): string {
  return script.replace(/(^|\s)#[^\n]*/g, '$1').replace(/\\\r?\n/g, ' ');
}
