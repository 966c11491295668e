import type { FieldPath } from '../model/object.ts';

/** Where an object that is meant to finish keeps its pod template. */
export interface Kind {
  readonly apiVersions: readonly string[];
  readonly kind: string;
  /** The path of what holds the pod's `metadata` and `spec`. */
  readonly podTemplate: FieldPath;
  /** True where a pod may also be meant to run for ever: then only restartPolicy Never or OnFailure makes a workload. */
  readonly mayRunForever: boolean;
}

const BATCH = ['batch/v1', 'batch/v1beta1'];

/** Sorted by kind. */
export const KINDS: readonly Kind[] = [
  {
    apiVersions: BATCH,
    kind: 'CronJob',
    podTemplate: ['spec', 'jobTemplate', 'spec', 'template'],
    mayRunForever: false,
  },
  { apiVersions: BATCH, kind: 'Job', podTemplate: ['spec', 'template'], mayRunForever: false },
  { apiVersions: ['v1'], kind: 'Pod', podTemplate: [], mayRunForever: true },
  { apiVersions: ['v1'], kind: 'PodTemplate', podTemplate: ['template'], mayRunForever: true },
];

/** Objects whose `items` are objects. */
export const LIST_KINDS: readonly { readonly apiVersion: string; readonly kind: string }[] = [
  { apiVersion: 'v1', kind: 'List' },
];

export function findKind(apiVersion: string, kind: string): Kind | undefined {
  return KINDS.find((row) => row.kind === kind && row.apiVersions.includes(apiVersion));
}

export function isListKind(apiVersion: string, kind: string): boolean {
  return LIST_KINDS.some((row) => row.apiVersion === apiVersion && row.kind === kind);
}

/** One of these stands in every document that holds a workload: its kind, and the key of its containers. */
export const KIND_WORDS: readonly string[] = shortest([...KINDS, ...LIST_KINDS].map((row) => row.kind));
export const CONTAINER_WORDS: readonly string[] = ['containers'];

/** Without the words that another one is a part of: whoever finds `Job` need not look for `CronJob`. */
function shortest(words: readonly string[]): string[] {
  return words.filter((word) => !words.some((other) => other !== word && word.includes(other)));
}
