import { spawnSync } from 'node:child_process';
import { type RealTool, realTool } from './real-tools.ts';

/** The shells that the supervisor must run in, each with the words that start it. */
export const SHELLS: Readonly<Record<'dash' | 'bash' | 'busybox' | 'mksh', readonly string[]>> = {
  dash: ['/bin/dash'],
  bash: ['/bin/bash', '--posix'],
  busybox: ['/bin/busybox', 'sh'],
  mksh: ['/bin/mksh'],
};

export type Tool = keyof typeof SHELLS | RealTool | 'shellcheck' | 'namespaces' | 'zsh' | 'fish';

const CHECKS: Readonly<Record<Tool, () => boolean>> = {
  dash: () => runs('dash', ['-c', 'true']),
  bash: () => runs('bash', ['-c', 'true']),
  busybox: () => runs('/bin/busybox', ['true']),
  mksh: () => runs('mksh', ['-c', 'true']),
  shellcheck: () => runs('shellcheck', ['--version']),
  zsh: () => runs('zsh', ['-c', 'true']),
  fish: () => runs('fish', ['-c', 'true']),
  kubectl: () => realTool('kubectl') !== null,
  helm3: () => realTool('helm3') !== null,
  helm4: () => realTool('helm4') !== null,
  // Root, and a kernel that lets it make PID and mount namespaces.
  namespaces: () => process.getuid?.() === 0 && runs('unshare', ['-mpf', '--mount-proc', 'true']),
};

function runs(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

export function missingTools(tools: readonly Tool[]): Tool[] {
  return tools.filter((tool) => !CHECKS[tool]());
}
