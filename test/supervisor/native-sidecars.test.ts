import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as V1 from 'kubernetes-types/core/v1.js';
import * as assert from 'uvu/assert';
import { type Case, suite, testTogether } from '../support/suite.ts';
import type { Image } from './bench/image.ts';
import { type PodResult, startPod } from './bench/pod.ts';

// The rules of the bench itself for native sidecars, and for users who may not be root.

const IMAGE: Image = { shell: 'busybox' };
const RUN = { images: { any: IMAGE }, backOff: [0, 0.3] };
const VOLUMES = [{ name: 'v', emptyDir: {} }];
const volumeMounts = [{ name: 'v', mountPath: '/v' }];

function sh(name: string, script: string, more: Partial<V1.Container> = {}): V1.Container {
  return { name, image: 'any', command: ['sh', '-c', script], volumeMounts, ...more };
}

function sidecar(name: string, script: string, more: Partial<V1.Container> = {}): V1.Container {
  return { ...sh(name, script, more), restartPolicy: 'Always' } as V1.Container;
}

function play(initContainers: V1.Container[], main: V1.Container, more: Partial<V1.PodSpec> = {}) {
  const spec = { restartPolicy: 'Never', initContainers, containers: [main], volumes: VOLUMES, ...more };
  return startPod(spec, {}, RUN);
}

function codes({ containers, initContainers }: PodResult): Record<string, readonly (number | null)[]> {
  const rows = Object.entries({ ...initContainers, ...containers });
  return Object.fromEntries(rows.map(([name, row]) => [name, row.codes]));
}

/** Until it is told to end, which it writes down. */
const serve = (name: string, code = 0): string =>
  `trap 'sleep 0.3; echo ${name} >> /v/log; exit ${code}' TERM; while :; do sleep 0.1; done`;

const PROBE = { exec: { command: ['test', '-e', '/v/ready'] }, periodSeconds: 0.1, failureThreshold: 100 };

const CASES: readonly Case[] = [
  {
    name: 'they end after the containers, the last one first, and their codes do not count',
    play: async () => {
      const pod = play(
        [sidecar('a', serve('a', 7)), sidecar('b', serve('b'))],
        sh('c', 'sleep 0.7; echo c >> /v/log'),
      );
      const result = await pod.ended;
      const log = readFileSync(join(pod.volume('v'), 'log'), 'utf8');
      assert.equal(
        [codes(result), result.phase, log],
        [{ a: [7], b: [0], c: [0] }, 'Succeeded', 'c\nb\na\n'],
      );
    },
  },
  {
    name: 'what comes after one starts when its startup probe has passed',
    play: async () => {
      const slow = sidecar('a', `sleep 1; touch /v/ready; ${serve('a')}`, { startupProbe: PROBE });
      const result = await play([slow, sh('b', '[ -e /v/ready ]')], sh('c', '[ -e /v/ready ]')).ended;
      assert.equal(codes(result), { a: [0], b: [0], c: [0] });
    },
  },
  {
    name: 'without a probe it is not waited for',
    play: async () => {
      const slow = sidecar('a', "trap 'exit 0' TERM; sleep 15 & wait; touch /v/ready");
      assert.equal(codes(await play([slow], sh('c', '[ -e /v/ready ]')).ended)['c'], [1]);
    },
  },
  {
    name: 'a startup probe that fails too often: stopped, started again, and nothing after it starts',
    play: async () => {
      const probe = { ...PROBE, failureThreshold: 3 };
      const pod = play([sidecar('a', serve('a', 6), { startupProbe: probe })], sh('c', 'true'));
      await pod.over('a', 2);
      pod.giveUp();
      const result = await pod.ended;
      assert.equal(
        [codes(result)['a']?.slice(0, 2), codes(result)['c'], result.phase],
        [[6, 6], [], 'Running'],
      );
    },
  },
  {
    name: 'it is started again however it ends, also with Never, until the containers have ended',
    play: async () => {
      const once = '[ -e /v/second ] || { touch /v/second; exit 0; }';
      const pod = play([sidecar('a', `${once}; ${serve('a')}`)], sh('c', 'sleep 4'));
      assert.equal(codes(await pod.ended), { a: [0, 0], c: [0] });
      assert.is(pod.restarts(), 1);
    },
  },
  {
    name: 'one that does not end is killed after the grace period, and does not count',
    play: async () => {
      const deaf = sidecar('a', "trap '' TERM; while :; do sleep 0.1; done");
      const result = await play([deaf], sh('c', 'true'), { terminationGracePeriodSeconds: 1 }).ended;
      assert.equal([codes(result), result.phase], [{ a: [137], c: [0] }, 'Succeeded']);
    },
  },
  {
    name: 'deleted: they are told when the containers have ended',
    play: async () => {
      const pod = play([sidecar('a', serve('a'))], sh('c', serve('c', 5)));
      await pod.catches('c', 'SIGTERM');
      pod.delete();
      const result = await pod.ended;
      const log = readFileSync(join(pod.volume('v'), 'log'), 'utf8');
      assert.equal([codes(result), log], [{ a: [0], c: [5] }, 'c\na\n']);
    },
  },
  {
    name: 'an init container that fails ends the pod and its sidecars',
    play: async () => {
      const result = await play([sidecar('a', serve('a')), sh('b', 'sleep 0.5; exit 3')], sh('c', 'true'))
        .ended;
      assert.equal([codes(result), result.phase], [{ a: [0], b: [3], c: [] }, 'Failed']);
    },
  },
  {
    name: 'runAsNonRoot: who is root, or may be, is not started; the others are',
    play: async () => {
      const securityContext = { runAsNonRoot: true };
      const root = { ...securityContext, runAsUser: 0 };
      const spec = {
        restartPolicy: 'Never',
        containers: [
          sh('image', 'true', { securityContext }),
          sh('root', 'true', { securityContext: root }),
          sh('other', 'true', { securityContext: { ...securityContext, runAsUser: 7 } }),
        ],
        volumes: VOLUMES,
      };
      const { containers, phase } = await startPod(spec, {}, { ...RUN, limit: 2 }).ended;
      const seen = Object.entries(containers).map(([name, row]) => [name, row.waiting, row.codes]);
      const refused = 'CreateContainerConfigError';
      assert.equal(seen, [
        ['image', refused, []],
        ['root', refused, []],
        ['other', null, [0]],
      ]);
      assert.is(phase, 'Running');
    },
  },
];

suite('native sidecars', (test) => testTogether(test, 8, CASES), ['namespaces', 'busybox']);
