import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { JOB } from './support/cli.ts';
import { BIN } from './support/paths.ts';
import { type RealTool, realTool } from './support/real-tools.ts';
import { makeFolder } from './support/temp.ts';

// What each program that starts ours does with it: measured with the real one, for docs/hosts.md.

/** One run of a host over the same Job, with a comment in it, and a hook. */
interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What our program got. */
  readonly argv: readonly string[];
  readonly stdin: string;
}

interface Host {
  readonly name: string;
  readonly tool: RealTool;
  /** Words for our program, in the way of this host. */
  readonly files: (flags: readonly string[]) => Readonly<Record<string, string>>;
  readonly args: (folder: string, flags: readonly string[]) => readonly string[];
}

const COMMENT = '# the nightly export';
const HOOK = JOB.replace('name: export', 'name: hook\n  annotations: {helm.sh/hook: pre-install}');
const MANIFESTS = { 'job.yaml': JOB.replace('name: export', `name: export ${COMMENT}`), 'hook.yaml': HOOK };
const KUSTOMIZATION = 'resources: [job.yaml, hook.yaml]\ntransformers: [guillotine.yaml]\n';
const CONFIG = 'apiVersion: guillotine/v1alpha1\nkind: GuillotineTransformer\nmetadata:\n  name: g\n';
const CHART = { 'Chart.yaml': 'apiVersion: v2\nname: demo\nversion: 1.0.0\n' };

function chart(): Record<string, string> {
  const templates = Object.entries(MANIFESTS).map(([name, text]) => [`templates/${name}`, text]);
  return { ...CHART, ...Object.fromEntries(templates) };
}

export const HOSTS: readonly Host[] = [
  {
    name: '`kubectl guillotine`',
    tool: 'kubectl',
    files: () => MANIFESTS,
    args: (folder, flags) => ['guillotine', '-f', folder, ...flags],
  },
  {
    name: '`kubectl kustomize`, exec plugin',
    tool: 'kubectl',
    files: (flags) => ({
      ...MANIFESTS,
      'kustomization.yaml': KUSTOMIZATION,
      'guillotine.yaml': `${CONFIG}argsOneLiner: ${JSON.stringify(flags.join(' '))}\n`,
    }),
    args: (folder) => ['kustomize', folder, '--enable-alpha-plugins'],
  },
  {
    name: '`kubectl kustomize`, KRM function in a container',
    tool: 'kubectl',
    files: (flags) => ({
      ...MANIFESTS,
      'kustomization.yaml': KUSTOMIZATION,
      'guillotine.yaml':
        `${CONFIG}  annotations:\n    config.kubernetes.io/function: |\n      container: {image: guillotine}\n` +
        `spec: {strategy: ${flags[1]}}\n`,
    }),
    args: (folder) => ['kustomize', folder, '--enable-alpha-plugins'],
  },
  {
    name: 'helm 3, post-renderer',
    tool: 'helm3',
    files: chart,
    args: (folder, flags) => [
      ...['template', 'r', folder, '--post-renderer', join(folder, 'bin/kubectl-guillotine')],
      ...flags.flatMap((flag) => ['--post-renderer-args', flag]),
    ],
  },
  {
    name: 'helm 4, post-renderer plugin',
    tool: 'helm4',
    files: chart,
    args: (folder, flags) => [
      ...['template', 'r', folder, '--post-renderer', 'guillotine'],
      ...flags.flatMap((flag) => ['--post-renderer-args', flag]),
    ],
  },
];

/** A recorder with our name: it keeps what it gets, and goes on as our program. */
function printRecorder(folder: string, words = '"$@"'): string {
  return `#!/bin/sh
for word; do printf '%s\\n' "$word"; done > '${folder}/argv'
cat > '${folder}/stdin'
exec '${process.execPath}' '${BIN}' ${words} < '${folder}/stdin'
`;
}

export function runHost(host: Host, flags: readonly string[], change = (text: string): string => text): Run {
  const folder = makeFolder();
  for (const [name, text] of Object.entries(host.files(flags))) write(join(folder, name), change(text));
  const tools = join(folder, 'bin');
  write(join(tools, 'kubectl-guillotine'), printRecorder(folder));
  // What the entrypoint of an image would do with docker's own words.
  write(join(tools, 'docker'), printRecorder(folder, ''));
  const plugin = join(folder, 'plugins/guillotine/v1alpha1/guillotinetransformer/GuillotineTransformer');
  write(plugin, printRecorder(folder));
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PATH: `${tools}${delimiter}${process.env['PATH']}`,
    KUSTOMIZE_PLUGIN_HOME: join(folder, 'plugins'),
    HELM_PLUGINS: join(folder, 'helm'),
    HOME: folder,
  };
  if (host.tool === 'helm4') installRecorder(join(folder, 'helm'), join(tools, 'kubectl-guillotine'), env);
  const { status, stdout, stderr } = spawnSync(realTool(host.tool) ?? '', host.args(folder, flags), {
    env,
    encoding: 'utf8',
    input: '',
  });
  const read = (name: string): string =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '';
  return { code: status, stdout, stderr, argv: read('argv').trim().split('\n'), stdin: read('stdin') };
}

/** Installs our plugin, and lets it start the recorder. */
function installRecorder(home: string, recorder: string, env: NodeJS.ProcessEnv): void {
  spawnSync(BIN, ['plugin', 'install', 'helm', '--to', home], { env });
  const file = join(home, 'guillotine/plugin.yaml');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(BIN, recorder));
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  if (text.startsWith('#!')) chmodSync(path, 0o755);
}

export const HOST_COLUMNS: readonly string[] = [
  'started by',
  'stdin is',
  'flags',
  'exit code',
  'after an error',
  'what it says is seen',
  'after an error',
  'comments stay',
  'a helm hook is',
];

/** The rows of the table: what a host did with a rewrite, and with one that is refused. */
export function measureHosts(): string[][] {
  return HOSTS.map((host) => {
    const done = runHost(host, ['--strategy', 'native']);
    const refused = runHost(host, ['--strategy', 'sentinel'], (text) =>
      text.replaceAll(/:2\.14\.1\n.*command: \["\/cloud-sql-proxy"\]/g, `@sha256:${'0'.repeat(64)}`),
    );
    return [
      host.name,
      describeStdin(done),
      done.argv.includes('native') ? 'reach it' : 'do not: the config says it',
      `${done.code}`,
      `${refused.code}`,
      done.stderr.includes('rewritten (native)') ? 'yes' : 'no',
      refused.stderr.includes('[entrypoint-unknown]') ? 'yes' : 'no',
      done.stdout.includes(COMMENT) ? 'yes' : 'no',
      rewritesHook(done.stdout) ? 'rewritten' : 'not seen',
    ];
  });
}

function describeStdin({ stdin }: Run): string {
  if (stdin === '') return 'nothing, files are named';
  const what = /kind: ResourceList/.test(stdin) ? 'a ResourceList' : 'manifests';
  return `${what}${stdin.includes(COMMENT) ? '' : ', written anew'}`;
}

function rewritesHook(output: string): boolean {
  const hook = output.split(/^---\n/m).find((text) => /name: hook/.test(text)) ?? '';
  return hook.includes('guillotine/rewritten');
}
