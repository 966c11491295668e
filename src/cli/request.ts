import type { Options } from '../model/options.ts';

/** What the command line asks for: argv as a value. */
export type Request = RewriteRequest | UndoRequest | { readonly command: 'version' };

export interface InputRequest {
  readonly filename: readonly string[];
  readonly recursive: boolean;
  readonly quiet: boolean;
  readonly color: 'auto' | 'always' | 'never';
}

export interface RewriteRequest extends InputRequest {
  readonly command: 'rewrite';
  /** Only what was given. */
  readonly options: Partial<Options>;
  readonly config: string | undefined;
  readonly keepGoing: boolean;
  readonly strict: boolean;
  readonly verbose: boolean;
}

export interface UndoRequest extends InputRequest {
  readonly command: 'undo';
}
