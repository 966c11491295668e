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

interface Injected {
  readonly injector: string;
  /** Whose Namespace says so; null: the workload itself. */
  readonly namespace: string | null;
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

function sayInjected({ injector, namespace }: Injected, what: string): string {
  const where = namespace === null ? '' : ` into the pods of namespace "${namespace}"`;
  return `${injector} injects ${what}${where} at admission`;
}

const MARK_ROLES =
  'say it with the annotation guillotine/main or guillotine/sidecars, or with --main or --sidecar';

/** Every message there is, by code. Errors refuse, warnings speak, infos are the reasons for leaving a workload alone. */
export const DIAGNOSTICS = {
  'already-handled': message<Reason>('info', (p) => `it ends its sidecars by itself: ${p.why}`),
  'already-native': message<Named>('info', (p) => `"${p.name}" is a native sidecar already`),
  'already-rewritten': message('info', () => 'guillotine has rewritten it already'),
  'ambiguous-containers': message<Names & { all: boolean }>(
    'error',
    (p) =>
      p.all
        ? `every container looks like a sidecar: ${quoted(p.names)}`
        : `${quoted(p.names)} may be ${p.names.length > 1 ? 'sidecars' : 'a sidecar'}, but not surely enough to end ${p.names.length > 1 ? 'them' : 'it'}`,
    () => MARK_ROLES,
  ),
  'annotation-invalid': message<Named & Reason>('error', (p) => `annotation ${p.name}: ${p.why}`),
  'annotation-unknown': message<Named & { nearest: string }>(
    'error',
    (p) => `guillotine has no annotation ${p.name}`,
    (p) => `did you mean ${p.nearest}?`,
  ),
  'binary-absent': message<Named & { binary: string }>(
    'error',
    (p) => `the image of "${p.name}" is the publisher's own, which holds no ${p.binary}`,
    () => 'name an image of yours that does, or use --strategy sentinel',
  ),
  'binary-several-mains': message<Names>(
    'error',
    (p) =>
      `the binary looks for the file of one main container, and there are ${p.names.length}: ${quoted(p.names)}`,
    () => 'use --strategy sentinel',
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
      `nothing says whether ${quoted(p.names)} ${p.names.length > 1 ? 'are sidecars' : 'is a sidecar'}; what never ends keeps the workload from completing`,
    () => MARK_ROLES,
  ),
  'default-container': message<Named & { next: string }>(
    'info',
    (p) => `kubectl logs and exec now take "${p.next}" where no container is named, no longer "${p.name}"`,
    (p) => `to keep it, annotate the pod template: kubectl.kubernetes.io/default-container: ${p.name}`,
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
  'entrypoint-unknown': message<Named & { mayBeNative: boolean }>(
    'error',
    (p) => `container "${p.name}" has no command, and the entrypoint of its image cannot be known offline`,
    (p) => {
      const native = p.mayBeNative ? 'use --strategy native (Kubernetes 1.29 or newer), or ' : '';
      return `${native}say it: --entrypoint ${p.name}='["/app"]', or --images FILE (kubectl guillotine images --help)`;
    },
  ),
  'env-taken': message<Named & { variable: string }>(
    'error',
    (p) => `container "${p.name}" sets ${p.variable} itself`,
    () => 'remove that variable, or leave the workload alone with the annotation guillotine/strategy: skip',
  ),
  'exit-code-policy': message<Named & { code: number }>(
    'warning',
    (p) =>
      `Volcano knows the exit code of a pod's alphabetically first container only, here sidecar "${p.name}", which exits with 0: it does not see main exit with ${p.code}`,
    () => 'use --strategy native, or give main a name that comes first',
  ),
  'host-port': message<Named & { port: number }>(
    'warning',
    (p) =>
      `port ${p.port} of the node: for native sidecar "${p.name}" the scheduler does not keep it free before Kubernetes 1.33.6`,
    () => 'say --kube-version if every cluster is newer, or keep such pods apart with podAntiAffinity',
  ),
  'init-container-unknown': message<Named & Names & { by: string }>('error', (p) => {
    const known = p.names.length === 0 ? 'none' : `only ${quoted(p.names)}`;
    return `${p.by} names init container "${p.name}", but the pod has ${known}`;
  }),
  'init-containers-wait': message<Named & Names>(
    'info',
    (p) =>
      `init ${p.names.length > 1 ? 'containers' : 'container'} ${quoted(p.names)} will wait until "${p.name}" has started`,
  ),
  'injected-ends': message<Injected & { sidecar: string }>(
    'info',
    (p) => `${sayInjected(p, p.sidecar)}, which is not in this manifest and ends by itself`,
  ),
  'injected-sidecar': message<
    Injected & {
      main: string;
      /** The annotations of which each would do. */
      annotations: readonly string[];
      /** What the option `quit` would be; null: the sidecar has no endpoint. */
      quit: string | null;
    }
  >(
    'warning',
    (p) => `${sayInjected(p, 'a sidecar')}, which is not in this manifest: the pod will not complete`,
    (p) => {
      const annotations = p.annotations.map((annotation) => `annotate the pod template: ${annotation}`);
      const options = `guillotine/options: '{${JSON.stringify(p.main)}: {"quit": ${p.quit}}}'`;
      return [...annotations, ...(p.quit === null ? [] : [`have "${p.main}" end it: ${options}`])].join(
        '; or ',
      );
    },
  ),
  'kube-version-bug': message<{ version: string; what: string; issue: string; since: string | null }>(
    'warning',
    (p) => `in Kubernetes ${p.version} ${p.what} (${p.issue})`,
    (p) =>
      p.since === null
        ? 'no patch release mends it: use --strategy sentinel if that matters'
        : `mended in ${p.since}`,
  ),
  'kube-version-too-old': message<{ version: string }>(
    'error',
    (p) => `Kubernetes ${p.version} has no native sidecars, and a pod with one would hang for ever`,
    () => 'they need 1.29; use --strategy sentinel',
  ),
  'live-object': message<Reason>(
    'error',
    (p) => `this was read from a cluster (${p.why}), where the pod template of a Job cannot be changed`,
    () => 'rewrite the manifest it was made from',
  ),
  'mesh-has-native': message<Named & { annotation: string }>(
    'info',
    (p) => `the mesh can inject "${p.name}" as a native sidecar itself, which follows its releases`,
    (p) => `leave it to the mesh, with the pod annotation ${p.annotation}`,
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
  'never-completes': message<Names & { pod: string; command: string | null }>(
    'error',
    (p) =>
      `${p.pod} never completes as it stands${p.names.length === 0 ? '' : `: nothing ends ${quoted(p.names)}`}`,
    (p) =>
      p.command === null
        ? 'mend first what else is reported of it'
        : `have it rewritten, with the same flags: ${p.command}`,
  ),
  'no-main': message(
    'error',
    () => 'no container is left to be the main one: every container is named a sidecar',
  ),
  'no-sidecar': message<Reason>('info', (p) => p.why),
  'option-unusable': message<Named & Reason & { option: string; hint: string }>(
    'error',
    (p) => `option ${p.option} of container "${p.name}": ${p.why}`,
    (p) => p.hint,
  ),
  'partial-object': message<Reason>('info', (p) => `it is only a part of an object: ${p.why}`),
  'patch-unaddressable': message<Reason & { hint: string }>(
    'error',
    (p) => `no kustomize patch can change it: ${p.why}`,
    (p) => p.hint,
  ),
  'pod-failure-policy': message<Names>(
    'warning',
    (p) =>
      `this rule names no container, so where main fails it looks at the exit code of native sidecar ${quoted(p.names)} as well`,
    () => 'give the rule a containerName',
  ),
  'pod-template-missing': message<{ kind: string; paths: string }>(
    'warning',
    (p) => `the config says of ${p.kind} that its pod template stands at ${p.paths}, where there is none`,
    () => 'mend podTemplate under kinds: it is the path of what holds the metadata and the spec of a pod',
  ),
  'pre-stop-runs': message<Named>(
    'info',
    (p) => `the preStop hook of "${p.name}" now runs when main has ended, and the pod ends so much later`,
  ),
  'pre-stop-skipped': message<Named & Reason>(
    'warning',
    (p) => `the preStop hook of "${p.name}" is not called when main has ended: ${p.why}`,
    () => 'the kubelet calls it as before when the pod is deleted',
  ),
  'program-hidden': message<Named & { program: string; ours: string }>(
    'error',
    (p) => `container "${p.name}" starts ${p.program}, where guillotine mounts ${p.ours}`,
    () => 'choose another place with --mount-path /PATH',
  ),
  'quit-needs': message<Named & { needs: string }>(
    'warning',
    (p) => `"${p.name}" does not take the quit call unless it is switched on`,
    (p) => `it needs the ${p.needs}`,
  ),
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
  'sidecar-ends': message<Named & Reason>(
    'warning',
    (p) => `"${p.name}" ends by design (${p.why}), and a native sidecar that ends is started again and again`,
    () => 'is it a main container? then say so; or use --strategy sentinel',
  ),
  'sidecar-waits': message<Named>(
    'warning',
    (p) => `"${p.name}" seems to wait for main, but main does not start before a native sidecar has started`,
    () => 'use --strategy sentinel, or have it start without waiting',
  ),
  skipped: message('info', () => 'it is to be skipped'),
  'template-refused': message<Named>(
    'info',
    (p) => `pod template "${p.name}" of the same workload cannot be rewritten`,
  ),
  'template-unrendered': message(
    'warning',
    () => 'this is a template that was not rendered, so it passes through unread',
    () => 'render it first: helm template CHART | kubectl guillotine',
  ),
  'undo-changed': message<{ step: number; of: number }>(
    'error',
    (p) =>
      `cannot undo: part ${p.step} of ${p.of} of what guillotine wrote, which should stand from here on, is gone or was changed`,
    () =>
      'take the manifest from before the rewrite, or put that part back; text that a tool wrote anew cannot be undone',
  ),
  'undo-copied': message(
    'error',
    () => 'cannot undo: this was written by guillotine, but it stands here once more than the record says',
    () => 'take the copy away first, or take the manifest from before the rewrite',
  ),
  'undo-record-broken': message('error', () => 'cannot undo: the record in guillotine/undo is damaged'),
  'undo-record-missing': message(
    'error',
    () => 'it was rewritten without an undo record, so it cannot be redone',
    () => 'rewrite its source again: patches and kustomize plugins leave no record',
  ),
  'undo-without-redo': message<Reason>(
    'error',
    (p) => `it was rewritten before, and would be left alone now: ${p.why}`,
    () =>
      'say again what was said then (--main, --entrypoint, --config ...), or give it back: kubectl guillotine undo',
  ),
  unmovable: message<Named & Reason>(
    'error',
    (p) => `container "${p.name}" cannot become a native sidecar: ${p.why}`,
  ),
  unreadable: message<Reason & { task: string }>('error', (p) => `cannot ${p.task} this document: ${p.why}`),
  unwrappable: message<Named & Reason>('error', (p) => `container "${p.name}" cannot be wrapped: ${p.why}`),
  'volume-unusable': message<Named & Reason>(
    'error',
    (p) => `volume "${p.name}" cannot be used: ${p.why}`,
    () => 'name an emptyDir of the pod, or a name that is free',
  ),
  'windows-pod': message('error', () => 'a pod for Windows has no shell that the supervisor could run in'),
  'workaround-incomplete': message<Reason & { flaw: string }>(
    'warning',
    (p) => `it is to end its sidecars by itself (${p.why}), but ${p.flaw}`,
    () => 'mend or remove that, or name the roles to have it rewritten: guillotine/main, guillotine/sidecars',
  ),
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
