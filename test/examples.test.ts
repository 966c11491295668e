import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { REPORT_FORMATS } from '../src/cli/formats/formats.ts';
import { BROKEN_JOB, folder, JOB } from './support/cli.ts';
import { KUBECTL } from './support/kubectl.ts';
import { BIN, ROOT } from './support/paths.ts';
import { suite } from './support/suite.ts';

type Json = Readonly<Record<string, unknown>>;

function read<T>(file: string): T {
  return parse(readFileSync(join(ROOT, file), 'utf8')) as T;
}

const { version, files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly version: string;
  readonly files: readonly string[];
};

/** Installs nothing, but starts what stands behind `--`; and says what it would have installed. */
const NPX = `#!/bin/sh
while [ "$1" != -- ]; do printf '%s ' "$1" >>npx.log; shift; done
shift
exec "$@"
`;

interface Played {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a shell with these programs first on its PATH, and kubectl-guillotine. */
function play(
  shell: readonly [string, ...string[]],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
  programs: Readonly<Record<string, string>> = {},
): Played {
  const stubs = { npx: NPX, 'kubectl-guillotine': `#!/bin/sh\nexec '${BIN}' "$@"\n`, ...programs };
  const path = folder(stubs);
  for (const name of Object.keys(stubs)) chmodSync(join(path, name), 0o755);
  const [program, ...words] = shell;
  const all = { ...process.env, PATH: `${path}:${process.env['PATH']}`, ...env };
  return spawnSync(program, words, { cwd, env: all, encoding: 'utf8' });
}

/** No shell may be surprised: neither ours nor that of whoever copies it. */
function assertLinted(script: string, shell: string): void {
  const argv = [`--shell=${shell}`, '-'];
  const { status, stdout } = spawnSync('shellcheck', argv, { input: script, encoding: 'utf8' });
  assert.is(status, 0, stdout);
}

interface Action extends Json {
  readonly inputs: Readonly<Record<string, { description: string; required?: boolean; default?: string }>>;
  readonly runs: {
    readonly using: string;
    readonly steps: readonly { shell: string; run: string; env: Readonly<Record<string, string>> }[];
  };
}

suite('the GitHub action', (test) => {
  const action = read<Action>('action.yml');
  const [step] = action.runs.steps;
  if (step === undefined) throw new Error('no step');

  /** As a runner would: inputs become expressions, and bash runs as `shell: bash` says. */
  function run(inputs: Readonly<Record<string, string>>, cwd: string): Played {
    const env = Object.entries(step?.env ?? {}).map(([name, text]) => {
      const [, input = ''] = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(text) ?? [];
      assert.ok(action.inputs[input], text);
      return [name, inputs[input] ?? action.inputs[input]?.default ?? ''] as const;
    });
    const script = join(folder({ 'run.sh': step?.run ?? '' }), 'run.sh');
    const bash = ['bash', '--noprofile', '--norc', '-e', '-o', 'pipefail', script] as const;
    return play(bash, cwd, { GITHUB_WORKSPACE: cwd, ...Object.fromEntries(env) });
  }

  test('has what GitHub requires', () => {
    for (const key of ['name', 'description']) assert.type(action[key], 'string');
    assert.equal([action.runs.using, step.shell], ['composite', 'bash']);
    for (const input of Object.values(action.inputs)) {
      assert.type(input.description, 'string');
      assert.is.not(input.required === true, input.default !== undefined);
    }
    assert.not.match(step.run, '${{');
  });
  test('every input is used', () => {
    const used = Object.values(step.env).map((text) => /inputs\.([\w-]+)/.exec(text)?.[1]);
    assert.equal(used.sort(), Object.keys(action.inputs).sort());
    for (const name of Object.keys(step.env)) assert.match(step.run, `$${name}"`);
  });
  test('installs the version that it belongs to', () => {
    const cwd = folder({ 'job.yaml': JOB });
    run({ files: 'job.yaml' }, cwd);
    assert.is(readFileSync(join(cwd, 'npx.log'), 'utf8'), `--yes --package kubectl-guillotine@${version} `);
  });
  test('annotates and fails', () => {
    const cwd = folder({ 'a job.yaml': JOB });
    mkdirSync(join(cwd, 'k8s/deep'), { recursive: true });
    writeFileSync(join(cwd, 'k8s/deep/b.yaml'), JOB);
    const { status, stdout, stderr } = run({ files: 'a job.yaml\nk8s\n' }, cwd);
    assert.equal([status, stdout], [1, '']);
    const found = [...stderr.matchAll(/^::error file=([^,]+),line=4,/gm)].map(([, file]) => file);
    assert.equal(found, ['a job.yaml', 'k8s/deep/b.yaml']);
  });
  test('passes what is well', () => {
    const cwd = folder({ 'job.yaml': JOB.replace(/ {6}- name: db[\s\S]*$/, '') });
    const { status, stderr } = run({ files: 'job.yaml' }, cwd);
    assert.equal([status, stderr], [0, '']);
  });
  test('hands flags on', () => {
    const cwd = folder({ 'job.yaml': BROKEN_JOB });
    const codes = (inputs: Json): (string | undefined)[] =>
      [
        ...run({ files: 'job.yaml', ...inputs } as Record<string, string>, cwd).stderr.matchAll(
          /%3A ([\w-]+)::/g,
        ),
      ].map(([, code]) => code);
    assert.equal(codes({}), ['never-completes']);
    assert.equal(codes({ strategy: 'sentinel' }), ['never-completes', 'entrypoint-unknown']);
    assert.equal(codes({ 'kube-version': '1.28', strategy: 'native' }), [
      'never-completes',
      'kube-version-too-old',
    ]);
    assert.equal(codes({ args: '--strategy sentinel\n--entrypoint db=/proxy  -q' }), ['never-completes']);
    assert.is(run({ files: 'job.yaml', args: '--nope' }, cwd).status, 2);
  });
  test('runs nothing that stands in an input', () => {
    const cwd = folder({ 'job.yaml': JOB });
    const evil = '$(touch evil); touch evil; `touch evil` *';
    for (const input of Object.keys(action.inputs)) run({ files: 'job.yaml', [input]: evil }, cwd);
    assert.not(readdirSync(cwd).includes('evil'));
  });
});

interface Hook {
  readonly id: string;
  readonly entry: string;
  readonly language: string;
  readonly files: string;
}

/** pre-commit splits `entry` as shlex does. */
function splitEntry(entry: string): [string, ...string[]] {
  const words = [...entry.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  return words as [string, ...string[]];
}

suite('the pre-commit hooks', (test) => {
  const hooks = read<readonly Hook[]>('.pre-commit-hooks.yaml');
  const hook = (id: string): [string, ...string[]] =>
    splitEntry(hooks.find((row) => row.id === id)?.entry ?? 'none');
  const KEYS = ['id', 'name', 'description', 'language', 'entry', 'files', 'require_serial'];

  test('have what pre-commit requires', () => {
    assert.equal(
      hooks.map(({ id }) => id),
      ['guillotine-check', 'guillotine'],
    );
    for (const row of hooks) {
      assert.equal(Object.keys(row), KEYS);
      assert.is(row.language, 'node');
      for (const name of ['a.yaml', 'b/c.yml', 'd.json']) assert.match(name, new RegExp(row.files));
      for (const name of ['a.yaml.gotmpl', 'README.md']) assert.not.match(name, new RegExp(row.files));
    }
  });
  test('check what is committed, with the flags of args', () => {
    const cwd = folder({ 'a b.yaml': JOB, 'c.yaml': BROKEN_JOB });
    const { status, stderr } = play(
      [...hook('guillotine-check'), '--strategy=sentinel', 'a b.yaml', 'c.yaml'],
      cwd,
    );
    assert.is(status, 1);
    assert.match(stderr, /^a b\.yaml: job\.batch\/export never completes/m);
    assert.match(stderr, /^c\.yaml:\d+:\d+: error: .*\[entrypoint-unknown\]$/m);
    assert.is(readFileSync(join(cwd, 'a b.yaml'), 'utf8'), JOB);
  });
  test('rewrite what is committed, once', () => {
    const cwd = folder({ 'a b.yaml': JOB, 'c.yaml': JOB });
    assert.is(play([...hook('guillotine'), 'a b.yaml', 'c.yaml'], cwd).status, 0);
    const [a, c] = ['a b.yaml', 'c.yaml'].map((name) => readFileSync(join(cwd, name), 'utf8'));
    assert.match(a ?? '', 'guillotine/rewritten');
    assert.is(c, a);
    assert.is(play([...hook('guillotine-check'), 'a b.yaml', 'c.yaml'], cwd).status, 0);
  });
});

suite('the GitLab job', (test) => {
  const { guillotine } = read<{
    guillotine: {
      readonly stage: string;
      readonly image: string;
      readonly variables: Readonly<Record<string, string>>;
      readonly script: readonly string[];
      readonly artifacts: { readonly when: string; readonly paths: readonly string[] };
    };
  }>('examples/gitlab/guillotine.yml');
  const { variables, script } = guillotine;
  test('checks a folder and keeps the report', () => {
    assert.is(variables['GUILLOTINE_VERSION'], version);
    const cwd = folder({});
    mkdirSync(join(cwd, 'k8s'));
    writeFileSync(join(cwd, 'k8s/job.yaml'), BROKEN_JOB);
    const lines = ['sh', '-ec', script.join('\n')] as const;
    assert.is(play(lines, cwd, variables).status, 1);
    const strict = play(lines, cwd, { ...variables, GUILLOTINE_ARGS: '--strategy sentinel' });
    assert.match(strict.stderr, 'entrypoint-unknown');
    assert.equal(guillotine.artifacts.paths, ['$GUILLOTINE_REPORT']);
    const report = JSON.parse(readFileSync(join(cwd, variables['GUILLOTINE_REPORT'] ?? ''), 'utf8')) as Json;
    assert.is(report['exitCode'], 1);
    writeFileSync(join(cwd, 'k8s/job.yaml'), JOB.replace(/ {6}- name: db[\s\S]*$/, ''));
    assert.is(play(lines, cwd, variables).status, 0);
  });
});

interface Plugin extends Json {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly version: string;
    readonly init: { readonly command: string[]; readonly args: string[] };
    readonly generate: { readonly command: string[]; readonly args: string[] };
  };
}

suite('the plugin of Argo CD', (test) => {
  const plugin = read<Plugin>('examples/argocd/plugin.yaml');
  const { init, generate } = plugin.spec;
  const command = [...generate.command, ...generate.args] as [string, ...string[]];
  const ENV = { ARGOCD_APP_NAME: 'reports', ARGOCD_APP_NAMESPACE: 'shop' };
  // What `helm template` was called with, and a chart's output.
  const helm = (output: string, code = 0): string =>
    `#!/bin/sh\necho "$@" >helm.log\ncat <<'EOF'\n${output}EOF\nexit ${code}\n`;
  const chart = (): string => folder({ 'Chart.yaml': 'name: reports\n' });

  test('is a ConfigManagementPlugin that the Application names', () => {
    assert.equal([plugin['apiVersion'], plugin['kind']], ['argoproj.io/v1alpha1', 'ConfigManagementPlugin']);
    const application = read<{ spec: { source: { plugin: { name: string } } } }>(
      'examples/argocd/application.yaml',
    );
    assert.is(application.spec.source.plugin.name, `${plugin.metadata.name}-${plugin.spec.version}`);
  });
  test('rewrites what helm renders', () => {
    const cwd = chart();
    const { status, stdout } = play(command, cwd, ENV, { helm: helm(JOB) });
    assert.is(status, 0);
    assert.match(stdout, 'guillotine/rewritten: sentinel/');
    assert.is(
      readFileSync(join(cwd, 'helm.log'), 'utf8'),
      'template reports . --namespace shop --include-crds\n',
    );
  });
  test('takes the version of the cluster from the Application', () => {
    const env = { ...ENV, ARGOCD_ENV_KUBE_VERSION: '1.31' };
    assert.match(play(command, chart(), env, { helm: helm(JOB) }).stdout, 'guillotine/rewritten: native/');
  });
  test('prints nothing if rendering or rewriting fails', () => {
    const failed = play(command, chart(), ENV, { helm: helm(JOB, 3) });
    assert.equal([failed.status, failed.stdout], [3, '']);
    const refused = JOB.replace('spec:', '  annotations: {guillotine/main: nobody}\nspec:');
    const { status, stdout, stderr } = play(command, chart(), ENV, { helm: helm(refused) });
    assert.equal([status, stdout], [2, '']);
    assert.match(stderr, /^<stdin>:5:\d+: error: /);
  });
  test('lets an empty chart be empty', () => {
    const { status, stdout } = play(command, chart(), ENV, { helm: helm('\n') });
    assert.equal([status, stdout], [0, '']);
  });
  test('leaves no file behind', () => {
    const tmp = folder({});
    play(command, chart(), { ...ENV, TMPDIR: tmp }, { helm: helm(JOB) });
    play(command, chart(), { ...ENV, TMPDIR: tmp }, { helm: helm(JOB, 3) });
    assert.equal(readdirSync(tmp), []);
  });
  test('fetches dependencies only of a chart', () => {
    const words = [...init.command, ...init.args] as [string, ...string[]];
    const cwd = chart();
    assert.is(play(words, cwd, ENV, { helm: helm('') }).status, 0);
    assert.is(readFileSync(join(cwd, 'helm.log'), 'utf8'), 'dependency build\n');
    assert.is(play(words, folder({}), ENV, { helm: helm('', 3) }).status, 0);
  });
});

suite(
  'the plugin of Argo CD, with the real kubectl',
  (test) => {
    test('rewrites what kustomize renders', () => {
      const { generate } = read<Plugin>('examples/argocd/plugin.yaml').spec;
      const command = [...generate.command, ...generate.args] as [string, ...string[]];
      const cwd = folder({
        'kustomization.yaml': 'resources: [job.yaml]\nnamePrefix: my-\n',
        'job.yaml': JOB,
      });
      const kubectl = `#!/bin/sh\nexec '${KUBECTL}' "$@"\n`;
      const { status, stdout, stderr } = play(command, cwd, {}, { kubectl });
      assert.is(status, 0, stderr);
      assert.match(stdout, 'name: my-export');
      assert.match(stdout, 'guillotine/rewritten');
    });
  },
  ['kubectl'],
);

suite(
  'the scripts of the examples',
  (test) => {
    test('pass shellcheck', () => {
      assertLinted(read<Action>('action.yml').runs.steps[0]?.run ?? '', 'bash');
      const { init, generate } = read<Plugin>('examples/argocd/plugin.yaml').spec;
      for (const { args } of [init, generate]) assertLinted(args.join('\n'), 'sh');
      for (const { entry } of read<readonly Hook[]>('.pre-commit-hooks.yaml'))
        assertLinted(splitEntry(entry)[2] ?? '', 'sh');
      const flux = readFileSync(join(ROOT, 'examples/flux/README.md'), 'utf8');
      const scripts = [...flux.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, script]) => script ?? '');
      assert.is(scripts.length, 2);
      for (const script of scripts) assertLinted(script, 'sh');
    });
  },
  ['shellcheck'],
);

