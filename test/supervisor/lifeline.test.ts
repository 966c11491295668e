import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as V1 from 'kubernetes-types/core/v1.js';
import * as assert from 'uvu/assert';
import { sleep } from '../support/process.ts';
import { type Case, suite, testTogether } from '../support/suite.ts';
import type { Image } from './bench/image.ts';
import type { Pod, PodOptions, PodResult } from './bench/pod.ts';
import { rewriteJob, startJob } from './bench/rewrite.ts';
import type { Policy } from './scenarios.ts';

// Mains whose command nobody knows: their image has an entrypoint that no manifest tells, and no shell.

interface LifelineCase {
  readonly name: string;
  readonly policy?: Policy;
  /** What the image of main starts, as a script that only the bench can read. */
  readonly main: string;
  readonly options?: Readonly<Record<string, object>>;
  /** Of main; IfNotPresent if it is not given. */
  readonly pullPolicy?: V1.Container['imagePullPolicy'];
  /** More fields of main and of the sidecar, as flow YAML. */
  readonly fields?: string;
  readonly sidecarFields?: string;
  readonly pod?: Partial<PodOptions>;
  readonly sidecarFirst?: boolean;
  readonly act?: (pod: Pod) => Promise<void>;
  /** A change of what guillotine has written. */
  readonly change?: (job: string) => string;
  readonly check: (result: PodResult, log: readonly string[]) => void;
}

const LOG = (text: string): string => `echo ${text} >> /state/log`;
/** Its own supervisor ends it, and it says so. */
const PROXY = `trap '${LOG('TERM')}; exit 0' TERM; ${LOG('proxy')}; /stub/busybox sleep 60 & wait`;
const SLEEP = '/stub/busybox sleep';

/** Main does its work beside its sidecar, which then is told to end. */
function assertCompletes(result: PodResult, log: readonly string[]): void {
  assert.equal(codes(result), [[0], [0]]);
  assert.equal(log, ['proxy', 'done', 'TERM']);
}

/** Who starts first depends on the machine where main is short. */
const afterStart = (log: readonly string[]): readonly string[] => log.filter((word) => word !== 'proxy');

const codes = ({ containers }: PodResult): unknown => [containers['work']?.codes, containers['proxy']?.codes];

const CASES: readonly LifelineCase[] = [
  {
    name: 'a main that succeeds ends its sidecar',
    main: `${SLEEP} 2; ${LOG('done')}`,
    check: (result, log) => {
      assertCompletes(result, log);
      assert.is(result.containers['proxy']?.stderr, '');
    },
  },
  {
    name: 'a main that fails keeps its code, without a restart',
    main: `${SLEEP} 2; exit 5`,
    check: (result) => assert.equal(codes(result), [[5], [0]]),
  },
  {
    name: 'a main that is killed whole ends its sidecar',
    main: `${SLEEP} 60`,
    act: async (pod) => {
      await pod.started('proxy');
      await sleep(1.5);
      pod.signal('work', 'SIGKILL');
    },
    check: (result) => assert.equal(codes(result), [[137], [0]]),
  },
  {
    name: 'a main of no time at all: the sidecar gives up, and says so',
    main: 'exit 0',
    options: { work: { giveUp: '3s' } },
    check: (result, log) => {
      assert.equal(
        [codes(result), log],
        [
          [[0], [0]],
          ['proxy', 'TERM'],
        ],
      );
      assert.is(result.containers['proxy']?.stderr, 'guillotine: completed has not begun: gave up\n');
    },
  },
  {
    name: 'a late image is waited for before the containers start: the pull guard',
    main: `${SLEEP} 1; ${LOG('done')}`,
    options: { work: { giveUp: '2s' } },
    pod: { pulls: { work: 4 } },
    sidecarFirst: true,
    check: assertCompletes,
  },
  {
    name: 'an image that is pulled again for main itself is waited for longer: imagePullPolicy Always',
    main: `${SLEEP} 1; ${LOG('done')}`,
    pullPolicy: 'Always',
    pod: { pulls: { work: 3 } },
    sidecarFirst: true,
    // 900 and 120 seconds, scaled.
    change: (job) => replaced(replaced(job, 'value: "900"', 'value: "10"'), 'GIVE_UP:-120', 'GIVE_UP:-1'),
    check: assertCompletes,
  },
  {
    name: 'a main behind the slow hook of a sidecar is waited for longer',
    main: `${SLEEP} 1; ${LOG('done')}`,
    sidecarFields: 'lifecycle: {postStart: {exec: {command: [/stub/busybox, sleep, "4"]}}}',
    sidecarFirst: true,
    change: (job) => replaced(replaced(job, 'value: "900"', 'value: "10"'), 'GIVE_UP:-120', 'GIVE_UP:-1'),
    check: assertCompletes,
  },
  {
    name: 'a restart that is held up for too long finds no sidecar: the documented limit (OnFailure)',
    policy: 'OnFailure',
    main: `${SLEEP} 1; ${LOG('try')}; [ $(/stub/busybox grep -c try /state/log) = 2 ] || exit 4`,
    pod: { backOff: [10] },
    change: (job) => shortWindow(job, 3),
    check: (result, log) =>
      assert.equal(
        [codes(result), afterStart(log)],
        [
          [[4, 0], [0]],
          ['try', 'TERM', 'try'],
        ],
      ),
  },
  {
    name: 'a main that waits until it has no child never ends: the documented limit',
    main: `${SLEEP} 2; while children=; read -r children < /proc/1/task/1/children; [ "$children" ]; do ${SLEEP} 0.2; done`,
    pod: { limit: 8 },
    check: (result) => {
      assert.equal(
        [codes(result), result.running],
        [
          [[], []],
          ['work', 'proxy'],
        ],
      );
    },
  },
  {
    name: 'a main that is restarted finds its sidecar, also after a delay (OnFailure)',
    policy: 'OnFailure',
    main: `${SLEEP} 1; ${LOG('try')}; [ $(/stub/busybox grep -c try /state/log) = 3 ] || exit 4`,
    pod: { backOff: [0, 3] },
    change: shortWindow,
    check: (result, log) => {
      assert.equal(
        [codes(result), afterStart(log)],
        [
          [[4, 4, 0], [0]],
          ['try', 'try', 'try', 'TERM'],
        ],
      );
      assert.is(result.containers['proxy']?.stderr, '');
    },
  },
  {
    name: 'a hook that cannot do its work does not kill main; the sidecar says why it stays',
    main: `${SLEEP} 2; ${LOG('done')}`,
    change: (job) => replaced(job, '"$g_box" mkfifo "$g_life.new" || exit', 'false || exit'),
    pod: { limit: 8 },
    check: (result) => {
      assert.equal([codes(result), result.running], [[[0], []], ['proxy']]);
      assert.is(
        result.containers['proxy']?.stderr,
        'guillotine: completed: no lifeline, so this sidecar will not end\n',
      );
    },
  },
  {
    name: 'a slow hook of the user comes after ours, and its result counts',
    main: `${SLEEP} 3; ${LOG('done')}`,
    fields: 'lifecycle: {postStart: {exec: {command: [/bin/hook, "a  b", "$(X)"]}}}',
    check: (result, log) => {
      assert.equal(codes(result), [[0], [0]]);
      assert.equal(log, ['hook a  b $(X)', 'proxy', 'done', 'TERM']);
    },
  },
  {
    name: 'a hook of the user that fails kills main as before',
    main: `${SLEEP} 60`,
    fields: 'lifecycle: {postStart: {exec: {command: [/bin/fail]}}}',
    check: (result) => assert.equal(codes(result), [[137], [0]]),
  },
  {
    name: 'a main that signals all its processes does not end its lifeline',
    main: `trap '' TERM; ${SLEEP} 1; kill -TERM -1; ${SLEEP} 2; ${LOG('done')}`,
    check: assertCompletes,
  },
  {
    name: 'main is process 1 and keeps its stdin, its arguments and its variables',
    main: `${SLEEP} 1; ${LOG('$$ "$1" $(/stub/busybox env | /stub/busybox grep -c GUILLOTINE)')}`,
    fields: 'args: [one]',
    check: (_result, log) => assert.equal(log, ['proxy', '1 one 0', 'TERM']),
  },
  {
    name: 'with a shared PID namespace',
    main: `${SLEEP} 2; ${LOG('done')}`,
    change: (job) => job.replace('restartPolicy:', 'shareProcessNamespace: true\n      restartPolicy:'),
    check: assertCompletes,
  },
  {
    name: 'a pod that is deleted: nobody is in the way',
    policy: 'OnFailure',
    main: `trap 'exit 42' TERM; ${LOG('main')}; ${SLEEP} 60 & wait`,
    act: async (pod) => {
      await pod.catches('proxy', 'SIGUSR2');
      await sleep(1.5);
      pod.delete();
    },
    check: (result) => assert.equal(codes(result), [[42], [0]]),
  },
];

