/** The public face for programs: the pipeline without files, flags and printing. It runs in a browser, too. */

export { findDocuments, type Probe, workloadProbe } from './candidates.ts';
export { CATALOGUE } from './catalogue/catalogue.ts';
export { KINDS } from './kube/kinds.ts';
export type { CatalogueEntry } from './model/catalogue-entry.ts';
export { type Code, DIAGNOSTICS, type Diagnostic, type Severity } from './model/diagnostic.ts';
export type { Kind } from './model/kind.ts';
export { DEFAULT_OPTIONS, type ImageConfig, type Options } from './model/options.ts';
export type { Plan, Role } from './model/pod.ts';
export type { Document, Source } from './model/source.ts';
export { type Input, joinStream } from './protocols/stream.ts';
export { STRATEGY_NAMES } from './strategies/names.ts';
export { type UndoResult, undoText } from './text/undo.ts';
export { type Outcome, transform } from './transform.ts';
