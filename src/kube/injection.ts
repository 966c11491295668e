import { CATALOGUE } from '../catalogue/catalogue.ts';
import { matchEntry } from '../catalogue/match.ts';
import type { CatalogueEntry } from '../model/catalogue-entry.ts';
import { invariant } from '../model/invariant.ts';
import type { FieldPath } from '../model/object.ts';
import type { KubeVersion } from '../model/options.ts';
import type { PodTemplate } from '../model/pod.ts';
import { argvText } from './container-text.ts';
import { hasNativeSidecars } from './version.ts';

/** Labels and annotations of one object; where both have a key the label counts, as for istio. */
export type Marks = Readonly<Record<string, string>>;

interface Mark {
  readonly key: string;
  /** null: any value but the empty one. */
  readonly values: readonly string[] | null;
}

/** A webhook that puts a sidecar into pods when they are created, so that it stands in no manifest. */
export interface Injector {
  /** As messages call it. */
  readonly id: string;
  /** The catalogue's id of what it injects. */
  readonly sidecar: string;
  /** On the pod template; on the workload it is most often meant for the template. */
  readonly on: readonly Mark[];
  /** On the pod template: nothing that stays is injected. */
  readonly off: readonly Mark[];
  readonly namespaceOn: readonly Mark[];
  /** Stronger than what the pod says. */
  readonly namespaceOff: readonly Mark[];
  /** On the pod template or the Namespace: it comes as a native sidecar. */
  readonly native: readonly Mark[];
  /** Pods on the network of the node are passed over. */
  readonly sparesHostNetwork: boolean;
  /** What containers say that end it by themselves. */
  readonly endedBy: RegExp | null;
  /** An annotation that keeps it away, where that costs nothing. */
  readonly instead?: string;
}

const TRUE = ['true', 't', '1'];

function mark(key: string, ...values: readonly string[]): Mark {
  return { key, values: values.length === 0 ? null : values };
}

const NOWHERE = { off: [], namespaceOn: [], namespaceOff: [], native: [], sparesHostNetwork: false };

/** Sorted by id. */
export const INJECTORS: readonly Injector[] = [
  {
    ...NOWHERE,
    id: 'azwi',
    sidecar: 'azwi-proxy',
    on: [mark('azure.workload.identity/inject-proxy-sidecar', ...TRUE)],
    endedBy: null,
    instead: 'azure.workload.identity/inject-proxy-sidecar: "false" (tokens need no proxy)',
  },
  {
    ...NOWHERE,
    id: 'consul',
    sidecar: 'consul-dataplane',
    on: [mark('consul.hashicorp.com/connect-inject', ...TRUE)],
    endedBy: /\/graceful_shutdown\b/,
  },
  {
    ...NOWHERE,
    id: 'dapr',
    sidecar: 'daprd',
    on: [mark('dapr.io/enabled', ...TRUE, 'yes', 'y', 'on')],
    endedBy: /\/v1\.0\/shutdown\b/,
  },
  {
    ...NOWHERE,
    id: 'gcsfuse',
    sidecar: 'gcsfuse-sidecar',
    on: [mark('gke-gcsfuse/volumes', ...TRUE)],
    endedBy: null,
  },
  {
    // istio/istio: pkg/kube/inject/inject.go (injectRequired) and the selectors of its webhooks.
    id: 'istio',
    sidecar: 'istio-proxy',
    on: [mark('sidecar.istio.io/inject', 'true'), mark('istio.io/rev')],
    off: [mark('sidecar.istio.io/inject', 'false')],
    namespaceOn: [mark('istio-injection', 'enabled'), mark('istio.io/rev')],
    namespaceOff: [mark('istio-injection', 'disabled')],
    native: [mark('sidecar.istio.io/nativeSidecar', 'true')],
    sparesHostNetwork: true,
    endedBy:
      /\/quitquitquit\b|\bquitquitquit$|\b(?:scuttle|envoy-preflight)\b|\b(?:ENVOY_ADMIN_API|ISTIO_QUIT_API)\b/m,
  },
  {
    // linkerd/linkerd2: pkg/inject/report.go (disabledByAnnotation); what a pod says wins over its Namespace.
    id: 'linkerd',
    sidecar: 'linkerd-proxy',
    on: [mark('linkerd.io/inject', 'enabled', 'ingress')],
    off: [mark('linkerd.io/inject', 'disabled')],
    namespaceOn: [mark('linkerd.io/inject', 'enabled', 'ingress')],
    namespaceOff: [],
    native: ['config', 'config.beta', 'config.alpha'].map((prefix) =>
      mark(`${prefix}.linkerd.io/proxy-enable-native-sidecar`, 'true'),
    ),
    sparesHostNetwork: true,
    endedBy: /:4191\/shutdown\b|\blinkerd-await\b/,
  },
  {
    ...NOWHERE,
    id: 'vault',
    sidecar: 'vault-agent',
    on: [mark('vault.hashicorp.com/agent-inject', ...TRUE)],
    // Only an init container is injected.
    off: [mark('vault.hashicorp.com/agent-pre-populate-only', ...TRUE)],
    endedBy: /\/agent\/v1\/quit\b/,
    instead: 'vault.hashicorp.com/agent-pre-populate-only: "true" (secrets are read once, before main)',
  },
];

