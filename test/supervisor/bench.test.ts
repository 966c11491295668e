import type * as V1 from 'kubernetes-types/core/v1.js';
import * as assert from 'uvu/assert';
import { type Case, suite, testTogether } from '../support/suite.ts';
import { commandOf, environmentOf, expand, hookCommandOf, probeCommandOf } from './bench/expand.ts';
import type { Image } from './bench/image.ts';
import { type PodResult, startPod } from './bench/pod.ts';

suite('$(VAR), as the kubelet expands it', (test) => {
  const env = { A: 'a', B: '$(A)' };
  const rows: readonly (readonly [string, string])[] = [
    ['$(A)', 'a'],
    ['x$(A)y$(A)', 'xaya'],
    ['$(B)', '$(A)'],
    ['$(NONE)', '$(NONE)'],
    ['$(constructor)', '$(constructor)'],
    ['$$(A)', '$(A)'],
    ['$$$(A)', '$a'],
    ['$$$$', '$$'],
    ['$A $? $@', '$A $? $@'],
    ['$(A', '$(A'],
    ['$', '$'],
  ];
  for (const [text, expected] of rows) test(text, () => assert.is(expand(text, env), expected));
  test('a variable sees those above it', () => {
    const rows = [
      { name: 'B', value: '$(A)$(C)' },
      { name: 'A', value: '2' },
      { name: 'C', value: '$(A)' },
    ];
    assert.equal(environmentOf({ name: 'x', env: rows }, { A: '1' }), { A: '2', B: '1$(C)', C: '2' });
  });
  test('in command, args and probes, but not in hooks', () => {
    const command = ['$(A)', '$$'];
    assert.equal(commandOf({ name: 'x', command, args: ['$(A)'] }, env), ['a', '$', 'a']);
    assert.equal(probeCommandOf({ exec: { command } }, env), ['a', '$']);
    assert.equal(hookCommandOf({ exec: { command } }), command);
  });
});

const IMAGE: Image = { shell: 'busybox' };
const RUN = { images: { any: IMAGE } };

function sh(name: string, script: string, more: Partial<V1.Container> = {}): V1.Container {
  return { name, image: 'any', command: ['sh', '-c', script], ...more };
}

function codes({ containers }: PodResult): Record<string, readonly (number | null)[]> {
  return Object.fromEntries(Object.entries(containers).map(([name, row]) => [name, row.codes]));
}

