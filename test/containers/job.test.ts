import * as assert from 'uvu/assert';
import { type Case, suite, testTogether } from '../support/suite.ts';
import { type JobOptions, type JobResult, playJob } from './job.ts';
import { type JobParts, printCronJob, printJob } from './manifests.ts';

// The Job controller of the bench, with local processes.

const OPTIONS: JobOptions = { images: { any: { shell: 'busybox' } }, limit: 20, backOff: [0, 0.1] };

function job(script: string, more: Partial<JobParts> = {}): JobParts {
  const volumeMounts = [{ name: 'v', mountPath: '/v' }];
  const work = { name: 'work', image: 'any', command: ['sh', '-c', script], fields: { volumeMounts } };
  return { name: 'job', containers: [work], pod: { volumes: [{ name: 'v', emptyDir: {} }] }, ...more };
}

function codes({ pods }: JobResult): unknown {
  return pods.map(({ containers }) => containers['work']?.codes);
}

const CASES: readonly Case[] = [
  {
    name: 'Never: a new pod for each that failed, one more than backoffLimit, each with new volumes',
    play: async () => {
      const parts = job('[ ! -e /v/x ] || exit 9; touch /v/x; exit 3', { backoffLimit: 2 });
      const result = await playJob(printJob(parts), OPTIONS);
      assert.equal([result.condition, codes(result)], ['Failed', [[3], [3], [3]]]);
    },
  },
  {
    name: 'OnFailure: restarted in place until it succeeds',
    play: async () => {
      const count = 'echo x >> /v/n; [ $(cat /v/n | /stub/busybox wc -l) = 3 ] || exit 4';
      const result = await playJob(printJob(job(count, { policy: 'OnFailure', backoffLimit: 3 })), OPTIONS);
      assert.equal([result.condition, codes(result)], ['Complete', [[4, 4, 0]]]);
    },
  },
  {
    name: 'OnFailure: as many restarts as backoffLimit are too many, and the pod is deleted',
    play: async () => {
      const stay =
        'echo x >> /v/n; [ $(cat /v/n | /stub/busybox wc -l) = 3 ] || exit 4; while :; do sleep 0.1; done';
      const pod = { volumes: [{ name: 'v', emptyDir: {} }], terminationGracePeriodSeconds: 1 };
      const parts = job(stay, { policy: 'OnFailure', backoffLimit: 2, pod });
      const result = await playJob(printJob(parts), OPTIONS);
      assert.equal([result.condition, codes(result)], ['Failed', [[4, 4, 137]]]);
    },
  },
  {
    name: 'OnFailure: with a backoffLimit of 0 the first restart is one too many',
    play: async () => {
      const result = await playJob(
        printJob(job('exit 4', { policy: 'OnFailure', backoffLimit: 0 })),
        OPTIONS,
      );
      assert.is(result.condition, 'Failed');
      assert.is(result.pods.length, 1);
    },
  },
  {
    name: 'what has not ended at the limit is unfinished',
    play: async () => {
      const result = await playJob(printJob(job('sleep 60')), { ...OPTIONS, limit: 1 });
      assert.equal([result.condition, result.pods[0]?.running], ['unfinished', ['work']]);
    },
  },
  {
    name: 'a CronJob’s template',
    play: async () => {
      const result = await playJob(printCronJob(job('exit 0')), OPTIONS);
      assert.equal([result.condition, codes(result)], ['Complete', [[0]]]);
    },
  },
];

suite('a Job', (test) => testTogether(test, 6, CASES), ['namespaces', 'busybox']);
