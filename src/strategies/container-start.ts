import type * as V1 from 'kubernetes-types/core/v1.js';
import type { ImageStart } from '../catalogue/image-facts.ts';

/** How a container starts. */
export interface Start {
  /** The program and its arguments, as they are when it runs; of unknown arguments nothing. */
  readonly argv: readonly string[];
  /** What must stand behind ours in `command`, if it has none of its own. */
  readonly command: readonly string[];
  /** What must stand in `args` then, because a `command` drops the image's CMD; []: it stays as it is. */
  readonly args: readonly string[];
  /** For the report, where the image alone says what it starts: who knows that. */
  readonly source: string | null;
}

/**
 * What a container starts, by Kubernetes' rules: `command` replaces ENTRYPOINT and drops CMD, `args` replaces CMD; a
 * list that is empty counts as absent. `said` is an entrypoint that somebody gave, `image` what the image has. null:
 * nobody knows. An empty argv: there is nothing to start.
 */
export function findStart(
  spec: V1.Container,
  said: readonly string[] | null,
  image: ImageStart | null,
): Start | null {
  const given = spec.args ?? [];
  if (spec.command?.length) return { argv: [...spec.command, ...given], command: [], args: [], source: null };
  if (said !== null) return { argv: [...said, ...given], command: said, args: [], source: null };
  if (image === null) return null;
  const { entrypoint, source } = image;
  const cmd = given.length > 0 ? [] : image.cmd;
  const argv = [...entrypoint, ...cmd, ...given];
  const [command, args] = entrypoint.length > 0 ? [entrypoint, cmd] : [cmd, []];
  return { argv, command: command.map(escapeDollars), args: args.map(escapeDollars), source };
}

/**
 * The kubelet expands `command` and `args`, but not what the image has: `$(A)` would be replaced, `$$` become `$`, and of a
 * character beyond ASCII behind `$` the first byte be taken for a character
 * (k8s.io/kubernetes/third_party/forked/golang/expansion/expand.go).
 */
export function escapeDollars(word: string): string {
  return word.replace(/\${2,}|\$(?=\(|[^\0-\x7f])/gu, (dollars) => dollars + dollars);
}
