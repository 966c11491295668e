import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { DEFAULT_OPTIONS, type Options } from '../../src/model/options.ts';
import type { Plan } from '../../src/model/pod.ts';
import { rewriteBytes } from '../support/fixtures.ts';
import { suite } from '../support/suite.ts';

interface Pod {
  readonly init?: string;
  /** Of the sidecar `side`, a line each. */
  readonly side?: string;
  readonly policy?: 'Never' | 'OnFailure';
  readonly workCommand?: string;
  readonly job?: string;
}

/** A Job whose sidecar is called `side`. */
function job({
  init = '',
  side = '',
  policy = 'OnFailure',
  workCommand = '[/work]',
  job: fields = '',
}: Pod): string {
  const indent = (text: string, columns: number): string =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => `${' '.repeat(columns)}${line}\n`)
      .join('');
  const inits = init === '' ? '' : `      initContainers:\n${indent(init, 6)}`;
  return `apiVersion: batch/v1
kind: Job
metadata: {name: j, annotations: {guillotine/sidecars: side}}
spec:
${indent(fields, 2)}  template:
    spec:
      restartPolicy: ${policy}
${inits}      containers:
      - name: work
        image: work:1
        ${workCommand === '' ? '' : `command: ${workCommand}`}
      - name: side
${indent(side.includes('image:') ? side : `image: own/side:1\n${side}`, 8)}`;
}

function planOf(text: string, options: Partial<Options>): { readonly plan: Plan; readonly output: string } {
  const { outcome, output } = rewriteBytes(Buffer.from(text), { ...DEFAULT_OPTIONS, ...options });
  const [plan] = outcome.plans;
  if (plan === undefined) throw new Error('no plan');
  return { plan, output: output.toString() };
}

const NATIVE: Partial<Options> = { strategy: 'native', kubeVersion: { minor: 36, patch: null } };

function initContainers(
  text: string,
  options: Partial<Options> = NATIVE,
): { name: string; startupProbe?: object }[] {
  const { output, plan } = planOf(text, options);
  assert.is(plan.action, 'rewrite', JSON.stringify(plan.diagnostics));
  return parse(output).spec.template.spec.initContainers;
}

suite('place of a native sidecar', (test) => {
  const PROXY = 'image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2\nargs: [--port, "5432"]';
  const two = (second: string): string => `- {name: a, image: a:1}\n- {name: b, image: b:1, ${second}}`;
  const rows: readonly (readonly [string, Pod, readonly string[]])[] = [
    ['none other', { side: PROXY }, ['side']],
    ['not needed', { side: PROXY, init: two('args: [x]') }, ['a', 'b', 'side']],
    ['by host and port', { side: PROXY, init: two('args: ["127.0.0.1:5432"]') }, ['a', 'side', 'b']],
    [
      'by host and a port variable',
      { side: PROXY, init: two('env: [{name: H, value: localhost}, {name: P, value: "5432"}]') },
      ['a', 'side', 'b'],
    ],
    [
      'by host alone',
      { side: PROXY, init: two('env: [{name: DB_HOST, value: localhost}]') },
      ['a', 'side', 'b'],
    ],
    ['another port', { side: PROXY, init: two('args: ["localhost:6379"]') }, ['a', 'b', 'side']],
    [
      'another port alone',
      { side: 'ports: [{containerPort: 80}]', init: two('args: ["localhost:81"]') },
      ['a', 'b', 'side'],
    ],
    [
      'a declared port',
      { side: 'ports: [{containerPort: 80}]', init: two('args: ["http://localhost:80/x"]') },
      ['a', 'side', 'b'],
    ],
    [
      'host and port as words of a shell',
      {
        side: 'ports: [{containerPort: 80}]',
        init: two('command: [sh, -c, "until nc -z localhost 80; do :; done"]'),
      },
      ['a', 'side', 'b'],
    ],
    [
      'host and port as words of their own',
      { side: 'args: [--listen, "5432"]', init: two('command: [nc, -z, localhost, "5432"]') },
      ['a', 'side', 'b'],
    ],
    [
      'a number behind the host that need be no port',
      { side: PROXY, init: two('command: [wait-for, localhost, "30"]') },
      ['a', 'side', 'b'],
    ],
    [
      'a variable that need be no port',
      { side: PROXY, init: two('env: [{name: H, value: localhost}, {name: RETRIES, value: "30"}]') },
      ['a', 'side', 'b'],
    ],
    [
      'another port as a variable',
      { side: PROXY, init: two('env: [{name: H, value: localhost}, {name: DB_PORT, value: "6379"}]') },
      ['a', 'b', 'side'],
    ],
    [
      'loopback, but no network program',
      { side: 'args: [x]', init: two('args: [localhost]') },
      ['a', 'b', 'side'],
    ],
    [
      'a path to its sockets',
      {
        side: 'image: x/cloudsql-docker/gce-proxy:1\nargs: [-dir=/cloudsql]',
        init: two('env: [{name: PGHOST, value: /cloudsql/shop}]'),
      },
      ['a', 'side', 'b'],
    ],
  ];
  for (const [name, pod, expected] of rows) {
    test(name, () =>
      assert.equal(
        initContainers(job(pod)).map((container) => container.name),
        expected,
      ),
    );
  }
});