/** The kubelet's back-off is that of the bench, so what is waited for a restart is shorter, too. */
function shortWindow(job: string, seconds = 6): string {
  return replaced(replaced(job, 'g_delay=10', 'g_delay=1'), 'g_delay + 30 : 60', `g_delay + 30 : ${seconds}`);
}

function replaced(job: string, text: string, by: string): string {
  assert.ok(job.includes(text), `the script does not say ${text}`);
  return job.replace(text, by);
}

function printJob({
  policy = 'Never',
  options = {},
  fields = '',
  sidecarFields = '',
  pullPolicy = 'IfNotPresent',
  sidecarFirst = false,
}: LifelineCase): string {
  const work = `      - name: work
        image: work
        imagePullPolicy: ${pullPolicy}
        volumeMounts: [{name: state, mountPath: /state}]
        ${fields}
`;
  const proxy = `      - name: proxy
        image: proxy
        command: [/bin/proxy]
        volumeMounts: [{name: state, mountPath: /state}]
        ${sidecarFields}
`;
  return `apiVersion: batch/v1
kind: Job
metadata:
  name: lifeline
  annotations:
    guillotine/main: work
    guillotine/strategy: sentinel
    guillotine/options: '${JSON.stringify(options)}'
spec:
  template:
    spec:
      restartPolicy: ${policy}
      terminationGracePeriodSeconds: 8
      containers:
${sidecarFirst ? proxy + work : work + proxy}      volumes:
      - {name: state, emptyDir: {}}
`;
}

async function play(row: LifelineCase): Promise<void> {
  const hooks = { '/bin/hook': `${SLEEP} 1; ${LOG('hook "$1" "$2"')}`, '/bin/fail': 'exit 3' };
  const images: Record<string, Image> = {
    work: { shell: null, entrypoint: ['/bin/main'], programs: { '/bin/main': row.main, ...hooks } },
    proxy: { shell: null, programs: { '/bin/proxy': PROXY } },
    'busybox:1.37.0-musl': { shell: 'busybox' },
  };
  const job = rewriteJob(printJob(row));
  const pod = startJob(row.change?.(job) ?? job, { images, limit: 40, ...row.pod });
  await row.act?.(pod);
  const result = await pod.ended;
  const log = join(pod.volume('state'), 'log');
  row.check(result, existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : []);
}

suite(
  'mains on a lifeline',
  (test) => {
    const cases = CASES.map((row): Case => ({ name: row.name, play: () => play(row) }));
    testTogether(test, 7, cases);
  },
  ['namespaces', 'busybox'],
);
