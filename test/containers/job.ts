import type * as V1Batch from 'kubernetes-types/batch/v1.js';
import { parseDocument } from '../../src/yaml/parse.ts';
import { type Pod, type PodOptions, type PodResult, startPod } from '../supervisor/bench/pod.ts';
import { sleep } from '../support/process.ts';

// The Job controller in small: pods one after the other (`parallelism` 1), as its backoffLimit allows.

export interface JobResult {
  readonly condition: 'Complete' | 'Failed' | 'unfinished';
  readonly pods: readonly PodResult[];
}

export interface JobOptions extends PodOptions {
  readonly limit: number;
  /** Before a new pod. */
  readonly podBackOff?: number;
  /** Is told of each pod when it is started. */
  readonly act?: (pod: Pod) => Promise<void>;
}

interface Manifest {
  readonly kind: string;
  readonly spec: V1Batch.JobSpec & V1Batch.CronJobSpec;
}

/** The Job of a manifest, or that of a CronJob. */
export function readJob(text: string): V1Batch.JobSpec {
  const parsed = parseDocument(text);
  if (!('value' in parsed)) throw new Error('the manifest cannot be read');
  const { kind, spec } = parsed.value as unknown as Manifest;
  const job = kind === 'CronJob' ? spec.jobTemplate.spec : spec;
  if (job?.template?.spec === undefined) throw new Error('the manifest has no pod');
  return job;
}

export async function playJob(text: string, options: JobOptions): Promise<JobResult> {
  const { template, backoffLimit = 6 } = readJob(text);
  const { spec, metadata } = template;
  if (spec === undefined) throw new Error('the Job has no pod');
  const begin = performance.now();
  const pods: PodResult[] = [];
  for (let failed = 0; ; ) {
    const left = options.limit - (performance.now() - begin) / 1000;
    const pod = startPod(spec, metadata?.annotations ?? {}, { ...options, limit: left });
    const [result, isPast] = await Promise.all([
      pod.ended,
      spec.restartPolicy === 'OnFailure' ? watchRestarts(pod, backoffLimit) : false,
      options.act?.(pod),
    ]);
    pods.push(result);
    if (isPast) return { condition: 'Failed', pods };
    if (result.phase === 'Succeeded') return { condition: 'Complete', pods };
    if (result.phase === 'Running') return { condition: 'unfinished', pods };
    failed++;
    if (failed > backoffLimit) return { condition: 'Failed', pods };
    await sleep(options.podBackOff ?? 0.2);
  }
}

/** With OnFailure it is the restarts that count, and a pod with too many is deleted (pastBackoffLimitOnFailure). */
async function watchRestarts(pod: Pod, backoffLimit: number): Promise<boolean> {
  let isOver = false;
  const end = (): void => {
    isOver = true;
  };
  pod.ended.then(end, end);
  while (!isOver) {
    if (pod.restarts() >= Math.max(1, backoffLimit)) {
      pod.delete();
      return true;
    }
    await sleep(0.02);
  }
  return false;
}