const CASES: readonly Case[] = [
  {
    name: 'a failing init container: with Never nothing else is started',
    play: async () => {
      const spec = {
        restartPolicy: 'Never',
        initContainers: [sh('a', 'exit 3')],
        containers: [sh('b', 'true')],
      };
      const pod = await startPod(spec, {}, RUN).ended;
      assert.equal([codes(pod), pod.initContainers['a']?.codes], [{ b: [] }, [3]]);
      assert.is(pod.phase, 'Failed');
    },
  },
  {
    name: 'init containers come in order and are retried with OnFailure; volumes last as long as the pod',
    play: async () => {
      const volumeMounts = [{ name: 'v', mountPath: '/v' }];
      const twice = 'echo a >> /v/log; [ $(cat /v/log | /stub/busybox wc -l) = 2 ]';
      const spec = {
        restartPolicy: 'OnFailure',
        initContainers: [sh('a', twice, { volumeMounts }), sh('b', 'echo b >> /v/log', { volumeMounts })],
        containers: [sh('c', 'cat /v/log', { volumeMounts })],
        volumes: [{ name: 'v', emptyDir: {} }],
      };
      const pod = await startPod(spec, {}, RUN).ended;
      assert.equal([pod.containers['c']?.stdout, pod.phase], ['a\na\nb\n', 'Succeeded']);
    },
  },
  {
    name: 'a restarted container loses its own files; the back-off is kept',
    play: async () => {
      const script = '[ ! -e /tmp/x ] || exit 9; touch /tmp/x; exit 4';
      const spec = { restartPolicy: 'OnFailure', containers: [sh('a', script)] };
      const running = startPod(spec, {}, { ...RUN, backOff: [0, 0.4, 60] });
      await running.over('a', 3);
      running.giveUp();
      const pod = await running.ended;
      assert.equal([codes(pod), pod.phase], [{ a: [4, 4, 4] }, 'Running']);
    },
  },
  {
    name: 'a postStart hook holds the next container up, is not expanded, and kills its own when it fails',
    play: async () => {
      const hook = (script: string) => ({
        lifecycle: { postStart: { exec: { command: ['sh', '-c', script] } } },
      });
      const volumeMounts = [{ name: 'v', mountPath: '/v' }];
      const spec = {
        restartPolicy: 'Never',
        containers: [
          sh('a', 'sleep 1', { volumeMounts, ...hook('sleep 0.5; echo $(echo hook) >> /v/log') }),
          sh('b', 'echo b >> /v/log; sleep 20', { volumeMounts, ...hook('exit 1') }),
          sh('c', 'cat /v/log', { volumeMounts, env: [{ name: 'echo hook', value: 'expanded' }] }),
        ],
        volumes: [{ name: 'v', emptyDir: {} }],
      };
      const pod = await startPod(spec, {}, RUN).ended;
      assert.equal([codes(pod), pod.containers['c']?.stdout], [{ a: [0], b: [137], c: [0] }, 'hook\nb\n']);
    },
  },
  {
    name: 'a late image holds up its container and those behind it',
    play: async () => {
      const images = { any: IMAGE, late: IMAGE };
      const spec = {
        restartPolicy: 'Never',
        containers: [sh('a', 'true'), sh('b', 'true', { image: 'late' }), sh('c', 'true')],
      };
      const { containers } = await startPod(spec, {}, { images, pulls: { late: 0.8 } }).ended;
      const [a = 0, b = 0, c = 0] = ['a', 'b', 'c'].map((name) => containers[name]?.endedAfter ?? 0);
      assert.ok(a < b && b > 0.8 && c > 0.8, `${a} ${b} ${c}`);
    },
  },
  {
    name: 'deletion: preStop, TERM to all, KILL after the grace period, no restart',
    play: async () => {
      const lifecycle = { preStop: { exec: { command: ['sh', '-c', 'touch /tmp/stopping'] } } };
      const loop = 'while :; do sleep 0.1; done';
      const spec = {
        restartPolicy: 'OnFailure',
        terminationGracePeriodSeconds: 1,
        containers: [
          sh('a', `trap '[ -e /tmp/stopping ] && exit 5' TERM; ${loop}`, { lifecycle }),
          sh('b', `trap '' TERM; ${loop}`),
        ],
      };
      const pod = startPod(spec, {}, RUN);
      await pod.started('b');
      setTimeout(pod.delete, 500);
      const result = await pod.ended;
      assert.equal([codes(result), result.phase], [{ a: [5], b: [137] }, 'Failed']);
    },
  },
  {
    name: 'a liveness probe that fails kills its container, which is restarted',
    play: async () => {
      const livenessProbe = {
        exec: { command: ['sh', '-c', '[ "$(OK)" = yes ] && [ ! -e /v/bad ]'] },
        periodSeconds: 0.2,
        failureThreshold: 2,
      };
      const script = '[ -e /v/bad ] && rm /v/bad && exit 0; trap "exit 6" TERM; touch /v/bad; sleep 9 & wait';
      const container = sh('a', script, {
        livenessProbe,
        env: [{ name: 'OK', value: 'yes' }],
        volumeMounts: [{ name: 'v', mountPath: '/v' }],
      });
      const spec = {
        restartPolicy: 'OnFailure',
        containers: [container],
        volumes: [{ name: 'v', emptyDir: {} }],
      };
      assert.equal(codes(await startPod(spec, {}, RUN).ended), { a: [6, 0] });
    },
  },
  {
    name: 'users, groups and the modes of volumes',
    play: async () => {
      const volumeMounts = [
        { name: 'disk', mountPath: '/disk' },
        { name: 'memory', mountPath: '/memory' },
        { name: 'text', mountPath: '/text' },
      ];
      const print =
        '/stub/busybox id; cd /; /stub/busybox stat -c %a:%g disk memory; cat /text/note; touch /disk/x';
      const item = { path: 'note', fieldRef: { fieldPath: "metadata.annotations['example.com/note']" } };
      const spec = {
        restartPolicy: 'Never',
        securityContext: { runAsUser: 1234, runAsGroup: 99, fsGroup: 2000 },
        containers: [sh('a', print, { volumeMounts })],
        volumes: [
          { name: 'disk', emptyDir: {} },
          { name: 'memory', emptyDir: { medium: 'Memory' } },
          { name: 'text', downwardAPI: { items: [item] } },
        ],
      };
      const pod = await startPod(spec, { 'example.com/note': 'hello' }, RUN).ended;
      const said = pod.containers['a']?.stdout;
      assert.is(
        said,
        'uid=1234 gid=99 groups=2000\n2777:2000\n3777:2000\nhello',
        pod.containers['a']?.stderr,
      );
      assert.is(pod.phase, 'Succeeded');
    },
  },
  {
    name: 'with shareProcessNamespace process 1 is another, and the rest of a container dies with its first process',
    play: async () => {
      const spec = {
        restartPolicy: 'Never',
        shareProcessNamespace: true,
        containers: [
          sh('a', 'sleep 30 & [ $$ != 1 ] && exit 4'),
          sh('b', 'sleep 1; ! /stub/busybox pgrep -f "sleep 3[0]"'),
        ],
      };
      const pod = await startPod(spec, {}, RUN).ended;
      assert.equal(codes(pod), { a: [4], b: [0] });
    },
  },
];

suite('the bench', (test) => testTogether(test, 6, CASES), ['namespaces', 'busybox']);
