import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

// What containers need of a machine, and the Debian package that has it. Compiled and static programs only, since the
// images are made from scratch: no registry is asked.

interface Need {
  readonly name: string;
  readonly packages: readonly string[];
  readonly isThere: () => boolean;
}

const NEEDS: readonly Need[] = [
  program('podman', 'podman'),
  program('runc', 'runc'),
  program('nsenter', 'util-linux'),
  {
    name: 'a static busybox',
    packages: ['busybox-static'],
    isThere: () => isStatic('/bin/busybox'),
  },
  { name: 'bash-static', packages: ['bash-static'], isThere: () => isStatic('/bin/bash-static') },
  {
    name: 'a C compiler',
    packages: ['gcc', 'libc6-dev'],
    isThere: () =>
      spawnSync('gcc', ['-static', '-x', 'c', '-', '-o', '/dev/null'], {
        input: 'int main(void) { return 0; }',
      }).status === 0,
  },
];

function program(name: string, packageName: string): Need {
  return { name, packages: [packageName], isThere: () => spawnSync(name, ['--version']).status === 0 };
}

/** `ldd` fails with what needs no libraries. */
function isStatic(path: string): boolean {
  return existsSync(path) && spawnSync('ldd', [path]).status === 1;
}

/** Why containers cannot be run here, in one line; null when they can. Installs what is missing where that is possible. */
export function prepareMachine(): string | null {
  if (process.platform !== 'linux') return `containers need Linux, and this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'containers need root: namespaces, mounts and users of their own';
  const missing = NEEDS.filter(({ isThere }) => !isThere());
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(', ');
    if (spawnSync('apt-get', ['--version']).status !== 0)
      return `containers need ${names}, and there is no apt-get to install them with`;
    const reason = install(missing.flatMap(({ packages }) => packages));
    if (reason !== null) return `containers need ${names}: ${reason}`;
    const still = missing.filter(({ isThere }) => !isThere());
    if (still.length > 0)
      return `containers need ${still.map(({ name }) => name).join(', ')}, also after apt-get`;
  }
  return triesNamespaces();
}

function install(packages: readonly string[]): string | null {
  process.stdout.write(`installing ${packages.join(' ')}\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
    const { status, stderr } = spawnSync('apt-get', ['-qq', ...args], { env, encoding: 'utf8' });
    if (status !== 0) return `apt-get ${args[0]} failed: ${stderr.trim().split('\n').at(-1)}`;
  }
  return null;
}

function triesNamespaces(): string | null {
  const { status, stderr } = spawnSync('unshare', ['-mnpiuf', 'true'], { encoding: 'utf8' });
  return status === 0 ? null : `containers need namespaces: ${stderr.trim().split('\n')[0]}`;
}
