import type { Options } from '../model/options.ts';
import {
  type FunctionCall,
  planItems,
  printList,
  printMessage,
  type Result,
  toResults,
} from '../protocols/krm.ts';
import { type Config, loadConfig } from './config.ts';
import { checkNames, toOptions } from './load.ts';
import { type KeepReport, remark, reportAll, weigh } from './report-all.ts';
import type { RewriteRequest } from './request.ts';
import { printUsageError, type Streams, UsageError, write } from './streams.ts';

/** Answers an orchestrator (kpt, kustomize): exit code 1 says that the results hold an error. */
export async function answer(
  call: FunctionCall,
  request: RewriteRequest,
  streams: Streams,
  keep: KeepReport,
): Promise<number> {
  try {
    return await run(call, request, streams, keep);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const result: Result = { message: printMessage(error), severity: 'error' };
    await write(streams.stdout, printList(call, [], [result]));
    await write(streams.stderr, printUsageError(error));
    return 1;
  }
}

async function run(
  call: FunctionCall,
  request: RewriteRequest,
  streams: Streams,
  keep: KeepReport,
): Promise<number> {
  const config = await readConfig(call, request);
  const options: Options = { ...(await toOptions(config, request)), recordsUndo: false };
  if (options.upgrade) throw new UsageError('--upgrade: in a ResourceList nothing has an undo record');
  const planned = planItems(call, options);
  await checkNames(planned, options);
  const { plans } = planned;
  const keepGoing = request.keepGoing || config.keepGoing;
  const diagnostics = planned.diagnostics.map((row) => weigh(row, keepGoing, request.strict));
  await reportAll({ request, plans, findings: diagnostics, nameSources: false }, streams, keep);
  const results = toResults(call, plans, diagnostics);
  await write(streams.stdout, printList(call, plans, results));
  if (!results.some(({ severity }) => severity === 'error')) return 0;
  await remark('Nothing was rewritten.\n', request, streams);
  return 1;
}

/** The functionConfig is the config; without one it is that of any other call. */
async function readConfig(
  { document, parsed, functionConfig }: FunctionCall,
  request: RewriteRequest,
): Promise<Config> {
  if (functionConfig === undefined) return loadConfig(request.config);
  if (request.config !== undefined)
    throw new UsageError('--config and a functionConfig: which of them counts?', 'take one away');
  const { readFunctionConfig } = await import('./config-file.ts');
  return readFunctionConfig(document.source.name, parsed, functionConfig);
}
