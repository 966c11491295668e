import * as assert from 'uvu/assert';
import { cli, folder, JOB } from '../support/cli.ts';
import { suite } from '../support/suite.ts';

const CONFIG = `apiVersion: guillotine/v1alpha1
kind: GuillotineTransformer
spec:
  workloads:
  - match: {namespace: shop}
    main: [db]
`;

const NAMESPACES = ['default', 'shop']
  .map((name) => `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n`)
  .join('---\n');

const INJECTED = NAMESPACES.replace('  name: shop\n', '  name: shop\n  labels: {istio-injection: enabled}\n');

suite('-n, --namespace', (test) => {
  const config = `${folder({ 'c.yaml': CONFIG })}/c.yaml`;
  const roleOfDb = async (argv: readonly string[], job: string): Promise<string> => {
    const { stdout } = await cli(['explain', '-o', 'json', '--config', config, ...argv], job);
    const [workload] = JSON.parse(stdout) as [{ containers: { name: string; role: string }[] }];
    return workload.containers.find(({ name }) => name === 'db')?.role ?? '';
  };
  test('decides which rules of the config are for an object that names none', async () => {
    assert.is(await roleOfDb([], JOB), 'sidecar');
    assert.is(await roleOfDb(['-n', 'shop'], JOB), 'main');
    assert.is(await roleOfDb(['--namespace=other'], JOB), 'sidecar');
  });
  test('changes nothing for an object that names one', async () => {
    const elsewhere = JOB.replace('name: export\n', 'name: export\n  namespace: other\n');
    assert.is(await roleOfDb(['-n', 'shop'], elsewhere), 'sidecar');
    assert.is(await roleOfDb([], elsewhere.replace('other', 'shop')), 'main');
  });
  test('decides whose Namespace says what is injected', async () => {
    const input = `${INJECTED}---\n${JOB}`;
    assert.not.match((await cli([], input)).stderr, 'istio');
    assert.match((await cli(['-n', 'shop'], input)).stderr, /into the pods of namespace "shop" at admission/);
  });
  test('must be a name', async () => {
    for (const name of ['', 'Shop', 'a_b', '-a', 'a'.repeat(64)]) {
      const { code, stdout, stderr } = await cli([`--namespace=${name}`], JOB);
      assert.equal([code, stdout], [2, '']);
      assert.match(stderr, 'It must be the name of a namespace');
    }
  });
  test('is no flag of undo, where it would mean nothing', async () => {
    assert.is((await cli(['undo', '-n', 'shop'], JOB)).code, 2);
  });
});
