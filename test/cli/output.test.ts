import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { CONFIG_MAP, cli, folder, JOB } from '../support/cli.ts';
import { kustomize, readWithKubectl } from '../support/kubectl.ts';
import { suite } from '../support/suite.ts';

const BROKEN = 'kind: Job\nspec: [containers\n';

suite('-o', (test) => {
  test('yaml leaves YAML as it is', async () => {
    const input = `${CONFIG_MAP}---\n${JOB}---\n${BROKEN}`;
    const [plain, yaml] = [await cli([], input), await cli(['-o', 'yaml'], input)];
    assert.equal(yaml, plain);
  });

  test('json prints one value for several inputs, also where no document holds a workload', async () => {
    const path = folder({
      'a.yaml': JOB,
      'b.json': '{"apiVersion": "v1", "kind": "X", "metadata": {"name": "x"}}',
    });
    const { code, stdout } = await cli(['-o', 'json', '-f', path]);
    const { kind, items } = JSON.parse(stdout) as { kind: string; items: { kind: string }[] };
    assert.equal([code, kind, items.map((item) => item.kind)], [0, 'List', ['Job', 'X']]);
    assert.not.match(stdout, /guillotine\/undo/);
    assert.match(stdout, /"guillotine\/rewritten": "sentinel\/1"/);
    assert.is(JSON.parse((await cli(['-o', 'json'], CONFIG_MAP)).stdout).kind, 'ConfigMap');
  });

  for (const format of ['json', 'yaml']) {
    test(`${format} of what cannot be read is an error, once, and nothing is written`, async () => {
      const { code, stdout, stderr } = await cli(
        ['-o', format],
        `${JOB}---\n{"kind": "Job", "containers": [}\n`,
      );
      assert.equal([code, stdout], [2, '']);
      assert.match(stderr, /<stdin>:\d+:\d+: error: cannot convert this document: .* \[unreadable\]\n/);
      assert.not.match(stderr, /passes through/);
      assert.match(stderr, /Nothing was written\.\n$/);
    });
  }

  test('patch has a list without a change as well, and refuses what it cannot name', async () => {
    assert.is((await cli(['-o', 'patch'], CONFIG_MAP)).stdout, 'patches: []\n');
    const nameless = JOB.replace('name: export', 'generateName: export-');
    const { code, stdout, stderr } = await cli(['-o', 'patch'], nameless);
    assert.equal([code, stdout], [2, '']);
    assert.match(stderr, /\[patch-unaddressable\]/);
    assert.is(
      (await cli(['-o', 'patch', '--keep-going'], `${nameless}---\n${JOB}`)).stdout.match(/target:/g)?.length,
      1,
    );
  });

  test('knows its formats', async () => {
    const { code, stderr } = await cli(['-o', 'toml'], JOB);
    assert.is(code, 2);
    assert.match(stderr, /Allowed choices are yaml, json, patch/);
  });
});

suite(
  '-o patch',
  (test) => {
    test('patch goes below the resources of a kustomization', async () => {
      const path = folder({ 'job.yaml': JOB });
      const { code, stdout } = await cli(['-o', 'patch', '-f', join(path, 'job.yaml')]);
      assert.is(code, 0);
      writeFileSync(join(path, 'kustomization.yaml'), `resources: [job.yaml]\n${stdout}`);
      const [object] = readWithKubectl(kustomize(path));
      const [expected] = readWithKubectl(
        (await cli([], JOB)).stdout.replace(/^ *guillotine\/undo: .*\n/m, ''),
      );
      assert.equal(object, expected);
    });
  },
  ['kubectl'],
);
