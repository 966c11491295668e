import { type Diagnostic, diagnose, type Place } from '../model/diagnostic.ts';
import { type FieldPath, isMap } from '../model/object.ts';
import type { Options } from '../model/options.ts';
import type { ClassifiedPod, PodTemplate } from '../model/pod.ts';
import { isSuspect } from './classify.ts';

/** Why a pod with sidecars cannot be rewritten by any strategy; null when it can. */
export function findRefusal(
  pod: ClassifiedPod,
  ambiguous: boolean,
  { takesLive }: Options,
  here: Place,
  place: (path: FieldPath) => Place,
): Diagnostic | null {
  const { containers, restartPolicy, spec } = pod;
  const names = containers.map(({ spec: { name } }) => name);
  const twice = names.findIndex((name, index) => names.indexOf(name) !== index);
  if (twice >= 0) {
    const at = place([...pod.path, 'spec', 'containers', twice, 'name']);
    return diagnose('duplicate-container', { name: names[twice] ?? '' }, at);
  }
  if (ambiguous) return diagnose('ambiguous-containers', suspects(pod), here);
  if (!containers.some(({ role }) => role === 'main')) return diagnose('no-main', {}, here);
  if (restartPolicy !== 'Never' && restartPolicy !== 'OnFailure') {
    const at = place([...pod.path, 'spec', 'restartPolicy']);
    return diagnose('restart-policy', { policy: String(restartPolicy) }, at);
  }
  const live = takesLive ? null : findTraceOfCluster(pod);
  if (live !== null)
    return diagnose('live-object', { why: live.why }, place([...pod.workload.root, ...live.path]));
  return isForWindows(spec) ? diagnose('windows-pod', {}, here) : null;
}

/** The label's older name holds on old nodes. */
const OS_LABELS = ['kubernetes.io/os', 'beta.kubernetes.io/os'];

function isForWindows({ os, nodeSelector, securityContext, containers }: PodTemplate['spec']): boolean {
  return (
    os?.name === 'windows' ||
    OS_LABELS.some((label) => nodeSelector?.[label] === 'windows') ||
    [securityContext, ...containers.map((spec) => spec.securityContext)].some((own) => own?.windowsOptions)
  );
}

/** Those that may be sidecars, but not surely; or all, where all are. */
function suspects({ containers }: ClassifiedPod): { readonly names: string[]; readonly all: boolean } {
  const names = (of: typeof containers): string[] => of.map(({ spec }) => spec.name);
  const unsure = containers.filter(({ because }) => isSuspect(because));
  return unsure.length > 0 ? { names: names(unsure), all: false } : { names: names(containers), all: true };
}

/** What only an API server writes. An empty `status: {}` is written by code generators. */
function findTraceOfCluster({
  workload,
}: ClassifiedPod): { readonly why: string; readonly path: FieldPath } | null {
  const { object, labels } = workload;
  const { status, metadata } = object;
  if (isMap(status) && Object.keys(status).length > 0) return { why: 'it has a status', path: ['status'] };
  const label = ['batch.kubernetes.io/controller-uid', 'controller-uid'].find((key) => key in labels);
  if (label !== undefined) return { why: `it has the label ${label}`, path: ['metadata', 'labels', label] };
  const owners = isMap(metadata) ? metadata['ownerReferences'] : null;
  if (!Array.isArray(owners) || owners.length === 0) return null;
  return { why: 'it has an owner', path: ['metadata', 'ownerReferences'] };
}
