import {
  type PlaceOf,
  type PodAnnotations,
  placeOfAnnotation,
  readAnnotations,
} from '../kube/annotations.ts';
import { classify } from '../kube/classify.ts';
import { findReasonsByEvidence, findReasonToLeave } from '../kube/leave.ts';
import { findRefusal } from '../kube/refusals.ts';
import { applyNamedRoles, findNamedRoles, findRule, type NamedRoles } from '../kube/roles.ts';
import { type Diagnostic, diagnose, type Place } from '../model/diagnostic.ts';
import { invariant } from '../model/invariant.ts';
import type { Options, WorkloadRule } from '../model/options.ts';
import type { ClassifiedPod, Plan, PodTemplate } from '../model/pod.ts';
import { SHELL_CHOICES } from '../supervisor/shells.ts';
import { chooseStrategy, takeStrategy } from './auto.ts';
import { findStrategy } from './index.ts';
import { STRATEGY_CHOICES } from './names.ts';
import type { ContainerSettings, StrategyContext } from './strategy.ts';

/** What was said about a pod: annotation before config before flag. */
interface Wishes {
  readonly annotations: PodAnnotations;
  readonly rule: WorkloadRule | undefined;
  readonly options: Options;
}

function wantedStrategy({ annotations, rule, options }: Wishes): string {
  return annotations.strategy ?? rule?.strategy ?? options.strategy;
}

/** Decides what becomes of one pod template: rewritten, left alone, or refused. */
export function choosePlan(pod: PodTemplate, options: Options, place: PlaceOf): Plan {
  const here: Place = { ...place([...pod.workload.root, 'kind']), path: [] };
  const { annotations, diagnostics } = readAnnotations(pod, SHELL_CHOICES, place);
  const wishes: Wishes = { annotations, rule: findRule(pod.workload, options), options };
  const guessed = classify(pod, options);
  const { containers } = guessed;
  const leave = (reasons: readonly [Diagnostic, ...Diagnostic[]]): Plan =>
    stop('leave', pod, containers, reasons);
  if (wantedStrategy(wishes) === 'skip') return leave([diagnose('skipped', {}, here)]);
  const reason = findReasonToLeave(pod, here);
  if (reason !== null) return leave([reason]);
  const named = findNamedRoles(pod, annotations, options);
  const reasons = named === null ? findReasonsByEvidence(pod, guessed, here) : null;
  if (reasons !== null) return leave(reasons);
  const [unreadable] = [...diagnostics, ...checkNames(pod, annotations, place)];
  if (unreadable !== undefined) return stop('refuse', pod, containers, [unreadable]);
  if (named === null) return planWith({ ...pod, containers }, guessed.ambiguous, wishes, { here, place });
  const roles = applyNamedRoles(pod, named, placeOfRoles(pod, named, here, place));
  if ('error' in roles) return stop('refuse', pod, containers, [roles.error]);
  if (!roles.containers.some(({ role }) => role === 'sidecar')) {
    const nothing = diagnose('no-sidecar', { why: 'it is said to have no sidecar' }, here);
    return stop('leave', pod, roles.containers, [nothing]);
  }
  return planWith({ ...pod, containers: roles.containers }, false, wishes, { here, place });
}

function stop(
  action: 'leave' | 'refuse',
  pod: PodTemplate,
  containers: Plan['containers'],
  diagnostics: readonly [Diagnostic, ...Diagnostic[]],
): Plan {
  return { pod, containers, action, code: diagnostics[0].code, diagnostics };
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

function planWith(
  pod: ClassifiedPod,
  ambiguous: boolean,
  wishes: Wishes,
  { here, place }: { readonly here: Place; readonly place: PlaceOf },
): Plan {
  const refusal = findRefusal(pod, ambiguous, wishes.options, here, place);
  if (refusal !== null) return stop('refuse', pod, pod.containers, [refusal]);
  const wanted = wantedStrategy(wishes);
  const strategy = findStrategy(wanted);
  if (strategy === undefined && wanted !== 'auto') {
    const why = `"${wanted}" is none of ${STRATEGY_CHOICES.join(', ')}, skip`;
    const at = placeOfAnnotation(pod, 'guillotine/strategy', place);
    return stop('refuse', pod, pod.containers, [
      diagnose('annotation-invalid', { name: 'guillotine/strategy', why }, at),
    ]);
  }
  const settings = (name: string): ContainerSettings => settingsOf(pod, name, wishes);
  const context: StrategyContext = { options: wishes.options, settings, place };
  const choice = strategy === undefined ? chooseStrategy(pod, context) : takeStrategy(strategy, pod, context);
  if (choice.edits.length > 0) return { pod, containers: pod.containers, action: 'rewrite', ...choice };
  const [first, ...more] = choice.diagnostics;
  invariant(first !== undefined, 'a strategy gave neither edits nor a reason');
  return stop('refuse', pod, pod.containers, [first, ...more]);
}

/** A container may well be called `constructor`. */
function lookUp<T>(map: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return map !== undefined && Object.hasOwn(map, key) ? map[key] : undefined;
}

function settingsOf(pod: ClassifiedPod, name: string, wishes: Wishes): ContainerSettings {
  const { annotations, rule, options } = wishes;
  const image = pod.containers.find(({ spec }) => spec.name === name)?.spec.image ?? '';
  const all = [annotations.entrypoints, rule?.entrypoints, options.entrypoints];
  const entrypoints = all.map((known) => lookUp(known, name));
  const own = { ...lookUp(rule?.options, name), ...lookUp(annotations.options, name) };
  return {
    entrypoint: entrypoints.find((argv) => argv !== undefined) ?? lookUp(options.entrypoints, image) ?? null,
    shell: own.shell ?? options.shell,
    grace: Math.min(own.grace ?? options.grace, pod.spec.terminationGracePeriodSeconds ?? 30),
    place: own.place ?? null,
  };
}
