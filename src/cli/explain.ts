import { confidenceOf } from '../kube/evidence/evidence.ts';
import type { ClassifiedContainer, Container, Evidence, Plan, Role } from '../model/pod.ts';
import { printTable } from './explain-table.ts';
import { load } from './load.ts';
import { choosePalette } from './palette.ts';
import { createDiagnosticPrinter } from './report.ts';
import type { ExplainRequest } from './request.ts';
import { type Streams, write } from './streams.ts';

/** A container as `explain` tells of it. `index` counts in its own list. */
export interface ExplainedContainer {
  /** `#INDEX` when it has none. */
  readonly name: string;
  readonly index: number;
  readonly role: Role;
  /** From 0 to 1. */
  readonly confidence: number;
  readonly evidence: readonly Omit<Evidence, 'kind'>[];
}

/** A workload as `explain -o json` prints it: a part of the contract. */
export interface Explained {
  readonly source: string;
  readonly document: number;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly containers: readonly ExplainedContainer[];
  readonly action: Plan['action'];
  readonly strategy: string | null;
  readonly code: string | null;
  readonly reason: string;
}

/** Says what a rewrite would do and why; writes nothing else. Returns the exit code. */
export async function explain(request: ExplainRequest, streams: Streams): Promise<number> {
  const { outcome, inputs } = await load(request, streams, () => ({ takesLive: true }));
  const plans = outcome?.plans ?? [];
  const print = createDiagnosticPrinter(choosePalette(request.color, streams.stderr, streams.env));
  // What belongs to a plan stands in its explanation.
  const own = new Set(plans.flatMap(({ diagnostics }) => diagnostics));
  const others = (outcome?.diagnostics ?? []).filter((diagnostic) => !own.has(diagnostic));
  if (!request.quiet || others.some(({ severity }) => severity === 'error')) {
    await write(streams.stderr, others.map(print).join(''));
  }
  if (request.output === 'json') {
    await write(streams.stdout, `${JSON.stringify(plans.map(explainPlan), null, 2)}\n`);
    return 0;
  }
  if (plans.length === 0) await write(streams.stderr, 'no workload\n');
  const palette = choosePalette(request.color, streams.stdout, streams.env);
  const tables = plans.map((plan) => printTable(plan, explainPlan(plan), inputs.length > 1, palette));
  await write(streams.stdout, tables.join('\n'));
  return 0;
}

function explainPlan(plan: Plan): Explained {
  const { workload, initContainers } = plan.pod;
  const { document, id } = workload;
  const isRewrite = plan.action === 'rewrite';
  return {
    source: document.source.name,
    document: document.index,
    ...id,
    containers: [...plan.containers.map(explainContainer), ...initContainers.map(explainInit)],
    action: plan.action,
    strategy: isRewrite ? plan.strategy : null,
    code: isRewrite ? null : plan.code,
    reason: isRewrite ? plan.reason : (plan.diagnostics[0]?.message ?? plan.code),
  };
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
