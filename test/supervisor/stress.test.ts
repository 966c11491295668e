import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { sleep } from '../support/process.ts';
import { type Case, suite, testTogether } from '../support/suite.ts';
import type { Pod } from './bench/pod.ts';
import { rewriteJob, startJob } from './bench/rewrite.ts';
import type { Policy, Shell } from './scenarios.ts';

// Pods that are hit at random moments: they must end, with codes that are true. SEED and TRIALS can be given.

const TRIALS = Number(process.env['TRIALS'] ?? 50);
const SEED = Number(process.env['SEED'] ?? 20261125);
const SHELLS: readonly Shell[] = ['dash', 'bash', 'busybox', 'mksh'];

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Trial {
  readonly shell: Shell;
  readonly policy: Policy;
  /** Seconds that main works. */
  readonly work: number;
  readonly code: number;
  readonly hit: 'kill main' | 'kill sidecar' | 'delete' | 'nothing';
  /** Seconds after the supervisor of what is hit has its traps. */
  readonly after: number;
}

function drawTrial(random: () => number): Trial {
  const draw = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  return {
    shell: draw(SHELLS),
    policy: draw<Policy>(['Never', 'OnFailure']),
    work: Math.round(random() * 15) / 10,
    code: draw([0, 0, 5]),
    hit: draw<Trial['hit']>(['kill main', 'kill main', 'kill sidecar', 'delete', 'delete', 'nothing']),
    after: Math.round(random() * 1500) / 1000,
  };
}

function printJob({ policy, work, code }: Trial): string {
  return `apiVersion: batch/v1
kind: Job
metadata: {name: stress}
spec:
  template:
    metadata: {annotations: {guillotine/main: work}}
    spec:
      restartPolicy: ${policy}
      terminationGracePeriodSeconds: 3
      containers:
      - name: work
        image: any
        command: [sh, -c, "trap 'exit 42' TERM; sleep ${work} & wait $!; [ -e /state/again ] && exit 0; touch /state/again; exit ${code}"]
        volumeMounts: [{name: state, mountPath: /state}]
      - name: proxy
        image: any
        command: [sh, -c, "trap 'exit 9' TERM; sleep 60 & wait"]
      volumes:
      - {name: state, emptyDir: {}}
`;
}

/** Hits the pod, or does nothing. */
async function strike(pod: Pod, { hit, after }: Trial): Promise<void> {
  if (hit === 'nothing') return;
  const target = hit === 'kill sidecar' ? 'proxy' : 'work';
  await Promise.race([
    Promise.all([pod.catches('proxy', 'SIGUSR2'), pod.catches(target, 'SIGUSR2')]),
    pod.ended,
  ]);
  // In the first moments of a main there is no lifeline yet: who kills it then is not seen (docs/supervisor.md).
  const lifeline = join(pod.volume('guillotine'), 'alive/completed');
  if (hit === 'kill main')
    for (let tries = 0; !existsSync(lifeline) && tries < 500; tries++) await sleep(0.01);
  await sleep(after);
  if (hit === 'delete') pod.delete();
  else pod.signal(target, 'SIGKILL');
}

async function playTrial(trial: Trial): Promise<void> {
  const { shell, policy, hit, code } = trial;
  const pod = startJob(rewriteJob(printJob(trial)), {
    images: { any: { shell } },
    backOff: [0.1],
    limit: 20,
  });
  await strike(pod, trial);
  const { containers, running } = await pod.ended;
  const { work, proxy } = containers;
  const told = JSON.stringify([trial, work?.codes, proxy?.codes, work?.stderr, proxy?.stderr]).slice(0, 600);
  assert.equal(running, [], told);
  const isDeleted = hit === 'delete';
  // bash loses the status of a child that dies in the moment of a signal (docs/supervisor.md).
  const lost = trial.shell === 'bash' ? [255] : [];
  const mayEnd = [0, code, ...(hit === 'kill main' ? [137] : []), ...(isDeleted ? [42, 143, ...lost] : [])];
  assert.ok(
    work?.codes.every((row) => mayEnd.includes(row ?? -1)),
    told,
  );
  // A sidecar that was not hit itself gives 0, unless it was told to end before its mains had ended.
  const last = proxy?.codes.at(-1);
  if (hit === 'kill sidecar') assert.ok([0, 137].includes(last ?? -1), told);
  else if (isDeleted) assert.ok([0, 9, 143, ...lost].includes(last ?? -1), told);
  else assert.is(last, 0, told);
  if (policy === 'OnFailure' && !isDeleted) assert.is(work?.codes.at(-1), 0, told);
  const said =
    work?.codes.includes(137) && policy === 'Never'
      ? /^(guillotine: completed: that container was killed\n)?$/
      : /^$/;
  assert.match(proxy?.stderr ?? '', said);
}

suite(
  `random deaths (SEED=${SEED}, TRIALS=${TRIALS})`,
  (test) => {
    const random = randomNumbers(SEED);
    const cases = Array.from({ length: TRIALS }, (_, index): Case => {
      const trial = drawTrial(random);
      const { shell, policy, hit, after } = trial;
      return { name: `${index}: ${shell}, ${policy}, ${hit} after ${after} s`, play: () => playTrial(trial) };
    });
    testTogether(test, 8, cases);
  },
  ['namespaces', ...SHELLS],
);
