import {
  type PlaceOf,
  type PodAnnotations,
  placeOfAnnotation,
  REWRITTEN,
  readAnnotations,
  SUPERVISOR,
  UNDO,
} from '../kube/annotations.ts';
import { classify } from '../kube/classify.ts';
import { findRefusal } from '../kube/refusals.ts';
import { applyNamedRoles, findNamedRoles, findRule, type NamedRoles } from '../kube/roles.ts';
import { findNativeSidecar, findWorkaround } from '../kube/workaround.ts';
import { type Diagnostic, diagnose, type Place } from '../model/diagnostic.ts';
import type { Options } from '../model/options.ts';
import type { ClassifiedContainer, ClassifiedPod, Plan, PodTemplate } from '../model/pod.ts';
import { STRATEGIES } from './index.ts';
import type { ContainerSettings, StrategyContext } from './strategy.ts';

/** Decides what becomes of one pod template: rewritten, left alone, or refused. */
export function choosePlan(pod: PodTemplate, options: Options, place: PlaceOf): Plan {
  const here: Place = { ...place([...pod.workload.root, 'kind']), path: [] };
  const { annotations, diagnostics } = readAnnotations(pod, place);
  const unclassified = pod.containers.map((container): ClassifiedContainer => {
    return { ...container, role: 'unknown', because: [] };
  });
  const named = findNamedRoles(pod, annotations, options);
  const wanted = annotations.strategy ?? findRule(pod.workload, options)?.strategy ?? options.strategy;
  const reason = wanted === 'skip' ? diagnose('skipped', {}, here) : findReasonToLeave(pod, named, here);
  if (reason !== null) return leave(pod, unclassified, [reason]);
  const [unreadable] = [...diagnostics, ...checkNames(pod, annotations, place)];
  if (unreadable !== undefined) return refuse(pod, unclassified, [unreadable]);
  const roles =
    named === null
      ? { containers: classify(pod) }
      : applyNamedRoles(pod, named, placeOfRoles(pod, named, here, place));
  if ('error' in roles) return refuse(pod, unclassified, [roles.error]);
  const classified: ClassifiedPod = { ...pod, containers: roles.containers };
  const nothingToDo = findNothingToDo(classified, named, here);
  if (nothingToDo.length > 0) return leave(pod, roles.containers, nothingToDo);
  return planWith(classified, annotations, options, { here, place });
}

function leave(pod: PodTemplate, containers: Plan['containers'], diagnostics: readonly Diagnostic[]): Plan {
  const [{ code } = { code: '' }] = diagnostics;
  return { pod, containers, action: 'leave', code, diagnostics };
}

function refuse(pod: PodTemplate, containers: Plan['containers'], diagnostics: readonly Diagnostic[]): Plan {
  const [{ code } = { code: '' }] = diagnostics;
  return { pod, containers, action: 'refuse', code, diagnostics };
}

/** What can be seen without knowing which container is which. */
function findReasonToLeave(pod: PodTemplate, named: NamedRoles | null, place: Place): Diagnostic | null {
  const { annotations } = pod.workload;
  if (REWRITTEN in annotations || UNDO in annotations || SUPERVISOR in pod.annotations) {
    return diagnose('already-rewritten', {}, place);
  }
  if (pod.containers.length < 2) return diagnose('no-sidecar', { why: 'it has one container' }, place);
  if (pod.restartPolicy === undefined)
    return diagnose('partial-object', { why: 'it has no restartPolicy' }, place);
  const part = pod.containers.findIndex(({ spec }) => !spec.name || !spec.image);
  if (part >= 0) {
    const { name } = pod.containers[part]?.spec ?? {};
    const which = name ? `container "${name}" has no image` : `container ${part} has no name`;
    return diagnose('partial-object', { why: which }, place);
  }
  // Whoever names the roles knows what is in the pod.
  if (named !== null) return null;
  const native = findNativeSidecar(pod);
  if (native !== null) return diagnose('already-native', { name: native }, place);
  const workaround = findWorkaround(pod);
  return workaround === null ? null : diagnose('already-handled', { why: workaround }, place);
}

