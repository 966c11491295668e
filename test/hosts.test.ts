import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { MEASURED_DOCS, renderDocs } from './docs.ts';
import { HOSTS, runHost } from './hosts.ts';
import { suite } from './support/suite.ts';

suite(
  'the hosts, as they are',
  (test) => {
    test('do what the table says (npm run docs)', async () => {
      const written = readFileSync(MEASURED_DOCS, 'utf8');
      assert.is(await renderDocs(written), written);
    });
    for (const host of HOSTS)
      test(`${host.name}: what is rewritten comes out, the rest as well`, () => {
        const { code, stdout, stderr } = runHost(host, ['--strategy', 'native']);
        assert.is(code, 0, stderr);
        assert.match(stdout, /initContainers:/);
        assert.is(stdout.match(/^kind: Job$/gm)?.length, 2);
      });
  },
  ['kubectl', 'helm3', 'helm4'],
);
