import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { ROOT } from '../support/paths.ts';
import { sleep, start } from '../support/process.ts';
import { suite } from '../support/suite.ts';
import { makeFolder } from '../support/temp.ts';
import { runOnCluster } from './cluster-run.ts';
import { type FakeCluster, makeFakeKubectl } from './fake-kubectl.ts';

// npm run e2e:cluster against a kubectl that only pretends.

interface Played {
  readonly code: number;
  readonly said: string;
  /** How kubectl was called, without context and namespace. */
  readonly calls: readonly string[];
  readonly folder: string;
}

async function play(cluster: FakeCluster, argv: readonly string[], path?: string): Promise<Played> {
  const folder = makeFakeKubectl(cluster);
  let said = '';
  const code = await runOnCluster({
    argv,
    env: { PATH: path ?? `${folder}:${process.env['PATH']}` },
    write: (text) => {
      said += text;
    },
    seconds: 0.05,
  });
  return { code, said, calls: readCalls(folder), folder };
}

function readCalls(folder: string): string[] {
  const file = join(folder, 'calls');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

function namespaceOf(calls: readonly string[]): string {
  const [, name = ''] = /create namespace (guillotine-e2e-[0-9a-f]{5})$/m.exec(calls.join('\n')) ?? [];
  return name;
}

function assertRemoved(calls: readonly string[]): void {
  const name = namespaceOf(calls);
  assert.ok(name, calls.join('\n'));
  assert.is(calls.at(-1), `--context kind-test delete namespace ${name} --wait=false`);
}

const MIXED = ['--only', 'for the distroless sidecar only'];
const DONE: FakeCluster = {
  jobs: { 'mixed-shells': { condition: 'Complete', containers: { work: [0, 0], proxy: [0, 0] } } },
};

suite('a cluster', (test) => {
  test('a case as expected: rewritten, applied, waited for, removed', async () => {
    const { code, said, calls, folder } = await play(DONE, MIXED);
    assert.is(code, 0, said);
    assert.match(said, /^context: kind-test\nnamespace: guillotine-e2e-\w{5}, which is removed at the end\n/);
    assert.match(said, /\n1 passed, 0 failed\n$/);
    const text = readFileSync(join(folder, 'mixed-shells.yaml'), 'utf8');
    assert.match(text, /guillotine\/rewritten: sentinel\/1/);
    const target = `--context kind-test --namespace ${namespaceOf(calls)}`;
    assert.equal(calls.slice(2), [
      `--context kind-test create namespace ${namespaceOf(calls)}`,
      `${target} apply -f - -o json`,
      `${target} get job mixed-shells -o json`,
      `${target} get job mixed-shells -o json`,
      `${target} get pods -l job-name=mixed-shells -o json`,
      `--context kind-test delete namespace ${namespaceOf(calls)} --wait=false`,
    ]);
  });

  test('a wrong exit code, a wrong condition, a restart too many, a missing container are failures', async () => {
    const wrong: FakeCluster['jobs'][] = [
      { 'mixed-shells': { condition: 'Complete', containers: { work: [0, 0], proxy: [143, 0] } } },
      { 'mixed-shells': { condition: 'Failed', containers: { work: [0, 0], proxy: [0, 0] } } },
      { 'mixed-shells': { condition: 'Complete', containers: { work: [0, 1], proxy: [0, 0] } } },
      { 'mixed-shells': { condition: 'Complete', containers: { work: [0, 0] } } },
    ];
    for (const jobs of wrong) {
      const { code, said, calls } = await play({ jobs: jobs ?? {} }, MIXED);
      assert.is(code, 1, said);
      assert.match(said, /\n0 passed, 1 failed\n$/);
      assertRemoved(calls);
    }
  });

  test('restarts count as they should', async () => {
    const flaky = { condition: 'Complete', containers: { work: [0, 2], proxy: [0, 0] } } as const;
    const { code, said } = await play({ jobs: { flaky } }, [
      '--only',
      'main fails twice, OnFailure: restarted',
    ]);
    assert.is(code, 0, said);
    assert.match(said, /Complete: proxy 0, work 0 \(2 restarts\) +as expected/);
  });

  test('what a container says is read from its log', async () => {
    const users = { condition: 'Complete', containers: { work: [0, 0], proxy: [0, 0] } } as const;
    const only = ['--only', 'a user for each container'];
    assert.is((await play({ jobs: { users: { ...users, log: '1000\n0 3000\n' } } }, only)).code, 0);
    const { code, said } = await play({ jobs: { users: { ...users, log: '0\n' } } }, only);
    assert.is(code, 1);
    assert.match(said, /work does not say/);
  });

  test('a CronJob is not waited for: a Job is made of it', async () => {
    const nightly = { condition: 'Complete', containers: { work: [0, 0], proxy: [0, 0] } } as const;
    const { code, calls } = await play({ jobs: { nightly } }, ['--only', 'CronJob']);
    assert.is(code, 0);
    assert.ok(calls.some((call) => call.endsWith(' create job nightly --from cronjob/nightly')));
  });

  test('what kubectl refuses is a failure of its case, and the namespace is removed', async () => {
    const { code, said, calls } = await play({ ...DONE, refuses: ['apply'] }, MIXED);
    assert.is(code, 1);
    assert.match(said, /kubectl apply: error: apply is forbidden/);
    assertRemoved(calls);
  });

  test('images can be others', async () => {
    const images = [
      '--image',
      'tools=mirror.example.com/busybox:1',
      '--image',
      'shell=mirror.example.com/shell:1',
    ];
    const { folder } = await play(DONE, [...MIXED, ...images]);
    const text = readFileSync(join(folder, 'mixed-shells.yaml'), 'utf8');
    const found = [...text.matchAll(/image: "?([^"\n]+)"?/g)].map(([, image]) => image);
    assert.equal(found, [
      'mirror.example.com/busybox:1',
      'traefik/whoami:v1.10',
      'mirror.example.com/shell:1',
    ]);
  });

  test('wrong words: usage, and nothing is done', async () => {
    assert.is((await play(DONE, ['--help'])).code, 0);
    for (const argv of [
      ['--image', 'tool=x'],
      ['--image', 'tools'],
      ['--all'],
      ['--only'],
      ['--only', 'no such'],
    ]) {
      const { code, said, calls } = await play(DONE, argv);
      assert.equal([code, calls], [2, []]);
      assert.match(said, /^(Usage: npm run e2e:cluster|no case has "no such" in its name\n)/);
    }
  });

  test('native sidecars are left out where they are not known, and that is said', async () => {
    const native = { condition: 'Complete', containers: { work: [0, 0], proxy: [137, 0] } } as const;
    const only = ['--only', 'native, sidecar of sh'];
    assert.is((await play({ jobs: { 'native-sh': native }, minor: '29' }, only)).code, 0);
    const { code, said } = await play({ jobs: { 'native-sh': native }, minor: '28' }, only);
    assert.is(code, 1);
    assert.match(
      said,
      /left out: native, sidecar of sh.*\(needs Kubernetes 1\.29\)\n\s+case.*\n\s*0 passed, 0 failed/,
    );
  });

  test('one line where it cannot run', async () => {
    const rows: readonly (readonly [FakeCluster, string, string?])[] = [
      [DONE, 'there is no kubectl on the PATH', makeFolder()],
      [{ ...DONE, context: '' }, 'kubectl has no current context'],
      [{ ...DONE, refuses: ['config'] }, 'kubectl has no current context'],
      [{ ...DONE, refuses: ['version'] }, 'the cluster does not answer: error: version is forbidden'],
    ];
    for (const [cluster, reason, path] of rows) {
      const { code, said, calls } = await play(cluster, MIXED, path);
      assert.is(code, 1);
      assert.is(said.replace('context: kind-test\n', ''), `e2e:cluster cannot run: ${reason}\n`);
      assert.not.ok(calls.some((call) => call.includes('namespace')));
    }
    const { code, said, calls } = await play({ ...DONE, refuses: ['create namespace'] }, MIXED);
    assert.is(code, 1);
    assert.match(
      said,
      /cannot run: the namespace \S+ cannot be made: error: create namespace is forbidden\n$/,
    );
    assert.not.ok(calls.some((call) => call.includes('delete')));
  });

  test('a namespace that stays is a failure, with the command that removes it', async () => {
    const { code, said } = await play({ ...DONE, refuses: ['delete'] }, MIXED);
    assert.is(code, 1);
    assert.match(
      said,
      /could not be removed: kubectl --context kind-test delete namespace guillotine-e2e-\w{5}\n$/,
    );
  });

  test('interrupted, it removes its namespace and ends at once', async () => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const folder = makeFakeKubectl({ jobs: { 'mixed-shells': { condition: null, containers: {} } } });
      const env = { PATH: `${folder}:${process.env['PATH']}` };
      const running = start([process.execPath, join(ROOT, 'build/test/cluster.js'), ...MIXED], { env });
      while (!readCalls(folder).some((call) => call.includes('get job'))) await sleep(0.05);
      running.child.kill(signal);
      const { code, stderr } = await running.ended;
      assert.equal([code, stderr], [130, '']);
      assertRemoved(readCalls(folder));
    }
  });
});
