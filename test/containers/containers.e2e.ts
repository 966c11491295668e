import * as assert from 'uvu/assert';
import { suite, testTogether } from '../support/suite.ts';
import { CASES } from './cases.ts';
import { openEngine } from './engine.ts';
import { buildImages } from './images.ts';
import type { Stage } from './manifests.ts';
import { playCase, type Row } from './play-case.ts';
import { podmanContainers } from './podman.ts';
import { printRows } from './tables.ts';

// Whole Jobs in real containers, rewritten by the program as a user starts it; then what the supervisor costs.

const STAGE: Stage = {
  tools: 'busybox:1.37',
  unknown: 'registry.example.com/report:4',
  server: 'gcr.io/cloudsql-docker/gce-proxy:1.33.16',
  serve: ['/cloud_sql_proxy', '-instances=shop:eu:orders=tcp:3306'],
  nonroot: 'registry.example.com/nonroot:1',
  shell: 'busybox:1.37.0-musl',
};

const engine = openEngine();
process.on('exit', engine.close);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));

const runtime = podmanContainers(engine, await buildImages(engine));
const rows: Row[] = [];

const only = process.env['ONLY'] ?? '';
suite('Jobs in containers', (test) => {
  const cases = CASES.filter(({ name }) => name.includes(only)).map((row) => ({
    name: row.name,
    play: async () => {
      const played = await playCase(row, STAGE, runtime);
      rows.push(played);
      assert.is(played.got, played.expected);
    },
  }));
  testTogether(test, 3, cases);
  test('the table', () => {
    process.stdout.write(printRows(rows));
    assert.is(rows.length, cases.length);
  });
});
