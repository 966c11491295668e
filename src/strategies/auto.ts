import { hasNativeSidecars, printKubeVersion } from '../kube/version.ts';
import type { Code, Diagnostic } from '../model/diagnostic.ts';
import type { KubeVersion } from '../model/options.ts';
import type { ClassifiedPod } from '../model/pod.ts';
import { NATIVE } from './native.ts';
import { SENTINEL, SENTINEL_WITHOUT_LIFELINE } from './sentinel.ts';
import type { Strategy, StrategyContext, StrategyResult } from './strategy.ts';
import { findAsked } from './supervised-options.ts';

/** What `auto` tries, in this order: the first row whose clusters are meant, and there the first strategy that is possible. */
export const AUTO: readonly {
  /** Which clusters are meant, for the README. */
  readonly clusters: string;
  readonly isFor: (version: KubeVersion | null) => boolean;
  readonly tries: readonly Strategy[];
  /** Why the first one is tried first. */
  readonly why: (version: string) => string;
}[] = [
  {
    clusters: 'no `--kube-version` given',
    isFor: (version) => version === null,
    tries: [SENTINEL_WITHOUT_LIFELINE, NATIVE, SENTINEL],
    why: () => 'every command is known, so it works in any Kubernetes',
  },
  {
    clusters: '1.29 or newer',
    isFor: (version) => version !== null && hasNativeSidecars(version),
    tries: [NATIVE, SENTINEL_WITHOUT_LIFELINE, SENTINEL],
    why: (version) => `Kubernetes ${version} has native sidecars`,
  },
  {
    clusters: 'older',
    isFor: () => true,
    tries: [SENTINEL_WITHOUT_LIFELINE, SENTINEL],
    why: (version) => `Kubernetes ${version} has no native sidecars`,
  },
];

/** Somebody asked for what is not possible: to go another way would be to ignore that. */
const FINAL: readonly Code[] = ['env-taken', 'init-container-unknown', 'shell-unknown', 'volume-unusable'];

/** A strategy for a pod and why it was taken; without edits when there is none. */
export interface Choice extends StrategyResult {
  readonly strategy: string;
  readonly reason: string;
}

/** The strategy that was asked for by name: its hazards are said, but do not stop it. */
export function takeStrategy(strategy: Strategy, pod: ClassifiedPod, context: StrategyContext): Choice {
  const result = strategy.plan(pod, context);
  const hazards = strategy.findHazards(pod, context).map(({ diagnostic }) => diagnostic);
  const diagnostics = result.edits.length === 0 ? result.diagnostics : [...result.diagnostics, ...hazards];
  return { ...result, diagnostics, strategy: strategy.id, reason: `${strategy.id} was asked for` };
}

/** The first strategy of AUTO that is possible and has no hazard that is to be avoided. */
export function chooseStrategy(pod: ClassifiedPod, context: StrategyContext): Choice {
  const asked = [...new Set(findAsked(pod, context).map(({ option }) => option))];
  if (asked.length > 0) {
    const options = asked.length > 1 ? `options ${asked.join(', ')}` : `option ${asked[0]}`;
    const reason = `only the supervisor of the sentinel can keep the ${options}`;
    return { ...takeStrategy(SENTINEL, pod, context), reason };
  }
  const { kubeVersion } = context.options;
  const row = AUTO.find(({ isFor }) => isFor(kubeVersion)) ?? { tries: [], why: () => '' };
  const passed: string[] = [];
  const errors: Diagnostic[] = [];
  const warnings: Diagnostic[] = [];
  for (const strategy of row.tries) {
    const hazards = strategy.findHazards(pod, context);
    const avoided = hazards.filter(({ avoid }) => avoid).map(({ diagnostic }) => diagnostic);
    const result = strategy.plan(pod, context);
    if (result.edits.length > 0 && avoided.length === 0) {
      const reason =
        passed.length > 0
          ? passed.join('; ')
          : row.why(kubeVersion === null ? '' : printKubeVersion(kubeVersion));
      const diagnostics = [...result.diagnostics, ...hazards.map(({ diagnostic }) => diagnostic)];
      return { ...result, diagnostics, strategy: strategy.id, reason };
    }
    const [first] = [...result.diagnostics, ...avoided];
    passed.push(`${strategy.id} was passed over: ${first?.message ?? ''}`);
    errors.push(
      ...result.diagnostics.filter((row) => !errors.some(({ message }) => message === row.message)),
    );
    warnings.push(...avoided);
    if (result.diagnostics.some(({ code }) => FINAL.includes(code))) break;
  }
  return {
    strategy: 'auto',
    edits: [],
    diagnostics: [...errors, ...warnings],
    notes: [],
    reason: passed.join('; '),
  };
}
