import {
  type PlaceOf,
  type PodAnnotations,
  placeOfAnnotation,
  readAnnotations,
} from '../kube/annotations.ts';
import { classify } from '../kube/classify.ts';
import type { Marks } from '../kube/injection.ts';
import { findReasonsByEvidence, findReasonToLeave } from '../kube/leave.ts';
import { findRefusal } from '../kube/refusals.ts';
import { applyNamedRoles, findNamedRoles, findRule, type NamedRoles } from '../kube/roles.ts';
import { type Diagnostic, diagnose, type Place } from '../model/diagnostic.ts';
import { invariant } from '../model/invariant.ts';
import type { Options, WorkloadRule } from '../model/options.ts';
import type { ClassifiedPod, Plan, PodTemplate } from '../model/pod.ts';
import { SHELL_CHOICES } from '../supervisor/shells.ts';
import { chooseStrategy, takeStrategy } from './auto.ts';
import { checkNames } from './check-names.ts';
import { findStrategy } from './index.ts';
import { reportInjections } from './injected.ts';
import { STRATEGY_CHOICES } from './names.ts';
import { mentionsQuit, settleRoles } from './quit.ts';
import { findOrderErrors } from './stop.ts';
import type { ContainerSettings, QuitWish, StrategyContext } from './strategy.ts';
import { findMisplaced } from './supervised-options.ts';

/** What was said about a pod: annotation before config before flag. */
interface Wishes {
  readonly annotations: PodAnnotations;
  readonly rule: WorkloadRule | undefined;
  readonly options: Options;
}

function wantedStrategy({ annotations, rule, options }: Wishes): string {
  return annotations.strategy ?? rule?.strategy ?? options.strategy;
}

interface Places {
  readonly here: Place;
  readonly place: PlaceOf;
}

/** Decides what becomes of one pod template, and says which sidecars are injected into it besides. */
export function choosePlan(pod: PodTemplate, options: Options, place: PlaceOf, namespace: Marks): Plan {
  const { root, handling } = pod.workload;
  const here: Place = pod.part === null ? { ...place([...root, 'kind']), path: [] } : place(pod.path);
  if (handling !== null)
    return stop('leave', pod, [], [diagnose('already-handled', { why: handling }, here)]);
  const { annotations, diagnostics } = readAnnotations(pod, SHELL_CHOICES, place);
  const wishes: Wishes = { annotations, rule: findRule(pod.workload, options), options };
  const quits = findQuits(pod, wishes);
  const unreadable = [...diagnostics, ...checkNames(pod, annotations, place)];
  const plan = decide(pod, wishes, { unreadable, quits }, { here, place });
  const said = reportInjections(plan, { options, quits, namespace, here, place });
  return { ...plan, diagnostics: [...plan.diagnostics, ...said] };
}

/** What the pod is asked for at its end, and what cannot be understood of what was said. */
interface Understood {
  readonly unreadable: readonly Diagnostic[];
  readonly quits: readonly QuitWish[];
}

/** Rewritten, left alone, or refused. */
function decide(pod: PodTemplate, wishes: Wishes, understood: Understood, { here, place }: Places): Plan {
  const { annotations, options } = wishes;
  const { quits } = understood;
  const guessed = classify(pod, options);
  const leave = (reasons: readonly [Diagnostic, ...Diagnostic[]]): Plan =>
    stop('leave', pod, guessed.containers, reasons);
  if (wantedStrategy(wishes) === 'skip') return leave([diagnose('skipped', {}, here)]);
  const asksQuit = quits.length > 0 || (understood.unreadable.length > 0 && mentionsQuit(pod));
  const reason = findReasonToLeave(pod, asksQuit, here);
  if (reason !== null) return leave([reason]);
  const named = findNamedRoles(pod, annotations, options);
  // Whoever names the roles, or asks for a call, knows what is in the pod.
  const reasons = named === null && !asksQuit ? findReasonsByEvidence(pod, guessed, here) : null;
  if (reasons !== null) return leave(reasons);
  const [unreadable] = understood.unreadable;
  if (unreadable !== undefined) return stop('refuse', pod, guessed.containers, [unreadable]);
  const roles = named === null ? guessed : applyNamedRoles(pod, named, placeOfRoles(pod, named, here, place));
  const settled = settleRoles(pod, roles, quits, { here, place });
  if ('error' in settled) return stop('refuse', pod, guessed.containers, [settled.error]);
  const { containers } = settled;
  if (named !== null && quits.length === 0 && !containers.some(({ role }) => role === 'sidecar')) {
    const nothing = diagnose('no-sidecar', { why: 'it is said to have no sidecar' }, here);
    return stop('leave', pod, containers, [nothing]);
  }
  const isSettled =
    containers.every(({ role }) => role !== 'unknown') && containers.some(({ role }) => role === 'main');
  const ambiguous = named === null && guessed.ambiguous && !isSettled;
  const plan = planWith({ ...pod, containers }, ambiguous, wishes, quits, { here, place });
  return { ...plan, diagnostics: [...plan.diagnostics, ...settled.warnings] };
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

function planWith(
  pod: ClassifiedPod,
  ambiguous: boolean,
  wishes: Wishes,
  quits: readonly QuitWish[],
  { here, place }: Places,
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
  const context: StrategyContext = { options: wishes.options, settings, quits, place };
  const [misplaced, ...others] = [...findMisplaced(pod, context), ...findOrderErrors(pod, context)];
  if (misplaced !== undefined) return stop('refuse', pod, pod.containers, [misplaced, ...others]);
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

function findQuits(pod: PodTemplate, wishes: Wishes): QuitWish[] {
  return pod.containers.flatMap(({ spec: { name } }) =>
    settingsOf(pod, name, wishes).quit.map((call) => ({ container: name, call })),
  );
}

function settingsOf(pod: PodTemplate, name: string, wishes: Wishes): ContainerSettings {
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
    quit: own.quit ?? [],
    own,
  };
}
