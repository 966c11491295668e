import type { Pod } from '../supervisor/bench/pod.ts';
import { sleep } from '../support/process.ts';
import { CLOUD_SQL_JOB, type JobParts, type Part, printCronJob, printJob, type Stage } from './manifests.ts';
import type { Fate, Outcome } from './outcome.ts';

/** A Job, what is done with it, and what must come of it by the rules of Kubernetes and of our documentation. */
export interface Case {
  readonly name: string;
  readonly manifest: (stage: Stage) => string;
  /** What the rewrite is given; null: the manifest is played as it is. */
  readonly flags: readonly string[] | null;
  readonly expected: Outcome;
  /** What a container says, on stdout and stderr together. */
  readonly says?: readonly [container: string, text: RegExp];
  /** In seconds; 40 if nothing is said. */
  readonly limit?: number;
  readonly act?: (pod: Pod) => Promise<void>;
  /** Why it is not played on a cluster. */
  readonly notOnCluster?: string;
  /** It needs native sidecars, which began with this minor version of Kubernetes 1. */
  readonly since?: number;
}

const LOCAL = 'its image is not published';
const complete = (pod: Readonly<Record<string, Fate>>): Outcome => ({ job: 'Complete', pods: [pod] });
const failed = (...pods: readonly Readonly<Record<string, Fate>>[]): Outcome => ({ job: 'Failed', pods });
const BOTH = complete({ work: [0], proxy: [0] });

/** Waits until the proxy answers, so that it must be there, then does `then`. */
function needsProxy(then: string): readonly string[] {
  const wait =
    'i=0; until nc -w 1 127.0.0.1 3306 < /dev/null > /dev/null 2>&1; do i=$((i + 1)); [ $i -lt 60 ] || exit 9';
  return ['sh', '-c', `${wait}; sleep 0.5; done; ${then}`];
}

function work({ tools }: Stage, then = 'sleep 1', more: Partial<Part> = {}): Part {
  return { name: 'work', image: tools, command: needsProxy(then), ...more };
}

function proxy({ server, serve }: Stage, more: Partial<Part> = {}): Part {
  return { name: 'proxy', image: server, command: serve, ...more };
}

/** With roles said, so that a case does not depend on how they are found. */
function job(parts: JobParts): string {
  return printJob({ annotations: { 'guillotine/sidecars': 'proxy' }, ...parts });
}

const SCRATCH = { pod: { volumes: [{ name: 'scratch', emptyDir: {} }] } };
const MOUNTED = { fields: { volumeMounts: [{ name: 'scratch', mountPath: '/scratch' }] } };
/** Succeeds at the third start. */
const THIRD =
  'n=$(cat /scratch/n 2> /dev/null || echo 0); n=$((n + 1)); echo $n > /scratch/n; [ $n = 3 ] || exit 3';
const RESTRICTED = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
};
const restricted = (ids: object): object => ({
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
  ...ids,
});

