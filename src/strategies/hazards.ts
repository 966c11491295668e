import type * as V1 from 'kubernetes-types/core/v1.js';
import { matchEntry } from '../catalogue/match.ts';
import { findKnownBugs } from '../kube/known-bugs.ts';
import { isBefore, printKubeVersion } from '../kube/version.ts';
import { type Diagnostic, diagnose } from '../model/diagnostic.ts';
import { isList, isMap, type Value } from '../model/object.ts';
import type { ClassifiedContainer, ClassifiedPod } from '../model/pod.ts';
import { choosePlacement } from './placement.ts';
import { findEnd, isWaiting } from './sidecar-habits.ts';
import { planStartupProbe } from './startup-probe.ts';
import type { Hazard, StrategyContext } from './strategy.ts';

interface Question {
  readonly pod: ClassifiedPod;
  readonly sidecars: readonly ClassifiedContainer[];
  readonly context: StrategyContext;
}

/** What can go wrong when a sidecar of this pod becomes a native one. `avoid`: `auto` then looks for another way. */
const HAZARDS: readonly {
  readonly avoid: boolean;
  readonly find: (question: Question) => readonly Diagnostic[];
}[] = [
  { avoid: true, find: findFailurePolicies },
  { avoid: true, find: findWaiting },
  { avoid: true, find: findEnding },
  { avoid: false, find: findHostPorts },
  { avoid: false, find: findBugs },
  { avoid: false, find: findMeshes },
  { avoid: false, find: findInitsThatWait },
  { avoid: false, find: findHooks },
  { avoid: false, find: findNewDefault },
];

export function findHazards(pod: ClassifiedPod, context: StrategyContext): Hazard[] {
  const sidecars = pod.containers.filter(({ role }) => role === 'sidecar');
  const question = { pod, sidecars, context };
  return HAZARDS.flatMap(({ avoid, find }) => find(question).map((diagnostic) => ({ avoid, diagnostic })));
}

/**
 * `onExitCodes` without containerName looks at init containers, too (kubernetes: pkg/controller/job/pod_failure_policy.go),
 * so when main fails the 143 of a native sidecar that was told to stop may decide what becomes of the Job.
 */
function findFailurePolicies({ pod, sidecars, context }: Question): Diagnostic[] {
  // The Job's own spec, in which the template stands.
  const path = pod.path.slice(0, -1);
  const spec = path.slice(pod.workload.root.length).reduce<Value | undefined>((at, key) => {
    if (isList(at)) return at[Number(key)];
    return isMap(at) ? at[key] : undefined;
  }, pod.workload.object);
  const policy = isMap(spec) ? spec['podFailurePolicy'] : undefined;
  const rules = isMap(policy) ? policy['rules'] : undefined;
  if (pod.path.at(-1) !== 'template' || !isList(rules)) return [];
  const names = sidecars.map((sidecar) => sidecar.spec.name);
  return rules.flatMap((rule, index) => {
    const codes = isMap(rule) ? rule['onExitCodes'] : undefined;
    if (!isMap(codes) || typeof codes['containerName'] === 'string') return [];
    const place = context.place([...path, 'podFailurePolicy', 'rules', index, 'onExitCodes']);
    return [diagnose('pod-failure-policy', { names }, place)];
  });
}

/** Main waits for what stands in front of it, so a sidecar that waits for main may wait for ever. */
function findWaiting({ sidecars, context }: Question): Diagnostic[] {
  return sidecars
    .filter(({ spec }) => isWaiting(spec))
    .map(({ spec, path }) =>
      diagnose('sidecar-waits', { name: spec.name }, placeOfArgv(spec, path, context)),
    );
}

function findEnding({ sidecars, context }: Question): Diagnostic[] {
  return sidecars.flatMap(({ spec, path }) => {
    const why = findEnd(spec);
    return why === null
      ? []
      : [diagnose('sidecar-ends', { name: spec.name, why }, placeOfArgv(spec, path, context))];
  });
}

