import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { cli, JOB } from '../support/cli.ts';
import { BIN } from '../support/paths.ts';
import { sleep } from '../support/process.ts';
import { suite } from '../support/suite.ts';
import { removeAtExit } from '../support/temp.ts';

const RUNS = Number(process.env['KILLS'] ?? 10);
const FILES = 1000;
/** Gives the smallest output: what is tested is how it is written. */
const STRATEGY = ['--strategy', 'native', '--kube-version', '1.35'];
const NAMES = Array.from({ length: FILES }, (_, index) => `${String(index).padStart(4, '0')}.yaml`);

const { stdout: REWRITTEN } = await cli(STRATEGY, JOB);

/** In memory where that is possible: thousands of calls of fsync take long, and a kill is no power cut. */
function makeFolder(): string {
  const path = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'guillotine-'));
  removeAtExit(path);
  return path;
}

function readAll(path: string): string[] {
  return NAMES.map((name) => readFileSync(join(path, name), 'utf8'));
}

/** Starts a command that rewrites the files, and kills it a moment after it wrote the first one. */
async function killWhileItWrites(path: string, words: readonly string[]): Promise<void> {
  const first = join(path, NAMES[0] ?? '');
  const { ino } = statSync(first);
  const child = spawn(BIN, [...words, '-q', '-i', '-f', path], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.on('close', resolve));
  while (statSync(first).ino === ino && child.exitCode === null) await sleep(0.001);
  await sleep(0.1 * Math.random() ** 2);
  child.kill('SIGKILL');
  await ended;
}

suite('-i, killed at any moment', (test) => {
  const path = makeFolder();
  test(`${RUNS} times among ${FILES} files: each is the old or the new one`, async () => {
    let between = 0;
    for (let run = 0; run < RUNS; run++) {
      // One way, then back: both write with the same hand.
      const [old, next, words] = run % 2 === 0 ? [JOB, REWRITTEN, STRATEGY] : [REWRITTEN, JOB, ['undo']];
      for (const name of NAMES) writeFileSync(join(path, name), old);
      await killWhileItWrites(path, words);
      const texts = readAll(path);
      const torn = NAMES.filter((_, index) => texts[index] !== old && texts[index] !== next);
      assert.equal(torn, []);
      if (texts.includes(old) && texts.includes(next)) between++;
    }
    assert.ok(between >= RUNS / 3, `only ${between} of ${RUNS} runs were killed while they wrote`);
  });
  test('leaves nothing that breaks a rerun', async () => {
    writeFileSync(join(path, '.guillotine-0123456789ab.tmp'), JOB.slice(0, 50));
    const left = readdirSync(path).filter((name) => !NAMES.includes(name));
    for (const name of left) assert.match(name, /^\.guillotine-[0-9a-f]{12}\.tmp$/);
    assert.is((await cli(['-q', '-i', '-R', '-f', path, ...STRATEGY])).code, 0);
    for (const text of readAll(path)) assert.is(text, REWRITTEN);
  });
});
