import type * as V1 from 'kubernetes-types/core/v1.js';
import type { Diagnostic } from './diagnostic.ts';
import type { Edit } from './edit.ts';
import { type FieldPath, type ObjectId, printKubectlName, type ValueMap } from './object.ts';
import type { Document } from './source.ts';

/** An object with pod templates that are meant to finish: a Job, a CronJob, a bare Pod that is not restarted. */
export interface Workload {
  readonly document: Document;
  readonly id: ObjectId;
  /** The object's place in its document: [] unless it is an item of a List. */
  readonly root: FieldPath;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** The object as it was read. */
  readonly object: ValueMap;
  /** The containers of all its pod templates. */
  readonly containerNames: ReadonlySet<string>;
  /** How its controller ends sidecars by itself; null: it does not. */
  readonly handling: string | null;
}

export interface Container {
  readonly spec: V1.Container;
  /** From the document's root. */
  readonly path: FieldPath;
}

/** One pod template of a workload, checked for the shapes that the strategies rely on. */
export interface PodTemplate {
  readonly workload: Workload;
  /** Where `metadata` and `spec` of the pod stand, from the document's root. */
  readonly path: FieldPath;
  /** Which of the workload's pod templates it is, as the replicated job `workers`; null: there can be only one. */
  readonly part: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: V1.PodSpec;
  readonly restartPolicy: string | undefined;
  readonly containers: readonly Container[];
  readonly initContainers: readonly Container[];
}

/** Of a container; init containers are `native-sidecar` or `init`. */
export type Role = 'main' | 'sidecar' | 'native-sidecar' | 'init' | 'unknown';

/** One reason for a role. */
export interface Evidence {
  readonly by: 'annotation' | 'config' | 'flag' | 'catalogue' | 'heuristic';
  readonly says: Role;
  readonly why: string;
  /** Of its row in EVIDENCE: each point doubles the odds. */
  readonly weight: number;
  /** The row. */
  readonly kind: string;
}

export interface ClassifiedContainer extends Container {
  readonly role: Role;
  readonly because: readonly Evidence[];
}

/** Prints `job.batch/export`, and of one of several pod templates `jobset.jobset.x-k8s.io/train[workers]`. */
export function printPodName({ workload, part }: PodTemplate): string {
  return `${printKubectlName(workload.id)}${part === null ? '' : `[${part}]`}`;
}

export interface ClassifiedPod extends PodTemplate {
  readonly containers: readonly ClassifiedContainer[];
}

/** What becomes of one pod template. `code` says why it is left alone or refused. */
export type Plan = {
  readonly pod: PodTemplate;
  readonly containers: readonly ClassifiedContainer[];
  readonly diagnostics: readonly Diagnostic[];
} & (
  | {
      readonly action: 'rewrite';
      readonly strategy: string;
      /** Why this strategy. */
      readonly reason: string;
      /** What else was decided, each a clause: `"db" starts before init container "migrate", …`. */
      readonly notes: readonly string[];
      readonly edits: readonly Edit[];
    }
  | { readonly action: 'leave' | 'refuse'; readonly code: string }
);
