import * as assert from 'uvu/assert';
import { sleep } from '../support/process.ts';
import { type Case, suite, testTogether } from '../support/suite.ts';
import { rewriteJob, startJob } from './bench/rewrite.ts';
import type { Policy, Shell } from './scenarios.ts';

// Containers of different users must be able to read and write what they tell each other (H27, H42).

interface Users {
  readonly main: number;
  readonly sidecar: number;
}

interface VolumeKind {
  readonly name: string;
  /** The fields of an emptyDir, and those of the pod's security context, as flow YAML. */
  readonly emptyDir: string;
  readonly securityContext: string;
}

const VOLUMES: readonly VolumeKind[] = [
  { name: 'on disk', emptyDir: '{}', securityContext: '{}' },
  { name: 'in memory, with the sticky bit', emptyDir: '{medium: Memory}', securityContext: '{}' },
  { name: 'in memory, of a group', emptyDir: '{medium: Memory}', securityContext: '{fsGroup: 3000}' },
];
const USERS: readonly Users[] = [
  { main: 1000, sidecar: 2000 },
  { main: 0, sidecar: 65532 },
  { main: 4711, sidecar: 0 },
];
const SHELLS: readonly Shell[] = ['dash', 'busybox'];

function printJob(policy: Policy, { main, sidecar }: Users, { securityContext }: VolumeKind): string {
  const count = 'n=$(cat /state/n 2> /dev/null || echo 0); n=$((n + 1)); echo $n > /state/n; umask 077;';
  const work = policy === 'Never' ? 'sleep 60' : `${count} [ $n = 3 ] || exit 3`;
  return `apiVersion: batch/v1
kind: Job
metadata: {name: users}
spec:
  template:
    metadata: {annotations: {guillotine/main: work}}
    spec:
      restartPolicy: ${policy}
      terminationGracePeriodSeconds: 4
      securityContext: ${securityContext}
      containers:
      - name: work
        image: any
        command: [sh, -c, ${JSON.stringify(work)}]
        securityContext: {runAsUser: ${main}}
        volumeMounts: [{name: state, mountPath: /state}]
      - name: proxy
        image: any
        command: [sh, -c, "trap 'exit 0' TERM; sleep 60 & wait"]
        securityContext: {runAsUser: ${sidecar}}
      volumes:
      - {name: state, emptyDir: {}}
`;
}

const CASES: readonly Case[] = VOLUMES.flatMap((volume) =>
  USERS.flatMap((users, index) =>
    (['Never', 'OnFailure'] as const).map((policy): Case => {
      const shell = SHELLS[index % SHELLS.length] ?? 'dash';
      return {
        name: `${users.main} and ${users.sidecar}, ${volume.name}, ${policy}, ${shell}`,
        play: async () => {
          // The volume stays ours, in which there are FIFOs; only its kind is another.
          const job = rewriteJob(printJob(policy, users, volume));
          const text = job.replace(
            '- name: guillotine\n        emptyDir: {}',
            `- name: guillotine\n        emptyDir: ${volume.emptyDir}`,
          );
          assert.ok(text.includes(`emptyDir: ${volume.emptyDir}`));
          const pod = startJob(text, { images: { any: { shell } }, backOff: [0, 0.3] });
          if (policy === 'Never') {
            await Promise.all([pod.catches('work', 'SIGUSR2'), pod.catches('proxy', 'SIGUSR2')]);
            await sleep(0.5);
            pod.signal('work', 'SIGKILL');
          }
          const { containers } = await pod.ended;
          const told = JSON.stringify([containers['work']?.stderr, containers['proxy']?.stderr]).slice(
            0,
            500,
          );
          assert.equal(containers['work']?.codes, policy === 'Never' ? [137] : [3, 3, 0], told);
          assert.equal(containers['proxy']?.codes, [0], told);
          assert.is(containers['work']?.stderr, '');
        },
      };
    }),
  ),
);

suite('users of one pod', (test) => testTogether(test, 8, CASES), ['namespaces', ...SHELLS]);