suite('the startup probe of a native sidecar', (test) => {
  const probe = (
    side: string,
    policy: Pod['policy'] = 'OnFailure',
    options: Partial<Options> = NATIVE,
  ): object | undefined => initContainers(job({ side, policy }), options)[0]?.startupProbe;
  const patience = { periodSeconds: 1, failureThreshold: 600 };
  test('none where nothing is known of the program', () => assert.is(probe('command: [/side]'), undefined));
  test('its own stays', () => {
    const side = 'startupProbe: {tcpSocket: {port: 1}}\nreadinessProbe: {exec: {command: [a]}}';
    assert.equal(probe(side), { tcpSocket: { port: 1 } });
  });
  test('from readiness, by exec, without what a startup probe must not have', () => {
    const side =
      'readinessProbe: {exec: {command: [a, localhost]}, timeoutSeconds: 3, successThreshold: 2, periodSeconds: 20}';
    assert.equal(probe(side), { exec: { command: ['a', 'localhost'] }, timeoutSeconds: 3, ...patience });
  });
  test('from readiness, by http and grpc', () => {
    assert.equal(probe('readinessProbe: {httpGet: {port: 80}, initialDelaySeconds: 30}'), {
      httpGet: { port: 80 },
      periodSeconds: 1,
      failureThreshold: 630,
    });
    assert.equal(probe('readinessProbe: {grpc: {port: 80}}'), { grpc: { port: 80 }, ...patience });
  });
  test('not from readiness where the program may listen on loopback only', () => {
    assert.is(probe('args: [--listen=127.0.0.1:80]\nreadinessProbe: {tcpSocket: {port: 80}}'), undefined);
    assert.is(probe('readinessProbe: {httpGet: {host: 127.0.0.1, port: 80}}'), undefined);
    const sql =
      'image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2\nreadinessProbe: {tcpSocket: {port: 5432}}\nargs: ';
    assert.equal(probe(`${sql}[a]`), { exec: { command: ['/cloud-sql-proxy', '--version'] }, ...patience });
    assert.equal(probe(`${sql}[--address, 0.0.0.0]`), { tcpSocket: { port: 5432 }, ...patience });
  });
  test('the shell that the command proves', () => {
    assert.equal(probe('command: [/bin/bash, -c, serve]'), {
      exec: { command: ['/bin/bash', '-c', ':'] },
      ...patience,
    });
  });
  test('no program is run that the command does not prove', () => {
    assert.is(probe('image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2\ncommand: [/wrapper]'), undefined);
  });
  test('none for a sidecar that waits', () => {
    const waits =
      'command: [sh, -c, "until [ -f /x ]; do sleep 1; done; serve"]\nreadinessProbe: {exec: {command: [a]}}';
    assert.is(probe(waits), undefined);
  });
  test('none from a readiness that asks main, which waits for it', () => {
    const side = "readinessProbe: {exec: {command: [sh, -c, 'nc -z localhost 8080']}}";
    const text = job({ side }).replace('[/work]', '[/work]\n        ports: [{containerPort: 8080}]');
    assert.is(initContainers(text)[0]?.startupProbe, undefined);
  });
  test('no mere safety net where it may block main (kubernetes#132826)', () => {
    const side = 'command: [sh, -c, serve]';
    for (const minor of [29, 32]) {
      const options = { ...NATIVE, kubeVersion: { minor, patch: null } };
      assert.is(probe(side, 'Never', options), undefined);
      assert.ok(probe(side, 'OnFailure', options));
      assert.ok(probe(`${side}\nreadinessProbe: {exec: {command: [a]}}`, 'Never', options));
    }
    assert.is(probe(side, 'Never', { strategy: 'native' }), undefined);
    assert.ok(probe(side, 'Never'));
  });
});