const UNTOUCHED: readonly Case[] = [
  {
    name: 'the Cloud SQL Job as it is: never ends',
    manifest: () => CLOUD_SQL_JOB,
    flags: null,
    limit: 15,
    expected: { job: 'unfinished', pods: [{ mysql: [0], 'sql-proxy': 'running' }] },
    notOnCluster: LOCAL,
  },
  {
    name: 'as it is, with public images: never ends',
    manifest: (stage) => job({ name: 'untouched', containers: [work(stage), proxy(stage)] }),
    flags: null,
    limit: 20,
    expected: { job: 'unfinished', pods: [{ work: [0], proxy: 'running' }] },
  },
  {
    name: 'a shell where the image has none: cannot start, 128',
    manifest: (stage) =>
      job({
        name: 'no-shell',
        containers: [{ name: 'work', image: stage.server, command: ['sh', '-c', 'true'] }],
      }),
    flags: null,
    expected: failed({ work: [128] }),
  },
  {
    name: 'started again, it has a new root and the old volumes',
    manifest: ({ tools }) =>
      job({
        name: 'new-root',
        policy: 'OnFailure',
        backoffLimit: 3,
        containers: [
          {
            name: 'work',
            image: tools,
            command: [
              'sh',
              '-c',
              '[ ! -e /tmp/x ] || exit 9; touch /tmp/x; [ -e /scratch/x ] || { touch /scratch/x; exit 3; }',
            ],
            ...MOUNTED,
          },
        ],
        ...SCRATCH,
      }),
    flags: null,
    expected: complete({ work: [3, 0] }),
  },
  {
    name: 'runAsNonRoot, and the image runs as root: refused',
    manifest: ({ tools }) =>
      job({
        name: 'refused-root',
        containers: [{ name: 'work', image: tools, command: ['true'] }],
        pod: { securityContext: { runAsNonRoot: true } },
      }),
    flags: null,
    limit: 8,
    expected: { job: 'unfinished', pods: [{ work: 'CreateContainerConfigError' }] },
  },
  {
    name: 'runAsNonRoot, and the user of the image is a name: refused',
    manifest: () =>
      job({
        name: 'refused-name',
        containers: [{ name: 'work', image: 'registry.example.com/named-user:1', command: ['true'] }],
        pod: { securityContext: { runAsNonRoot: true } },
      }),
    flags: null,
    limit: 8,
    expected: { job: 'unfinished', pods: [{ work: 'CreateContainerConfigError' }] },
    notOnCluster: LOCAL,
  },
];

