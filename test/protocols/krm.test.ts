import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { BROKEN_JOB, CONFIG_MAP, cli, folder, JOB } from '../support/cli.ts';
import { KUBECTL } from '../support/kubectl.ts';
import { BIN } from '../support/paths.ts';
import { suite } from '../support/suite.ts';

const PATH_ANNOTATIONS = `  annotations:
    internal.config.kubernetes.io/path: 'jobs/export.yaml'
    internal.config.kubernetes.io/index: '1'
`;

function item(manifest: string): string {
  return manifest.trimEnd().replace(/^/gm, '  ').replace('  ', '- ');
}

/** A ResourceList of these items, with this functionConfig (flow YAML). */
function listOf(items: readonly string[], config?: string, version = 'v1'): string {
  const head = `apiVersion: config.kubernetes.io/${version}\nkind: ResourceList\nitems: # in order\n`;
  const tail = config === undefined ? '' : `functionConfig: ${config}\n`;
  return `${head}${items.map(item).join('\n')}\n${tail}`;
}

const OURS = 'apiVersion: guillotine/v1alpha1, kind: GuillotineTransformer';
const LOCATED = JOB.replace('  name: export\n', `  name: export # nightly\n${PATH_ANNOTATIONS}`);

suite('a KRM function', (test) => {
  test('gives the list back with its items rewritten, byte for byte but for the edits', async () => {
    const input = listOf([CONFIG_MAP, LOCATED], `{${OURS}, spec: {strategy: native}}`);
    const { code, stdout } = await cli([], input);
    assert.is(code, 0);
    const [before] = stdout.split(/^results:\n/m) as [string];
    const gone = input.split('\n').filter((line) => !before.includes(line));
    assert.equal(gone, []);
    assert.match(before, /initContainers:\n +- name: db/);
    assert.match(before, /name: export # nightly\n/);
    assert.not.match(stdout, /guillotine\/undo/, 'the orchestrator writes anew');
  });
  test('tells in its results what it did, of which object of which file', async () => {
    const { stdout } = await cli([], listOf([LOCATED], `{${OURS}, spec: {strategy: native}}`));
    assert.equal(parse(stdout).results, [
      {
        message: 'rewritten (native): db ends when worker has ended',
        severity: 'info',
        resourceRef: { apiVersion: 'batch/v1', kind: 'Job', name: 'export' },
        file: { path: 'jobs/export.yaml', index: 1 },
      },
    ]);
  });
  for (const version of ['v1', 'v1alpha1', 'v1beta1'])
    test(`config.kubernetes.io/${version}, also in JSON`, async () => {
      const text = listOf([JOB], undefined, version);
      for (const input of [text, JSON.stringify(parse(text))])
        assert.match((await cli([], input)).stdout, /rewritten"?: ?"?sentinel\/1/);
    });
  test('where nothing is to be done, nothing is changed', async () => {
    const input = listOf([CONFIG_MAP]);
    assert.equal(await cli([], input), { code: 0, stdout: input, stderr: '' });
  });
  test('an error: the items as they were, the results, exit code 1, and the text on stderr', async () => {
    const input = listOf(
      [LOCATED, BROKEN_JOB.replace('export', 'broken')],
      `{${OURS}, spec: {strategy: sentinel}}`,
    );
    const { code, stdout, stderr } = await cli([], input);
    assert.is(code, 1);
    assert.ok(stdout.startsWith(input));
    const [error] = parse(stdout).results;
    assert.equal(
      [error.severity, error.resourceRef.name, error.field, error.tags],
      ['error', 'broken', { path: 'spec.template.spec.containers[1].name' }, { code: 'entrypoint-unknown' }],
    );
    assert.match(error.message, /has no command.*--entrypoint db/);
    assert.match(stderr, /\[entrypoint-unknown\][\s\S]*Nothing was rewritten\.\n$/);
  });
  test('onError: leave makes it a warning', async () => {
    const input = listOf(
      [LOCATED, BROKEN_JOB.replace('export', 'broken')],
      `{${OURS}, spec: {strategy: sentinel, onError: leave}}`,
    );
    const { code, stdout } = await cli([], input);
    assert.is(code, 0);
    const severities = parse(stdout).results.map((row: { severity: string }) => row.severity);
    assert.equal(severities, ['warning', 'info']);
  });
  test('a ConfigMap is a config, too', async () => {
    const data =
      '{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {strategy: sentinel, grace: 20s}}';
    assert.match((await cli([], listOf([JOB], data))).stdout, /GUILLOTINE_GRACE/);
  });
  test('a wrong config is an error at its place', async () => {
    for (const [config, place] of [
      [`{${OURS}, spec: {strategie: native}}`, 'functionConfig.spec.strategie'],
      ['{apiVersion: v1, kind: ConfigMap, data: {strategie: native}}', 'functionConfig.data.strategie'],
      ['{apiVersion: v1, kind: Secret}', 'functionConfig.apiVersion'],
    ] as const) {
      const input = listOf([JOB], config);
      const { code, stdout, stderr } = await cli([], input);
      assert.is(code, 1);
      assert.ok(stdout.startsWith(input));
      const [{ message, severity }] = parse(stdout).results;
      assert.ok(message.includes(place), message);
      assert.is(severity, 'error');
      assert.match(message, /^<stdin>:\d+:\d+: /);
      assert.ok(stderr.startsWith('error: <stdin>:'), stderr);
    }
  });
  test('flags hold as well, but there is one config', async () => {
    assert.match((await cli(['--strategy', 'native'], listOf([JOB]))).stdout, /initContainers/);
    const path = folder({ 'c.yaml': `${OURS.replace(', ', '\n')}\n` });
    const { code } = await cli(['--config', join(path, 'c.yaml')], listOf([JOB], `{${OURS}}`));
    assert.is(code, 1);
    assert.is((await cli(['--main', 'nobody'], listOf([JOB]))).code, 1);
  });
  test('results of functions before it stay', async () => {
    const input = `${listOf([JOB])}results:\n- message: before\n`;
    const results = parse((await cli([], input)).stdout).results;
    assert.equal([results.length, results[0]], [2, { message: 'before' }]);
  });
  test('named with -f, or with another way out, a list is a list', async () => {
    const path = folder({ 'list.yaml': listOf([JOB]) });
    const { stdout } = await cli(['-f', join(path, 'list.yaml')]);
    assert.match(stdout, /guillotine\/undo/);
    assert.not.match(stdout, /^results/m);
    assert.is((await cli(['--diff'], listOf([JOB]))).code, 1);
  });
});

suite(
  'a KRM function, called by kubectl',
  (test) => {
    test('through a container runtime, which starts this program', () => {
      // kubectl takes no exec functions, so `docker` here does what its image would: it starts us.
      const path = folder({
        docker: `#!/bin/sh\nexec '${process.execPath}' '${BIN}'\n`,
        'kustomization.yaml': 'resources: [job.yaml, notes.yaml]\ntransformers: [function.yaml]\n',
        'job.yaml': LOCATED,
        'notes.yaml': CONFIG_MAP,
        'function.yaml': `${OURS.replace(', ', '\n')}\nmetadata:\n  name: f\n  annotations:\n    config.kubernetes.io/function: |\n      container:\n        image: guillotine\nspec: {strategy: native}\n`,
      });
      chmodSync(join(path, 'docker'), 0o755);
      const env = { ...process.env, PATH: `${path}${delimiter}${process.env['PATH']}` };
      const args = ['kustomize', path, '--enable-alpha-plugins'];
      const { status, stdout, stderr } = spawnSync(KUBECTL, args, { env, encoding: 'utf8' });
      assert.is(status, 0, stderr);
      assert.match(stdout, /initContainers:\n +- command:\n +- \/cloud-sql-proxy/);
      assert.match(stdout, /kind: ConfigMap/);
    });
  },
  ['kubectl'],
);