/** One of these stands in every Namespace that says something of injection. */
export const INJECTION_WORDS: readonly string[] = ['istio-injection', 'istio.io/', 'linkerd.io/'];

/** A sidecar that a pod gets at admission. */
export interface Injection {
  readonly injector: Injector;
  readonly entry: CatalogueEntry;
  /** Where that is said, from the document's root; null: by the Namespace. */
  readonly path: FieldPath | null;
}

/** The sidecars that keep a pod alive, or end by themselves, and stand nowhere in its manifest. */
export function findInjections(pod: PodTemplate, namespace: Marks, version: KubeVersion | null): Injection[] {
  const mayBeNative = version === null || hasNativeSidecars(version);
  const template: Marks = { ...pod.annotations, ...pod.labels };
  return INJECTORS.flatMap((injector) => {
    const { off, namespaceOff, namespaceOn, native } = injector;
    const path = findMark(pod, injector.on);
    if (path === null && !says(namespace, namespaceOn)) return [];
    if (says(template, off) || says(namespace, namespaceOff)) return [];
    if (mayBeNative && says({ ...namespace, ...template }, native)) return [];
    if (injector.sparesHostNetwork && pod.spec.hostNetwork) return [];
    const stands = isInManifest(pod, injector) || isEndedByHand(pod, injector);
    return stands ? [] : [{ injector, entry: entryOf(injector), path }];
  });
}

function says(marks: Marks, wanted: readonly Mark[]): boolean {
  return wanted.some(({ key, values }) => {
    const value = Object.hasOwn(marks, key) ? (marks[key] ?? '').toLowerCase() : '';
    return values === null ? value !== '' : values.includes(value);
  });
}

/** Where one of the marks stands; what the template says of a key wins. */
function findMark({ path, labels, annotations, workload }: PodTemplate, wanted: readonly Mark[]) {
  const places: readonly (readonly [FieldPath, Marks])[] = [
    [[...path, 'metadata', 'labels'], labels],
    [[...path, 'metadata', 'annotations'], annotations],
    [[...workload.root, 'metadata', 'labels'], workload.labels],
    [[...workload.root, 'metadata', 'annotations'], workload.annotations],
  ];
  for (const wish of wanted) {
    const found = places.find(([, marks]) => Object.hasOwn(marks, wish.key));
    if (found !== undefined && says(found[1], [wish])) return [...found[0], wish.key];
  }
  return null;
}

function entryOf({ sidecar }: Injector): CatalogueEntry {
  const entry = CATALOGUE.find(({ id }) => id === sidecar);
  invariant(entry !== undefined, `the catalogue has no ${sidecar}`);
  return entry;
}

function isInManifest(pod: PodTemplate, { sidecar }: Injector): boolean {
  return [...pod.initContainers, ...pod.containers].some(({ spec }) => {
    return matchEntry(spec.name ?? '', spec.image ?? '')?.entry.id === sidecar;
  });
}

/** Does a container call the endpoint, or a tool that does; or may one end processes of another? */
function isEndedByHand({ containers, spec }: PodTemplate, { endedBy }: Injector): boolean {
  return containers.some(({ spec: container }) => {
    const words = argvText(container);
    const variables = (container.env ?? []).map(({ name, value }) => `${name}\n${String(value ?? '')}`);
    if (spec.shareProcessNamespace && /\b(?:pkill|killall5?)\b/.test(words)) return true;
    return endedBy?.test([words, ...variables].join('\n')) ?? false;
  });
}