const SENTINEL: readonly Case[] = [
  {
    name: 'the Cloud SQL Job: mysql’s own entrypoint wrapped, distroless proxy with injected shell',
    manifest: () => CLOUD_SQL_JOB,
    flags: [],
    expected: complete({ mysql: [0], 'sql-proxy': [0] }),
    says: ['mysql', /^mysql shop: hello$/m],
    notOnCluster: LOCAL,
  },
  {
    name: 'sentinel, both with the image’s shell',
    manifest: (stage) =>
      job({
        name: 'own-shell',
        containers: [
          { name: 'proxy', image: stage.tools, command: ['sh', '-c', 'sleep 3600'] },
          { name: 'work', image: stage.tools, command: ['sh', '-c', 'sleep 2; echo done'] },
        ],
      }),
    flags: ['--strategy', 'sentinel', '--shell', 'image'],
    expected: BOTH,
    says: ['work', /^done$/],
  },
  {
    name: 'sentinel, injected shell for the distroless sidecar only',
    manifest: (stage) => job({ name: 'mixed-shells', containers: [work(stage), proxy(stage)] }),
    flags: ['--strategy', 'sentinel'],
    expected: BOTH,
  },
  {
    name: 'sentinel, injected shell everywhere',
    manifest: (stage) => job({ name: 'injected', containers: [work(stage), proxy(stage)] }),
    flags: ['--strategy', 'sentinel', '--shell', 'inject'],
    expected: BOTH,
  },
  {
    name: 'main fails, Never: one new pod, then Failed',
    manifest: (stage) =>
      job({ name: 'fails-never', backoffLimit: 1, containers: [work(stage, 'exit 3'), proxy(stage)] }),
    flags: ['--strategy', 'sentinel'],
    expected: failed({ work: [3], proxy: [0] }, { work: [3], proxy: [0] }),
  },
  {
    name: 'main fails twice, OnFailure: restarted in place, the sidecar stays, Complete',
    manifest: (stage) =>
      job({
        name: 'flaky',
        policy: 'OnFailure',
        backoffLimit: 5,
        containers: [work(stage, THIRD, MOUNTED), proxy(stage)],
        ...SCRATCH,
      }),
    flags: ['--strategy', 'sentinel'],
    limit: 90,
    expected: complete({ work: [3, 3, 0], proxy: [0] }),
  },
  {
    name: 'sidecar ignores TERM: killed after --grace, still 0',
    manifest: (stage) =>
      job({
        name: 'ignores-term',
        containers: [
          {
            name: 'proxy',
            image: stage.tools,
            command: ['sh', '-c', "trap '' TERM; while :; do sleep 1; done"],
          },
          { name: 'work', image: stage.tools, command: ['sh', '-c', 'sleep 2'] },
        ],
      }),
    flags: ['--strategy', 'sentinel', '--grace', '2s'],
    expected: BOTH,
    says: ['proxy', /^guillotine: the sidecar did not end in 2 s: killed$/m],
  },
  {
    name: 'distroless sidecar ignores TERM: killed after --grace, still 0',
    manifest: (stage) =>
      job({
        name: 'distroless-ignores-term',
        containers: [work(stage), proxy(stage, { fields: { env: [{ name: 'ON_TERM', value: 'ignore' }] } })],
      }),
    flags: ['--strategy', 'sentinel', '--grace', '2s'],
    expected: BOTH,
    says: ['proxy', /^guillotine: the sidecar did not end in 2 s: killed$/m],
    notOnCluster: LOCAL,
  },
  {
    name: 'sidecar ends with 143 when told: 0 all the same',
    manifest: (stage) =>
      job({
        name: 'ends-143',
        containers: [work(stage), proxy(stage, { fields: { env: [{ name: 'ON_TERM', value: 'fail' }] } })],
      }),
    flags: ['--strategy', 'sentinel'],
    expected: BOTH,
    notOnCluster: LOCAL,
  },
  {
    name: 'a preStop hook of the sidecar comes before TERM',
    manifest: (stage) => {
      const exec = { command: ['sh', '-c', 'echo hook >> /scratch/log'] };
      const fields = { ...MOUNTED.fields, lifecycle: { preStop: { exec } } };
      const serve = "trap 'cat /scratch/log; exit 0' TERM; while :; do sleep 0.2; done";
      return job({
        name: 'pre-stop',
        containers: [
          { name: 'proxy', image: stage.tools, command: ['sh', '-c', serve], fields },
          { name: 'work', image: stage.tools, command: ['sh', '-c', 'sleep 2'] },
        ],
        ...SCRATCH,
      });
    },
    flags: ['--strategy', 'sentinel'],
    expected: BOTH,
    says: ['proxy', /^hook$/],
  },
  {
    name: 'two mains: the sidecar stays until the last one',
    manifest: (stage) =>
      job({
        name: 'two-mains',
        containers: [
          work(stage, 'true'),
          { ...work(stage, 'sleep 4; nc -w 1 127.0.0.1 3306 < /dev/null'), name: 'more' },
          proxy(stage),
        ],
      }),
    flags: ['--strategy', 'sentinel'],
    expected: complete({ work: [0], more: [0], proxy: [0] }),
  },
  {
    name: 'a CronJob’s template',
    manifest: (stage) => printCronJob({ name: 'nightly', containers: [work(stage), proxy(stage)] }),
    flags: ['--strategy', 'sentinel', '--sidecar', 'proxy'],
    expected: BOTH,
  },
  {
    name: 'main out of memory',
    manifest: (stage) =>
      job({
        name: 'out-of-memory',
        containers: [
          work(stage, 'tail /dev/zero', { fields: { resources: { limits: { memory: '48Mi' } } } }),
          proxy(stage),
        ],
      }),
    flags: ['--strategy', 'sentinel'],
    expected: failed({ work: [137], proxy: [0] }),
  },
  {
    name: 'main killed whole, with its supervisor',
    manifest: (stage) => job({ name: 'killed', containers: [work(stage, 'sleep 60'), proxy(stage)] }),
    flags: ['--strategy', 'sentinel'],
    act: async (pod) => {
      await Promise.all([pod.catches('work', 'SIGUSR2'), pod.catches('proxy', 'SIGUSR2')]);
      await sleep(2);
      pod.signal('work', 'SIGKILL');
    },
    expected: failed({ work: [137], proxy: [0] }),
    says: ['proxy', /^guillotine: completed: that container was killed$/m],
    notOnCluster: 'nobody there kills it',
  },
];