suite('the page on CI', (test) => {
  const page = readFileSync(join(ROOT, 'docs/ci.md'), 'utf8');
  test('lists the formats of --report', () => {
    const listed = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    assert.equal(listed, Object.keys(REPORT_FORMATS));
  });
  test('names the inputs of the action, the hooks and this version', () => {
    for (const input of Object.keys(read<Action>('action.yml').inputs)) assert.match(page, `\`${input}\``);
    for (const { id } of read<readonly Hook[]>('.pre-commit-hooks.yaml')) assert.match(page, id);
    assert.equal(page.match(/v\d+\.\d+\.\d+(?=\n)/g), [`v${version}`, `v${version}`]);
  });
  test('names files that are there, and that users get', () => {
    const links = [...page.matchAll(/\]\(\.\.\/([^)#]+)\)/g)].map(([, link]) => link ?? '');
    assert.ok(links.length >= 4);
    for (const link of links) {
      assert.ok(readFileSync(join(ROOT, link)).length > 0, link);
      assert.ok(files.includes(link.split('/')[0] ?? ''), link);
    }
  });
  test('has a step for SARIF that passes findings, but no failure', () => {
    const line = /^- run: npx --yes kubectl-guillotine (.*)$/m.exec(page)?.[1] ?? 'false';
    const cwd = folder({});
    mkdirSync(join(cwd, 'k8s'));
    writeFileSync(join(cwd, 'k8s/job.yaml'), JOB);
    const step = ['bash', '-e', '-c', `kubectl-guillotine ${line}`] as const;
    assert.is(play(step, cwd).status, 0);
    const sarif = JSON.parse(readFileSync(join(cwd, 'guillotine.sarif'), 'utf8')) as Json;
    assert.is(sarif['version'], '2.1.0');
    writeFileSync(join(cwd, 'k8s/job.yaml'), 'kind: Job\nspec: [containers\n');
    assert.is.not(play(step, cwd).status, 0);
  });
});
