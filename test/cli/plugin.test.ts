import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { type CliResult, cli, folder, JOB } from '../support/cli.ts';
import { KUBECTL } from '../support/kubectl.ts';
import { BIN } from '../support/paths.ts';
import { suite } from '../support/suite.ts';

const LINK = 'guillotine/v1alpha1/guillotinetransformer/GuillotineTransformer';
const PLUGIN = 'guillotine/plugin.yaml';

/** An environment with nothing but a home folder, and what is said. */
function makeEnv(more: Readonly<Record<string, string>> = {}): { HOME: string; [name: string]: string } {
  return { HOME: folder({}), PATH: '', ...more };
}

function install(
  host: string,
  env: Readonly<Record<string, string>>,
  ...words: string[]
): Promise<CliResult> {
  return cli(['plugin', 'install', host, ...words], null, env);
}

suite('plugin install kustomize', (test) => {
  test('links to the program, and says what to type next', async () => {
    const env = makeEnv();
    const path = join(env.HOME, '.config/kustomize/plugin', LINK);
    const { code, stdout, stderr } = await install('kustomize', env);
    assert.equal([code, stderr], [0, '']);
    assert.is(
      stdout,
      `${path} written; it starts ${BIN}\nNext: kubectl kustomize --enable-alpha-plugins .\n`,
    );
    assert.is(readlinkSync(path), BIN);
  });
  test('looks where kustomize looks', async () => {
    const at = folder({});
    const cases: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
      [{ KUSTOMIZE_PLUGIN_HOME: join(at, 'a'), XDG_CONFIG_HOME: join(at, 'b') }, 'a'],
      [{ XDG_CONFIG_HOME: join(at, 'b') }, 'b/kustomize/plugin'],
      [{ KUSTOMIZE_PLUGIN_HOME: '', XDG_CONFIG_HOME: '', HOME: join(at, 'c') }, 'c/.config/kustomize/plugin'],
    ];
    for (const [env, home] of cases) {
      assert.is((await install('kustomize', makeEnv(env))).code, 0);
      assert.is(readlinkSync(join(at, home, LINK)), BIN);
    }
  });
  test('takes a folder, and names it in the next command', async () => {
    const at = folder({});
    const { stdout } = await install('kustomize', makeEnv(), '--to', `${at}/my plugins`);
    assert.is(readlinkSync(join(at, 'my plugins', LINK)), BIN);
    assert.match(stdout, `Next: KUSTOMIZE_PLUGIN_HOME='${at}/my plugins' kubectl kustomize`);
  });
  test('a second time it changes nothing', async () => {
    const env = makeEnv();
    await install('kustomize', env);
    const path = join(env.HOME, '.config/kustomize/plugin', LINK);
    const changed = (): bigint => lstatSync(path, { bigint: true }).ctimeNs;
    const before = changed();
    const { code, stdout } = await install('kustomize', env);
    assert.equal([code, changed()], [0, before]);
    assert.match(stdout, 'is there already');
  });
  test('replaces a link to another kubectl-guillotine, also one that leads nowhere', async () => {
    const env = makeEnv();
    await install('kustomize', env);
    const path = join(env.HOME, '.config/kustomize/plugin', LINK);
    unlinkSync(path);
    symlinkSync('/gone/kubectl-guillotine', path);
    assert.match((await install('kustomize', env)).stdout, 'replaced');
    assert.is(readlinkSync(path), BIN);
  });
  test('leaves alone what is not ours', async () => {
    const env = makeEnv();
    await install('kustomize', env);
    const path = join(env.HOME, '.config/kustomize/plugin', LINK);
    const others: readonly (() => void)[] = [
      () => writeFileSync(path, '#!/bin/sh\n'),
      () => symlinkSync('/usr/bin/env', path),
      () => mkdirSync(path),
    ];
    for (const other of others) {
      unlinkSync(path);
      other();
      const { code, stdout, stderr } = await install('kustomize', env);
      assert.equal([code, stdout], [2, '']);
      assert.match(stderr, `error: ${path} is there and not ours\n  = move it away`);
      assert.not(lstatSync(path).isSymbolicLink() && readlinkSync(path) === BIN);
    }
  });
  test('links to the name on PATH, which stays when another version is installed', async () => {
    const bin = folder({});
    symlinkSync(BIN, join(bin, 'kubectl-guillotine'));
    const env = makeEnv({ PATH: `/nowhere:${bin}` });
    await install('kustomize', env);
    assert.is(
      readlinkSync(join(env.HOME, '.config/kustomize/plugin', LINK)),
      join(bin, 'kubectl-guillotine'),
    );
    const other = folder({ 'kubectl-guillotine': '#!/bin/sh\n' });
    chmodSync(join(other, 'kubectl-guillotine'), 0o755);
    const elsewhere = makeEnv({ PATH: `${other}:${bin}` });
    await install('kustomize', elsewhere);
    assert.is(readlinkSync(join(elsewhere.HOME, '.config/kustomize/plugin', LINK)), BIN);
  });
});

