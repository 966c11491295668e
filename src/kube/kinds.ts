import type { Kind, TypeMeta } from '../model/kind.ts';
import type { Options } from '../model/options.ts';

const BATCH = ['batch/v1', 'batch/v1beta1'];

/** Objects with pods that are meant to finish; sorted by kind. */
export const KINDS: readonly Kind[] = [
  {
    apiVersions: BATCH,
    kind: 'CronJob',
    podTemplate: 'spec.jobTemplate.spec.template',
    restartPolicy: null,
    mayRunForever: false,
  },
  {
    apiVersions: BATCH,
    kind: 'Job',
    podTemplate: 'spec.template',
    restartPolicy: null,
    mayRunForever: false,
  },
  // Volcano; its pods get what Kubernetes gives to every pod.
  {
    apiVersions: ['batch.volcano.sh/v1alpha1'],
    kind: 'Job',
    podTemplate: 'spec.tasks[].template',
    restartPolicy: 'Always',
    mayRunForever: true,
  },
  // Its webhook fills in the restartPolicy (jobset: pkg/webhooks/jobset_webhook.go).
  {
    apiVersions: ['jobset.x-k8s.io/v1alpha1', 'jobset.x-k8s.io/v1alpha2'],
    kind: 'JobSet',
    podTemplate: 'spec.replicatedJobs[].template.spec.template',
    restartPolicy: 'OnFailure',
    mayRunForever: false,
  },
  { apiVersions: ['v1'], kind: 'Pod', podTemplate: '', restartPolicy: 'Always', mayRunForever: true },
  {
    apiVersions: ['v1'],
    kind: 'PodTemplate',
    podTemplate: 'template',
    restartPolicy: 'Always',
    mayRunForever: true,
  },
];

/** Objects whose controller ends sidecars by itself, and how. Only those who ask for an explanation hear of them. */
export const HANDLED_KINDS: readonly (TypeMeta & { readonly how: string })[] = [
  'ClusterWorkflowTemplate',
  'CronWorkflow',
  'Workflow',
  'WorkflowTemplate',
].map((kind) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind,
  how: 'Argo Workflows stops those of a template when its main container has ended',
}));

/** The rows for a kind of object. The user's own win over ours; several are several pod templates of one object. */
export function findKinds(type: TypeMeta, own: readonly Kind[]): readonly Kind[] {
  const fits = ({ apiVersions, kind }: Kind): boolean =>
    kind === type.kind && apiVersions.some((pattern) => fitsVersion(type.apiVersion, pattern));
  const found = own.filter(fits);
  return found.length > 0 ? found : KINDS.filter(fits);
}

function fitsVersion(apiVersion: string, pattern: string): boolean {
  return pattern.endsWith('/*') ? apiVersion.startsWith(pattern.slice(0, -1)) : apiVersion === pattern;
}

/**
 * The kind of those items of a list that say none: a JobList's are Jobs. null: each must say it (as in a List, so kubectl
 * v1.36). undefined: it is no list.
 */
export function itemsOf(type: TypeMeta, own: readonly Kind[]): TypeMeta | null | undefined {
  if (isPlainList(type)) return null;
  if (!type.kind.endsWith('List')) return undefined;
  const item = { apiVersion: type.apiVersion, kind: type.kind.slice(0, -'List'.length) };
  return findKinds(item, own).length > 0 || findHandling(item) !== null ? item : undefined;
}

export function isPlainList(type: TypeMeta): boolean {
  return (type.apiVersion === 'v1' && type.kind === 'List') || isResourceList(type);
}

/** What KRM functions read and write (kpt, kustomize): https://kpt.dev/reference/schema/resource-list/. */
export function isResourceList({ apiVersion, kind }: TypeMeta): boolean {
  return kind === 'ResourceList' && RESOURCE_LISTS.includes(apiVersion);
}

const RESOURCE_LISTS = ['v1', 'v1alpha1', 'v1beta1'].map((version) => `config.kubernetes.io/${version}`);

/** How the controller of such an object ends sidecars; null: it does not. */
export function findHandling({ apiVersion, kind }: TypeMeta): string | null {
  return HANDLED_KINDS.find((row) => row.kind === kind && row.apiVersion === apiVersion)?.how ?? null;
}

/** One word of each list stands in every document that holds a workload: its kind, and the key of its containers. */
export function wordsOfWorkloads({ kinds }: Options): readonly (readonly string[])[] {
  return [shortest([...KINDS, ...kinds].map(({ kind }) => kind).concat('List')), ['containers']];
}

/** One of them stands in every document that holds an object whose controller ends sidecars. */
export const HANDLED_WORDS: readonly string[] = shortest(HANDLED_KINDS.map(({ kind }) => kind));

/** Without the words that another one is a part of: whoever finds `Job` need not look for `CronJob`. */
function shortest(words: readonly string[]): string[] {
  return [...new Set(words)].filter((word) => !words.some((other) => other !== word && word.includes(other)));
}
