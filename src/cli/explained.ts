import { confidenceOf } from '../kube/evidence/evidence.ts';
import type { ClassifiedContainer, Container, Evidence, Plan, Role, Workload } from '../model/pod.ts';

/** A container as `explain` tells of it. `index` counts in its own list. */
export interface ExplainedContainer {
  /** `#INDEX` when it has none. */
  readonly name: string;
  readonly index: number;
  readonly role: Role;
  /** From 0 to 1. */
  readonly confidence: number;
  readonly evidence: readonly Omit<Evidence, 'kind'>[];
  /** Its pod template, in workloads that may have several. */
  readonly template?: string;
}

/** What becomes of a pod template, or of a workload with all of them. */
interface ExplainedAction {
  readonly action: Plan['action'];
  readonly strategy: string | null;
  readonly code: string | null;
  readonly reason: string;
}

/** A workload as `explain -o json` prints it: a part of the contract. */
export interface Explained extends ExplainedAction {
  readonly source: string;
  readonly document: number;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly containers: readonly ExplainedContainer[];
  /** In workloads that may have several; `action` and what follows it are then those of the most telling one. */
  readonly templates?: readonly (ExplainedAction & { readonly name: string })[];
}

/** The plans of each workload, in the order of the input. */
export function byWorkload(plans: readonly Plan[]): [Plan, ...Plan[]][] {
  const groups = new Map<Workload, [Plan, ...Plan[]]>();
  for (const plan of plans) {
    const group = groups.get(plan.pod.workload);
    if (group === undefined) groups.set(plan.pod.workload, [plan]);
    else group.push(plan);
  }
  return [...groups.values()];
}

/** What tells most of a workload stands first. */
const ACTIONS: readonly Plan['action'][] = ['refuse', 'rewrite', 'leave'];

export function explainWorkload(plans: readonly [Plan, ...Plan[]]): Explained {
  const { document, id } = plans[0].pod.workload;
  const found = ACTIONS.flatMap((action) => plans.filter((plan) => plan.action === action));
  const templates = plans.flatMap((plan) => {
    const { part } = plan.pod;
    return part === null ? [] : [{ name: part, ...explainAction(plan) }];
  });
  return {
    source: document.source.name,
    document: document.index,
    ...id,
    containers: plans.flatMap(explainContainers),
    ...explainAction(found[0] ?? plans[0]),
    ...(templates.length > 0 ? { templates } : {}),
  };
}

function explainAction(plan: Plan): ExplainedAction {
  const { action, diagnostics } = plan;
  if (action === 'rewrite') return { action, strategy: plan.strategy, code: null, reason: plan.reason };
  return { action, strategy: null, code: plan.code, reason: diagnostics[0]?.message ?? plan.code };
}

function explainContainers({ pod, containers }: Plan): ExplainedContainer[] {
  const all = [...containers.map(explainContainer), ...pod.initContainers.map(explainInit)];
  return pod.part === null ? all : all.map((row) => ({ ...row, template: pod.part ?? '' }));
}

function explainContainer(container: ClassifiedContainer, index: number): ExplainedContainer {
  const { role, because, spec } = container;
  return {
    name: printName(spec.name, index),
    index,
    role,
    confidence: confidenceOf(container),
    evidence: because.map(({ by, says, why, weight }) => ({ by, says, why, weight })),
  };
}

/** Kubernetes itself says what an init container is. */
function explainInit({ spec }: Container, index: number): ExplainedContainer {
  const role = spec.restartPolicy === 'Always' ? 'native-sidecar' : 'init';
  return { name: printName(spec.name, index), index, role, confidence: 1, evidence: [] };
}

function printName(name: string | undefined, index: number): string {
  return name || `#${index}`;
}
