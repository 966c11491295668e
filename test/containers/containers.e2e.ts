import * as assert from 'uvu/assert';
import { suite, testTogether } from '../support/suite.ts';
import { CASES } from './cases.ts';
import { timeEndings, weighSupervisors } from './cost.ts';
import { openEngine } from './engine.ts';
import { buildImages } from './images.ts';
import type { Stage } from './manifests.ts';
import { playCase, type Row } from './play-case.ts';
import { podmanContainers } from './podman.ts';
import { printFootprints, printRows, printTimes } from './tables.ts';

// Whole Jobs in real containers, rewritten by the program as a user starts it; then what the supervisor costs.
// ONLY=WORD plays the cases that have it in their name.

const STAGE: Stage = {
  tools: 'busybox:1.37',
  unknown: 'registry.example.com/report:4',
  server: 'gcr.io/cloudsql-docker/gce-proxy:1.33.16',
  serve: ['/cloud_sql_proxy', '-instances=shop:eu:orders=tcp:3306'],
  shell: null,
};

const engine = openEngine();
process.on('exit', engine.close);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));

const images = await buildImages(engine).catch((error: Error) => {
  process.stdout.write(`containers cannot be run here: ${error.message.split('\n')[0]}\n`);
  process.exit(1);
});
const runtime = podmanContainers(engine, images);
const only = process.env['ONLY'] ?? '';

suite('Jobs in containers', (test) => {
  const chosen = CASES.filter(({ name }) => name.includes(only));
  const rows = new Map<string, Row>();
  const cases = chosen.map((row) => ({
    name: row.name,
    play: async () => {
      const played = await playCase(row, STAGE, runtime);
      rows.set(row.name, played);
      assert.is(played.got, played.expected);
    },
  }));
  testTogether(test, 4, cases);
  test('every case has come to an end', () => {
    process.stdout.write(printRows(chosen.flatMap(({ name }) => rows.get(name) ?? [])));
    assert.is(rows.size, chosen.length);
  });
  if (only !== '') return;
  // One pod at a time from here on.
  test('a sidecar ends as soon as its main', async () => {
    const times = await timeEndings(STAGE, runtime, 20);
    process.stdout.write(printTimes(times));
    // A sidecar that only looked once in its interval would need half a second more often than not.
    for (const { seconds } of times) assert.ok((seconds[10] ?? 0) < 0.5, JSON.stringify(times));
  });
  test('the supervisor is small', async () => {
    const footprints = await weighSupervisors(STAGE, runtime);
    process.stdout.write(printFootprints(footprints));
    for (const { processes, resident } of footprints) {
      assert.ok(processes > 0 && processes <= 4 && resident < 20_000, JSON.stringify(footprints));
    }
  });
});
