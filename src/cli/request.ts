import type { Options } from '../model/options.ts';

/** What the command line asks for: argv as a value. */
export type Request =
  | RewriteRequest
  | ExplainRequest
  | UndoRequest
  | ImagesRequest
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

export interface RewriteRequest extends InputRequest, TransformRequest {
  readonly command: 'rewrite';
  readonly keepGoing: boolean;
  readonly strict: boolean;
  readonly verbose: boolean;
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
}
