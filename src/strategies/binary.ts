import { matchEntry } from '../catalogue/match.ts';
import { isPublished } from '../catalogue/published.ts';
import { placeOfOptions } from '../kube/annotations.ts';
import { type Diagnostic, diagnose } from '../model/diagnostic.ts';
import { DEFAULT_OPTIONS } from '../model/options.ts';
import type { ClassifiedContainer, ClassifiedPod } from '../model/pod.ts';
import { INTERVAL, SCRIPT_DEFAULTS, SUPERVISOR_ROLES, WATCHED_FILE } from '../supervisor/interface.ts';
import { planPod } from './plan-pod.ts';
import { findSkippedHooks } from './stop.ts';
import type { Strategy, StrategyContext } from './strategy.ts';
import { type Supervised, sentinelOf } from './supervised.ts';
import { refuseAsked } from './supervised-options.ts';
import { planMounts, planVolumes, type SharedVolumes } from './volume.ts';
import {
  describeStart,
  describeUnknown,
  findBar,
  findHiddenProgram,
  isWithin,
  planEnvironment,
  planPrefix,
  startOf,
  wrapInScript,
} from './wrap.ts';

/**
 * The sidecars' images hold a supervisor already, github.com/aktsk/guillotine: it looks once a second for one file, then
 * kills its child, and exits 0 whatever happens. The main is wrapped as by the sentinel, and leaves that file.
 */
export const BINARY: Strategy = {
  id: 'binary',
  findHazards: (pod, context) => findSkippedHooks(pod, context, SKIPPED_HOOKS),
  plan: (pod, asked) => {
    const context = besideBinary(asked);
    const obstacles = findObstacles(pod, context);
    // The binary is told a path in the volume itself, as its users write it by hand.
    const volumes = planVolumes(pod, '', context);
    if ('code' in volumes) obstacles.push(volumes);
    if ('code' in volumes || obstacles.length > 0) return { edits: [], diagnostics: obstacles, notes: [] };
    const { mainOfBinary, retriedMainOfBinary } = SUPERVISOR_ROLES;
    const role = pod.restartPolicy === 'OnFailure' ? retriedMainOfBinary : mainOfBinary;
    const results = pod.containers.map((container) => {
      if (container.role !== 'main') return putBinaryInFront(pod, container, volumes, context);
      const variablesIn = (directory: string) => [
        { name: WATCHED_FILE, value: sentinelOf(pod, container.spec.name, directory) },
      ];
      return wrapInScript(container, role, volumes, variablesIn, pod, context);
    });
    return planPod(pod, results, [], volumes, context);
  },
};

/** Nothing can be mounted below the binary, which is a file, and by default stands where we mount. */
function besideBinary(context: StrategyContext): StrategyContext {
  const { binary, mountPath } = context.options;
  return isWithin(mountPath, binary)
    ? { ...context, options: { ...context.options, mountPath: `${mountPath}.d` } }
    : context;
}

const SKIPPED_HOOKS = { kinds: ['exec', 'httpGet', 'sleep', 'tcpSocket'], why: 'the binary kills at once' };

function findObstacles(pod: ClassifiedPod, context: StrategyContext): Diagnostic[] {
  const { options, place } = context;
  const obstacles = refuseAsked(pod, 'that takes our own supervisor, not the binary in the image', context);
  const mains = pod.containers.filter(({ role }) => role === 'main').map(({ spec }) => spec.name);
  if (mains.length > 1)
    obstacles.push(
      diagnose('binary-several-mains', { names: mains }, place([...pod.path, 'spec', 'containers'])),
    );
  const [sidecar] = pod.containers.filter(({ role }) => role === 'sidecar');
  if (sidecar !== undefined && options.grace !== DEFAULT_OPTIONS.grace) {
    const { name } = sidecar.spec;
    const why = 'the binary kills its child at once';
    const hint = 'use --strategy sentinel, or take --grace away';
    obstacles.push(
      diagnose('option-unusable', { name, option: 'grace', why, hint }, placeOfOptions(pod, name, place)),
    );
  }
  return obstacles;
}

/** What comes from a product's own publisher holds nothing but the product. */
function findAbsence(
  { spec, path }: ClassifiedContainer,
  { options, place }: StrategyContext,
): Diagnostic | null {
  const { name, image = '' } = spec;
  const entry = matchEntry(name, image, options.sidecars)?.entry;
  if (entry === undefined || !isPublished(image, entry)) return null;
  return diagnose('binary-absent', { name, binary: options.binary }, place([...path, 'image']));
}

function putBinaryInFront(
  pod: ClassifiedPod,
  container: ClassifiedContainer,
  volumes: SharedVolumes,
  context: StrategyContext,
): Supervised | Diagnostic {
  const { spec } = container;
  const start = startOf(container, context);
  if (start === null) return describeUnknown(pod, container, context);
  const bar = findBar(container, start, context) ?? findAbsence(container, context);
  if (bar !== null) return bar;
  const { directory, mounts } = volumes.directoryIn(spec);
  const hidden = findHiddenProgram(container, start, mounts, context);
  if (hidden !== null) return hidden;
  const mounted = planMounts(container, mounts, context);
  if ('code' in mounted) return mounted;
  const { binary, poll } = context.options;
  const main = pod.containers.find(({ role }) => role === 'main');
  const variables = [
    { name: WATCHED_FILE, value: sentinelOf(pod, main?.spec.name ?? '', directory) },
    ...(poll === SCRIPT_DEFAULTS.interval ? [] : [{ name: INTERVAL, value: `${poll}` }]),
  ];
  const edits = [
    // Some hand has put it there already.
    ...(start.argv[0] === binary ? [] : planPrefix(container, [binary], start)),
    planEnvironment(container, variables),
    ...(mounts.length > 0 ? [mounted] : []),
  ];
  const notes = [`"${spec.name}" is killed, and ends with 0 whatever happened to it: so does ${binary}`];
  return { container, shell: null, variables, edits, notes: [...describeStart(container, start), ...notes] };
}