suite('plugin install helm', (test) => {
  test('writes a plugin folder where helm looks', async () => {
    const at = folder({});
    const cases: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
      [{ HELM_PLUGINS: join(at, 'a'), HELM_DATA_HOME: join(at, 'b') }, 'a'],
      [{ HELM_DATA_HOME: join(at, 'b'), XDG_DATA_HOME: join(at, 'c') }, 'b/plugins'],
      [{ XDG_DATA_HOME: join(at, 'c') }, 'c/helm/plugins'],
    ];
    for (const [env, home] of cases) {
      const { code, stdout } = await install('helm', makeEnv(env));
      const path = join(at, home, PLUGIN);
      const next = 'Next: helm template CHART --post-renderer guillotine';
      assert.equal([code, stdout], [0, `${path} written; it starts ${BIN}\n${next}\n`]);
      assert.match(readFileSync(path, 'utf8'), `  - command: ${JSON.stringify(BIN)}\n`);
    }
  });
  test('names the program as it is found on PATH', async () => {
    const bin = folder({});
    symlinkSync(BIN, join(bin, 'kubectl-guillotine'));
    const at = folder({});
    await install('helm', makeEnv({ PATH: bin }), '--to', at);
    assert.match(readFileSync(join(at, PLUGIN), 'utf8'), '  - command: kubectl-guillotine\n');
  });
  test('writes anew what is ours, once, and leaves alone what is not', async () => {
    const at = folder({});
    const path = join(at, PLUGIN);
    const run = (): Promise<CliResult> => install('helm', makeEnv(), '--to', at);
    await run();
    const written = readFileSync(path, 'utf8');
    assert.match((await run()).stdout, 'is there already');
    writeFileSync(path, written.replace(/version: .*/, 'version: 0.0.1'));
    assert.match((await run()).stdout, 'replaced');
    assert.is(readFileSync(path, 'utf8'), written);
    writeFileSync(path, 'name: guillotine\n');
    const { code, stderr } = await run();
    assert.is(code, 2);
    assert.match(stderr, 'is there and not ours');
    assert.is(readFileSync(path, 'utf8'), 'name: guillotine\n');
  });
});

suite('plugin install, told wrongly', (test) => {
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [['plugin'], /Usage: .*\n\nmake helm or kustomize start guillotine/],
    [['plugin', 'install'], /error: missing required argument 'host'/],
    [['plugin', 'install', 'argo'], /Allowed choices are helm, kustomize/],
    [['plugin', 'install', 'helm', 'kustomize'], /error: too many arguments/],
    [['completion', 'tcsh'], /Allowed choices are bash, fish, zsh/],
  ];
  for (const [argv, message] of wrong) {
    test(argv.join(' '), async () => {
      const { code, stdout, stderr } = await cli(argv, null, makeEnv());
      assert.equal([code, stdout], [2, '']);
      assert.match(stderr, message);
    });
  }
  test('without a home', async () => {
    const { code, stderr } = await install('helm', {});
    assert.equal([code, stderr], [2, 'error: HOME is not set\n  = name a folder with --to\n']);
  });
  test('into a file', async () => {
    const at = folder({ file: '' });
    const { code, stdout, stderr } = await install('helm', makeEnv(), '--to', join(at, 'file'));
    assert.equal([code, stdout], [2, '']);
    assert.match(stderr, /^error: ENOTDIR: /);
  });
  test('by npx, which removes it again', () => {
    const at = folder({});
    const root = join(at, '_npx/1');
    mkdirSync(root, { recursive: true });
    const script = `import { main } from ${JSON.stringify(new URL('../../src/cli/main.js', import.meta.url).href)};
const streams = { ...process, stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, env: process.env };
process.exitCode = await main(['plugin', 'install', 'helm'], { ...streams, argv: ['node', process.argv[1]] });`;
    writeFileSync(join(root, 'kubectl-guillotine.mjs'), script);
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'kubectl-guillotine.mjs')], {
      env: makeEnv(),
      encoding: 'utf8',
    });
    assert.is(status, 2);
    assert.match(stderr, /npx keeps it only for a while\n {2}= npm install --global kubectl-guillotine\n/);
  });
});

suite(
  'the kustomize plugin',
  (test) => {
    test('kubectl finds and starts it', async () => {
      const at = folder({
        'kustomization.yaml': 'resources: [job.yaml]\ntransformers: [guillotine.yaml]\n',
        'job.yaml': JOB,
        'guillotine.yaml':
          'apiVersion: guillotine/v1alpha1\nkind: GuillotineTransformer\nmetadata: {name: complete}\n',
      });
      const home = folder({});
      await install('kustomize', makeEnv(), '--to', home);
      const env = { ...process.env, KUSTOMIZE_PLUGIN_HOME: home };
      const argv = ['kustomize', '--enable-alpha-plugins', at];
      const { stdout, stderr } = spawnSync(KUBECTL, argv, { env, encoding: 'utf8' });
      assert.match(stdout + stderr, /guillotine\/rewritten|is no command; files are named with -f/);
    });
  },
  ['kubectl'],
);
