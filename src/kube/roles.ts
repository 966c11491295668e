import { matchesPattern } from '../catalogue/match.ts';
import { type Diagnostic, diagnose, type Place } from '../model/diagnostic.ts';
import type { Options, RoleFlag, WorkloadRule } from '../model/options.ts';
import type { ClassifiedContainer, Evidence, PodTemplate, Role, Workload } from '../model/pod.ts';
import type { PodAnnotations } from './annotations.ts';
import { evidence } from './evidence/evidence.ts';

/** Roles that somebody wrote down for the containers of a pod. `null`: that list was not given. */
export interface NamedRoles {
  readonly by: Evidence['by'];
  /** For messages: where it was written. */
  readonly where: string;
  readonly mains: readonly string[] | null;
  readonly sidecars: readonly string[] | null;
}

/** The first that says something, in the order of the contract. */
export function findNamedRoles(
  pod: PodTemplate,
  annotations: PodAnnotations,
  options: Options,
): NamedRoles | null {
  const flags = options.roleFlags.filter((flag) => fitsWorkload(flag, pod.workload));
  const rule = findRule(pod.workload, options);
  const candidates: NamedRoles[] = [
    fromFlags(
      pod,
      flags.filter((flag) => flag.workload !== null),
    ),
    forPod(pod, {
      by: 'annotation',
      where: 'the annotation',
      mains: annotations.main,
      sidecars: annotations.sidecars,
    }),
    forPod(pod, {
      by: 'config',
      where: 'the config file',
      mains: rule?.main ?? null,
      sidecars: rule?.sidecars ?? null,
    }),
    fromFlags(
      pod,
      flags.filter((flag) => flag.workload === null),
    ),
  ];
  return candidates.find(({ mains, sidecars }) => mains !== null || sidecars !== null) ?? null;
}

/** Without what is said of other pod templates of the workload; where only that was said, nothing is said of this one. */
function forPod(pod: PodTemplate, named: NamedRoles): NamedRoles {
  const keep = (role: 'main' | 'sidecars', names: NamedRoles['mains']): NamedRoles['mains'] =>
    names?.filter((name) => !isElsewhere(pod, name, `guillotine/${role}`)) ?? null;
  const [mains, sidecars] = [keep('main', named.mains), keep('sidecars', named.sidecars)];
  const count = (of: NamedRoles['mains']): number => of?.length ?? 0;
  const isSaid = count(named.mains) + count(named.sidecars) === 0 || count(mains) + count(sidecars) > 0;
  return isSaid ? { ...named, mains, sidecars } : { ...named, mains: null, sidecars: null };
}

/** Is it a container of other pod templates only, of which an annotation of the whole workload may speak? */
export function isElsewhere(pod: PodTemplate, name: string, annotation: string): boolean {
  const { annotations, containers, workload } = pod;
  const isOwn = containers.some(({ spec }) => spec.name === name);
  return !(annotation in annotations) && !isOwn && workload.containerNames.has(name);
}

/** Does the flag speak of this workload? A flag that names none speaks of every one. */
export function fitsWorkload(flag: RoleFlag, workload: Workload): boolean {
  const { kind, name } = workload.id;
  const fitsKind = flag.kind === null || flag.kind.toLowerCase() === kind.toLowerCase();
  return fitsKind && (flag.workload === null || flag.workload === name);
}

function fromFlags(pod: PodTemplate, flags: readonly RoleFlag[]): NamedRoles {
  const present = new Set(pod.containers.map(({ spec }) => spec.name));
  const named = (role: RoleFlag['role']): string[] | null => {
    const names = flags.filter((flag) => flag.role === role && present.has(flag.container));
    return names.length === 0 ? null : names.map((flag) => flag.container);
  };
  return { by: 'flag', where: 'a flag', mains: named('main'), sidecars: named('sidecar') };
}

/** The first entry of the config's `workloads` that matches. */
export function findRule({ id, labels }: Workload, options: Options): WorkloadRule | undefined {
  return options.workloads.find(({ match }) => {
    if (match.kind !== undefined && match.kind.toLowerCase() !== id.kind.toLowerCase()) return false;
    if (match.name !== undefined && !matchesPattern(id.name, match.name)) return false;
    const namespace = id.namespace ?? options.namespace;
    if (match.namespace !== undefined && !matchesPattern(namespace, match.namespace)) return false;
    return (match.labels ?? '').split(',').every((term) => {
      const [key = '', value = ''] = term.split('=').map((part) => part.trim());
      return key === '' || labels[key] === value;
    });
  });
}

export type Roles = { readonly containers: readonly ClassifiedContainer[] } | { readonly error: Diagnostic };

/**
 * Named mains: the other containers are sidecars. Named sidecars: the others are mains. Both: each must be listed.
 */
export function applyNamedRoles(pod: PodTemplate, named: NamedRoles, place: Place): Roles {
  const names = pod.containers.map(({ spec }) => spec.name);
  const { mains, sidecars } = named;
  const unknown = [...(mains ?? []), ...(sidecars ?? [])].find((name) => !names.includes(name));
  if (unknown !== undefined) {
    return { error: diagnose('name-unknown', { name: unknown, by: named.where, names }, place) };
  }
  const containers: ClassifiedContainer[] = [];
  for (const container of pod.containers) {
    const { name } = container.spec;
    const isMain = mains?.includes(name) ?? null;
    const isSidecar = sidecars?.includes(name) ?? null;
    if (isMain && isSidecar) return { error: diagnose('role-conflict', { name }, place) };
    if (isMain === false && isSidecar === false)
      return { error: diagnose('container-unlisted', { name }, place) };
    const role: Role = isMain || isSidecar === false ? 'main' : 'sidecar';
    containers.push({ ...container, role, because: [sayNamed(role, named, isMain || isSidecar || false)] });
  }
  return { containers };
}

function sayNamed(role: Role, { by, where }: NamedRoles, isListed: boolean): Evidence {
  const why = isListed ? `${where} says so` : `${where} names the others`;
  return evidence(role === 'main' ? 'namedMain' : 'named', why, by);
}
