import type { Options } from '../model/options.ts';
import type { CompletionShell } from './completion-scripts.ts';
import type { ReportFormatName } from './formats/formats.ts';

/** What the command line asks for: argv as a value. */
export type Request =
  | RewriteRequest
  | CheckRequest
  | ExplainRequest
  | UndoRequest
  | ImagesRequest
  | PluginRequest
  | { readonly command: 'completion'; readonly shell: CompletionShell }
  | { readonly command: 'version' };

export interface InputRequest {
  readonly filename: readonly string[];
  readonly recursive: boolean;
  readonly quiet: boolean;
  readonly color: 'auto' | 'always' | 'never';
}

/** What decides on the rewrite. */
export interface TransformRequest {
  /** Only what was given. */
  readonly options: Partial<Options>;
  readonly config: string | undefined;
  /** Index files. */
  readonly images: readonly string[];
}

/** What decides on errors, and how much is told. */
export interface ReportRequest {
  readonly keepGoing: boolean;
  readonly strict: boolean;
  readonly verbose: boolean;
  readonly report: ReportFormatName;
}

/** How the rewrite leaves the program. */
export type WayOut = 'manifests' | 'yaml' | 'json' | 'patch' | 'diff' | 'in-place';

export interface RewriteRequest extends InputRequest, TransformRequest, ReportRequest {
  readonly command: 'rewrite';
  readonly wayOut: WayOut;
  /** Is it no mistake that nothing comes in? */
  readonly mayBeEmpty?: boolean;
}

export interface CheckRequest extends InputRequest, TransformRequest, ReportRequest {
  readonly command: 'check';
  /** The program's name and the words after it. */
  readonly typed: readonly string[];
}

export interface ExplainRequest extends InputRequest, TransformRequest {
  readonly command: 'explain';
  readonly output: 'table' | 'json';
}

export interface ImagesRequest extends InputRequest, TransformRequest {
  readonly command: 'images';
}

export interface UndoRequest extends InputRequest {
  readonly command: 'undo';
  readonly inPlace: boolean;
}

export const PLUGIN_HOSTS = ['helm', 'kustomize'] as const;

export type Host = (typeof PLUGIN_HOSTS)[number];

export interface PluginRequest {
  readonly command: 'plugin';
  readonly host: Host;
  /** The folder of all plugins. */
  readonly to: string | undefined;
}
