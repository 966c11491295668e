import type * as V1 from 'kubernetes-types/core/v1.js';

export type Environment = Readonly<Record<string, string>>;

/**
 * Kubernetes' `$(VAR)`, a port of k8s.io/kubernetes/third_party/forked/golang/expansion/expand.go: `$$` is `$`, an unknown
 * name stays as it is written, and so does everything else behind a `$`.
 */
export function expand(text: string, env: Environment): string {
  return text.replace(/\$(?:\$|\(([^)]*)\))/g, (match, name: string | undefined) => {
    return name === undefined ? '$' : Object.hasOwn(env, name) ? (env[name] ?? '') : match;
  });
}

/** A container's variables: each value sees those above it, so the image's PATH comes first. */
export function environmentOf({ env = [] }: V1.Container, image: Environment): Environment {
  const found: Record<string, string> = { ...image };
  for (const { name, value } of env) found[name] = expand(value ?? '', found);
  return found;
}

/** `command` and `args` are expanded (kubelet: kuberuntime, ExpandContainerCommandAndArgs). */
export function commandOf({ command = [], args = [] }: V1.Container, env: Environment): string[] {
  return [...command, ...args].map((word) => expand(word, env));
}

/** So are the commands of probes (kubelet: prober, ExpandContainerCommandOnlyStatic). */
export function probeCommandOf({ exec }: V1.Probe, env: Environment): string[] {
  return (exec?.command ?? []).map((word) => expand(word, env));
}

/** Those of hooks are not (measured on a 1.32 kubelet). */
export function hookCommandOf(hook: V1.LifecycleHandler | undefined): string[] {
  return hook?.exec?.command ?? [];
}
