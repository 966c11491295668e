/** Where the objects of a kind keep their pod templates, and what Kubernetes makes of those. */
export interface Kind {
  /** `batch/v1`; `example.com/*` for every version of a group. */
  readonly apiVersions: readonly string[];
  readonly kind: string;
  /** The path of what holds the pod's `metadata` and `spec`; `[]` goes through a list. Empty: the object itself. */
  readonly podTemplate: string;
  /** The restartPolicy of a pod template that says none; null: there must be one. */
  readonly restartPolicy: string | null;
  /** May a pod be meant to run for ever? Then only restartPolicy Never or OnFailure makes a workload. */
  readonly mayRunForever: boolean;
}

/** Which kind an object is of. */
export interface TypeMeta {
  readonly apiVersion: string;
  readonly kind: string;
}
