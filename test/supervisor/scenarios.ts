import * as assert from 'uvu/assert';
import { sleep } from '../support/process.ts';
import type { Image } from './bench/image.ts';
import type { Pod, PodOptions, PodResult } from './bench/pod.ts';
import { rewriteJob, startJob } from './bench/rewrite.ts';

// How a main and a sidecar can live and die. Every row is played in every shell, with either restart policy.

export type Policy = 'Never' | 'OnFailure';
export type Shell = NonNullable<Image['shell']>;

/** The exit codes of every start of each container. */
type Codes = Readonly<Record<string, readonly number[]>>;

export interface Scenario {
  readonly name: string;
  /** Shell scripts by container; those in front of `proxy` are mains. Default: a main that ends after a second. */
  readonly containers?: (policy: Policy) => Readonly<Record<string, string>>;
  /** A container that is pulled for so many seconds. */
  readonly late?: readonly [container: string, seconds: number];
  readonly first?: 'proxy';
  readonly act?: (pod: Pod) => Promise<void>;
  readonly codes: (policy: Policy) => Codes;
  /** Containers that still run when the time is over. */
  readonly running?: (policy: Policy) => readonly string[];
  /** What the sidecar's supervisor says; default: nothing. */
  readonly says?: (policy: Policy) => RegExp;
  readonly check?: (result: PodResult) => void;
}

/** Ends at once when it is told to. */
const PROXY = "trap 'exit 0' TERM; echo proxy; sleep 60 & wait";
const WAIT = 'sleep 60 & wait';
/** Counts its starts in a file of the pod. */
const COUNT = 'n=$(cat /state/n 2> /dev/null || echo 0); n=$((n + 1)); echo $n > /state/n;';
const SILENT = /^$/;
export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'main succeeds',
    containers: () => ({ work: 'sleep 1.5', proxy: PROXY }),
    codes: () => ({ work: [0], proxy: [0] }),
  },
  {
    name: 'main fails',
    containers: () => ({ work: 'sleep 0.5; exit 5', proxy: PROXY }),
    act: async (pod) => {
      await Promise.race([pod.over('work', 2), pod.ended]);
      await sleep(1.2);
      pod.giveUp();
    },
    codes: (policy) => (policy === 'Never' ? { work: [5], proxy: [0] } : { work: [5, 5], proxy: [] }),
    running: (policy) => (policy === 'Never' ? [] : ['proxy']),
  },
  {
    name: 'main fails, then succeeds',
    containers: () => ({ work: `${COUNT} sleep 0.3; [ $n = 3 ] || exit 5`, proxy: PROXY }),
    codes: (policy) => (policy === 'Never' ? { work: [5], proxy: [0] } : { work: [5, 5, 0], proxy: [0] }),
  },
  {
    name: 'main is killed whole',
    containers: () => ({ work: `${COUNT} [ $n = 2 ] || sleep 60`, proxy: PROXY }),
    act: async (pod) => {
      await Promise.all([pod.catches('work', 'SIGUSR2'), pod.catches('proxy', 'SIGUSR2')]);
      await sleep(1.3);
      pod.signal('work', 'SIGKILL');
    },
    codes: (policy) => (policy === 'Never' ? { work: [137], proxy: [0] } : { work: [137, 0], proxy: [0] }),
    says: (policy) => (policy === 'Never' ? /^guillotine: completed: that container was killed\n$/ : SILENT),
  },
  {
    name: 'sidecar ignores TERM',
    containers: () => ({ work: 'sleep 0.5', proxy: `trap '' TERM; ${WAIT}` }),
    codes: () => ({ work: [0], proxy: [0] }),
    says: () => /^guillotine: the sidecar did not end in 1 s: killed\n$/,
  },
  {
    name: 'sidecar is late',
    containers: () => ({ work: 'sleep 0.2', proxy: PROXY }),
    late: ['proxy', 1.2],
    codes: () => ({ work: [0], proxy: [0] }),
    check: ({ containers }) => assert.is(containers['proxy']?.stdout, ''),
  },
  {
    name: 'main is late',
    containers: () => ({ work: 'sleep 0.5', proxy: PROXY }),
    first: 'proxy',
    late: ['work', 2],
    codes: () => ({ work: [0], proxy: [0] }),
  },
  {
    name: 'sidecar crashes early',
    containers: () => ({ work: 'sleep 1.5', proxy: `${COUNT} [ $n = 2 ] || exit 7; ${PROXY}` }),
    codes: (policy) => (policy === 'Never' ? { work: [0], proxy: [7] } : { work: [0], proxy: [7, 0] }),
  },
  {
    name: 'two mains',
    containers: (policy) => ({
      work: 'sleep 0.3',
      more: policy === 'Never' ? 'sleep 1.5; exit 3' : `${COUNT} sleep 1; [ $n = 2 ] || exit 3`,
      proxy: PROXY,
    }),
    codes: (policy) => ({ work: [0], more: policy === 'Never' ? [3] : [3, 0], proxy: [0] }),
  },
  {
    name: 'deleted at the start',
    containers: () => ({ work: `trap 'exit 42' TERM; ${WAIT}`, proxy: `trap 'exit 9' TERM; ${WAIT}` }),
    act: async (pod) => {
      await Promise.all([pod.catches('work', 'SIGUSR2'), pod.catches('proxy', 'SIGUSR2')]);
      pod.delete();
    },
    // Told before it has set its trap, a program ends by the signal.
    codes: () => ({}),
    check: ({ containers, running }) => {
      assert.ok([42, 143].includes(containers['work']?.codes[0] ?? -1), `${containers['work']?.codes}`);
      assert.ok([0, 9, 143].includes(containers['proxy']?.codes[0] ?? -1), `${containers['proxy']?.codes}`);
      assert.equal(running, []);
    },
  },
  {
    name: 'deleted in the middle',
    containers: () => ({
      work: `trap 'sleep 0.6; exit 42' TERM; ${WAIT}`,
      proxy: `trap 'exit 9' TERM; ${WAIT}`,
    }),
    act: async (pod) => {
      await Promise.all([pod.catches('work', 'SIGUSR2'), pod.catches('proxy', 'SIGUSR2')]);
      await sleep(0.8);
      pod.delete();
    },
    codes: () => ({ work: [42], proxy: [9] }),
  },
  {
    name: 'deleted at the end',
    containers: () => ({ work: 'sleep 0.5', proxy: `trap 'trap "" TERM; sleep 0.5; exit 9' TERM; ${WAIT}` }),
    act: async (pod) => {
      await pod.over('work');
      await sleep(0.3);
      pod.delete();
    },
    codes: () => ({ work: [0], proxy: [0] }),
  },
];

