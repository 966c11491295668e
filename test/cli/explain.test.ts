import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { Explained } from '../../src/cli/explained.ts';
import { BROKEN_JOB, CONFIG_MAP, cli, JOB } from '../support/cli.ts';
import { FIXTURES } from '../support/paths.ts';
import { suite } from '../support/suite.ts';

const ESCAPE = '\u001b';
const COLOUR = new RegExp(`${ESCAPE}\\[\\d+m`, 'g');
const HARD = `${JOB.replace('  name: export', '  name: export\n  namespace: shop')
  .replace(
    '    spec:\n',
    '    spec:\n      initContainers:\n      - {name: migrate, image: m, args: ["localhost:5432"]}\n      - {name: log, image: l, restartPolicy: Always}\n',
  )
  .replace(
    'restartPolicy: Never',
    'restartPolicy: OnFailure',
  )}        lifecycle: {preStop: {exec: {command: [sleep, "5"]}}}
`;
const NAMED = ['--sidecar', 'db', '--strategy', 'native'];

suite('explain', (test) => {
  test('says the roles, the evidence, the strategy and why, and what changes', async () => {
    const { code, stdout, stderr } = await cli(['explain'], JOB);
    assert.equal([code, stderr], [0, '']);
    assert.is(
      stdout.split('\n  append')[0],
      `job.batch/export  rewrite (sentinel)
  Every command is known, so it works in any Kubernetes

  CONTAINER  ROLE     SURE  WHY
  worker     main     100%  its commands do something and end; its name is
                            "worker"
  db         sidecar  100%  its image is that of cloud-sql-proxy-v2; it runs a
                            server; its image is called "cloud-sql-proxy"

  CHANGES
  set      metadata.annotations['guillotine/supervisor']: "#!/bin/sh\\n# guillot…
  prepend  spec.containers[0].command: /guillotine/run/busybox, sh, /guillotine…`,
    );
  });
  test('a move, its place, and what to mind', async () => {
    const { stdout } = await cli(['explain', ...NAMED, '--kube-version', '1.35'], HARD);
    assert.is(
      stdout,
      `job.batch/export  rewrite (native)
  Native was asked for
  "db" starts before init container "migrate", which connects to it

  CONTAINER  ROLE            SURE  WHY
  worker     main            100%  a flag names the others
  db         sidecar         100%  a flag says so
  migrate    init
  log        native-sidecar

  CHANGES
  set      spec.containers[1].restartPolicy: Always
  set      spec.containers[1].startupProbe: {"exec":{"command":["/cloud-sql-pro…
  move     spec.containers[1] to spec.initContainers[0]

  note: init container "migrate" will wait until "db" has started
    [init-containers-wait]
  note: the preStop hook of "db" now runs when main has ended, and the pod ends
    so much later [pre-stop-runs]
`,
    );
  });
  test('the reason of a refusal, once, and the way out', async () => {
    const { code, stdout } = await cli(['explain', '--strategy', 'sentinel'], BROKEN_JOB);
    assert.is(code, 0);
    assert.match(
      stdout,
      /^job.batch\/export {2}refuse \[entrypoint-unknown\]\n {2}Container "db" has no command,/,
    );
    assert.is(stdout.split('has no command').length, 2);
    assert.match(
      stdout,
      /\n {4}= use --strategy native \(Kubernetes 1.29 or newer\), or say it:\s+--entrypoint\s+db=/,
    );
  });
  test('a workload that is left alone, and no other document', async () => {
    const lone = JOB.slice(0, JOB.indexOf('      - name: db'));
    const { stdout } = await cli(['explain'], `${CONFIG_MAP}---\n${lone}`);
    assert.is(
      stdout,
      `job.batch/export  leave alone [no-sidecar]
  It has one container

  CONTAINER  ROLE  SURE  WHY
  worker     main  100%  it is the only container; its commands do something and
                         end; its name is "worker"
`,
    );
    assert.equal(await cli(['explain'], CONFIG_MAP), { code: 0, stdout: '', stderr: 'no workload\n' });
  });
  test('objects from a cluster are taken', async () => {
    const live = JOB.replace('metadata:\n', 'metadata:\n  labels: {controller-uid: x}\n');
    assert.match((await cli(['explain'], live)).stdout, /rewrite \(sentinel\)/);
    assert.match((await cli([], live)).stderr, /\[live-object\]/);
  });
  test('names the pod templates of a workload that may have several', async () => {
    const { stdout } = await cli(['explain', '-f', join(FIXTURES, 'kinds/jobset-one-part/input.yaml')]);
    assert.equal(stdout.match(/^jobset.*$/gm), [
      'jobset.jobset.x-k8s.io/train[leader]  leave alone [no-sidecar]',
      'jobset.jobset.x-k8s.io/train[#1]  rewrite (sentinel)',
    ]);
    assert.match(stdout, /\n {2}prepend {2}spec\.containers\[0\]\.command: /);
  });
  test('lists Argo Workflows, which it has nothing to do in', async () => {
    const { code, stdout, stderr } = await cli(['explain', '-f', join(FIXTURES, 'kinds/argo/input.yaml')]);
    assert.equal([code, stderr], [0, '']);
    const reason = `  It ends its sidecars by itself: Argo Workflows stops those of a template when
  its main container has ended
`;
    const names = [
      'workflow.argoproj.io/(no name)',
      'workflowtemplate.argoproj.io/build',
      'clusterworkflowtemplate.argoproj.io/build',
      'cronworkflow.argoproj.io/nightly',
    ];
    assert.is(stdout, names.map((name) => `${name}  leave alone [already-handled]\n${reason}`).join('\n'));
  });
  test('fits 80 columns, and colour changes nothing else', async () => {
    const plain = (await cli(['explain', ...NAMED], HARD)).stdout;
    const coloured = (await cli(['explain', '--color', 'always', ...NAMED], HARD)).stdout;
    for (const line of plain.split('\n')) assert.ok(line.length <= 80, line);
    assert.ok(COLOUR.test(coloured));
    assert.is(coloured.replace(COLOUR, ''), plain);
  });
  test('escapes what would control the terminal', async () => {
    const { stdout } = await cli(['explain'], JOB.replace('name: export', 'name: "\\e[31mred"'));
    assert.not.match(stdout, COLOUR);
    assert.match(stdout, /\\u001b\[31mred/);
  });
});

async function explainFixture(name: string, ...flags: readonly string[]): Promise<Explained[]> {
  const input = join(FIXTURES, name, 'input.yaml');
  const { stdout } = await cli(['explain', '-o', 'json', '-f', input, ...flags]);
  return JSON.parse(stdout) as Explained[];
}

suite('explain -o json', (test) => {
  test('has the shape of the contract', async () => {
    const { code, stdout, stderr } = await cli(
      ['explain', '-o', 'json', ...NAMED],
      `${CONFIG_MAP}---\n${HARD}`,
    );
    assert.equal([code, stderr], [0, '']);
    const evidence = (says: string, why: string) => [{ by: 'flag', says, why, weight: 20 }];
    assert.equal(JSON.parse(stdout), [
      {
        source: '<stdin>',
        document: 1,
        apiVersion: 'batch/v1',
        kind: 'Job',
        namespace: 'shop',
        name: 'export',
        containers: [
          {
            name: 'worker',
            index: 0,
            role: 'main',
            confidence: 1,
            evidence: evidence('main', 'a flag names the others'),
          },
          {
            name: 'db',
            index: 1,
            role: 'sidecar',
            confidence: 1,
            evidence: evidence('sidecar', 'a flag says so'),
          },
          { name: 'migrate', index: 0, role: 'init', confidence: 1, evidence: [] },
          { name: 'log', index: 1, role: 'native-sidecar', confidence: 1, evidence: [] },
        ],
        action: 'rewrite',
        strategy: 'native',
        code: null,
        reason: 'native was asked for',
      },
    ]);
  });
  test('the code of what is left alone or refused, and # for a nameless container', async () => {
    const nameless = JOB.replace('- name: db\n        image', '- image');
    const [left] = JSON.parse((await cli(['explain', '-o', 'json'], nameless)).stdout);
    assert.equal([left.action, left.code, left.strategy], ['leave', 'partial-object', null]);
    assert.equal(
      left.containers.map(({ name }: { name: string }) => name),
      ['worker', '#1'],
    );
    assert.match(left.reason, /container 1 has no name/);
  });
  test('has one entry for a workload with several pod templates, and says which container is whose', async () => {
    const [entry, ...others] = await explainFixture('kinds/jobset-one-part');
    assert.equal(others, []);
    assert.equal(
      entry?.containers.map(({ template, name, index, role }) => [template, name, index, role]),
      [
        ['leader', 'leader', 0, 'main'],
        ['#1', 'worker', 0, 'main'],
        ['#1', 'envoy', 1, 'sidecar'],
      ],
    );
    const reason = 'every command is known, so it works in any Kubernetes';
    const rewrite = { action: 'rewrite', strategy: 'sentinel', code: null, reason };
    const leave = { action: 'leave', strategy: null, code: 'no-sidecar', reason: 'it has one container' };
    assert.equal(entry, { ...entry, ...rewrite });
    assert.equal(entry?.templates, [
      { name: 'leader', ...leave },
      { name: '#1', ...rewrite },
    ]);
  });
  test('says of such a workload first of all what is refused', async () => {
    const [entry, other] = await explainFixture('kinds/jobset-refused-part');
    assert.equal([entry?.action, entry?.code], ['refuse', 'windows-pod']);
    assert.equal(
      entry?.templates?.map(({ name, action, code }) => [name, action, code]),
      [
        ['leader', 'leave', 'template-refused'],
        ['workers', 'refuse', 'windows-pod'],
      ],
    );
    assert.equal([other?.name, other?.action, other?.templates], ['another', 'rewrite', undefined]);
    assert.not.ok(other?.containers.some((container) => 'template' in container));
  });
  test('lists an Argo Workflow as one that ends its sidecars', async () => {
    const [entry] = await explainFixture('kinds/argo');
    assert.equal(
      [entry?.kind, entry?.name, entry?.containers, entry?.action, entry?.strategy, entry?.code],
      ['Workflow', '', [], 'leave', null, 'already-handled'],
    );
  });
  test('tells pod templates that stand at several paths by their paths', async () => {
    const config = join(FIXTURES, 'kinds/own-kind-partial/config.yaml');
    const entries = await explainFixture('kinds/own-kind-partial', '--config', config);
    assert.equal(
      entries.map(({ name, templates }) => [name, templates?.map((row) => row.name)]),
      [
        ['says-no-policy', undefined],
        ['twins', ['spec.first', 'spec.second']],
      ],
    );
  });
  test('says what the items of a list are', async () => {
    const entries = await explainFixture('kinds/joblist');
    assert.equal(
      entries.map(({ apiVersion, kind, name }) => [apiVersion, kind, name]),
      [
        ['batch/v1', 'Job', 'silent'],
        ['batch/v1', 'Job', 'said'],
        ['batch/v1', 'CronJob', 'other'],
      ],
    );
  });
  test('is an array without a workload, too', async () => {
    assert.is((await cli(['explain', '-o', 'json'], CONFIG_MAP)).stdout, '[]\n');
  });
});