/** Where the roles stand, if they stand in the manifest. */
function placeOfRoles(pod: PodTemplate, named: NamedRoles, here: Place, place: PlaceOf): Place {
  if (named.by !== 'annotation') return here;
  return placeOfAnnotation(pod, `guillotine/${named.sidecars === null ? 'main' : 'sidecars'}`, place);
}

/** Annotations that speak of containers which are not there. */
function checkNames(pod: PodTemplate, annotations: PodAnnotations, place: PlaceOf): Diagnostic[] {
  const names = pod.containers.map(({ spec }) => spec.name);
  const spokenOf = { entrypoints: annotations.entrypoints, options: annotations.options };
  return Object.entries(spokenOf).flatMap(([key, map]) =>
    Object.keys(map)
      .filter((name) => !names.includes(name))
      .map((name) =>
        diagnose(
          'name-unknown',
          { name, by: `the annotation guillotine/${key}`, names },
          placeOfAnnotation(pod, `guillotine/${key}`, place),
        ),
      ),
  );
}

function findNothingToDo(pod: ClassifiedPod, named: NamedRoles | null, place: Place): Diagnostic[] {
  if (pod.containers.some(({ role }) => role === 'sidecar')) return [];
  if (named !== null) return [diagnose('no-sidecar', { why: 'it is said to have no sidecar' }, place)];
  const names = pod.containers.map(({ spec }) => spec.name);
  const why = `nothing points to a sidecar among its ${names.length} containers`;
  return [diagnose('no-sidecar', { why }, place), diagnose('containers-unknown', { names }, place)];
}

function planWith(
  pod: ClassifiedPod,
  annotations: PodAnnotations,
  options: Options,
  { here, place }: { readonly here: Place; readonly place: PlaceOf },
): Plan {
  const refusal = findRefusal(pod, here, place);
  if (refusal !== null) return refuse(pod, pod.containers, [refusal]);
  const rule = findRule(pod.workload, options);
  const wanted = annotations.strategy ?? rule?.strategy ?? options.strategy;
  const strategies = STRATEGIES.filter(({ id }) => wanted === 'auto' || wanted === id);
  if (strategies.length === 0) {
    const why = `"${wanted}" is none of auto, ${STRATEGIES.map(({ id }) => id).join(', ')}, skip`;
    const at = placeOfAnnotation(pod, 'guillotine/strategy', place);
    return refuse(pod, pod.containers, [
      diagnose('annotation-invalid', { name: 'guillotine/strategy', why }, at),
    ]);
  }
  const settings = (name: string): ContainerSettings => settingsOf(pod, name, annotations, options);
  const context: StrategyContext = { options, settings, place };
  let failed: readonly Diagnostic[] = [];
  for (const strategy of strategies) {
    const { edits, diagnostics } = strategy.plan(pod, context);
    const { containers } = pod;
    if (edits.length > 0)
      return { pod, containers, action: 'rewrite', strategy: strategy.id, edits, diagnostics };
    failed = failed.length > 0 ? failed : diagnostics;
  }
  return refuse(pod, pod.containers, failed);
}

/** A container may well be called `constructor`. */
function lookUp<T>(map: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return map !== undefined && Object.hasOwn(map, key) ? map[key] : undefined;
}

/** Annotation before config before flag. */
function settingsOf(
  pod: ClassifiedPod,
  name: string,
  annotations: PodAnnotations,
  options: Options,
): ContainerSettings {
  const rule = findRule(pod.workload, options);
  const image = pod.containers.find(({ spec }) => spec.name === name)?.spec.image ?? '';
  const all = [annotations.entrypoints, rule?.entrypoints, options.entrypoints];
  const entrypoints = all.map((known) => lookUp(known, name));
  const own = { ...lookUp(rule?.options, name), ...lookUp(annotations.options, name) };
  return {
    entrypoint: entrypoints.find((argv) => argv !== undefined) ?? lookUp(options.entrypoints, image) ?? null,
    shell: own.shell ?? options.shell,
    grace: Math.min(own.grace ?? options.grace, pod.spec.terminationGracePeriodSeconds ?? 30),
  };
}
