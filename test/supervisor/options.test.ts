import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { sleep } from '../support/process.ts';
import { type Case, suite, testTogether } from '../support/suite.ts';
import type { Pod, PodResult } from './bench/pod.ts';
import { rewriteJob, startJob } from './bench/rewrite.ts';
import type { Policy, Shell } from './scenarios.ts';

// What the options of a container promise, in every shell.

interface OptionCase {
  readonly name: string;
  readonly policy?: Policy;
  /** Scripts by container: `work` is the main. A file `/state/log` is there for all. */
  readonly scripts: Readonly<Record<string, string>>;
  /** `guillotine/options`. */
  readonly options: Readonly<Record<string, object>>;
  /** More fields of a container, as flow YAML. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly act?: (pod: Pod) => Promise<void>;
  readonly check: (result: PodResult, log: readonly string[]) => void;
}

/** Says to the log what ended it. */
const PROXY =
  "trap 'echo $0 TERM >> /state/log; exit 0' TERM; trap 'echo $0 INT >> /state/log; exit 0' USR1; sleep 60 & wait";
// Long enough for its sidecar to begin on a busy machine: one that is late does not begin at all.
const WORK = 'sleep 3; echo work >> /state/log';
const UNTIL_WORK = 'until grep -q work /state/log; do sleep 0.1; done 2> /dev/null';

/** When every supervisor has its traps, and a moment later the programs have theirs. */
async function deleteInTheMiddle(pod: Pod): Promise<void> {
  await Promise.all([pod.catches('work', 'SIGUSR2'), pod.catches('proxy', 'SIGUSR2')]);
  await sleep(0.8);
  pod.delete();
}

const CASES: readonly OptionCase[] = [
  {
    name: 'drain: so long after the end of main',
    scripts: {
      work: WORK,
      proxy: `${UNTIL_WORK}; sleep 1; echo drained >> /state/log; ${PROXY}`,
    },
    options: { proxy: { drain: '5s' } },
    check: ({ phase, containers }, log) => {
      assert.equal([phase, containers['proxy']?.stderr], ['Succeeded', '']);
      assert.equal(log, ['work', 'drained', 'proxy TERM']);
    },
  },
  {
    name: 'stopSignal',
    scripts: { work: WORK, proxy: PROXY },
    options: { proxy: { stopSignal: 'SIGUSR1' } },
    check: (_result, log) => assert.equal(log, ['work', 'proxy INT']),
  },
  {
    name: 'an exec preStop hook runs before the stop signal, unexpanded (H16, H33)',
    scripts: { work: WORK, proxy: PROXY },
    options: {},
    fields: {
      proxy: `lifecycle: {preStop: {exec: {command: [sh, -c, "echo \\"hook $(echo it is) $0\\" '*' >> /state/log", "a  b"]}}}`,
    },
    check: (_result, log) => assert.equal(log, ['work', 'hook it is a  b *', 'proxy TERM']),
  },
  {
    name: 'a preStop hook that does not end has the grace, and its result does not matter (H12)',
    scripts: { work: WORK, proxy: PROXY },
    options: { proxy: { grace: 2 } },
    fields: { proxy: 'lifecycle: {preStop: {exec: {command: [sleep, "60"]}}}' },
    check: ({ containers, phase }, log) => {
      assert.equal([phase, containers['proxy']?.codes, log], ['Succeeded', [0], ['work', 'proxy TERM']]);
      assert.is(containers['proxy']?.stderr, '');
    },
  },
  {
    name: 'order: reverse, as native sidecars end (H36)',
    scripts: {
      work: `sleep 1; ${WORK}`,
      first: PROXY,
      second: PROXY.replace('exit 0', 'sleep 0.5; exit 0'),
      third: PROXY,
    },
    options: { first: { order: 'reverse' }, second: { order: 'reverse' }, third: { order: 'reverse' } },
    check: ({ phase }, log) =>
      assert.equal([phase, log], ['Succeeded', ['work', 'third TERM', 'second TERM', 'first TERM']]),
  },
  {
    name: 'order: a sidecar that ends before others does not wait for one that is gone already',
    scripts: { work: WORK, first: PROXY, second: 'exit 0' },
    options: { first: { order: 'after:second' } },
    check: ({ phase }, log) => assert.equal([phase, log], ['Succeeded', ['work', 'first TERM']]),
  },
  {
    name: 'restart: a crashed sidecar is started again in place',
    scripts: {
      work: 'sleep 10',
      proxy: `echo start >> /state/log; [ $(grep -c start /state/log) -ge 3 ] || exit 3; ${PROXY}`,
    },
    options: { proxy: { restart: 'on-failure' } },
    check: ({ phase, containers }, log) => {
      assert.equal([phase, containers['proxy']?.codes], ['Succeeded', [0]]);
      assert.equal(log, ['start', 'start', 'start', 'proxy TERM']);
      const said = [1, 2].map((n) => `guillotine: the sidecar ended with 3: restart ${n} of 5\n`);
      assert.is(containers['proxy']?.stderr, said.join(''));
    },
  },
  {
    name: 'restart: only so often, and then the code is the true one',
    scripts: { work: 'sleep 3', proxy: 'echo start >> /state/log; exit 3' },
    options: { proxy: { restart: 'on-failure:1' } },
    check: ({ phase, containers }, log) =>
      assert.equal([phase, containers['proxy']?.codes, log], ['Failed', [3], ['start', 'start']]),
  },
  {
    name: 'restart: not of one that was told to end',
    policy: 'OnFailure',
    scripts: { work: 'sleep 60', proxy: "echo start >> /state/log; trap 'exit 3' TERM; sleep 60 & wait" },
    options: { proxy: { restart: 'on-failure' } },
    act: deleteInTheMiddle,
    check: ({ containers }, log) => assert.equal([containers['proxy']?.codes, log], [[3], ['start']]),
  },
  {
    name: 'restart: also after a signal that asks for something else',
    scripts: {
      work: 'sleep 8',
      proxy: `echo start >> /state/log; [ $(grep -c start /state/log) -ge 2 ] && { ${PROXY}; exit; }; trap 'echo hup >> /state/log; exit 3' HUP; sleep 60 & wait`,
    },
    options: { proxy: { restart: 'on-failure' } },
    act: async (pod) => {
      await pod.catches('proxy', 'SIGUSR2');
      await sleep(1.5);
      pod.signal('proxy', 'SIGHUP');
    },
    check: ({ phase }, log) =>
      assert.equal([phase, log], ['Succeeded', ['start', 'hup', 'start', 'proxy TERM']]),
  },
  ...(['Never', 'OnFailure'] as const).map(
    (policy): OptionCase => ({
      name: `onTerm: follow-main outlives a main that is flushing when the pod is deleted, ${policy} (H69)`,
      policy,
      scripts: {
        work: "trap 'sleep 1; echo flushed >> /state/log; exit 42' TERM; sleep 60 & wait",
        proxy: PROXY,
      },
      options: { proxy: { onTerm: 'follow-main' } },
      act: deleteInTheMiddle,
      check: ({ containers }, log) => {
        assert.equal([containers['work']?.codes, containers['proxy']?.codes], [[42], [0]]);
        assert.equal(log, ['flushed', 'proxy TERM']);
      },
    }),
  ),
  {
    name: 'onTerm: follow-main passes TERM on before the grace period is over',
    scripts: { work: "trap '' TERM; sleep 60 & wait; wait", proxy: PROXY },
    options: { proxy: { onTerm: 'follow-main' } },
    act: deleteInTheMiddle,
    check: ({ containers }, log) => {
      assert.equal(
        [containers['work']?.codes, containers['proxy']?.codes, log],
        [[137], [0], ['proxy TERM']],
      );
    },
  },
  {
    name: 'waitFor: main starts when a file is there',
    scripts: { work: WORK, proxy: `sleep 1.5; echo serving >> /state/log; touch /state/ready; ${PROXY}` },
    options: { work: { waitFor: 'file:/state/ready' } },
    check: ({ phase }, log) => assert.equal([phase, log], ['Succeeded', ['serving', 'work', 'proxy TERM']]),
  },
  {
    name: 'waitFor: in vain: the command does not start, and the exit code is 124',
    scripts: { work: WORK, proxy: PROXY },
    options: { work: { waitFor: { for: ['file:/state/ready', 'tcp:1'], timeout: '1s' } } },
    check: ({ containers, phase }, log) => {
      assert.equal([phase, containers['work']?.codes, containers['proxy']?.codes], ['Failed', [124], [0]]);
      assert.is(containers['work']?.stderr, 'guillotine: file:/state/ready did not serve within 1 s\n');
      assert.equal(log, ['proxy TERM']);
    },
  },
  {
    name: 'waitFor: a deletion ends the wait',
    scripts: { work: WORK, proxy: PROXY },
    options: { work: { waitFor: 'file:/state/ready' } },
    act: deleteInTheMiddle,
    check: ({ containers }) => {
      assert.equal(containers['work']?.codes, [143]);
    },
  },
];

function printJob({ policy = 'Never', scripts, options, fields = {} }: OptionCase): string {
  const rows = Object.entries(scripts).map(
    ([name, script]) => `      - name: ${name}
        image: any
        command: [sh, -c, ${JSON.stringify(script)}, ${name}]
        volumeMounts: [{name: state, mountPath: /state}]
        ${fields[name] ?? ''}
`,
  );
  return `apiVersion: batch/v1
kind: Job
metadata:
  name: options
  annotations:
    guillotine/main: work
    guillotine/options: '${JSON.stringify(options)}'
spec:
  template:
    spec:
      restartPolicy: ${policy}
      terminationGracePeriodSeconds: 8
      containers:
${rows.join('')}      volumes:
      - {name: state, emptyDir: {}}
`;
}

async function play(row: OptionCase, shell: Shell): Promise<void> {
  const pod = startJob(rewriteJob(printJob(row)), { images: { any: { shell } } });
  await row.act?.(pod);
  const result = await pod.ended;
  const log = join(pod.volume('state'), 'log');
  const lines = existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : [];
  row.check(result, lines);
}

const SHELLS: readonly Shell[] = ['dash', 'bash', 'busybox', 'mksh'];

suite(
  'the options of a container, in every shell',
  (test) => {
    const cases = CASES.flatMap((row) =>
      SHELLS.map((shell): Case => ({ name: `${row.name}: ${shell}`, play: () => play(row, shell) })),
    );
    testTogether(test, 10, cases);
  },
  ['namespaces', ...SHELLS],
);
