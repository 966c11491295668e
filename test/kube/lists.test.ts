import * as assert from 'uvu/assert';
import { printId } from '../../src/model/object.ts';
import { rewriteBytes } from '../support/fixtures.ts';
import { readAllWithKubectl } from '../support/kubectl.ts';
import { suite } from '../support/suite.ts';

const SPEC =
  '{template: {spec: {restartPolicy: Never, containers: [{name: a, image: a, command: [/a]}, {name: envoy, image: envoyproxy/envoy:v1, command: [envoy]}]}}}';

function list(type: string, ...items: readonly string[]): string {
  const rows = items.map((item) => `- ${item}\n`).join('');
  return `${type}\nitems:${items.length > 0 ? `\n${rows}` : ' []\n'}`;
}

const JOB_LIST = 'apiVersion: batch/v1\nkind: JobList';
const silent = `{metadata: {name: silent}, spec: ${SPEC}}`;
const said = `{apiVersion: batch/v1, kind: Job, metadata: {name: said}, spec: ${SPEC}}`;
const cron = `{metadata: {name: cron}, spec: {schedule: "@daily", jobTemplate: {spec: ${SPEC}}}}`;

/** Lists, and what is a workload in them. */
const LISTS: readonly (readonly [string, string, readonly string[]])[] = [
  ['items that say nothing', list(JOB_LIST, silent), ['Job silent']],
  ['both', list(JOB_LIST, said, silent), ['Job said', 'Job silent']],
  [
    'a kind of its own',
    list(JOB_LIST, `{apiVersion: v1, kind: ConfigMap, metadata: {name: x}}`, said),
    ['Job said'],
  ],
  ['null', list(JOB_LIST, 'null', silent), ['Job silent']],
  ['nothing', list(JOB_LIST), []],
  ['CronJobs', list('apiVersion: batch/v1\nkind: CronJobList', cron), ['CronJob cron']],
  ['old CronJobs', list('apiVersion: batch/v1beta1\nkind: CronJobList', cron), ['CronJob cron']],
  [
    'Volcano Jobs',
    list(
      'apiVersion: batch.volcano.sh/v1alpha1\nkind: JobList',
      `{metadata: {name: v}, spec: {tasks: [${SPEC}]}}`,
    ),
    ['Job v'],
  ],
  [
    'JobSets',
    list(
      'apiVersion: jobset.x-k8s.io/v1alpha2\nkind: JobSetList',
      `{metadata: {name: s}, spec: {replicatedJobs: [{template: {spec: ${SPEC}}}]}}`,
    ),
    ['JobSet s'],
  ],
];

function workloadsIn(text: string): string[] {
  return rewriteBytes(Buffer.from(text)).outcome.plans.map(({ pod }) => printId(pod.workload.id));
}

suite(
  'lists of one kind, read as kubectl does',
  (test) => {
    for (const [name, text, expected] of LISTS) {
      test(name, () => {
        assert.equal(workloadsIn(text), [...expected]);
        const read = readAllWithKubectl([text])[0] ?? [];
        const objects = read.map(
          ({ kind, metadata }) => `${kind} ${(metadata as { name?: string } | null)?.name ?? ''}`,
        );
        assert.equal(
          objects.filter((id) => expected.includes(id)),
          [...expected],
        );
        assert.equal(
          objects.filter((id) => /^(Cron)?Job(Set)? \w/.test(id)),
          [...expected],
        );
      });
    }
    for (const half of ['kind: Job', 'apiVersion: batch/v1']) {
      test(`an item with ${half} alone is refused by kubectl, and none of ours`, () => {
        const text = list(JOB_LIST, silent.replace('{', `{${half}, `));
        assert.equal(workloadsIn(text), []);
        assert.throws(() => readAllWithKubectl([text]), /is missing in/);
      });
    }
    test('an item of a List has to say what it is', () => {
      const text = list('apiVersion: v1\nkind: List', silent);
      assert.equal(workloadsIn(text), []);
      assert.throws(() => readAllWithKubectl([text]), /'Kind' is missing/);
    });
  },
  ['kubectl'],
);
