import type { FieldPath, ObjectId } from './object.ts';
import type { Document, Span } from './source.ts';

export type Severity = 'error' | 'warning' | 'info';

interface Message<P> {
  readonly severity: Severity;
  readonly say: (params: P) => string;
  /** The way out, ready to be typed. */
  readonly hint?: (params: P) => string;
}

interface Named {
  readonly name: string;
}
interface Reason {
  readonly why: string;
}
interface Names {
  readonly names: readonly string[];
}

function message<P = Record<never, never>>(
  severity: Severity,
  say: (params: P) => string,
  hint?: (params: P) => string,
): Message<P> {
  return hint === undefined ? { severity, say } : { severity, say, hint };
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}

const MARK_ROLES =
  'say it with the annotation guillotine/main or guillotine/sidecars, or with --main or --sidecar';

/** Every message there is, by code. Errors refuse, warnings speak, infos are the reasons for leaving a workload alone. */
export const DIAGNOSTICS = {
  'already-handled': message<Reason>('info', (p) => `it has its own way to end its sidecars: ${p.why}`),
  'already-native': message<Named>('info', (p) => `"${p.name}" is a native sidecar already`),
  'already-rewritten': message('info', () => 'guillotine has rewritten it already'),
  'ambiguous-containers': message<Names>(
    'error',
    (p) => `every container looks like a sidecar: ${quoted(p.names)}`,
    () => MARK_ROLES,
  ),
  'annotation-invalid': message<Named & Reason>('error', (p) => `annotation ${p.name}: ${p.why}`),
  'annotation-unknown': message<Named & { nearest: string }>(
    'error',
    (p) => `guillotine has no annotation ${p.name}`,
    (p) => `did you mean ${p.nearest}?`,
  ),
  'container-unlisted': message<Named>(
    'error',
    (p) => `mains and sidecars are both listed, but container "${p.name}" is in neither list`,
    () =>
      'list it, or name only the mains (the others are sidecars) or only the sidecars (the others are mains)',
  ),
  'containers-unknown': message<Names>(
    'warning',
    (p) =>
      `nothing says which of ${quoted(p.names)} is a sidecar; if one never ends, neither does the workload`,
    () => MARK_ROLES,
  ),
  'duplicate-container': message<Named>('error', (p) => `two containers are called "${p.name}"`),
  'duplicate-key': message<{ key: string }>(
    'warning',
    (p) => `the key "${p.key}" stands twice in this map; kubectl takes the last one`,
    () => 'remove one of them',
  ),
  'encoding-invalid': message(
    'warning',
    () => 'this document is not valid UTF-8, so it passes through unread',
  ),
  'entrypoint-unknown': message<Named>(
    'error',
    (p) => `container "${p.name}" has no command, and the entrypoint of its image cannot be known offline`,
    (p) => `say it: --entrypoint ${p.name}='["/app"]', or write it as the container's command`,
  ),
  'env-taken': message<Named & { variable: string }>(
    'error',
    (p) => `container "${p.name}" sets ${p.variable} itself`,
    () => 'remove that variable, or leave the workload alone with the annotation guillotine/strategy: skip',
  ),
  'live-object': message<Reason>(
    'error',
    (p) => `this was read from a cluster (${p.why}), where the pod template of a Job cannot be changed`,
    () => 'rewrite the manifest it was made from',
  ),
  'mount-conflict': message<Named & { ours: string; theirs: string }>(
    'error',
    (p) => `guillotine mounts ${p.ours}, but container "${p.name}" has a volume at ${p.theirs}`,
    () => 'choose another place with --mount-path /PATH',
  ),
  'name-unknown': message<Named & Names & { by: string }>(
    'error',
    (p) => `${p.by} names container "${p.name}", but the pod has only ${quoted(p.names)}`,
  ),
  'nesting-too-deep': message(
    'warning',
    () => 'this document is nested too deeply to be read, so it passes through',
  ),
  'no-main': message(
    'error',
    () => 'no container is left to be the main one: every container is named a sidecar',
  ),
  'no-sidecar': message<Reason>('info', (p) => p.why),
  'partial-object': message<Reason>('info', (p) => `it is only a part of an object: ${p.why}`),
  'record-present': message(
    'error',
    () => 'something in this document was rewritten before, so what is added now could not be undone',
    () => 'undo all of it first: kubectl guillotine undo -f FILE | kubectl guillotine',
  ),
  'restart-policy': message<{ policy: string }>(
    'error',
    (p) => `restartPolicy is "${p.policy}", but a Job takes only Never or OnFailure`,
  ),
  'role-conflict': message<Named>('error', (p) => `container "${p.name}" is named both main and sidecar`),
  'shell-unknown': message<Named>(
    'error',
    (p) => `the image of container "${p.name}" is not known to have a shell`,
    () => 'use --shell inject, which brings one',
  ),
  skipped: message('info', () => 'it is to be skipped'),
  'template-unrendered': message(
    'warning',
    () => 'this is a template that was not rendered, so it passes through unread',
    () => 'render it first: helm template CHART | kubectl guillotine',
  ),
  'undo-changed': message<{ stretch: number; of: number }>(
    'error',
    (p) => `cannot undo: part ${p.stretch} of ${p.of} of what guillotine wrote is gone or was changed`,
    () => 'take the manifest from before the rewrite, or put that part back',
  ),
  'undo-copied': message(
    'error',
    () => 'cannot undo: this was written by guillotine, but it stands here once more than the record says',
    () => 'take the copy away first, or take the manifest from before the rewrite',
  ),
  'undo-record-broken': message('error', () => 'cannot undo: the record in guillotine/undo is damaged'),
  unwrappable: message<Named & Reason>('error', (p) => `container "${p.name}" cannot be wrapped: ${p.why}`),
  'volume-unusable': message<Named & Reason>(
    'error',
    (p) => `volume "${p.name}" cannot be used: ${p.why}`,
    () => 'name an emptyDir of the pod, or a name that is free',
  ),
  'windows-pod': message('error', () => 'a pod for Windows has no shell that the supervisor could run in'),
  'wrong-type': message<{ field: string; expected: string; found: string }>(
    'error',
    (p) => `${p.field} must be ${p.expected}, but it is ${p.found}`,
  ),
  'yaml-invalid': message<Reason>(
    'warning',
    (p) => `this document cannot be read, so it passes through: ${p.why}`,
  ),
} as const;

export type Code = keyof typeof DIAGNOSTICS;
type Params<C extends Code> = Parameters<(typeof DIAGNOSTICS)[C]['say']>[0];

/** Where a diagnostic points. `span` is in UTF-16 units of the document's text. */
export interface Place {
  readonly document: Document;
  readonly span?: Span;
  readonly object?: ObjectId;
  readonly path?: FieldPath;
}

export interface Diagnostic extends Place {
  readonly code: Code;
  readonly severity: Severity;
  readonly message: string;
  readonly hint?: string;
}

export function diagnose<C extends Code>(code: C, params: Params<C>, place: Place): Diagnostic {
  const row: Message<Params<C>> = DIAGNOSTICS[code] as never;
  const hint = row.hint?.(params);
  return {
    code,
    severity: row.severity,
    message: row.say(params),
    ...(hint === undefined ? {} : { hint }),
    ...place,
  };
}