const USERS: readonly Case[] = [
  {
    name: 'a user for each container, and a group for the volumes',
    manifest: (stage) =>
      job({
        name: 'users',
        containers: [
          work(stage, 'id -u; id -G', { fields: { securityContext: { runAsUser: 1000 } } }),
          proxy(stage, { fields: { securityContext: { runAsUser: 2000 } } }),
        ],
        pod: { securityContext: { fsGroup: 3000 } },
      }),
    flags: ['--strategy', 'sentinel'],
    expected: BOTH,
    says: ['work', /^1000\n0 3000$/],
  },
  {
    name: 'our files in an emptyDir of the user, in memory, with different users',
    manifest: (stage) =>
      job({
        name: 'memory',
        containers: [
          work(stage, 'sleep 1', { fields: { ...MOUNTED.fields, securityContext: { runAsUser: 1000 } } }),
          proxy(stage, { fields: { ...MOUNTED.fields, securityContext: { runAsUser: 2000 } } }),
        ],
        pod: { volumes: [{ name: 'scratch', emptyDir: { medium: 'Memory' } }] },
      }),
    flags: ['--strategy', 'sentinel', '--volume', 'scratch'],
    expected: BOTH,
  },
  {
    name: 'read-only root everywhere',
    manifest: (stage) => {
      const fields = { securityContext: { readOnlyRootFilesystem: true } };
      return job({
        name: 'read-only',
        containers: [work(stage, '! touch /tmp/x', { fields }), proxy(stage, { fields })],
      });
    },
    flags: ['--strategy', 'sentinel'],
    expected: BOTH,
  },
  {
    name: 'restricted: not root, no capabilities, no new privileges, seccomp',
    manifest: (stage) =>
      job({
        name: 'restricted',
        containers: [
          work(stage, 'id -u; grep -E "^(NoNewPrivs|Seccomp|CapBnd):" /proc/self/status', {
            image: 'registry.example.com/nonroot:1',
            fields: { securityContext: RESTRICTED },
          }),
          proxy(stage, { fields: { securityContext: { ...RESTRICTED, runAsUser: 65532 } } }),
        ],
        pod: { securityContext: restricted({}) },
      }),
    flags: ['--strategy', 'sentinel'],
    expected: BOTH,
    says: ['work', /^65532\nCapBnd:\s0+\nNoNewPrivs:\s1\nSeccomp:\s2$/],
    notOnCluster: LOCAL,
  },
  {
    name: 'restricted, with any user ID, as OpenShift gives them',
    manifest: (stage) =>
      job({
        name: 'any-user',
        containers: [
          work(stage, 'id -u', { fields: { securityContext: RESTRICTED } }),
          proxy(stage, { fields: { securityContext: RESTRICTED } }),
        ],
        pod: { securityContext: restricted({ runAsUser: 1000680000, fsGroup: 1000680000 }) },
      }),
    flags: ['--strategy', 'sentinel'],
    expected: BOTH,
    says: ['work', /^1000680000$/],
  },
  {
    name: 'a shared PID namespace',
    manifest: (stage) =>
      job({
        name: 'shared-pids',
        containers: [
          work(stage, '[ "$(cat /proc/1/cmdline | tr -d "\\0")" != "" ] && [ $$ != 1 ]'),
          proxy(stage),
        ],
        pod: { shareProcessNamespace: true },
      }),
    flags: ['--strategy', 'sentinel'],
    expected: BOTH,
  },
];

/** What the image starts is in no manifest; it leaves a word, and fails as often as it is told. */
function unknownMain(stage: Stage, script: string, more: Partial<Part> = {}): Part {
  return { name: 'work', image: stage.unknown, args: ['sh', '-c', script], ...more };
}

