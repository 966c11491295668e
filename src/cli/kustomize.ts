import { existsSync } from 'node:fs';
import type { Request, RewriteRequest } from './request.ts';
import { type Streams, UsageError } from './streams.ts';

/** kustomize's call of an exec plugin: a file with its config, then the words of its `argsOneLiner` and `argsFromFile`. */
export interface PluginCall {
  readonly config: string;
  readonly flags: readonly string[];
}

export function findPluginCall(argv: readonly string[], { env }: Streams): PluginCall | null {
  const [config, ...flags] = argv;
  const isCalled = env['KUSTOMIZE_PLUGIN_CONFIG_ROOT'] !== undefined && config !== undefined;
  return isCalled && existsSync(config) ? { config, flags } : null;
}

/** kustomize writes all manifests anew, so no record could hold; it gives them on stdin, and takes nothing but manifests. */
export function toPluginRequest(request: Request, { config }: PluginCall): RewriteRequest {
  if (request.command !== 'rewrite' || request.wayOut !== 'manifests')
    throw new UsageError(
      'kustomize takes only manifests from a transformer',
      'take the other flags out of argsOneLiner',
    );
  if (request.options.upgrade)
    throw new UsageError(
      '--upgrade: what kustomize gives has no undo record',
      'take --upgrade out of argsOneLiner',
    );
  if (request.filename.length > 0 || request.config !== undefined)
    throw new UsageError(
      'kustomize itself gives the manifests and the config',
      'take -f and --config out of argsOneLiner',
    );
  return { ...request, config, mayBeEmpty: true, options: { ...request.options, recordsUndo: false } };
}
