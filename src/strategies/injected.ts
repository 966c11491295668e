import type { PlaceOf } from '../kube/annotations.ts';
import { containerText } from '../kube/container-text.ts';
import { findInjections, type Injection, type Marks } from '../kube/injection.ts';
import { endsSidecar, findQuitted, printQuit } from '../kube/quit.ts';
import { hasNativeSidecars } from '../kube/version.ts';
import type { CatalogueEntry } from '../model/catalogue-entry.ts';
import { type Diagnostic, diagnose, type Place } from '../model/diagnostic.ts';
import type { Options } from '../model/options.ts';
import type { Plan, PodTemplate } from '../model/pod.ts';
import type { QuitWish } from './strategy.ts';

/** Nobody waits for an answer on these: the user's own word, and what is no whole pod. */
const SILENT: readonly string[] = ['skipped', 'partial-object'];

export interface InjectionQuestion {
  readonly options: Options;
  readonly quits: readonly QuitWish[];
  /** What the pod's Namespace says. */
  readonly namespace: Marks;
  readonly here: Place;
  readonly place: PlaceOf;
}

/** What is to be said of sidecars that a webhook will put into the pod, whatever else becomes of it. */
export function reportInjections(plan: Plan, question: InjectionQuestion): Diagnostic[] {
  if (plan.action !== 'rewrite' && SILENT.includes(plan.code)) return [];
  const injections = findInjections(plan.pod, question.namespace, question.options.kubeVersion);
  const said = injections.flatMap((injection) => reportInjection(plan, injection, question));
  return plan.action === 'rewrite' ? [...said, ...findNeeds(plan.pod, question)] : said;
}

function reportInjection(plan: Plan, injection: Injection, question: InjectionQuestion): Diagnostic[] {
  const { injector, entry, path } = injection;
  const { options, quits, here, place } = question;
  if (quits.some(({ call }) => endsSidecar(call, entry))) return [];
  const at = path === null ? here : place(path);
  const namespace = path === null ? (plan.pod.workload.id.namespace ?? options.namespace) : null;
  const by = { injector: injector.id, namespace };
  if (entry.kind === 'self-ending') return [diagnose('injected-ends', { ...by, sidecar: entry.id }, at)];
  const isNewEnough = options.kubeVersion === null || hasNativeSidecars(options.kubeVersion);
  const native = isNewEnough && entry.native ? [`${entry.native} (Kubernetes 1.29 or newer)`] : [];
  const annotations = injector.instead ? [injector.instead, ...native] : native;
  const main = plan.containers.find(({ role }) => role !== 'sidecar')?.spec.name ?? 'MAIN';
  const quit = entry.quit === undefined ? null : printOption([...quits, entry.id]);
  return [diagnose('injected-sidecar', { ...by, main, annotations, quit }, at)];
}

/** The option `quit` that asks for what is asked for already and for one more. */
function printOption(wishes: readonly (QuitWish | string)[]): string {
  const words = wishes.map((wish) => {
    if (typeof wish === 'string') return wish;
    return wish.call.id ?? printQuit(wish.call);
  });
  return words.length === 1 ? JSON.stringify(words[0]) : JSON.stringify(words).replaceAll('","', '", "');
}

/** Sidecars that are to be called, but take no call as far as the manifest says. */
function findNeeds(pod: PodTemplate, { quits, namespace, here }: InjectionQuestion): Diagnostic[] {
  const entries = new Set(quits.flatMap(({ call }) => findQuitted(call) ?? []));
  return [...entries].flatMap((entry) => {
    const needs = entry.quit?.needs;
    if (needs === undefined || isMet(needs, pod, namespace)) return [];
    return [diagnose('quit-needs', { name: entry.id, needs: describe(needs, entry) }, here)];
  });
}

const ANNOTATION = /^annotation (\S+): "?(\w+)"?$/;

function isMet(needs: string, { annotations, containers }: PodTemplate, namespace: Marks): boolean {
  const [, key = '', value] = ANNOTATION.exec(needs) ?? [];
  if (value === undefined) return containers.some(({ spec }) => containerText(spec).includes(needs));
  const said = annotations[key] ?? namespace[key];
  return said?.toLowerCase() === value;
}

function describe(needs: string, { id }: CatalogueEntry): string {
  return ANNOTATION.test(needs) ? `pod ${needs}` : `setting of ${id}: ${needs}`;
}
