import type * as V1 from 'kubernetes-types/core/v1.js';
import type { Environment } from './expand.ts';

/** What containers are started with: processes of this machine, or podman. The kubelet's rules are the same. */
export interface Runtime {
  readonly openSandbox: (pod: V1.PodSpec) => Promise<Sandbox>;
  /** Whom an image runs as, in its own words; the empty string is root. */
  readonly userOf: (image: string) => string;
}

/** What the containers of one pod share. */
export interface Sandbox {
  /** Resolves when the container's own program is started, or could not be. */
  readonly launch: (launch: Launch) => Promise<Live>;
  /** Does anybody listen on this port of the pod's address, where a kubelet's probes go? */
  readonly hasListener: (port: number) => Promise<boolean>;
  /** Ends what is left in it. */
  readonly close: () => Promise<void>;
}

export interface Launch {
  readonly container: V1.Container;
  /** A folder for each volume. */
  readonly volumes: ReadonlyMap<string, string>;
}

/** The end of a container's first process. */
export interface Death {
  /** 128 also for a command that could not be started, as containerd has it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** In milliseconds since 1970. */
  readonly at: number;
}

/** One start of a container. */
export interface Live {
  readonly env: Environment;
  /** Of its first process, on this machine; null when it has ended. */
  readonly pid: () => number | null;
  readonly ended: Promise<Death>;
  readonly signal: (name: NodeJS.Signals) => void;
  /** Has its first process set a trap for this signal? mksh catches TERM and a few more before anybody asks it to. */
  readonly catches: (name: NodeJS.Signals) => boolean;
  /** Runs a command in it, as hooks and probes are run; false when it fails. */
  readonly exec: (command: readonly string[]) => Promise<boolean>;
}
