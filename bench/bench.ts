// Prints the table that the README quotes: ratios of whole processes, each against a peer measured in the same run.
import { spawnSync } from 'node:child_process';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KUBECTL } from '../test/support/kubectl.ts';
import { makeFolder } from '../test/support/temp.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BIN = join(ROOT, 'bin/kubectl-guillotine');
const JOB = readFileSync(join(ROOT, 'fixtures/kinds/seed-like/input.yaml'), 'utf8');
const RUNS = 7;

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: registry.example.com/web:1
        env:
${'        - name: SETTING\n          value: some text that is as long as settings are\n'.repeat(12)}`;

const folder = makeFolder();

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** A stream of about so many megabytes, of which one document in a hundred is a Job with a sidecar. */
function stream(megabytes: number): string {
  const parts: string[] = [];
  for (let size = 0, index = 0; size < megabytes * 1e6; index++) {
    const part = index % 100 === 50 ? JOB.replace('add-visit', `job-${index}`) : DEPLOYMENT;
    parts.push(part);
    size += part.length + 4;
  }
  return parts.join('---\n');
}

function list(count: number): string {
  const item = JSON.stringify(JSON.parse(jobAsJson()));
  return `{"apiVersion":"v1","kind":"List","items":[\n${Array(count).fill(item).join(',\n')}\n]}\n`;
}

function jobAsJson(): string {
  return readFileSync(join(ROOT, 'fixtures/json/pretty/input.json'), 'utf8');
}

/** The median of some runs, in milliseconds, with the other command's runs in between. */
function compare(a: readonly string[], b: readonly string[]): { a: number; b: number } {
  const times = { a: [] as number[], b: [] as number[] };
  for (let run = 0; run <= RUNS; run++) {
    for (const [key, argv] of [
      ['a', a],
      ['b', b],
    ] as const) {
      const time = measure(argv);
      if (run > 0) times[key].push(time);
    }
  }
  return { a: median(times.a), b: median(times.b) };
}

function measure([command = '', ...args]: readonly string[]): number {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const start = performance.now();
  const { status, stderr } = spawnSync(command, args, {
    env,
    stdio: ['ignore', openSync('/dev/null', 'w'), 'pipe'],
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return [...values].sort((x, y) => x - y)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const kubectlReads = (path: string): string[] => [
  KUBECTL,
  'annotate',
  '--local',
  '-f',
  path,
  'a=1',
  '-o',
  'name',
];
const small = file('job.yaml', JOB);
const nothing = file('deployment.yaml', DEPLOYMENT);
const [big, bigger] = [file('5mb.yaml', stream(5)), file('20mb.yaml', stream(20))];
const [hundred, thousand] = [file('100.json', list(100)), file('1000.json', list(1000))];
const node = [process.execPath, '-e', '0'];

const ROWS: readonly (readonly [string, readonly string[], string, readonly string[]])[] = [
  ['a file without a Job', [BIN, '-q', '-f', nothing], 'bare node', node],
  ['a Job rewritten', [BIN, '-q', '-f', small], 'bare node', node],
  ['a Job rewritten', [BIN, '-q', '-f', small], 'kubectl reading it', kubectlReads(small)],
  ['5 MB, 1 % Jobs', [BIN, '-q', '-f', big], 'kubectl reading it', kubectlReads(big)],
  ['20 MB, 1 % Jobs', [BIN, '-q', '-f', bigger], 'kubectl reading it', kubectlReads(bigger)],
  ['20 MB, 1 % Jobs', [BIN, '-q', '-f', bigger], '5 MB of them', [BIN, '-q', '-f', big]],
  ['a List of 1000 Jobs', [BIN, '-q', '-f', thousand], 'a List of 100', [BIN, '-q', '-f', hundred]],
];

process.stdout.write('| what | ms | against | ms | ratio |\n|---|---|---|---|---|\n');
for (const [what, a, peer, b] of ROWS) {
  const times = compare(a, b);
  const ratio = times.a / times.b;
  const shown = ratio < 1 ? `1 / ${(1 / ratio).toFixed(1)}` : ratio.toFixed(2);
  process.stdout.write(`| ${what} | ${times.a.toFixed(0)} | ${peer} | ${times.b.toFixed(0)} | ${shown} |\n`);
}
