import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type * as V1 from 'kubernetes-types/core/v1.js';
import { type Ended, type Running, sleep, start, timeLimit } from './process.ts';
import { makeFolder } from './temp.ts';

// A pod as local processes: each container has a root folder, a PID and a mount namespace of its own, and is started
// by the kubelet's rules, as far as the first strategy needs them. Needs root and a static /bin/busybox.

/** Programs of an image by absolute path, as shell text. `shell`: is there a /bin/sh? */
export interface Image {
  readonly programs?: Readonly<Record<string, string>>;
  readonly shell: boolean;
}

export interface Container {
  /** Of each start. */
  readonly codes: readonly (number | null)[];
  readonly stderr: string;
  /** Since the pod's start. */
  readonly endedAfter: number;
}

export interface Pod {
  readonly containers: Readonly<Record<string, Container>>;
  /** Containers that were still running at the time limit. */
  readonly running: readonly string[];
}

/** Kubernetes' `$(VAR)` (k8s.io/kubernetes/third_party/forked/golang/expansion): `$$` is `$`, an unknown name stays. */
export function expand(text: string, env: Readonly<Record<string, string>>): string {
  return text.replace(/\$(?:\$|\(([^)]*)\))/g, (match, name: string | undefined) => {
    return name === undefined ? '$' : (env[name] ?? match);
  });
}

export async function runPod(
  spec: V1.PodSpec,
  annotations: Readonly<Record<string, string>>,
  images: Readonly<Record<string, Image>>,
  limit = 20,
): Promise<Pod> {
  const volumes = makeVolumes(spec, annotations);
  const startContainer = (container: V1.Container): Running => launch(container, images, volumes);
  for (const container of spec.initContainers ?? []) {
    const { code, stderr } = await startContainer(container).ended;
    if (code !== 0) throw new Error(`init container ${container.name}: exit code ${code}: ${stderr}`);
  }
  const begin = performance.now();
  const live = new Map<string, Running>();
  const results: Record<string, Container> = {};
  const run = async ({ name, ...container }: V1.Container): Promise<void> => {
    const ends: Ended[] = [];
    for (;;) {
      const running = startContainer({ name, ...container });
      live.set(name, running);
      const end = await running.ended;
      ends.push(end);
      if (spec.restartPolicy !== 'OnFailure' || end.code === 0) break;
      await sleep(0.2);
    }
    live.delete(name);
    const endedAfter = (performance.now() - begin) / 1000;
    results[name] = {
      codes: ends.map(({ code }) => code),
      stderr: ends.map(({ stderr }) => stderr).join(''),
      endedAfter,
    };
  };
  await Promise.race([Promise.all(spec.containers.map(run)), timeLimit(limit)]);
  const running = [...live.keys()];
  for (const { child } of live.values()) child.kill('SIGKILL');
  return { containers: results, running };
}

function makeVolumes(spec: V1.PodSpec, annotations: Readonly<Record<string, string>>): Map<string, string> {
  const folder = makeFolder();
  const volumes = new Map<string, string>();
  for (const { name, downwardAPI } of spec.volumes ?? []) {
    const path = join(folder, name);
    mkdirSync(path, { mode: 0o777 });
    for (const { path: file, fieldRef } of downwardAPI?.items ?? []) {
      const key = /^metadata\.annotations\['(.+)'\]$/.exec(fieldRef?.fieldPath ?? '')?.[1] ?? '';
      writeFileSync(join(path, file), annotations[key] ?? '', { mode: 0o644 });
    }
    volumes.set(name, path);
  }
  return volumes;
}

/** Starts one container as process 1 of its PID namespace. */
function launch(
  container: V1.Container,
  images: Readonly<Record<string, Image>>,
  volumes: Map<string, string>,
): Running {
  const image = images[container.image ?? ''];
  if (image === undefined) throw new Error(`no such image: ${container.image}`);
  const root = makeRoot(image);
  const env: Record<string, string> = { PATH: '/bin:/usr/bin' };
  for (const { name, value } of container.env ?? []) env[name] = expand(value ?? '', env);
  const mounts = (container.volumeMounts ?? []).flatMap(({ name, mountPath, readOnly }) => {
    const target = join(root, mountPath);
    mkdirSync(target, { recursive: true });
    const bind = `mount --bind ${volumes.get(name)} ${target}`;
    return readOnly ? [bind, `mount -o remount,bind,ro ${target}`] : [bind];
  });
  const words = [...(container.command ?? []), ...(container.args ?? [])].map((word) => expand(word, env));
  const script = [...mounts, `mount -t proc proc ${root}/proc`, 'shift', `exec chroot ${root} "$@"`].join(
    ' && ',
  );
  return start(['unshare', '-mpf', '--kill-child', '/bin/sh', '-c', script, 'sh', 'sh', ...words], {
    env: { ...env, PATH: `/usr/sbin:/usr/bin:/sbin:${env['PATH']}` },
  });
}

function makeRoot({ programs = {}, shell }: Image): string {
  const root = makeFolder();
  for (const folder of ['proc', 'dev', 'bin', 'stub']) mkdirSync(join(root, folder));
  writeFileSync(join(root, 'dev/null'), '');
  // What the programs are made of, out of the way of everything that is tested.
  cpSync('/bin/busybox', join(root, 'stub/busybox'));
  if (shell) {
    for (const applet of ['sh', 'sleep', 'rm', 'mkdir', 'touch', 'test', 'cat', 'busybox']) {
      cpSync('/bin/busybox', join(root, 'bin', applet));
    }
  }
  for (const [path, text] of Object.entries(programs)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), `#!/stub/busybox sh\n${text}\n`, { mode: 0o755 });
  }
  return root;
}
