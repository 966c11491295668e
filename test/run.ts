// Runs every test file in a process of its own, two at a time (those of pods alone), and prints `N passed, N failed`. Knows what
// uvu does not: a time limit, and that a file in which nothing ran has failed. With `--e2e` the long ones, one at a time, and
// what they print is seen at once.
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepareMachine } from './containers/machine.ts';

const HERE = dirname(fileURLToPath(import.meta.url));
const IS_E2E = process.argv.includes('--e2e');
const LIMIT_MS = IS_E2E ? 900_000 : 300_000;
/** For a file that is stopped to remove what it has made. */
const CLEANUP_MS = 30_000;

/** Many pods at the same time, whose containers wait for each other: nothing else runs beside them. */
const WATCHES_CLOCK = /^(?:supervisor|containers)\//;

interface Result {
  readonly file: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly output: string;
  readonly seconds: number;
}

const running = new Set<ChildProcess>();

/** Told to end, it waits for the files that clean up after themselves. */
function endWithChildren(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      for (const child of running) child.kill(signal);
      const end = (): unknown => (running.size === 0 ? process.exit(130) : setTimeout(end, 50));
      end();
    });
  }
}

function runFile(file: string): Promise<Result> {
  return new Promise((resolve) => {
    const start = performance.now();
    const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
    const child = spawn(process.execPath, ['--enable-source-maps', file], {
      env: { ...env, FORCE_COLOR: '0' },
    });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output += chunk.toString();
      if (IS_E2E) process.stdout.write(chunk);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const timer = setTimeout(() => {
      output += `\nstopped: it ran for more than ${LIMIT_MS / 1000} s\n`;
      child.kill(IS_E2E ? 'SIGTERM' : 'SIGKILL');
      if (IS_E2E) setTimeout(() => child.kill('SIGKILL'), CLEANUP_MS).unref();
    }, LIMIT_MS);
    running.add(child);
    child.on('close', (code) => {
      clearTimeout(timer);
      running.delete(child);
      const seconds = (performance.now() - start) / 1000;
      resolve({ file: relative(HERE, file), output, seconds, ...count(output, code) });
    });
  });
}

function count(output: string, code: number | null): { passed: number; failed: number; skipped: number } {
  const sum = (word: string): number =>
    [...output.matchAll(new RegExp(`^\\s*${word}:\\s+(\\d+)\\s*$`, 'gm'))].reduce(
      (all, [, n]) => all + Number(n),
      0,
    );
  const passed = sum('Passed');
  const skipped = sum('Skipped');
  const failed = sum('Total') - passed;
  const isSilent = passed + failed + skipped === 0;
  return { passed, skipped, failed: failed === 0 && (code !== 0 || isSilent) ? 1 : failed };
}

async function main(): Promise<void> {
  const ending = IS_E2E ? '.e2e.js' : '.test.js';
  const only = process.argv.slice(2).filter((word) => !word.startsWith('--'));
  const files = readdirSync(HERE, { recursive: true, encoding: 'utf8' })
    .filter(
      (file) => file.endsWith(ending) && (only.length === 0 || only.some((word) => file.includes(word))),
    )
    .sort()
    .map((file) => join(HERE, file));
  if (IS_E2E) {
    const reason = files.some((file) => file.includes('containers.e2e')) ? prepareMachine() : null;
    if (reason !== null) {
      process.stdout.write(`e2e cannot run here: ${reason}\n`);
      process.exitCode = 1;
      return;
    }
    endWithChildren();
  }
  const results: Result[] = [];
  const work = async (queue: string[]): Promise<void> => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const result = await runFile(file);
      results.push(result);
      const { passed, failed, skipped, seconds } = result;
      const tally = `${passed} passed${failed ? `, ${failed} FAILED` : ''}${skipped ? `, ${skipped} skipped` : ''}`;
      process.stdout.write(`${result.file}  ${tally}  (${seconds.toFixed(1)} s)\n`);
      if ((failed || skipped) && !IS_E2E) process.stdout.write(`${result.output}\n`);
    }
  };
  const alone = files.filter((file) => IS_E2E || WATCHES_CLOCK.test(relative(HERE, file)));
  const together = files.filter((file) => !alone.includes(file));
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, () => work(together)));
  await work(alone);
  const total = (key: 'passed' | 'failed' | 'skipped'): number =>
    results.reduce((sum, result) => sum + result[key], 0);
  const skipped = total('skipped');
  const failed = total('failed') + (results.length === 0 ? 1 : 0);
  process.stdout.write(
    `${total('passed')} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}\n`,
  );
  process.exitCode = failed > 0 ? 1 : 0;
}

await main();
