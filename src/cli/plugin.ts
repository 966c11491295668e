import {
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { findItself, type Itself, PROGRAM } from './itself.ts';
import type { Host, PluginRequest } from './request.ts';
import { type Streams, UsageError, write } from './streams.ts';
import { readVersion } from './version.ts';

/** A program that starts others as plugins, and what a plugin is for it. */
interface PluginHost {
  /** The folder of all plugins, where nothing else is said. */
  readonly home: (env: Streams['env']) => string;
  /** Where ours stands in it. */
  readonly place: string;
  /** null: there is something that is not ours. */
  readonly read: (path: string) => string | null;
  /** What `read` gives when it is installed. */
  readonly content: (itself: Itself) => string;
  readonly put: (path: string, content: string) => void;
  readonly next: (home: string | undefined, path: string) => string;
}

const OURS = '# Written by "kubectl guillotine plugin install helm".\n';

const HOSTS: Readonly<Record<Host, PluginHost>> = {
  kustomize: {
    home: findKustomizeHome,
    place: 'guillotine/v1alpha1/guillotinetransformer/GuillotineTransformer',
    read: (path) => {
      const target = lstatSync(path).isSymbolicLink() ? readlinkSync(path) : '';
      return basename(target) === PROGRAM ? target : null;
    },
    content: ({ path }) => path,
    put: (path, target) => {
      rmSync(path, { force: true });
      symlinkSync(target, path);
    },
    next: (home) =>
      `${home === undefined ? '' : `KUSTOMIZE_PLUGIN_HOME=${quote(home)} `}kubectl kustomize --enable-alpha-plugins .`,
  },
  helm: {
    home: findHelmHome,
    place: 'guillotine/plugin.yaml',
    read: (path) => {
      const text = readFileSync(path, 'utf8');
      return text.startsWith(OURS) ? text : null;
    },
    content: printHelmPlugin,
    put: (path, text) => writeFileSync(path, text),
    next: (home, path) => {
      const install = home === undefined ? '' : `helm plugin install ${quote(dirname(path))} && `;
      return `${install}helm template CHART --post-renderer guillotine`;
    },
  },
};

/** Puts the plugin where its host finds it, and says what to type next. Returns the exit code. */
export async function installPlugin({ host, to }: PluginRequest, streams: Streams): Promise<number> {
  const { home, place, read, content, put, next } = HOSTS[host];
  const itself = findItself(streams);
  const folder = to === undefined ? undefined : resolve(to);
  const path = join(folder ?? home(streams.env), place);
  const wanted = content(itself);
  const found = readIfThere(path, read);
  if (found === null) {
    const wayOut = 'move it away, or name another folder with --to';
    throw new UsageError(`${path} is there and not ours`, wayOut);
  }
  if (found !== wanted) {
    mkdirSync(dirname(path), { recursive: true });
    put(path, wanted);
  }
  const done = found === wanted ? 'is there already' : found === undefined ? 'written' : 'replaced';
  await write(streams.stdout, `${path} ${done}; it starts ${itself.path}\nNext: ${next(folder, path)}\n`);
  return 0;
}

/** undefined: there is nothing. */
function readIfThere(path: string, read: PluginHost['read']): string | null | undefined {
  try {
    return read(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The order of kustomize's own search (api/konfig/plugins.go). */
function findKustomizeHome(env: Streams['env']): string {
  const config = env['XDG_CONFIG_HOME'] || join(findHome(env), '.config');
  return env['KUSTOMIZE_PLUGIN_HOME'] || join(config, 'kustomize/plugin');
}

/** As `helm env HELM_PLUGINS` says (helm.sh/helm/v4/pkg/helmpath). */
function findHelmHome(env: Streams['env']): string {
  if (env['HELM_PLUGINS']) return env['HELM_PLUGINS'];
  return join(env['HELM_DATA_HOME'] || findHelmData(env), 'plugins');
}

function findHelmData(env: Streams['env']): string {
  if (env['XDG_DATA_HOME']) return join(env['XDG_DATA_HOME'], 'helm');
  if (process.platform === 'darwin') return join(findHome(env), 'Library/helm');
  if (process.platform === 'win32') return join(env['APPDATA'] ?? findHome(env), 'helm');
  return join(findHome(env), '.local/share/helm');
}

function findHome(env: Streams['env']): string {
  const home = env['HOME'] || env['USERPROFILE'];
  if (!home) throw new UsageError('HOME is not set', 'name a folder with --to');
  return home;
}

/** https://helm.sh/docs/topics/plugins: helm 4 passes hooks, too, and keeps to itself what we print on stderr. */
function printHelmPlugin({ path, isOnPath }: Itself): string {
  return `${OURS}apiVersion: v1
name: guillotine
version: ${readVersion()}
type: postrenderer/v1
runtime: subprocess
runtimeConfig:
  platformCommand:
  - command: ${isOnPath ? PROGRAM : JSON.stringify(path)}
`;
}

/** For a POSIX shell. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
