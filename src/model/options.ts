import type { CatalogueEntry } from './catalogue-entry.ts';
import type { Kind } from './kind.ts';

/** What the user asked for, from flags and config file, after defaults. Durations are whole seconds. */
export interface Options {
  /** A row of STRATEGIES, or `auto`. */
  readonly strategy: string;
  /** The oldest cluster that must run the result; null when nothing is known of it. */
  readonly kubeVersion: KubeVersion | null;
  /** Where objects live that name no namespace: kubectl takes that of its context, which most often is `default`. */
  readonly namespace: string;
  readonly roleFlags: readonly RoleFlag[];
  /** From `--entrypoint`; by container name or image. */
  readonly entrypoints: Readonly<Record<string, readonly string[]>>;
  readonly workloads: readonly WorkloadRule[];
  /** From `--images` and the config; by reference, or for every tag by repository. */
  readonly images: Readonly<Record<string, ImageConfig>>;
  /** Prefixes below which the images of publishers stand copied. */
  readonly mirrors: readonly string[];
  /** The user's own entries of the catalogue, which win over ours. */
  readonly sidecars: readonly CatalogueEntry[];
  /** The user's own kinds of workloads, which win over ours. */
  readonly kinds: readonly Kind[];
  /** A row of SHELL_SOURCES, or `auto`. */
  readonly shell: string;
  /** Where the images of sidecars hold their own supervisor. */
  readonly binary: string;
  readonly shellImage: string;
  /** Who copies the injected shell where root is forbidden and the pod names nobody; null: nobody is named. */
  readonly shellUser: number | null;
  /** null: `guillotine`, or the first free name after it. */
  readonly volume: string | null;
  readonly mountPath: string;
  readonly grace: number;
  readonly poll: number;
  /** Is an undo record written? Not where another program writes the text anew. */
  readonly recordsUndo: boolean;
  /** Is what was rewritten before undone first, and redone? */
  readonly upgrade: boolean;
  /** Are objects that were read from a cluster taken as if they were their source? Only to explain them. */
  readonly takesLive: boolean;
  /** Are objects listed whose controller ends sidecars by itself? They are left alone in any case. */
  readonly listsHandled: boolean;
  /** Are mains that cannot be wrapped held on a lifeline? Not where it is asked what would have to be known. */
  readonly holdsMains: boolean;
  /** A kind of evidence that is left out, to measure what it is worth; null: none. */
  readonly without: string | null;
}

/** What is said of an image. With neither entrypoint nor cmd it is not known what it starts; else the other one is empty. */
export interface ImageConfig {
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  /** Is `/bin/sh` in it? */
  readonly shell?: boolean;
  readonly user?: string;
}

/** A release of Kubernetes: `1.MINOR.PATCH`. */
export interface KubeVersion {
  readonly minor: number;
  /** null: not said. */
  readonly patch: number | null;
}

/** `--main` or `--sidecar`: NAME, WORKLOAD/NAME or KIND/WORKLOAD/NAME. */
export interface RoleFlag {
  readonly role: 'main' | 'sidecar';
  readonly container: string;
  readonly workload: string | null;
  readonly kind: string | null;
  /** As it was written. */
  readonly text: string;
}

/** One entry of `workloads:` in the config file. The first whose `match` holds is used. */
export interface WorkloadRule {
  readonly match: {
    /** Names and namespaces take `*`. */
    readonly kind?: string;
    readonly name?: string;
    readonly namespace?: string;
    /** A label selector of equalities: `app=shop,tier=db`. */
    readonly labels?: string;
  };
  readonly main?: readonly string[];
  readonly sidecars?: readonly string[];
  readonly strategy?: string;
  readonly entrypoints?: Readonly<Record<string, readonly string[]>>;
  readonly options?: Readonly<Record<string, ContainerOptions>>;
}

/** `options` of the config and of the annotation `guillotine/options`, for one container. */
export interface ContainerOptions {
  readonly shell?: string;
  /** Seconds before the stop signal. */
  readonly drain?: number;
  /** Seconds from the stop signal to KILL. */
  readonly grace?: number;
  /** Without SIG. */
  readonly stopSignal?: string;
  /** Which sidecars end before it: those behind it in the list, or these. */
  readonly order?: 'reverse' | readonly string[];
  /** What a sidecar does with the TERM that the kubelet sends to all containers at once. */
  readonly onTerm?: 'forward' | 'follow-main';
  /** How often a sidecar that crashed is started again in its container. */
  readonly restarts?: number;
  /** Is a main that cannot be wrapped held on a lifeline? */
  readonly lifeline?: boolean;
  /** Seconds that sidecars wait for such a main to begin. */
  readonly giveUp?: number;
  /** What must serve before a main starts. */
  readonly waitFor?: WaitFor;
  /** Where a native sidecar goes among the init containers: `first`, `last` or `before:NAME`. */
  readonly place?: string;
  /** What a main calls when all mains are done, to end sidecars that a webhook injects. */
  readonly quit?: readonly QuitCall[];
}

export interface WaitFor {
  /** `tcp:PORT`, `http:PORT/path`, `file:/path`, or `probe:SIDECAR` for what that sidecar's readiness probe says. */
  readonly words: readonly string[];
  /** Seconds. */
  readonly timeout: number;
}

/** An HTTP call to the pod's own loopback address. */
export interface QuitCall {
  /** The known sidecar that was named; null: the call was spelt out. */
  readonly id: string | null;
  readonly method: 'GET' | 'POST';
  readonly url: string;
}

export const DEFAULT_OPTIONS: Options = {
  strategy: 'auto',
  kubeVersion: null,
  namespace: 'default',
  roleFlags: [],
  entrypoints: {},
  workloads: [],
  images: {},
  mirrors: [],
  sidecars: [],
  kinds: [],
  shell: 'auto',
  binary: '/guillotine',
  shellImage: 'busybox:1.37.0-musl',
  // "nonroot" of distroless images: any number would do.
  shellUser: 65532,
  volume: null,
  mountPath: '/guillotine',
  grace: 10,
  poll: 1,
  recordsUndo: true,
  upgrade: false,
  takesLive: false,
  listsHandled: false,
  holdsMains: true,
  without: null,
};
