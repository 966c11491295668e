import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { CONFIG_MAP, cli, folder, JOB } from '../support/cli.ts';
import { KUBECTL } from '../support/kubectl.ts';
import { BIN, ROOT } from '../support/paths.ts';
import { suite } from '../support/suite.ts';
import { makeFolder } from '../support/temp.ts';

const CONFIG = `apiVersion: guillotine/v1alpha1
kind: GuillotineTransformer
metadata: {name: complete-the-jobs}
`;

/** A Job that takes its settings from a generated ConfigMap, whose name gets a hash. */
const WITH_SETTINGS = JOB.replace(
  'command: ["/export"]',
  'command: ["/export"]\n        envFrom: [{configMapRef: {name: settings}}]',
);

const KUSTOMIZATION = `resources: [job.yaml, notes.yaml]
transformers: [guillotine.yaml]
configMapGenerator: [{name: settings, literals: [A=1]}]
namePrefix: eu-
`;

interface Built {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Builds with the plugin where kustomize looks for it. */
function build(config: string, kustomization = KUSTOMIZATION, program = BIN): Built {
  const home = makeFolder();
  const place = join(home, 'guillotine/v1alpha1/guillotinetransformer');
  mkdirSync(place, { recursive: true });
  symlinkSync(program, join(place, 'GuillotineTransformer'));
  const path = folder({
    'kustomization.yaml': kustomization,
    'guillotine.yaml': config,
    'job.yaml': WITH_SETTINGS,
    'notes.yaml': CONFIG_MAP,
  });
  const env = { ...process.env, KUSTOMIZE_PLUGIN_HOME: home };
  const args = ['kustomize', path, '--enable-alpha-plugins'];
  const { status, stdout, stderr } = spawnSync(KUBECTL, args, { env, encoding: 'utf8' });
  return { code: status, stdout, stderr };
}

suite(
  'the exec plugin of kustomize',
  (test) => {
    test('rewrites, and the hash of a generated ConfigMap still reaches the Job', () => {
      const { code, stdout, stderr } = build(
        `${CONFIG}argsOneLiner: --strategy native --kube-version 1.31\n`,
      );
      assert.is(code, 0, stderr);
      const objects = stdout.split(/^---\n/m).map((text) => parse(text));
      const settings = objects.find(({ metadata }) => metadata.name.startsWith('eu-settings'));
      assert.match(settings.metadata.name, /^eu-settings-[a-z0-9]{10}$/);
      const job = objects.find(({ kind }) => kind === 'Job');
      const [worker] = job.spec.template.spec.containers;
      assert.is(worker.envFrom[0].configMapRef.name, settings.metadata.name);
      assert.is(job.spec.template.spec.initContainers[0].name, 'db');
      assert.equal(job.metadata, { annotations: { 'guillotine/rewritten': 'native/1' }, name: 'eu-export' });
      assert.is(objects.length, 3);
    });
    test('without what kustomize keeps in annotations the reference would be lost', () => {
      // What the test above stands on: the annotations are what carries the hash.
      const script = `#!/bin/sh
sed '/internal.config.kubernetes.io/[a-zA-Z]*:/d'
`;
      const path = folder({ drops: script });
      chmodSync(join(path, 'drops'), 0o755);
      const { stdout } = build(CONFIG, KUSTOMIZATION, join(path, 'drops'));
      assert.not.match(stdout, /configMapRef:\n +name: eu-settings-[a-z0-9]{10}/);
    });
    test('takes the whole config', () => {
      const { code, stdout } = build(`${CONFIG}spec: {strategy: sentinel, grace: 20s}\n`);
      assert.is(code, 0);
      assert.match(stdout, /name: GUILLOTINE_GRACE\n +value: "20"/);
      assert.not.match(stdout, /guillotine\/undo/, 'kustomize writes anew, so no record would hold');
    });
    test('says what is wrong with the config, and kustomize shows it', () => {
      const { code, stdout, stderr } = build(`${CONFIG}spec: {strategie: native}\n`);
      assert.equal([code, stdout], [1, '']);
      assert.match(stderr, /:\d+:\d+: spec\.strategie is no setting of guillotine/);
    });
    test('an error of a manifest stops the build', () => {
      const { code, stderr } = build(`${CONFIG}argsOneLiner: --strategy sentinel --shell image\n`);
      assert.is(code, 1);
      assert.match(stderr, /\[shell-unknown\]/);
    });
    test('refuses flags with which kustomize would get no manifests', () => {
      for (const words of ['-o patch', '--diff', '--check', 'undo', '-f job.yaml', '--config other.yaml'])
        assert.is(build(`${CONFIG}argsOneLiner: ${words}\n`).code, 1, words);
    });
    test('as the page shows it', () => {
      const page = readFileSync(join(ROOT, 'docs/kustomize.md'), 'utf8');
      const file = (name: string): string =>
        new RegExp(`\`\`\`yaml\\n# ${name}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? 'nothing';
      const { code, stdout, stderr } = build(file('guillotine.yaml'), file('kustomization.yaml'));
      assert.is(code, 0, stderr);
      assert.match(stdout, /guillotine\/rewritten: native\/1/);
    });
    test('where there is no resource there is no error', () => {
      const { code, stdout, stderr } = build(CONFIG, 'transformers: [guillotine.yaml]\n');
      assert.equal([code, stdout], [0, ''], stderr);
    });
  },
  ['kubectl'],
);

suite('a call by kustomize', (test) => {
  const env = { KUSTOMIZE_PLUGIN_CONFIG_ROOT: '/somewhere' };
  test('begins with a file of the right kind', async () => {
    const path = folder({ 'a.yaml': 'apiVersion: v1\nkind: ConfigMap\n' });
    const { code, stderr } = await cli([join(path, 'a.yaml')], JOB, env);
    assert.is(code, 2);
    assert.match(stderr, /apiVersion must be guillotine\/v1alpha1/);
  });
  test('without that variable a file is no command', async () => {
    const path = folder({ 'a.yaml': CONFIG });
    assert.match((await cli([join(path, 'a.yaml')], JOB)).stderr, /files are named with -f/);
  });
});