const LIFELINE: readonly Case[] = [
  {
    name: 'main on a lifeline fails twice, OnFailure: Complete, a minute later',
    manifest: (stage) =>
      job({
        name: 'lifeline-flaky',
        policy: 'OnFailure',
        backoffLimit: 5,
        containers: [unknownMain(stage, `sleep 4; ${THIRD}`, MOUNTED), proxy(stage)],
        ...SCRATCH,
      }),
    flags: ['--strategy', 'sentinel'],
    limit: 150,
    expected: complete({ work: [3, 3, 0], proxy: [0] }),
  },
  {
    name: 'main on a lifeline, Never',
    manifest: (stage) =>
      job({ name: 'lifeline', containers: [unknownMain(stage, 'sleep 4; echo done'), proxy(stage)] }),
    flags: ['--strategy', 'sentinel'],
    expected: BOTH,
    says: ['work', /^done$/],
  },
  {
    name: 'main on a lifeline fails, Never: its code is kept',
    manifest: (stage) =>
      job({ name: 'lifeline-fails', containers: [unknownMain(stage, 'sleep 4; exit 5'), proxy(stage)] }),
    flags: ['--strategy', 'sentinel'],
    expected: failed({ work: [5], proxy: [0] }),
  },
  {
    name: 'main on a lifeline, restricted and of any user ID',
    manifest: (stage) =>
      job({
        name: 'lifeline-restricted',
        containers: [
          unknownMain(stage, 'sleep 4', { fields: { securityContext: RESTRICTED } }),
          proxy(stage, { fields: { securityContext: RESTRICTED } }),
        ],
        pod: { securityContext: restricted({ runAsUser: 1000680000, fsGroup: 1000680000 }) },
      }),
    flags: ['--strategy', 'sentinel'],
    expected: BOTH,
  },
];

const NATIVE_FLAGS = ['--strategy', 'native'];
/** Probes go to the pod's address, so the proxy of this one listens there. */
const PROBED = { startupProbe: { tcpSocket: { port: 3306 }, periodSeconds: 1, failureThreshold: 20 } };

function probedProxy(stage: Stage, env: readonly object[] = []): Part {
  const command = stage.serve.map((word) => word.replace('tcp:3306', 'tcp:0.0.0.0:3306'));
  return proxy(stage, { command, fields: { ...PROBED, env } });
}

const NATIVE: readonly Case[] = [
  {
    name: 'native, the Cloud SQL Job',
    manifest: () => CLOUD_SQL_JOB,
    flags: NATIVE_FLAGS,
    expected: complete({ mysql: [0], 'sql-proxy': [0] }),
    notOnCluster: LOCAL,
  },
  {
    name: 'native, main starts when the startup probe has passed',
    manifest: (stage) => {
      const ask = { command: ['sh', '-c', 'nc -w 1 127.0.0.1 3306 < /dev/null'] };
      return job({ name: 'native', containers: [work(stage, '', ask), probedProxy(stage)] });
    },
    flags: NATIVE_FLAGS,
    expected: BOTH,
    notOnCluster: 'what it ends with depends on its image',
  },
  {
    name: 'native, sidecar ignores TERM: killed, which does not count',
    manifest: (stage) =>
      job({
        name: 'native-ignores',
        containers: [work(stage), probedProxy(stage, [{ name: 'ON_TERM', value: 'ignore' }])],
        pod: { terminationGracePeriodSeconds: 2 },
      }),
    flags: NATIVE_FLAGS,
    expected: complete({ work: [0], proxy: [137] }),
    notOnCluster: LOCAL,
  },
  {
    name: 'native, main fails',
    manifest: (stage) => job({ name: 'native-fails', containers: [work(stage, 'exit 3'), proxy(stage)] }),
    flags: NATIVE_FLAGS,
    expected: failed({ work: [3], proxy: [0] }),
    notOnCluster: 'what it ends with depends on its image',
  },
  {
    name: 'native, sidecar of sh: as process 1 it does not hear TERM, and is killed',
    manifest: (stage) =>
      job({
        name: 'native-sh',
        containers: [
          { name: 'work', image: stage.tools, command: ['sh', '-c', 'sleep 2'] },
          { name: 'proxy', image: stage.tools, command: ['sh', '-c', 'while :; do sleep 1; done'] },
        ],
        pod: { terminationGracePeriodSeconds: 2 },
      }),
    flags: NATIVE_FLAGS,
    expected: complete({ work: [0], proxy: [137] }),
    since: 29,
  },
];

/** The slow ones first, so that nobody waits for them alone. */
export const CASES: readonly Case[] = [...LIFELINE, ...UNTOUCHED, ...SENTINEL, ...USERS, ...NATIVE];
