import { chmodSync, cpSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from '../../support/temp.ts';

/** An image, as far as the bench needs one. */
export interface Image {
  /** Programs by absolute path, as text for a shell that the container cannot see otherwise. */
  readonly programs?: Readonly<Record<string, string>>;
  /** Whose /bin/sh is in it, with the usual tools; null: none. */
  readonly shell: 'dash' | 'bash' | 'busybox' | 'mksh' | null;
  readonly entrypoint?: readonly string[];
}

/** The image's own variables. */
export const IMAGE_ENVIRONMENT = { PATH: '/bin:/usr/bin' } as const;

/** Where the programs of an image find what they are made of, out of the way of everything that is tested. */
export const STUB = '/stub/busybox';

const APPLETS = [
  'busybox',
  'cat',
  'env',
  'grep',
  'mkdir',
  'mkfifo',
  'mv',
  'rm',
  'sh',
  'sleep',
  'test',
  'touch',
];

let shared: string | undefined;

/** Linked, not copied, into each root. */
function busybox(): string {
  if (shared === undefined) {
    shared = join(makeFolder(), 'busybox');
    cpSync('/bin/busybox', shared);
  }
  return shared;
}

export interface Root {
  readonly path: string;
  /** What must stand in it of this machine. */
  readonly binds: readonly string[];
}

/** A fresh root folder: a container that is started again loses what it wrote into the old one. */
export function makeRoot({ programs = {}, shell }: Image): Root {
  const path = makeFolder();
  chmodSync(path, 0o755);
  for (const folder of ['proc', 'dev', 'bin', 'stub', 'tmp', 'usr']) mkdirSync(join(path, folder));
  writeFileSync(join(path, 'dev/null'), '');
  linkSync(busybox(), join(path, STUB));
  if (shell === 'busybox') for (const applet of APPLETS) linkSync(busybox(), join(path, 'bin', applet));
  const isLinked = shell !== null && shell !== 'busybox';
  if (isLinked) {
    cpSync(`/bin/${shell}`, join(path, 'bin/sh'), { dereference: true });
    for (const folder of ['lib', 'lib64']) symlinkSync(`usr/${folder}`, join(path, folder));
  }
  for (const [program, text] of Object.entries(programs)) {
    mkdirSync(dirname(join(path, program)), { recursive: true });
    writeFileSync(join(path, program), `#!${STUB} sh\n${text}\n`, { mode: 0o755 });
  }
  return { path, binds: ['/dev/null', ...(isLinked ? ['/usr'] : [])] };
}