suite('hazards of a native sidecar', (test) => {
  const codes = (pod: Pod, options: Partial<Options> = NATIVE): string[] =>
    planOf(job(pod), options).plan.diagnostics.map(({ code }) => code);
  test('none', () => assert.equal(codes({}), []));
  const wait: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'a loop over a file',
      'command: [sh, -c, "while [ ! -e /x ]; do sleep 1; done; serve"]',
      ['sidecar-waits'],
    ],
    [
      'a loop over loopback',
      'args: ["until nc -z localhost 80; do sleep 1; done; serve"]',
      ['sidecar-waits'],
    ],
    [
      'a hook that waits',
      'lifecycle: {postStart: {exec: {command: [sh, -c, "until test -f /x; do sleep 1; done"]}}}',
      ['sidecar-waits'],
    ],
    ['a tool that waits', 'command: [dockerize, -wait, "tcp://localhost:80", serve]', ['sidecar-waits']],
    ['a loop over something else', 'command: [sh, -c, "until nc -z db 5432; do sleep 1; done; serve"]', []],
    ['a loop that works', 'command: [sh, -c, "while sleep 60; do upload; done"]', []],
    [
      'a sentinel of its own',
      'command: [sh, -c, "serve & while [ ! -f /x ]; do sleep 1; done; kill $!"]',
      ['sidecar-ends'],
    ],
    ['a time limit', 'command: [/usr/bin/timeout, -k, "5", "30", serve]', ['sidecar-ends']],
    ['once', 'args: [--one-time=true]', ['sidecar-ends']],
    ['once, but not', 'args: [--one-time=false]', []],
    ['once by variable', 'env: [{name: GITSYNC_ONE_TIME, value: "true"}]', ['sidecar-ends']],
    ['a word that only looks so', 'args: [--timeout, "30", --once-more]', []],
  ];
  for (const [name, side, expected] of wait) test(name, () => assert.equal(codes({ side }), expected));
  const RULE = (container: string): string =>
    `podFailurePolicy:\n  rules:\n  - action: FailJob\n    onExitCodes: {${container}operator: In, values: [3]}`;
  test('a failure policy', () => {
    assert.equal(codes({ policy: 'Never', job: RULE('') }), ['pod-failure-policy']);
    assert.equal(codes({ policy: 'Never', job: RULE('containerName: work, ') }), []);
  });
  test('host ports, until the scheduler counts them', () => {
    const pod: Pod = { side: 'ports: [{containerPort: 80, hostPort: 8080}, {containerPort: 81}]' };
    const at = (minor: number, patch: number | null) =>
      codes(pod, { ...NATIVE, kubeVersion: { minor, patch } });
    assert.equal(at(32, 99), ['host-port']);
    assert.equal(at(33, 5), ['host-port']);
    assert.equal(at(33, 6), []);
    assert.equal(codes(pod, { strategy: 'native' }), ['host-port']);
  });
  test('they do not speak where sentinel is taken', () => {
    assert.equal(codes({ side: 'command: [/s]', job: RULE('') }, { strategy: 'sentinel' }), []);
  });
});

suite('auto', (test) => {
  const KNOWN: Pod = { side: 'command: [/side]' };
  const POLICY = 'podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: [3]}}]}';
  const rows: readonly (readonly [string, Pod, number | null, string, RegExp])[] = [
    ['no version, commands known', KNOWN, null, 'sentinel', /every command is known/],
    [
      'no version, a command unknown',
      { ...KNOWN, workCommand: '' },
      null,
      'native',
      /sentinel was passed over: container "work" has no command/,
    ],
    [
      'no version, unknown, a hazard',
      { ...KNOWN, workCommand: '', job: POLICY },
      null,
      'sentinel',
      /no command.*native was passed over: this rule/s,
    ],
    ['new', KNOWN, 29, 'native', /1.29 has native sidecars/],
    [
      'new, a hazard',
      { ...KNOWN, job: POLICY },
      29,
      'sentinel',
      /native was passed over: this rule names no container/,
    ],
    [
      'new, a hazard, unknown',
      { ...KNOWN, workCommand: '', job: POLICY },
      29,
      'sentinel',
      /this rule names no container.*no command/s,
    ],
    [
      'new, a sidecar that waits',
      { side: 'command: [sh, -c, "until [ -f /x ]; do sleep 1; done; serve"]' },
      31,
      'sentinel',
      /seems to wait/,
    ],
    [
      'new, a sidecar that ends',
      { side: 'command: [timeout, "9", serve]' },
      31,
      'sentinel',
      /ends by design/,
    ],
    [
      'new, a mere warning',
      { ...KNOWN, side: 'command: [/side]\nports: [{hostPort: 1, containerPort: 1}]' },
      31,
      'native',
      /has native/,
    ],
    [
      'new, unmovable',
      { side: 'command: [/side]\nrestartPolicy: Always' },
      31,
      'unmovable',
      /restartPolicy of its own/,
    ],
    ['old', KNOWN, 28, 'sentinel', /1.28 has no native sidecars/],
    ['old, unknown', { ...KNOWN, workCommand: '' }, 28, 'sentinel', /no command/],
  ];
  for (const [name, pod, minor, expected, why] of rows) {
    test(name, () => {
      const kubeVersion = minor === null ? null : { minor, patch: null };
      const { plan } = planOf(job(pod), { kubeVersion });
      assert.is(plan.action === 'rewrite' ? plan.strategy : plan.code, expected);
      assert.match(plan.action === 'rewrite' ? plan.reason : (plan.diagnostics[0]?.message ?? ''), why);
    });
  }
  test('a wish that cannot be met is not passed over', () => {
    const { plan } = planOf(job({ ...KNOWN }).concat('      volumes: [{name: c, configMap: {name: c}}]\n'), {
      volume: 'c',
    });
    assert.is(plan.action === 'refuse' && plan.code, 'volume-unusable');
  });
});
