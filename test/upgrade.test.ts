import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { findDocuments, workloadProbe } from '../src/candidates.ts';
import { joinStream } from '../src/protocols/stream.ts';
import { upgrade } from '../src/upgrade.ts';
import { BROKEN_JOB, CONFIG_MAP, cli, folder, JOB } from './support/cli.ts';
import { type Fixture, listCases, type Rewritten, rewriteBytes } from './support/fixtures.ts';
import { ROOT } from './support/paths.ts';
import { suite } from './support/suite.ts';

function upgradeBytes(bytes: Uint8Array, options: Fixture['options']): Rewritten {
  const source = { name: 'input.yaml', bytes };
  const documents = findDocuments(source, workloadProbe(options));
  const outcome = upgrade(documents, options);
  const inputs = [{ source, documents }];
  return { inputs, outcome, output: Buffer.concat(joinStream(inputs, outcome.texts)) };
}

interface Way extends Rewritten {
  readonly fixture: Fixture;
}

suite('--upgrade gives what a rewrite of the manifest from before gives', (test) => {
  const byInput = new Map<string, Way[]>();
  for (const fixture of listCases()) {
    const rewritten = rewriteBytes(fixture.input, fixture.options);
    // What stands rewritten in the input has no record; a refusal leaves everything as it is.
    const { plans } = rewritten.outcome;
    const isWhole = plans.every(({ action, ...plan }) => {
      return (
        action === 'rewrite' || ('code' in plan && action === 'leave' && plan.code !== 'already-rewritten')
      );
    });
    if (!isWhole || rewritten.outcome.texts.size === 0) continue;
    byInput.set(fixture.folder, [...(byInput.get(fixture.folder) ?? []), { fixture, ...rewritten }]);
  }
  let count = 0;
  for (const ways of byInput.values())
    for (const [index, from] of ways.entries())
      for (const to of [from, ways[(index + 1) % ways.length] ?? from]) {
        count++;
        test(`${from.fixture.name} to ${to.fixture.name}`, () => {
          const { output, outcome } = upgradeBytes(from.output, to.fixture.options);
          assert.is(output.toString(), to.output.toString());
          // A manifest that is as it would be now has not changed.
          if (from.output.equals(to.output)) assert.is(outcome.texts.size, 0);
        });
      }
  test('is tried in many ways', () => assert.ok(count > 800, `${count}`));
});

suite('--upgrade', (test) => {
  test('redoes what an older version wrote', async () => {
    const old = readFileSync(join(ROOT, 'test/text/older-version.yaml'), 'utf8');
    const { stdout: before } = await cli(['undo'], old);
    const { code, stdout, stderr } = await cli(['--upgrade'], old);
    assert.is(code, 0, stderr);
    assert.is.not(stdout, old);
    assert.is(stdout, (await cli([], before)).stdout);
    assert.is((await cli([], old)).stdout, old, 'without the flag it is left alone');
  });
  test('switches the strategy', async () => {
    const rewritten = (await cli([], JOB)).stdout;
    const native = ['--strategy', 'native'];
    assert.is((await cli(['--upgrade', ...native], rewritten)).stdout, (await cli(native, JOB)).stdout);
  });
  test('refuses what has no record, and what was changed by hand', async () => {
    const { stdout } = await cli([], JOB);
    const bare = await cli(['--upgrade'], stdout.replace(/ *guillotine\/undo: .*\n/, ''));
    assert.equal([bare.code, bare.stdout], [2, '']);
    assert.match(bare.stderr, /rewritten without an undo record.* \[undo-record-missing\]/);
    const changed = await cli(['--upgrade'], stdout.replace('"sidecar"', '"sidecars"'));
    assert.equal([changed.code, changed.stdout], [2, '']);
    assert.match(changed.stderr, /\[undo-changed\]/);
    assert.not.match(changed.stderr, /undo-record-missing/);
  });
  test('keeps what was rewritten where nobody says the roles any more', async () => {
    const unknown = JOB.replace(
      /db\n.*\n.*/,
      'own\n        image: registry.example.com/own:1\n        command: ["/own"]',
    );
    const rewritten = (await cli(['--main', 'worker'], unknown)).stdout;
    assert.match(rewritten, /guillotine\/rewritten/);
    const lost = await cli(['--upgrade'], rewritten);
    assert.equal([lost.code, lost.stdout], [2, '']);
    assert.match(lost.stderr, /would be left alone now: .* \[undo-without-redo\]/);
    assert.equal((await cli(['--upgrade', '--keep-going'], rewritten)).stdout, rewritten);
    assert.equal((await cli(['--upgrade', '--main', 'worker'], rewritten)).stdout, rewritten);
    const skipped = rewritten.replace('  annotations:\n', '  annotations:\n    guillotine/strategy: skip\n');
    assert.not.match((await cli(['--upgrade'], skipped)).stdout, /guillotine\/rewritten/);
  });
  test('leaves what it refuses as it stands, not as it was before the rewrite', async () => {
    const rewritten = (await cli([], `${CONFIG_MAP}---\n${JOB}`)).stdout;
    const args = ['--upgrade', '--keep-going', '--shell', 'image', '--strategy', 'sentinel'];
    const { code, stdout, stderr } = await cli(args, rewritten);
    assert.match(stderr, /\[shell-unknown\]/);
    assert.equal([code, stdout], [0, rewritten]);
  });
  test('says where a mistake stands in the manifest from before', async () => {
    const path = folder({ 'a.yaml': `${(await cli([], JOB)).stdout}---\n${BROKEN_JOB}` });
    const { code, stderr } = await cli(['--upgrade', '--strategy', 'sentinel', '-f', join(path, 'a.yaml')]);
    const line = `${JOB}---\n${BROKEN_JOB}`.split('\n').length;
    assert.is(code, 2);
    const said = Number(/a\.yaml \(undone\):(\d+):/.exec(stderr)?.[1]);
    assert.ok(said > JOB.split('\n').length && said <= line, stderr);
  });
  test('with --diff a patch that leads from the old one to the new one', async () => {
    const path = folder({
      'a.yaml': `${CONFIG_MAP}---\n${(await cli([], JOB)).stdout.replace('export', 'é𝒳port')}`,
    });
    const args = ['--upgrade', '--strategy', 'native', '-f', join(path, 'a.yaml')];
    const diff = await cli([...args, '--diff']);
    assert.is(diff.code, 1);
    const expected = (await cli(args)).stdout;
    const patched = spawnSync('patch', ['-p0', join(path, 'a.yaml')], { input: diff.stdout });
    assert.is(patched.status, 0, patched.stderr.toString());
    assert.is(readFileSync(join(path, 'a.yaml'), 'utf8'), expected);
  });
  test('is no use where there is no record, or for a check', async () => {
    for (const flags of [['-o', 'patch'], ['--check']])
      assert.is((await cli(['--upgrade', ...flags], JOB)).code, 2, flags.join(' '));
  });
});
