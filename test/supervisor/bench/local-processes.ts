import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type * as V1 from 'kubernetes-types/core/v1.js';
import { type Running, sleep, start } from '../../support/process.ts';
import { commandOf, type Environment, environmentOf } from './expand.ts';
import { IMAGE_ENVIRONMENT, type Image, makeRoot, STUB } from './image.ts';
import { catchesSignal, firstChild, hasRoot } from './process.ts';
import type { Launch, Live, Runtime } from './runtime.ts';

/**
 * Waits for the first process of a container, and tells its exit code as it is: `unshare -f` does not when it was killed.
 * What this shell itself says of that death is not the container's: so that has its stderr at descriptor 3 at first.
 */
const REAPER = 'exec 3>&2 2> /dev/null; "$@"; exit $?';

/** Containers that are processes of this machine, made with namespaces and folders. Needs root and a static /bin/busybox. */
export function localProcesses(images: Readonly<Record<string, Image>>): Runtime {
  return {
    userOf: () => '',
    openSandbox: async (pod) => {
      const pause = pod.shareProcessNamespace ? startPause() : null;
      return {
        launch: async ({ container, volumes }) => {
          const image = images[container.image ?? ''];
          if (image === undefined) throw new Error(`no such image: ${container.image}`);
          const live = launch({ pod, container, image, volumes, pause: pause?.pid ?? null });
          let isOver = false;
          void live.ended.then(() => {
            isOver = true;
          });
          while (live.pid() === null && !isOver) await sleep(0.005);
          return live;
        },
        // The network is that of the machine.
        hasListener,
        close: async () => pause?.end(),
      };
    },
  };
}

/** What a container is started with. */
interface Start extends Launch {
  readonly pod: V1.PodSpec;
  readonly image: Image;
  /** Process 1 of the namespace that the containers share, on this machine; null: each has its own. */
  readonly pause: number | null;
}

/** Starts a container with a root folder, a mount namespace and (if it shares none) a PID namespace of its own. */
function launch({ pod, container, image, volumes, pause }: Start): Live {
  const root = makeRoot(image);
  const env = environmentOf(container, IMAGE_ENVIRONMENT);
  const mounts = (container.volumeMounts ?? []).flatMap(({ name, mountPath, readOnly }) => {
    const target = join(root.path, mountPath);
    mkdirSync(target, { recursive: true });
    const bind = `/bin/mount --bind ${volumes.get(name)} ${target}`;
    return readOnly ? [bind, `/bin/mount -o remount,bind,ro ${target}`] : [bind];
  });
  const binds = root.binds.map((folder) => `/bin/mount --bind ${folder} ${root.path}${folder}`);
  const proc = `/bin/mount -t proc proc ${root.path}/proc`;
  const change = `exec /usr/sbin/chroot ${user(pod, container)} ${root.path} "$@"`;
  const script = ['exec 2>&3 3>&-', ...binds, ...mounts, proc, 'shift', change].join(' && ');
  const given = container.command?.length
    ? container
    : { ...container, command: [...(image.entrypoint ?? [])] };
  const { workingDir } = container;
  const inFolder = workingDir ? [STUB, 'sh', '-c', 'cd "$0" && exec "$@"', workingDir] : [];
  const words = ['/bin/sh', '-c', script, 'sh', 'sh', ...inFolder, ...commandOf(given, env)];
  const enter =
    pause === null
      ? ['/usr/bin/unshare', '-mp']
      : ['/usr/bin/nsenter', '-F', '-t', `${pause}`, '-p', '/usr/bin/unshare', '-m'];
  const argv = [...enter, '/bin/sh', '-c', REAPER, 'sh', ...words];
  const running = start(argv, { env });
  return watch(running, env, root.path, pause !== null);
}

function watch(running: Running, env: Environment, root: string, sharesPids: boolean): Live {
  let isOver = false;
  const ended = running.ended.then((end) => {
    isOver = true;
    if (sharesPids) killRest(root);
    return { ...end, at: Date.now() };
  });
  // The reaper passes no signals on, so they go to its child.
  const pid = (): number | null => (isOver ? null : firstChild(running.child.pid ?? 0));
  return {
    env,
    pid,
    ended,
    signal: (name) => {
      const target = pid();
      if (target !== null) process.kill(target, name);
    },
    catches: (name) => catchesSignal(pid(), name),
    exec: async (command) => {
      // The process is there before it has its root folder.
      while (!isOver && !hasRoot(pid(), root)) await sleep(0.01);
      const target = pid();
      if (target === null) return false;
      const argv = ['/usr/bin/nsenter', '-t', `${target}`, '-m', '-p', '-r', '-w', ...command];
      return (await start(argv, { env }).ended).code === 0;
    },
  };
}

/** The runtime kills what is left in the cgroup of a container whose first process has ended. */
function killRest(root: string): void {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name) || !existsSync(`/proc/${name}`) || !hasRoot(Number(name), root)) continue;
    try {
      process.kill(Number(name), 'SIGKILL');
    } catch {
      // It has ended in the meantime.
    }
  }
}

function user(pod: V1.PodSpec, { securityContext }: V1.Container): string {
  const both = { ...pod.securityContext, ...securityContext };
  const id = both.runAsUser ?? 0;
  const { fsGroup } = pod.securityContext ?? {};
  const groups = fsGroup === undefined ? '' : `--groups=${fsGroup}`;
  return `--userspec=${id}:${both.runAsGroup ?? 0} ${groups}`;
}

function hasListener(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const answer = (isOpen: boolean) => (): void => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once('connect', answer(true)).once('error', answer(false));
  });
}

interface Pause {
  readonly pid: number;
  readonly end: () => void;
}

/** Process 1 of a PID namespace that is shared. */
function startPause(): Pause {
  const { child } = start(['/usr/bin/unshare', '-pf', '--kill-child', '/bin/sleep', '1000000']);
  for (let tries = 0; tries < 10_000; tries++) {
    const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
    const [pid = ''] = children.split(' ');
    if (pid !== '') return { pid: Number(pid), end: () => child.kill('SIGKILL') };
  }
  throw new Error('the pause container did not start');
}