function placeOfArgv(spec: V1.Container, path: ClassifiedContainer['path'], context: StrategyContext) {
  return context.place([...path, spec.command?.length ? 'command' : spec.args?.length ? 'args' : 'name']);
}

/** The scheduler counts host ports of native sidecars since 1.34 and 1.33.6 (kubernetes#132040, #133390). */
function findHostPorts({ pod, sidecars, context }: Question): Diagnostic[] {
  const { kubeVersion } = context.options;
  const isCounted = kubeVersion !== null && kubeVersion.minor >= 33 && !isBefore(kubeVersion, 33, 6);
  if (isCounted) return [];
  return sidecars.flatMap(({ spec, path }) =>
    (spec.ports ?? [])
      .map((row, index) => ({ port: pod.spec.hostNetwork ? row.containerPort : row.hostPort, index }))
      .filter(({ port }) => port)
      .map(({ port = 0, index }) =>
        diagnose('host-port', { name: spec.name, port }, context.place([...path, 'ports', index])),
      ),
  );
}

function findBugs({ pod, sidecars, context }: Question): Diagnostic[] {
  const { kubeVersion } = context.options;
  if (kubeVersion === null) return [];
  const hasProbe = sidecars.some(({ spec }) => {
    return spec.startupProbe || planStartupProbe(spec, pod, context.options) !== null;
  });
  const conditions = {
    none: true,
    probe: hasProbe,
    'probe and Never': hasProbe && pod.restartPolicy === 'Never',
  };
  const place = context.place([...pod.path, 'spec', 'containers']);
  const version = printKubeVersion(kubeVersion);
  return findKnownBugs(kubeVersion)
    .filter(({ needs }) => conditions[needs])
    .map(({ what, issue, fixed }) => {
      const patch = fixed[kubeVersion.minor];
      const since = patch === undefined ? null : `1.${kubeVersion.minor}.${patch}`;
      return diagnose('kube-version-bug', { version, what, issue, since }, place);
    });
}

function findMeshes({ sidecars, context }: Question): Diagnostic[] {
  return sidecars.flatMap(({ spec, path }) => {
    const annotation = matchEntry(spec.name, spec.image ?? '', context.options.sidecars)?.entry.native;
    if (annotation === undefined) return [];
    return [diagnose('mesh-has-native', { name: spec.name, annotation }, context.place([...path, 'name']))];
  });
}

function findInitsThatWait({ pod, sidecars, context }: Question): Diagnostic[] {
  return sidecars.flatMap((sidecar) => {
    const placement = choosePlacement(pod, sidecar, context);
    if ('code' in placement || placement.before === null) return [];
    const waiting = pod.initContainers
      .slice(placement.before)
      .filter(({ spec }) => spec.restartPolicy !== 'Always');
    if (waiting.length === 0) return [];
    const names = waiting.map(({ spec }) => spec.name);
    const place = context.place([...(waiting[0]?.path ?? pod.path), 'name']);
    return [diagnose('init-containers-wait', { name: sidecar.spec.name, names }, place)];
  });
}

/** preStop runs when the mains have ended, within the grace period (KEP-753), so every Job takes that much longer. */
function findHooks({ sidecars, context }: Question): Diagnostic[] {
  return sidecars
    .filter(({ spec }) => spec.lifecycle?.preStop)
    .map(({ spec, path }) =>
      diagnose('pre-stop-runs', { name: spec.name }, context.place([...path, 'lifecycle', 'preStop'])),
    );
}

const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container';

/** Without the annotation `kubectl logs` and `exec` take the first of `containers`. */
function findNewDefault({ pod, context }: Question): Diagnostic[] {
  const [first] = pod.containers;
  if (first === undefined || first.role !== 'sidecar' || DEFAULT_CONTAINER in pod.annotations) return [];
  const next = pod.containers.find(({ role }) => role !== 'sidecar')?.spec.name ?? '';
  const place = context.place([...first.path, 'name']);
  return [diagnose('default-container', { name: first.spec.name, next }, place)];
}
