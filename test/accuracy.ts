// Measures which container is taken for which, against labels: `npm run accuracy -- DIR [--without KIND | --each]`.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findDocuments } from '../src/candidates.ts';
import { EVIDENCE, type EvidenceKind } from '../src/kube/evidence/weights.ts';
import { DEFAULT_OPTIONS } from '../src/model/options.ts';
import type { Plan } from '../src/model/pod.ts';
import { transform } from '../src/transform.ts';

/** One pod of `labels.json`, in either of two shapes: a row a file with `pods`, or a row a workload. */
export interface Label {
  readonly file: string;
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly containers: readonly string[];
  readonly mains: readonly string[];
  readonly sidecars: readonly string[];
  /** Helpers that end by themselves: either role will do. */
  readonly either: readonly string[];
  /** Has it its own way to end them, or none that works? */
  readonly handled: boolean;
  /** The codes that are right for it, where it is handled. */
  readonly codes: readonly string[];
  readonly sure: string;
}

export type Verdict = 'right' | 'refused' | 'left wrongly' | 'wrong' | 'partial' | 'unread';

export interface Judged {
  readonly label: Label;
  readonly verdict: Verdict;
  readonly plan: Plan | undefined;
}

/** Reads `labels.json` of a folder. */
export function readLabels(folder: string): Label[] {
  const rows = JSON.parse(readFileSync(join(folder, 'labels.json'), 'utf8')) as Record<string, never>[];
  return rows.flatMap((row) => {
    const pods = (row['pods'] ?? [row]) as Record<string, never>[];
    return pods.map((pod): Label => {
      const { mains = [], sidecars = [], either = [] } = pod as unknown as Record<string, string[]>;
      const workaround = String(pod['workaround'] ?? '');
      const expect = String(pod['expect'] ?? '');
      const isHandled = expect === '' ? !/^(?:none|$)/.test(workaround) : /handled|incomplete/.test(expect);
      return {
        file: String(row['file']),
        group: String(row['group']),
        kind: String(pod['kind']),
        name: String(pod['name'] ?? ''),
        containers: (pod['containers'] as string[] | undefined) ?? [...mains, ...sidecars, ...either],
        mains,
        sidecars,
        either,
        handled: isHandled,
        codes: /incomplete/.test(expect) ? ['workaround-incomplete'] : ['already-handled'],
        sure: String(pod['sure']),
      };
    });
  });
}

/** Runs the classification over a folder and compares. `without`: a kind of evidence that is left out. */
export function judge(folder: string, without: EvidenceKind | null = null): Judged[] {
  const labels = readLabels(folder);
  const files = [...new Set(labels.map(({ file }) => file))].filter((file) => existsSync(join(folder, file)));
  return files.flatMap((file) => {
    const bytes = readFileSync(join(folder, file));
    const options = {
      ...DEFAULT_OPTIONS,
      strategy: 'native',
      kubeVersion: { minor: 36, patch: null },
      without,
    };
    const { plans } = transform(findDocuments({ name: file, bytes }), options);
    const left = [...plans];
    return labels
      .filter((label) => label.file === file)
      .map((label): Judged => {
        const index = left.findIndex((plan) => fits(plan, label));
        const plan = index < 0 ? undefined : left.splice(index, 1)[0];
        return { label, plan, verdict: compare(label, plan) };
      });
  });
}

function fits({ pod }: Plan, { kind, containers }: Label): boolean {
  const names = pod.containers.map(({ spec }, index) => spec.name || `#${index}`);
  return pod.workload.id.kind === kind && [...names].sort().join() === [...containers].sort().join();
}

function compare(label: Label, plan: Plan | undefined): Verdict {
  if (plan === undefined) return 'unread';
  const named = (role: string): string[] =>
    plan.containers.flatMap(({ role: found, spec }, index) =>
      found === role ? [spec.name || `#${index}`] : [],
    );
  const sidecars = named('sidecar');
  const killed = sidecars.some((name) => label.mains.includes(name) && !label.sidecars.includes(name));
  if (plan.action === 'leave' && plan.code === 'partial-object') return 'partial';
  if (plan.action === 'refuse') return 'refused';
  if (plan.action === 'rewrite') {
    const missed = label.sidecars.some((name) => !sidecars.includes(name));
    return killed || missed ? 'wrong' : 'right';
  }
  if (label.sidecars.length === 0 || label.handled || plan.code === 'already-native') return 'right';
  return 'left wrongly';
}

