import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as assert from 'uvu/assert';
import { CONFIG_MAP, folder, JOB } from '../support/cli.ts';
import { KUBECTL } from '../support/kubectl.ts';
import { BIN } from '../support/paths.ts';
import { suite } from '../support/suite.ts';
import { makeFolder } from '../support/temp.ts';

function run(
  argv: readonly string[],
  input: string,
): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(BIN, argv, { input, encoding: 'utf8', maxBuffer: 1 << 28 });
}

suite('the executable', (test) => {
  test('passes manifests through a pipe', () => {
    const { status, stdout, stderr } = run([], `${CONFIG_MAP}---\n${JOB}`);
    assert.is(status, 0);
    assert.match(stdout, /guillotine\/rewritten/);
    assert.match(stderr, /rewritten \(sentinel\)/);
  });
  test('exits with 2 and writes nothing on an error', () => {
    const { status, stdout } = run(['-f', 'nope.yaml'], '');
    assert.equal([status, stdout], [2, '']);
  });
  test('does not wait for a terminal that is none', () => {
    assert.is(spawnSync(BIN, [], { stdio: ['ignore', 'pipe', 'pipe'], timeout: 10_000 }).status, 2);
  });
  test('ends quietly when its reader goes away', async () => {
    const big = `${CONFIG_MAP}---\n`.repeat(40_000);
    const file = join(folder({ 'big.yaml': big }), 'big.yaml');
    const child = spawn('sh', ['-c', `"${BIN}" -f "${file}" | head -c 10; true`], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    }
    await new Promise((resolve) => child.on('close', resolve));
    assert.is(output, big.slice(0, 10));
  });
  test('writes to a file that it is redirected to', () => {
    const path = join(makeFolder(), 'out.yaml');
    const { status } = spawnSync(BIN, [], {
      input: CONFIG_MAP,
      stdio: ['pipe', openSync(path, 'w'), 'pipe'],
    });
    assert.equal([status, readFileSync(path, 'utf8')], [0, CONFIG_MAP]);
  });
  test('a full disk is no bug of ours', () => {
    const { status, stderr } = spawnSync('sh', ['-c', `"${BIN}" > /dev/full`], {
      input: CONFIG_MAP,
      encoding: 'utf8',
    });
    assert.is(status, 2);
    assert.match(stderr, /^error: ENOSPC: no space left on device, write\n$/);
  });
  test('a reader of stderr that goes away is no error', () => {
    const { stdout } = spawnSync('sh', ['-c', `"${BIN}" -v 2>&1 >/dev/null | true; echo done`], {
      input: JOB,
      encoding: 'utf8',
    });
    assert.is(stdout, 'done\n');
  });
  test('reads .guillotine.yaml of the working directory', () => {
    const path = folder({
      '.guillotine.yaml':
        'apiVersion: guillotine/v1alpha1\nkind: GuillotineTransformer\nspec: {grace: 21s}\n',
    });
    const { stdout } = spawnSync(BIN, [], { input: JOB, cwd: path, encoding: 'utf8' });
    assert.match(stdout, /name: GUILLOTINE_GRACE\n {10}value: "21"/);
  });
});

suite('memory', (test) => {
  const megabytes = 200;
  const document = `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n      containers:\n      - name: web\n        image: web\n        env:\n${'        - {name: A, value: a}\n'.repeat(60)}---\n`;
  const path = folder({});
  const file = join(path, 'deployments.yaml');
  writeFileSync(file, document.repeat(Math.ceil((megabytes * 1024 ** 2) / document.length)));
  // The child tells its own peak: `ru_maxrss` of Linux counts kilobytes.
  const script = join(path, 'measure.mjs');
  writeFileSync(
    script,
    `import { main } from ${JSON.stringify(new URL('../../src/cli/main.js', import.meta.url).href)};
process.exitCode = await main(process.argv.slice(2), process);
process.stderr.write('peak ' + process.resourceUsage().maxRSS);`,
  );
  const peakOf = (command: string): number => {
    const { stderr, status } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
    assert.is(status, 0, stderr);
    return Number(/peak (\d+)/.exec(stderr)?.[1]) / 1024;
  };
  for (const [name, command] of [
    ['a file', `"${process.execPath}" ${script} -f ${file} | cmp - ${file}`],
    ['a pipe', `cat ${file} | "${process.execPath}" ${script} | cmp - ${file}`],
  ] as const) {
    test(`200 MB of Deployments from ${name} take at most 100 MB more than their size`, () => {
      const peak = peakOf(command);
      assert.ok(peak > megabytes && peak <= megabytes + 100, `${peak.toFixed(0)} MB`);
    });
  }
});

suite('the name in messages', (test) => {
  const { _: __, ...env } = process.env;
  const usage = (path: string, more: Readonly<Record<string, string>> = {}): string =>
    spawnSync(path, ['--help'], { env: { ...env, ...more }, encoding: 'utf8' }).stdout.split('\n')[0] ?? '';
  test('is that of the program, of kubectl where it was typed, and of kubectl where krew has installed it', () => {
    const krew = join(folder({}), '.krew/bin');
    mkdirSync(krew, { recursive: true });
    symlinkSync(BIN, join(krew, 'kubectl-guillotine'));
    assert.match(usage(BIN), 'Usage: kubectl-guillotine -f');
    assert.match(usage(BIN, { _: '/usr/bin/kubectl' }), 'Usage: kubectl guillotine -f');
    assert.match(usage(join(krew, 'kubectl-guillotine')), 'Usage: kubectl guillotine -f');
  });
});

suite(
  'as a kubectl plugin',
  (test) => {
    test('kubectl starts it, passes everything through, and lists it', () => {
      const bin = folder({});
      for (const name of ['kubectl-guillotine', 'kubectl_complete-guillotine'])
        symlinkSync(BIN, join(bin, name));
      const env = { ...process.env, PATH: `${bin}:${dirname(process.execPath)}:/usr/bin:/bin` };
      const started = spawnSync(KUBECTL, ['guillotine', '-f', '-'], { input: JOB, env, encoding: 'utf8' });
      assert.is(started.status, 0);
      assert.is(started.stdout, run([], JOB).stdout);
      const listed = spawnSync(KUBECTL, ['plugin', 'list'], { env, encoding: 'utf8' });
      assert.is(listed.stdout.trimEnd().split('\n').slice(2).join(), join(bin, 'kubectl-guillotine'));
      assert.equal([listed.status, listed.stderr], [0, '']);
    });
  },
  ['kubectl'],
);
