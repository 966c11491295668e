import { findDocuments, workloadProbe } from '../candidates.ts';
import { DEFAULT_OPTIONS, type Options } from '../model/options.ts';
import type { Document, Source } from '../model/source.ts';
import type { Input } from '../protocols/stream.ts';
import type { Outcome } from '../transform.ts';
import { loadConfig } from './config.ts';
import { readSources } from './inputs.ts';
import type { InputRequest, TransformRequest } from './request.ts';
import { type Streams, UsageError } from './streams.ts';

export interface Loaded {
  readonly inputs: readonly Input[];
  /** null: no document can hold a workload. */
  readonly outcome: Outcome | null;
  /** From the config file: leave what cannot be rewritten. */
  readonly keepGoing: boolean;
}

/** Reads config and inputs (if they are not `given`), and runs the pipeline. What `fix` gives wins over config and flags. */
export async function load(
  request: InputRequest & TransformRequest,
  streams: Streams,
  fix: (options: Options) => Partial<Options> = () => ({}),
  given?: readonly Source[],
): Promise<Loaded> {
  const config = await loadConfig(request.config);
  const images = { ...config.options.images, ...(await readIndexes(request.images)) };
  const asked: Options = { ...DEFAULT_OPTIONS, ...config.options, ...request.options, images };
  const options: Options = { ...asked, ...fix(asked) };
  const sources = given ?? (await readSources(request.filename, request.recursive, streams));
  const probe = workloadProbe(options);
  const inputs = sources.map((source) => ({ source, documents: findDocuments(source, probe) }));
  const documents = inputs.flatMap((input) => input.documents);
  return { inputs, outcome: await transformCandidates(documents, options), keepGoing: config.keepGoing };
}

/** Reads the files of `--images`. */
export async function readIndexes(files: readonly string[]): Promise<Options['images']> {
  if (files.length === 0) return {};
  const { readImageIndexes } = await import('./image-index.ts');
  return readImageIndexes(files);
}

/** Loads the parser and all that follows only if some document can hold a workload. */
async function transformCandidates(
  documents: readonly Document[],
  options: Options,
): Promise<Outcome | null> {
  const names = [...options.roleFlags.map(({ text }) => text), ...Object.keys(options.entrypoints)];
  if (!documents.some(({ candidate }) => candidate) && names.length === 0) return null;
  const { transform } = await import('../transform.ts');
  const { findUnusedNames } = await import('../kube/unused-names.ts');
  const { isPassedUnread } = await import('../read.ts');
  const decide = options.upgrade ? (await import('../upgrade.ts')).upgrade : transform;
  const outcome = decide(documents, options);
  const pods = outcome.plans.map(({ pod }) => pod);
  const [unused] = findUnusedNames(pods, options);
  // Where something could not be read, the name may stand in it, and that is the error to be told.
  const ofPods = new Set(outcome.plans.flatMap(({ diagnostics }) => diagnostics));
  const isWhole = !outcome.diagnostics.some((row) => {
    return !ofPods.has(row) && (row.severity === 'error' || isPassedUnread(row));
  });
  if (unused !== undefined && isWhole) {
    throw new UsageError(unused, 'is it spelt as in the manifest?');
  }
  return outcome;
}
