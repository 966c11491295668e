import { findDocuments, workloadProbe } from '../candidates.ts';
import { DEFAULT_OPTIONS, type Options } from '../model/options.ts';
import type { Document, Source } from '../model/source.ts';
import type { Input } from '../protocols/stream.ts';
import type { Outcome } from '../transform.ts';
import { type Config, loadConfig } from './config.ts';
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
  const asked = await toOptions(config, request);
  const options: Options = { ...asked, ...fix(asked) };
  const sources = given ?? (await readSources(request.filename, request.recursive, streams));
  const probe = workloadProbe(options);
  const inputs = sources.map((source) => ({ source, documents: findDocuments(source, probe) }));
  const documents = inputs.flatMap((input) => input.documents);
  return { inputs, outcome: await transformCandidates(documents, options), keepGoing: config.keepGoing };
}

/** Flags win over the config, and both over the defaults. Reads the files of `--images`. */
export async function toOptions(config: Config, request: TransformRequest): Promise<Options> {
  const images = { ...config.options.images, ...(await readIndexes(request.images)) };
  return { ...DEFAULT_OPTIONS, ...config.options, ...request.options, images };
}

async function readIndexes(files: readonly string[]): Promise<Options['images']> {
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
  const decide = options.upgrade ? (await import('../upgrade.ts')).upgrade : transform;
  const outcome = decide(documents, options);
  await checkNames(outcome, options);
  return outcome;
}

/** Throws a UsageError when a flag names what is nowhere. */
export async function checkNames(
  { plans, diagnostics }: Pick<Outcome, 'plans' | 'diagnostics'>,
  options: Options,
): Promise<void> {
  const { findUnusedNames } = await import('../kube/unused-names.ts');
  const { isPassedUnread } = await import('../read.ts');
  const pods = plans.map(({ pod }) => pod);
  const [unused] = findUnusedNames(pods, options);
  if (unused === undefined) return;
  // Where something could not be read, the name may stand in it, and that is the error to be told.
  const ofPods = new Set(plans.flatMap((plan) => plan.diagnostics));
  const isWhole = !diagnostics.some((row) => {
    return !ofPods.has(row) && (row.severity === 'error' || isPassedUnread(row));
  });
  if (isWhole) throw new UsageError(unused, 'is it spelt as in the manifest?');
}
