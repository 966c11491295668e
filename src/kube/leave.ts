import { type Diagnostic, diagnose, type Place } from '../model/diagnostic.ts';
import type { PodTemplate } from '../model/pod.ts';
import { REWRITTEN, SUPERVISOR, UNDO } from './annotations.ts';
import type { Classification } from './classify.ts';
import { findNativeSidecar, findWorkaround } from './workaround.ts';

/** Why a pod is left alone whatever its roles; null when it is not. With a call to make one container is enough. */
export function findReasonToLeave(pod: PodTemplate, asksQuit: boolean, place: Place): Diagnostic | null {
  const { annotations } = pod.workload;
  if (REWRITTEN in annotations || UNDO in annotations || SUPERVISOR in pod.annotations) {
    return diagnose('already-rewritten', {}, place);
  }
  const native = findNativeSidecar(pod);
  if (pod.containers.length < 2 && !asksQuit) {
    if (native !== null) return diagnose('already-native', { name: native }, place);
    return diagnose('no-sidecar', { why: 'it has one container' }, place);
  }
  if (pod.restartPolicy === undefined)
    return diagnose('partial-object', { why: 'it has no restartPolicy' }, place);
  const part = pod.containers.findIndex(({ spec }) => !spec.name || !spec.image);
  if (part < 0) return null;
  const { name } = pod.containers[part]?.spec ?? {};
  const which = name ? `container "${name}" has no image` : `container ${part} has no name`;
  return diagnose('partial-object', { why: which }, place);
}

/** Why a pod of which nobody named the roles is left alone, by what its containers are; null when it is not. */
export function findReasonsByEvidence(
  pod: PodTemplate,
  { containers, ambiguous, endings }: Classification,
  place: Place,
): readonly [Diagnostic, ...Diagnostic[]] | null {
  const hasSidecar = containers.some(({ role }) => role === 'sidecar');
  const native = findNativeSidecar(pod);
  // Whoever made one sidecar native knew what the others are, unless one surely is a sidecar.
  if (native !== null && (!hasSidecar || ambiguous))
    return [diagnose('already-native', { name: native }, place)];
  const workaround = hasSidecar || ambiguous ? findWorkaround(endings, containers) : null;
  if (workaround !== null) {
    const { why, flaw } = workaround;
    if (flaw === null) return [diagnose('already-handled', { why }, place)];
    return [diagnose('workaround-incomplete', { why, flaw }, place)];
  }
  if (hasSidecar || ambiguous) return null;
  const names = containers.map(({ spec }) => spec.name);
  const unknown = containers.flatMap(({ role, spec }) => (role === 'unknown' ? [spec.name] : []));
  if (unknown.length === 0) {
    return [
      diagnose(
        'no-sidecar',
        { why: `all of its ${names.length} containers seem to end by themselves` },
        place,
      ),
    ];
  }
  const why = `nothing points to a sidecar among its ${names.length} containers`;
  return [diagnose('no-sidecar', { why }, place), diagnose('containers-unknown', { names: unknown }, place)];
}