const VERDICTS: readonly Verdict[] = ['right', 'refused', 'left wrongly', 'wrong', 'partial', 'unread'];

/** Per verdict how many, and the mean over groups as a percentage. */
export function summarize(
  judged: readonly Judged[],
): Record<Verdict, { readonly count: number; readonly mean: number }> {
  const groups = new Map<string, Judged[]>();
  for (const row of judged) groups.set(row.label.group, [...(groups.get(row.label.group) ?? []), row]);
  const entries = VERDICTS.map((verdict) => {
    const share = (rows: readonly Judged[]): number =>
      rows.filter((row) => row.verdict === verdict).length / rows.length;
    const mean = [...groups.values()].reduce((sum, rows) => sum + share(rows), 0) / Math.max(groups.size, 1);
    return [
      verdict,
      { count: judged.filter((row) => row.verdict === verdict).length, mean: 100 * mean },
    ] as const;
  });
  return Object.fromEntries(entries) as never;
}

/** In how many pods exactly the labelled sidecars are taken for sidecars, whatever becomes of the pod. */
export function countExact(judged: readonly Judged[]): number {
  return judged.filter(({ label, plan }) => {
    const names = (plan?.containers ?? []).flatMap(({ role, spec }, index) =>
      role === 'sidecar' ? [spec.name || `#${index}`] : [],
    );
    const isMissed = label.sidecars.some((name) => !names.includes(name));
    return plan !== undefined && !isMissed && !names.some((name) => label.mains.includes(name));
  }).length;
}

function printSummary(title: string, judged: readonly Judged[]): void {
  const summary = summarize(judged);
  const cells = VERDICTS.map((verdict) => {
    const { count, mean } = summary[verdict];
    return `${String(count).padStart(4)} ${mean.toFixed(1).padStart(5)} %`.padEnd(14);
  });
  const exact = String(countExact(judged)).padStart(6);
  console.log(`${title.padEnd(28)} ${String(judged.length).padStart(4)} ${exact}  ${cells.join('')}`);
}

function printMistake({ label, verdict, plan }: Judged): void {
  console.log(`\n${verdict}: ${label.file} ${label.kind} ${label.name} (${label.group})`);
  console.log(`  labelled: mains ${label.mains.join(', ')}; sidecars ${label.sidecars.join(', ') || 'none'}`);
  if (plan === undefined) return;
  const code = plan.action === 'rewrite' ? plan.strategy : plan.code;
  console.log(`  ${plan.action} [${code}]: ${plan.diagnostics[0]?.message ?? ''}`);
  for (const { spec, role, because } of plan.containers) {
    const why = because.map(({ says, weight, why }) => `${says === 'sidecar' ? '+' : '-'}${weight} ${why}`);
    console.log(`    ${role.padEnd(8)} ${spec.name}: ${why.join('; ')}`);
  }
}

function main(argv: readonly string[]): void {
  const [folder = ''] = argv.filter((word) => !word.startsWith('--'));
  const isTrusted = ({ label, plan }: Judged): boolean =>
    label.sure !== 'unsure' && (label.containers.length > 1 || (plan?.pod.initContainers.length ?? 0) > 0);
  console.log(`${''.padEnd(28)} pods  exact  ${VERDICTS.map((verdict) => verdict.padEnd(14)).join('')}`);
  const all = judge(folder).filter(isTrusted);
  printSummary('all', all);
  printSummary(
    'with a sidecar',
    all.filter(({ label }) => label.sidecars.length > 0),
  );
  printSummary(
    'several mains, no sidecar',
    all.filter(({ label }) => label.sidecars.length === 0 && label.containers.length > 1),
  );
  if (argv.includes('--each')) {
    for (const kind of Object.keys(EVIDENCE) as EvidenceKind[])
      printSummary(`without ${kind}`, judge(folder, kind).filter(isTrusted));
    return;
  }
  for (const row of all) if (row.verdict !== 'right' && row.verdict !== 'partial') printMistake(row);
}

if (process.argv[1]?.endsWith('accuracy.js')) main(process.argv.slice(2));
