import type * as V1Batch from 'kubernetes-types/batch/v1.js';
import type * as V1 from 'kubernetes-types/core/v1.js';
import type { Case } from './cases.ts';
import { type Cluster, poll } from './cluster.ts';
import type { JobResult } from './job.ts';
import type { Stage } from './manifests.ts';
import type { Outcome } from './outcome.ts';
import { missingWords, type Row, writeManifest } from './play-case.ts';

/** For images to be pulled, and for a kubelet's own back-off. */
const PATIENCE = 120;

/** Plays a case on a cluster, where a container shows its last exit code, and how often it was started again. */
export async function playOnCluster(
  row: Case,
  stage: Stage,
  cluster: Cluster,
  seconds: number,
): Promise<Row> {
  const begin = performance.now();
  const text = await writeManifest(row, stage);
  const applied = JSON.parse(await cluster.run(['apply', '-f', '-', '-o', 'json'], text));
  const name = `${applied.metadata.name}`;
  // What a CronJob would do at its time.
  if (applied.kind === 'CronJob') await cluster.run(['create', 'job', name, '--from', `cronjob/${name}`]);
  const limit = (row.limit ?? 40) + PATIENCE;
  const isExpectedToEnd = row.expected.job !== 'unfinished';
  const condition = await poll(() => findCondition(cluster, name), {
    seconds,
    limit: isExpectedToEnd ? limit : Math.min(limit, 45),
  });
  const pods = await listPods(cluster, name);
  const said = row.says ? await readLog(cluster, pods.at(-1), row.says[0]) : '';
  return {
    name: row.name,
    expected: printShort(shortenOutcome(row.expected)),
    got:
      printShort({ job: condition ?? 'unfinished', pods: pods.map(readPod) }) + missingWords(row, () => said),
    seconds: (performance.now() - begin) / 1000,
  };
}

async function findCondition(cluster: Cluster, name: string): Promise<JobResult['condition'] | null> {
  const job: V1Batch.Job = JSON.parse(await cluster.run(['get', 'job', name, '-o', 'json']));
  const found = job.status?.conditions?.find(
    ({ type, status }) => status === 'True' && (type === 'Complete' || type === 'Failed'),
  );
  return found ? (found.type as JobResult['condition']) : null;
}

async function listPods(cluster: Cluster, name: string): Promise<V1.Pod[]> {
  const { items }: V1.PodList = JSON.parse(
    await cluster.run(['get', 'pods', '-l', `job-name=${name}`, '-o', 'json']),
  );
  const time = ({ metadata }: V1.Pod): string => `${metadata?.creationTimestamp}`;
  return items.sort((a, b) => (time(a) < time(b) ? -1 : 1));
}

function readLog(cluster: Cluster, pod: V1.Pod | undefined, container: string): Promise<string> {
  return cluster.run(['logs', `${pod?.metadata?.name}`, '-c', container]);
}

/** A container's last code and restarts in one word. */
interface ShortOutcome {
  readonly job: JobResult['condition'];
  readonly pods: readonly Readonly<Record<string, string>>[];
}

function shortenOutcome({ job, pods }: Outcome): ShortOutcome {
  const shorten = (pod: Outcome['pods'][number]): Record<string, string> =>
    Object.fromEntries(
      Object.entries(pod).map(([name, fate]) => [
        name,
        typeof fate === 'string' ? fate : printCode(fate.at(-1), fate.length - 1),
      ]),
    );
  return { job, pods: pods.map(shorten) };
}

function printCode(code: number | undefined, restarts: number): string {
  return `${code ?? 'not started'}${restarts > 0 ? ` (${restarts} restarts)` : ''}`;
}

function readPod({ status }: V1.Pod): Record<string, string> {
  const { initContainerStatuses = [], containerStatuses = [] } = status ?? {};
  const rows = [...initContainerStatuses, ...containerStatuses].map((container): [string, string] => [
    container.name,
    readStatus(container),
  ]);
  return Object.fromEntries(rows.filter(([name, fate]) => !(name.startsWith('guillotine-') && fate === '0')));
}

function readStatus({ state = {}, restartCount }: V1.ContainerStatus): string {
  if (state.running) return 'running';
  if (state.terminated) return printCode(state.terminated.exitCode, restartCount);
  return state.waiting?.reason ?? 'not started';
}

function printShort({ job, pods }: ShortOutcome): string {
  const printed = pods.map((pod) =>
    Object.entries(pod)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, fate]) => `${name} ${fate}`)
      .join(', '),
  );
  return `${job}: ${printed.join(' | ')}`;
}
