// Runs every test file in a process of its own, two at a time, and prints `N passed, N failed`. Knows what uvu does
// not: a time limit, and that a file in which nothing ran has failed.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unpackKubectl } from './support/kubectl.ts';

const HERE = dirname(fileURLToPath(import.meta.url));
const LIMIT_MS = process.argv.includes('--e2e') ? 900_000 : 300_000;

interface Result {
  readonly file: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly output: string;
  readonly seconds: number;
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
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const timer = setTimeout(() => {
      output += `\nstopped: it ran for more than ${LIMIT_MS / 1000} s\n`;
      child.kill('SIGKILL');
    }, LIMIT_MS);
    child.on('close', (code) => {
      clearTimeout(timer);
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
  const ending = process.argv.includes('--e2e') ? '.e2e.js' : '.test.js';
  const only = process.argv.slice(2).filter((word) => !word.startsWith('--'));
  const files = readdirSync(HERE, { recursive: true, encoding: 'utf8' })
    .filter(
      (file) => file.endsWith(ending) && (only.length === 0 || only.some((word) => file.includes(word))),
    )
    .sort()
    .map((file) => join(HERE, file));
  unpackKubectl();
  const results: Result[] = [];
  const queue = [...files];
  const work = async (): Promise<void> => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const result = await runFile(file);
      results.push(result);
      const { passed, failed, skipped, seconds } = result;
      const tally = `${passed} passed${failed ? `, ${failed} FAILED` : ''}${skipped ? `, ${skipped} skipped` : ''}`;
      process.stdout.write(`${result.file}  ${tally}  (${seconds.toFixed(1)} s)\n`);
      if (failed || skipped) process.stdout.write(`${result.output}\n`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
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
