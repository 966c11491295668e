import { spawnSync } from 'node:child_process';
import { cpSync, linkSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/paths.ts';
import type { Engine } from './engine.ts';

/** What manifests call the images, and the folder of `images/` that each is built from. */
const IMAGES: Readonly<Record<string, string>> = {
  'busybox:1.37.0-musl': 'busybox',
  'busybox:1.37': 'busybox',
  'mysql:5.7': 'mysql',
  'registry.example.com/report:4': 'mysql',
  'registry.example.com/nonroot:1': 'nonroot',
  'registry.example.com/named-user:1': 'named-user',
  'gcr.io/cloudsql-docker/gce-proxy:1.33.16': 'proxy',
};

export interface BuiltImage {
  readonly reference: string;
  readonly user: string;
}

/** Builds all images, in an order in which each finds that below it. */
export async function buildImages(engine: Engine): Promise<ReadonlyMap<string, BuiltImage>> {
  const folder = join(engine.folder, 'images');
  cpSync(join(ROOT, 'test/containers/images'), folder, { recursive: true });
  putPrograms(folder);
  const built = new Map<string, BuiltImage>();
  for (const name of ['busybox', 'mysql', 'nonroot', 'named-user', 'proxy']) {
    const reference = `localhost/guillotine-e2e/${name}`;
    await engine.run('build', '--quiet', '--pull-never', '--tag', reference, join(folder, name));
    const user = (await engine.run('image', 'inspect', reference, '--format', '{{.User}}')).trim();
    built.set(name, { reference, user });
  }
  return new Map(
    Object.entries(IMAGES).map(([name, from]) => [name, built.get(from) ?? { reference: from, user: '' }]),
  );
}

function putPrograms(folder: string): void {
  const bin = join(folder, 'busybox/rootfs/bin');
  mkdirSync(bin, { recursive: true });
  for (const name of ['etc', 'proc', 'tmp', 'usr']) mkdirSync(join(folder, 'busybox/rootfs', name));
  cpSync('/bin/busybox', join(bin, 'busybox'), { dereference: true });
  const applets = spawnSync('/bin/busybox', ['--list'], { encoding: 'utf8' }).stdout.split('\n');
  for (const applet of applets) {
    if (applet !== '' && applet !== 'busybox') linkSync(join(bin, 'busybox'), join(bin, applet));
  }
  cpSync('/bin/bash-static', join(folder, 'mysql/bash'), { dereference: true });
  const source = join(folder, 'proxy/proxy.c');
  const { status, stderr } = spawnSync('gcc', ['-O2', '-static', '-o', join(folder, 'proxy/proxy'), source], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`gcc: ${stderr}`);
}
