/** Arguments, the program first. */
export type Argv = readonly string[];

/** What holds for the tags that a pattern covers; of several rows the first that covers a tag counts. */
export interface TaggedEntrypoint {
  /** A glob (`*-debug*`) or a range of versions (`>=2.1 <3`). */
  readonly tags: string;
  /** [] : the image has none. */
  readonly entrypoint: Argv;
  readonly cmd?: Argv;
}

export interface TaggedShell {
  readonly tags: string;
  readonly shell: boolean;
}

/** An argument or a variable that makes a program end by itself. */
export type Finite = { readonly arg: string } | { readonly env: string; readonly value: string };

/** A call that ends a sidecar. */
export interface Quit {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  /** The flag or annotation that switches it on; absent where it is on by default. */
  readonly needs?: string;
}

/**
 * A product that stands beside the main container of a Job. `schemas/catalogue.schema.json` describes the fields; the
 * config's `sidecars` have the same shape.
 */
export interface CatalogueEntry {
  readonly id: string;
  readonly about: string;
  /** Endings of repository paths, in whole segments; they decide the role only. */
  readonly images: readonly string[];
  /** Container names that only this product has. */
  readonly names: readonly string[];
  readonly kind: 'sidecar' | 'server' | 'injected' | 'self-ending';
  /** `proxy`: others connect to it, over loopback or a socket. `mesh`: all traffic of the pod goes through it. */
  readonly network?: 'proxy' | 'mesh';
  /** Listens on 127.0.0.1 only, unless it is told otherwise. */
  readonly loopback?: boolean;
  /** Init containers that belong to it and come first: they direct the traffic to it. */
  readonly ownInits?: readonly string[];
  /** The publisher's own repositories, registry included. */
  readonly repositories: readonly string[];
  readonly entrypoint?: Argv | readonly TaggedEntrypoint[];
  /** With an entrypoint that holds for every tag. */
  readonly cmd?: Argv;
  /** Is `/bin/sh` in the image? */
  readonly shell?: boolean | readonly TaggedShell[];
  /** An argv of its own program that does nothing and exits 0 at once, in every version in use. */
  readonly harmless?: Argv;
  /** Of a server: the programs that are the server; with anything else it is a client. */
  readonly serverWords?: readonly string[];
  readonly finite?: readonly Finite[];
  /** Where it usually listens. */
  readonly ports?: readonly number[];
  /** What ends it cleanly and soon, where TERM does not. */
  readonly stopSignal?: string;
  readonly quit?: Quit;
  /** The pod annotation with which a mesh injects itself as a native sidecar. */
  readonly native?: string;
  /** Where the facts were read. */
  readonly source: string;
  /** How sure entrypoint, cmd and shell are. */
  readonly confidence: 'high' | 'medium' | 'low';
}
