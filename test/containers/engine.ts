import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ended, start } from '../support/process.ts';

/** podman with a storage of its own, so that the images and containers of this machine are neither seen nor touched. */
export interface Engine {
  /** For files that belong to it. */
  readonly folder: string;
  /** The words that start it, before its own. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Throws what it says when it fails. */
  readonly run: (...words: readonly string[]) => Promise<string>;
  readonly tryTo: (...words: readonly string[]) => Promise<Ended>;
  /** Ends all containers and removes everything; waits for that, so that it can be called when the process ends. */
  readonly close: () => void;
}

// runc, because crun refuses the hybrid cgroups of some machines. Lower limits than the machine's, because to raise them
// takes CAP_SYS_RESOURCE. Locks in files, because those in shared memory belong to the machine's own storage, too.
const CONFIG = `[containers]
default_ulimits = ["nofile=1024:4096", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "none"
lock_type = "file"
`;

export function openEngine(): Engine {
  const folder = mkdtempSync(join(tmpdir(), 'guillotine-containers-'));
  const config = join(folder, 'containers.conf');
  writeFileSync(config, CONFIG);
  const at = (name: string): string => {
    mkdirSync(join(folder, name));
    return join(folder, name);
  };
  const argv = ['podman', '--root', at('root'), '--runroot', at('runroot'), '--tmpdir', at('tmp')];
  const env = { CONTAINERS_CONF: config, HOME: process.env['HOME'] ?? '/root' };
  const tryTo = (...words: readonly string[]): Promise<Ended> => start([...argv, ...words], { env }).ended;
  const run = async (...words: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await tryTo(...words);
    if (code !== 0) throw new Error(`podman ${words[0]}: ${stderr.trim()}`);
    return stdout;
  };
  return { folder, argv, env, run, tryTo, close: () => close(folder, argv, env) };
}

function close(folder: string, [podman = '', ...words]: readonly string[], env: Engine['env']): void {
  spawnSync(podman, [...words, 'rm', '--all', '--force', '--time', '0'], {
    env: { PATH: process.env['PATH'], ...env },
  });
  // The overlay of the storage is a mount of its own.
  spawnSync('umount', ['--lazy', join(folder, 'root/overlay')]);
  rmSync(folder, { recursive: true, force: true });
}
