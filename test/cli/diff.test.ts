import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { diffStream } from '../../src/protocols/diff.ts';
import { BROKEN_JOB, CONFIG_MAP, cli, folder, JOB } from '../support/cli.ts';
import { listCases, rewriteBytes } from '../support/fixtures.ts';
import { BIN } from '../support/paths.ts';
import { suite } from '../support/suite.ts';
import { makeFolder } from '../support/temp.ts';

const ESCAPE = '\u001b';
const WORDS_BEFORE = Buffer.from(
  'apiVersion: v1\nkind: ConfigMap\ndata: {a: "\xff\xfe \x00"}\n---\n',
  'latin1',
);

/** Applies a diff as the readers of ours do. */
function patch(cwd: string, input: Uint8Array, args: readonly string[] = ['-p0']): void {
  const { status, stdout, stderr } = spawnSync('patch', args, { cwd, input, encoding: 'utf8' });
  assert.is(status, 0, stdout + stderr);
  assert.not.match(stdout, /offset|fuzz|Stripping/);
}

interface Ran {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

function run(cwd: string, argv: readonly string[], input: string | Uint8Array = ''): Ran {
  return spawnSync(BIN, argv, { cwd, input });
}

const FILES: Readonly<Record<string, Uint8Array | string>> = {
  'plain.yaml': JOB,
  'with spaces in it.yaml': JOB,
  'quote"back\\slash\ttab.yaml': JOB,
  'ünï.yaml': JOB,
  '-dash.yaml': JOB,
  'crlf.yaml': JOB.replaceAll('\n', '\r\n'),
  'no-newline.yaml': JOB.slice(0, -1),
  'bom.yaml': `\ufeff${JOB}`,
  'bytes.yaml': Buffer.concat([WORDS_BEFORE, Buffer.from(JOB), WORDS_BEFORE.subarray(-4), WORDS_BEFORE]),
  'compact.json': `{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"a"},"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"w","image":"w","command":["/w"]},{"name":"db","image":"gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1","command":["/p"]}]}}}}`,
  'unchanged.yaml': CONFIG_MAP,
};

suite('--diff, in the hands of patch', (test) => {
  for (const options of [[], ['--strategy', 'native', '--kube-version', '1.35']]) {
    test(`patches each file into what -i writes ${options.join(' ')}`, () => {
      const [patched, written] = [folder(FILES), folder(FILES)];
      const diff = run(patched, ['--diff', '-f', '.', ...options]);
      assert.is(diff.status, 1, diff.stderr.toString());
      patch(patched, diff.stdout);
      assert.is(run(written, ['-i', '-f', '.', ...options]).status, 0);
      for (const [name, before] of Object.entries(FILES)) {
        const after = readFileSync(join(patched, name));
        assert.ok(after.equals(readFileSync(join(written, name))), name);
        assert.is(after.equals(Buffer.from(before)), name === 'unchanged.yaml', name);
      }
    });
  }

  test('every fixture', () => {
    const path = makeFolder();
    let count = 0;
    const diffs: Uint8Array[] = [];
    const expected = new Map<string, Buffer>();
    for (const { input, options } of listCases()) {
      const { inputs, outcome, output } = rewriteBytes(input, options);
      const name = `${count++}.yaml`;
      writeFileSync(join(path, name), input);
      expected.set(name, output);
      for (const { bytes } of diffStream(inputs, outcome.splices, () => name)) diffs.push(bytes);
    }
    assert.ok(count > 500);
    patch(path, Buffer.concat(diffs));
    for (const [name, output] of expected) assert.ok(readFileSync(join(path, name)).equals(output), name);
  });

  test('names files from the working directory down, however they were named', () => {
    const path = folder({});
    mkdirSync(join(path, 'deep'));
    writeFileSync(join(path, 'deep', 'a.yaml'), JOB);
    for (const name of ['deep/a.yaml', './deep//a.yaml', join(path, 'deep/a.yaml'), 'deep/../deep/a.yaml'])
      assert.match(
        run(path, ['--diff', '-f', name]).stdout.toString(),
        /^--- deep\/a\.yaml\n\+\+\+ deep\/a\.yaml\n@@ /,
      );
    assert.match(
      run(join(path, 'deep'), ['--diff', '-f', '../deep/a.yaml']).stdout.toString(),
      /^--- a\.yaml\n/,
    );
    const outside = run(folder({}), ['--diff', '-f', join(path, 'deep/a.yaml')]).stdout.toString();
    assert.ok(outside.startsWith(`--- ${join(path, 'deep/a.yaml')}\n`));
  });

  test('of standard input is for a file that one names', () => {
    const path = folder({ 'job.yaml': JOB });
    const { status, stdout } = run(path, ['--diff'], JOB);
    assert.is(status, 1);
    assert.match(stdout.toString(), /^--- <stdin>\n\+\+\+ <stdin>\n@@ -2,14 \+2,/);
    patch(path, stdout, ['job.yaml']);
    assert.is(readFileSync(join(path, 'job.yaml'), 'utf8'), run(path, [], JOB).stdout.toString());
  });

  test('exits with 0 and nothing without a change, with 2 and nothing on an error', async () => {
    const [same, wrong] = [
      await cli(['--diff'], CONFIG_MAP),
      await cli(['--diff'], `${JOB}---\n${BROKEN_JOB}`),
    ];
    assert.equal([same.code, same.stdout, same.stderr], [0, '', '']);
    // The lifeline mends the broken one where nothing else is asked for.
    const strict = await cli(['--diff', '--strategy', 'sentinel'], `${JOB}---\n${BROKEN_JOB}`);
    assert.equal([strict.code, strict.stdout], [2, '']);
    assert.is(wrong.code, 1);
    const { code } = await cli(['--diff'], (await cli([], JOB)).stdout);
    assert.is(code, 0);
  });

  test('is coloured when asked for, but not in its bytes', async () => {
    const [plain, coloured] = [await cli(['--diff'], JOB), await cli(['--diff', '--color', 'always'], JOB)];
    assert.not.match(plain.stdout, new RegExp(ESCAPE));
    assert.ok(coloured.stdout.includes(`${ESCAPE}[32m+  annotations:${ESCAPE}[39m\n`));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours
    assert.is(coloured.stdout.replace(/\u001b\[\d+m/g, ''), plain.stdout);
    const crlf = await cli(['--diff', '--color', 'always'], JOB.replaceAll('\n', '\r\n'));
    assert.ok(crlf.stdout.includes(`${ESCAPE}[39m\r\n`));
  });

  test('looks as that of diff -u', async () => {
    const path = folder({ 'old.yaml': `${JOB}${'# more\n'.repeat(9)}---\n${JOB}` });
    const old = join(path, 'old.yaml');
    writeFileSync(join(path, 'new.yaml'), (await cli(['-f', old])).stdout);
    const { stdout } = spawnSync('diff', ['-u', old, join(path, 'new.yaml')], { encoding: 'utf8' });
    const hunks = (text: string): string => text.replace(/^(?:---|\+\+\+) .*\n/gm, '');
    assert.is(hunks((await cli(['--diff', '-f', old])).stdout), hunks(stdout));
    assert.ok((stdout.match(/^@@/gm)?.length ?? 0) > 1);
  });

  test('changes no file', () => {
    const path = folder({ 'job.yaml': JOB });
    chmodSync(join(path, 'job.yaml'), 0o444);
    run(path, ['--diff', '-f', 'job.yaml']);
    assert.is(readFileSync(join(path, 'job.yaml'), 'utf8'), JOB);
  });
});
