import type * as V1 from 'kubernetes-types/core/v1.js';
import { findImageFacts } from '../catalogue/image-facts.ts';
import { placeOfOptions } from '../kube/annotations.ts';
import { type Diagnostic, diagnose } from '../model/diagnostic.ts';
import type { ClassifiedContainer, ClassifiedPod } from '../model/pod.ts';
import {
  AFTER,
  DRAIN,
  GRACE,
  INTERVAL,
  OWN_FILE,
  PRE_STOP,
  RESTARTS,
  SCRIPT_DEFAULTS,
  STOP_SIGNAL,
  TERM_AFTER,
  WATCHED_FILE,
} from '../supervisor/interface.ts';
import { escapeDollars } from './container-start.ts';
import type { Hazard, StrategyContext } from './strategy.ts';
import type { Variable } from './supervised.ts';

/** The kubelet kills this long after its grace period at the latest, so TERM is passed on so much before it ends. */
const LAST_SECONDS = 2;

/** Paths in the volume of the sentinels, as one container sees them. */
interface Files {
  /** Of all mains. */
  readonly sentinels: readonly string[];
  /** What a sidecar leaves when it has ended. */
  readonly fileOf: (sidecar: string) => string;
}

/** How a sidecar is stopped: its variables. */
export function planStop(
  pod: ClassifiedPod,
  { spec }: ClassifiedContainer,
  { sentinels, fileOf }: Files,
  context: StrategyContext,
): readonly Variable[] {
  const { own, grace } = context.settings(spec.name);
  const { exec, sleep = null } = hookOf(spec);
  const isAwaited = sidecarsOf(pod).some(({ spec: other }) =>
    endsBefore(pod, other.name, context).includes(spec.name),
  );
  const after = endsBefore(pod, spec.name, context).map(fileOf);
  const drain = own.drain ?? Math.min(sleep ?? 0, grace);
  const signal = own.stopSignal ?? findImageFacts(spec.name, spec.image ?? '', context.options).stopSignal;
  const { poll } = context.options;
  const rows: readonly (readonly [string, string | number | null | undefined])[] = [
    [WATCHED_FILE, sentinels.join(' ')],
    [OWN_FILE, isAwaited ? fileOf(spec.name) : null],
    [AFTER, after.length > 0 ? after.join(' ') : null],
    [INTERVAL, poll === SCRIPT_DEFAULTS.interval ? null : poll],
    [DRAIN, drain === 0 ? null : drain],
    [PRE_STOP, exec === null ? null : escapeDollars(exec.map(quote).join(' '))],
    [STOP_SIGNAL, signal === 'TERM' ? null : signal],
    [GRACE, grace === SCRIPT_DEFAULTS.grace ? null : grace],
    [RESTARTS, own.restarts],
    [TERM_AFTER, own.onTerm === 'follow-main' ? Math.max(0, graceOfPod(pod) - LAST_SECONDS) : null],
  ];
  return rows.flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [{ name, value: `${value}` }],
  );
}

function graceOfPod(pod: ClassifiedPod): number {
  return pod.spec.terminationGracePeriodSeconds ?? 30;
}

function sidecarsOf(pod: ClassifiedPod): ClassifiedContainer[] {
  return pod.containers.filter(({ role }) => role === 'sidecar');
}

/** The sidecars that have ended when this one is stopped. `reverse`: those behind it, as native sidecars end. */
function endsBefore(pod: ClassifiedPod, name: string, { settings }: StrategyContext): readonly string[] {
  const { order = [] } = settings(name).own;
  if (order !== 'reverse') return order;
  const names = sidecarsOf(pod).map(({ spec }) => spec.name);
  return names.slice(names.indexOf(name) + 1);
}

/** The first order that names what is no other sidecar, or in which sidecars wait for each other. */
export function findOrderErrors(pod: ClassifiedPod, context: StrategyContext): Diagnostic[] {
  const names = sidecarsOf(pod).map(({ spec }) => spec.name);
  const errors = names.flatMap((name) => {
    const before = endsBefore(pod, name, context);
    const stranger = before.find((other) => other === name || !names.includes(other));
    const why =
      stranger !== undefined
        ? `"${stranger}" is no other sidecar of the pod`
        : waitsForItself(pod, name, context)
          ? 'these sidecars wait for each other'
          : null;
    if (why === null) return [];
    const hint = 'say reverse, or after: and the names of sidecars that need this one';
    const at = placeOfOptions(pod, name, context.place);
    return [diagnose('option-unusable', { name, option: 'order', why, hint }, at)];
  });
  return errors.slice(0, 1);
}

function waitsForItself(pod: ClassifiedPod, name: string, context: StrategyContext): boolean {
  const reached = new Set(endsBefore(pod, name, context));
  for (const other of reached) for (const next of endsBefore(pod, other, context)) reached.add(next);
  return reached.has(name);
}

/** A preStop hook; what of it cannot be read is not there. */
interface Hook {
  readonly exec: readonly string[] | null;
  /** Seconds. */
  readonly sleep: number | null;
}

function hookOf({ lifecycle }: V1.Container): Hook {
  const hook = lifecycle?.preStop;
  const command = hook?.exec?.command ?? [];
  const seconds = hook?.sleep?.seconds;
  return {
    exec: Array.isArray(command) && command.length > 0 ? command.map(String) : null,
    sleep: typeof seconds === 'number' && seconds > 0 ? seconds : null,
  };
}

/** A hook's words are not expanded by the kubelet, but a variable's value is, so `$` is escaped afterwards. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Kinds of preStop hooks that are not called when main has ended, and why. */
interface SkippedHooks {
  readonly kinds: readonly string[];
  readonly why: string;
}

const OF_SUPERVISOR: SkippedHooks = {
  kinds: ['httpGet', 'tcpSocket'],
  why: 'the supervisor calls only exec and sleep',
};

/** The kubelet calls preStop when it ends a container, not when a container ends by itself. */
export function findSkippedHooks(
  pod: ClassifiedPod,
  context: StrategyContext,
  { kinds, why }: SkippedHooks = OF_SUPERVISOR,
): Hazard[] {
  return sidecarsOf(pod).flatMap(({ spec, path }) => {
    const hook = Object.keys(spec.lifecycle?.preStop ?? {}).find((kind) => kinds.includes(kind));
    if (hook === undefined) return [];
    const at = context.place([...path, 'lifecycle', 'preStop', hook]);
    return [{ avoid: false, diagnostic: diagnose('pre-stop-skipped', { name: spec.name, why }, at) }];
  });
}