export interface Cell {
  readonly scenario: Scenario;
  readonly shell: Shell;
  readonly policy: Policy;
  readonly sharesPids?: boolean;
}

/** Rewrites the scenario's Job and plays it; returns seconds. Throws when it does not come out as it must. */
export async function playCell(cell: Cell): Promise<number> {
  const { scenario, policy } = cell;
  const text = printJob(cell);
  const job = rewriteJob(text, { grace: 1 });
  const pod = startJob(job, podOptions(cell));
  await scenario.act?.(pod);
  const result = await pod.ended;
  const { containers, running } = result;
  const told = JSON.stringify({ ...result, containers: summarize(containers) });
  scenario.check?.(result);
  const codes = Object.fromEntries(Object.entries(containers).map(([name, row]) => [name, row.codes]));
  for (const [name, expected] of Object.entries(scenario.codes(policy))) {
    // A main that fails for ever has failed at least so often.
    const isOpen = (scenario.running?.(policy) ?? []).length > 0;
    const found = codes[name] ?? [];
    assert.equal(isOpen ? found.slice(0, expected.length) : found, expected, `${name}: ${told}`);
  }
  const stillRunning = scenario.running?.(policy) ?? [];
  if (stillRunning.length === 0) assert.equal(running, [], told);
  else
    assert.ok(
      stillRunning.every((name) => running.includes(name)),
      told,
    );
  const { proxy, ...mains } = containers;
  assert.match(proxy?.stderr ?? '', scenario.says?.(policy) ?? SILENT);
  for (const main of Object.values(mains)) assert.is(main.stderr, '');
  return result.seconds;
}

function summarize(containers: PodResult['containers']): unknown {
  return Object.entries(containers).map(([name, { codes, stderr, endedAfter }]) => ({
    name,
    codes,
    stderr,
    endedAfter,
  }));
}

function podOptions({ scenario, shell }: Cell): PodOptions {
  const [late, seconds = 0] = scenario.late ?? [];
  return {
    images: { any: { shell }, late: { shell } },
    pulls: late === undefined ? {} : { late: seconds },
    backOff: [0, 0.3],
    limit: 40,
  };
}

/** The Job of a cell, before it is rewritten. */
export function printJob({ scenario, policy, sharesPids = false }: Cell): string {
  const scripts = Object.entries(scenario.containers?.(policy) ?? { work: 'sleep 1', proxy: PROXY });
  const rows = scripts.map(([name, script]) => {
    const image = scenario.late?.[0] === name ? 'late' : 'any';
    return `      - name: ${name}
        image: ${image}
        command: [sh, -c, ${JSON.stringify(script)}]
        volumeMounts: [{name: state, mountPath: /state}]
`;
  });
  if (scenario.first === 'proxy') rows.reverse();
  return `apiVersion: batch/v1
kind: Job
metadata:
  name: cell
spec:
  template:
    metadata:
      annotations:
        guillotine/sidecars: proxy
    spec:
      restartPolicy: ${policy}
      shareProcessNamespace: ${sharesPids}
      terminationGracePeriodSeconds: 8
      containers:
${rows.join('')}      volumes:
      - {name: state, emptyDir: {}}
`;
}
