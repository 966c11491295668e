import { type PlaceOf, placeOfOptions } from '../kube/annotations.ts';
import { isSuspect } from '../kube/classify.ts';
import { evidence } from '../kube/evidence/evidence.ts';
import { printQuit } from '../kube/quit.ts';
import type { Roles } from '../kube/roles.ts';
import { type Diagnostic, diagnose, type Place } from '../model/diagnostic.ts';
import type { ClassifiedContainer, PodTemplate } from '../model/pod.ts';
import { QUIT, WATCHED_FILE } from '../supervisor/interface.ts';
import type { QuitWish, StrategyContext } from './strategy.ts';
import type { Variable } from './supervised.ts';

const OPTIONS = 'guillotine/options';

/** Does an annotation ask for a call, be it in a way that cannot be read? */
export function mentionsQuit(pod: PodTemplate): boolean {
  const text = pod.annotations[OPTIONS] ?? pod.workload.annotations[OPTIONS] ?? '';
  return text.includes('"quit"');
}

/** Roles, and what is to be said about them. */
type Settled =
  | { readonly containers: readonly ClassifiedContainer[]; readonly warnings: readonly Diagnostic[] }
  | { readonly error: Diagnostic };

/**
 * A container that is to make a call at its end must be a main: a sidecar is ended when the mains are done. With nothing
 * that points to a sidecar, the others are waited for as well.
 */
export function settleRoles(
  pod: PodTemplate,
  roles: Roles,
  quits: readonly QuitWish[],
  { here, place }: { readonly here: Place; readonly place: PlaceOf },
): Settled {
  if ('error' in roles) return roles;
  const { containers } = roles;
  const isAsked = (name: string): boolean => quits.some(({ container }) => container === name);
  const sidecar = containers.find(({ spec, role }) => role === 'sidecar' && isAsked(spec.name));
  if (sidecar !== undefined) {
    const { name } = sidecar.spec;
    const main = containers.find(({ role }) => role === 'main')?.spec.name ?? 'MAIN';
    const why = 'it is a sidecar, and the call is made by a main container when it has ended';
    const hint = `give the option to a main container: {"${main}": {"quit": …}}`;
    const at = placeOfOptions(pod, name, place);
    return { error: diagnose('option-unusable', { name, option: 'quit', why, hint }, at) };
  }
  if (quits.length === 0) return { containers, warnings: [] };
  const settled = containers.map((row) => toMain(row, isAsked(row.spec.name)));
  const guessed = settled.filter(({ role, spec }, index) => {
    return role !== containers[index]?.role && !isAsked(spec.name);
  });
  const names = guessed.map(({ spec }) => spec.name);
  const warnings = names.length > 0 ? [diagnose('containers-unknown', { names }, here)] : [];
  return { containers: settled, warnings };
}

/** One that is asked, or that surely is no sidecar; what may be one stays unknown. */
function toMain(container: ClassifiedContainer, isAsked: boolean): ClassifiedContainer {
  if (container.role !== 'unknown') return container;
  if (!isAsked) return isSuspect(container.because) ? container : { ...container, role: 'main' };
  return { ...container, role: 'main', because: [evidence('namedMain', 'its option quit says so')] };
}

/** A main's variables. The main that ends last makes the calls, so each knows all sentinels, its own first. */
export function planMainVariables(
  name: string,
  mains: readonly string[],
  sentinel: (main: string) => string,
  { quits }: StrategyContext,
): Variable[] {
  if (quits.length === 0) return [{ name: WATCHED_FILE, value: sentinel(name) }];
  const others = mains.filter((main) => main !== name);
  return [
    { name: WATCHED_FILE, value: [name, ...others].map(sentinel).join(' ') },
    { name: QUIT, value: listCalls(quits).join('\n') },
  ];
}

/** Each once, however many mains ask for it. */
function listCalls(quits: readonly QuitWish[]): string[] {
  return [...new Set(quits.map(({ call }) => printQuit(call)))];
}

/** For the report. */
export function describeQuits({ quits }: StrategyContext): string[] {
  return listCalls(quits).map((call) => `the call when all mains are done: ${call}`);
}
