import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as V1 from 'kubernetes-types/core/v1.js';
import { commandOf, environmentOf } from '../supervisor/bench/expand.ts';
import { catchesSignal, firstChild } from '../supervisor/bench/process.ts';
import type { Death, Launch, Live, Runtime, Sandbox } from '../supervisor/bench/runtime.ts';
import { sleep, start } from '../support/process.ts';
import type { Engine } from './engine.ts';
import type { BuiltImage } from './images.ts';
import { securityWords } from './security.ts';

/** Containers of podman. The network, IPC, host name and, if it is shared, the PID namespace of a pod are made beside it. */
export function podmanContainers(engine: Engine, images: ReadonlyMap<string, BuiltImage>): Runtime {
  const find = (name = ''): BuiltImage => {
    const image = images.get(name);
    if (image === undefined) throw new Error(`no such image: ${name}`);
    return image;
  };
  return {
    userOf: (name) => find(name).user,
    openSandbox: (pod) => openSandbox(engine, pod, find),
  };
}

/** Where probes go: the kubelet takes the address of the pod, and never 127.0.0.1. */
const POD_ADDRESS = '198.18.0.2';

const PAUSE = `/bin/busybox ip link set lo up && /bin/busybox ip addr add ${POD_ADDRESS}/32 dev lo || exit
  echo ready; while :; do /bin/busybox sleep 3600 & wait; done`;

let count = 0;

const pauses = new Set<ChildProcess>();

process.on('exit', () => {
  for (const pause of pauses) pause.kill('SIGKILL');
});

async function openSandbox(
  engine: Engine,
  pod: V1.PodSpec,
  find: (name?: string) => BuiltImage,
): Promise<Sandbox> {
  const pause = start(['unshare', '-niupf', '--kill-child', '/bin/busybox', 'sh', '-c', PAUSE]);
  pauses.add(pause.child);
  await isReady(pause.child);
  const pid = firstChild(pause.child.pid ?? 0);
  const shared = ['net', 'ipc', 'uts', ...(pod.shareProcessNamespace ? ['pid'] : [])];
  const namespaces = shared.map(
    (name) => `--${name === 'net' ? 'network' : name}=ns:/proc/${pid}/ns/${name}`,
  );
  const launched: Promise<Live>[] = [];
  const names: string[] = [];
  return {
    launch: (launch) => {
      const { reference } = find(launch.container.image);
      const name = `${launch.container.name}-${++count}`;
      names.push(name);
      const security = securityWords(pod, launch.container);
      const live = startContainer(engine, name, launch, [...namespaces, ...security, reference]);
      launched.push(live);
      return live;
    },
    hasListener: async (port) => {
      const connect = ['/bin/busybox', 'nc', '-w', '1', POD_ADDRESS, `${port}`];
      return (await start(['nsenter', '-t', `${pid}`, '-n', ...connect]).ended).code === 0;
    },
    close: async () => {
      await Promise.allSettled(launched);
      await engine.tryTo('rm', '--force', '--ignore', '--time', '0', ...names);
      pause.child.kill('SIGKILL');
      pauses.delete(pause.child);
    },
  };
}

function isReady(pause: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    pause.stdout?.once('data', () => resolve());
    pause.once('exit', () => reject(new Error('the namespaces of a pod cannot be made')));
  });
}

/** The image stands last in `words`. */
async function startContainer(
  engine: Engine,
  name: string,
  { container, volumes }: Launch,
  words: readonly string[],
): Promise<Live> {
  const pidFile = join(engine.folder, `${name}.pid`);
  const env = environmentOf(container, {});
  const command = commandOf({ name, command: container.command ?? [] }, env);
  const args = commandOf({ name, args: container.args ?? [] }, env);
  const given = [
    ...['--name', name, '--pull', 'never', '--log-driver', 'none', '--pidfile', pidFile],
    ...Object.entries(env).map(([key, value]) => `--env=${key}=${value}`),
    ...(container.workingDir ? ['--workdir', container.workingDir] : []),
    ...(container.volumeMounts ?? []).map((mount) => `--volume=${volumeWord(mount, volumes)}`),
    ...(command.length > 0 ? ['--entrypoint', JSON.stringify(command)] : []),
  ];
  const attach = ['--attach', 'stdout', '--attach', 'stderr', '--sig-proxy=false'];
  const argv = [...engine.argv, 'run', ...attach, ...given, ...words, ...args];
  const attached = start(argv, { env: engine.env });
  let isOver = false;
  const pid = (): number | null => (isOver ? null : readPid(pidFile));
  // podman itself needs a while to say that a process has ended.
  const gone = watchProcess(pid, () => isOver).then((at) => {
    isOver = true;
    return at;
  });
  const ended = attached.ended.then(async ({ code, stdout, stderr }): Promise<Death> => {
    isOver = true;
    // podman itself fails with one of these.
    const isOfPodman = code !== null && code >= 125 && code <= 127;
    return { stdout, stderr, code: isOfPodman ? await askCode(engine, name, stderr) : code, at: await gone };
  });
  while (!isOver && !isStarted(pid())) await sleep(0.01);
  return {
    env,
    pid,
    ended,
    signal: (signal) => sendSignal(pid(), signal),
    catches: (signal) => catchesSignal(pid(), signal),
    exec: async (words) => (await engine.tryTo('exec', name, ...words)).code === 0,
  };
}

function volumeWord(mount: V1.VolumeMount, volumes: ReadonlyMap<string, string>): string {
  if (mount.subPath || mount.subPathExpr) throw new Error('a subPath is not mounted here');
  return `${volumes.get(mount.name)}:${mount.mountPath}${mount.readOnly ? ':ro' : ''}`;
}

/** When the first process ended, in milliseconds since 1970. */
async function watchProcess(pid: () => number | null, isOver: () => boolean): Promise<number> {
  while (pid() === null && !isOver()) await sleep(0.005);
  const first = pid();
  while (existsSync(`/proc/${first}`) && !isOver()) await sleep(0.005);
  return Date.now();
}

/** The exit code of a container; 128 when it was never started. Throws what podman said where there is none. */
async function askCode(engine: Engine, name: string, said: string): Promise<number> {
  const { code, stdout } = await engine.tryTo('inspect', '--type', 'container', name);
  if (code !== 0) throw new Error(`podman run: ${said.trim()}`);
  const [{ State: state }] = JSON.parse(stdout);
  return Date.parse(state.StartedAt) > 0 ? state.ExitCode : 128;
}

function readPid(file: string): number | null {
  try {
    return Number(readFileSync(file, 'utf8')) || null;
  } catch {
    return null;
  }
}

/** Until then it is runc that runs in it. */
function isStarted(pid: number | null): boolean {
  try {
    return pid !== null && !readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('runc');
  } catch {
    return false;
  }
}

function sendSignal(pid: number | null, signal: NodeJS.Signals): void {
  try {
    if (pid !== null) process.kill(pid, signal);
  } catch {
    // It has ended in the meantime.
  }
}
