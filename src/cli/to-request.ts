import type { KubeVersion, RoleFlag } from '../model/options.ts';
import type { OUTPUT_CHOICES } from './flags.ts';
import type { ReportFormatName } from './formats/formats.ts';
import type { CheckRequest, InputRequest, RewriteRequest, TransformRequest } from './request.ts';

// From flags to a request.

/** What decides on the rewrite, as the command line gives it. */
export interface TransformFlags extends InputRequest {
  readonly main: readonly RoleFlag[];
  readonly sidecar: readonly RoleFlag[];
  readonly entrypoint: readonly [string, readonly string[]][];
  readonly images: readonly string[];
  readonly strategy?: string;
  readonly kubeVersion?: KubeVersion;
  readonly namespace?: string;
  readonly shell?: string;
  readonly shellImage?: string;
  readonly binary?: string;
  readonly volume?: string;
  readonly mountPath?: string;
  readonly grace?: number;
  readonly poll?: number;
  readonly config?: string;
}

/** Of the default command. */
export interface Flags extends TransformFlags {
  readonly output?: (typeof OUTPUT_CHOICES)[number];
  readonly inPlace: boolean;
  readonly diff: boolean;
  readonly check: boolean;
  readonly upgrade: boolean;
  readonly keepGoing: boolean;
  readonly strict: boolean;
  readonly verbose: boolean;
  readonly report: ReportFormatName;
}

export function toRequest(flags: Flags, typed: readonly string[]): RewriteRequest | CheckRequest {
  const { keepGoing, strict, verbose, report, output, inPlace, diff, check, ...rest } = flags;
  const common = { keepGoing, strict, verbose, report, ...toTransformRequest(rest) };
  if (check) return { command: 'check', typed, ...common };
  // The flags exclude each other.
  const wayOut = inPlace ? 'in-place' : diff ? 'diff' : (output ?? 'manifests');
  return { command: 'rewrite', wayOut, ...common };
}

export function toTransformRequest(flags: TransformFlags): InputRequest & TransformRequest {
  const { main, sidecar, entrypoint, images, config, filename, recursive, quiet, color, ...given } = flags;
  const input = { filename, recursive, quiet, color };
  const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return {
    ...input,
    config,
    images,
    options: { ...options, roleFlags: [...main, ...sidecar], entrypoints: Object.fromEntries(entrypoint) },
  };
}
