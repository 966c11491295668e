import { escapeControls } from '../text/lines.ts';
import { checkReportPath, conclude, type End } from './conclude.ts';
import type { Report } from './formats/formats.ts';
import type { Failure } from './formats/json.ts';
import { isCompleter, programName } from './itself.ts';
import { findPluginCall, toPluginRequest } from './kustomize.ts';
import { type Answer, buildProgram, parseArguments } from './program.ts';
import type { KeepReport } from './report-all.ts';
import type { Request } from './request.ts';
import { printUsageError, type Streams, UsageError, write } from './streams.ts';
import { PROJECT, readVersion } from './version.ts';

const ISSUES = `${PROJECT}/issues`;

/** Runs the program and returns its exit code. Never ends the process. */
export async function main(argv: readonly string[], streams: Streams): Promise<number> {
  // A reader that goes away (`| head`) is no error; the failed write tells us as well.
  for (const stream of [streams.stdout, streams.stderr]) stream.on?.('error', () => {});
  const end = await run(argv, streams);
  try {
    await conclude(end, streams);
    return end.exitCode;
  } catch (error) {
    if (end.failure === null && !isGone(error)) await complain(error, streams);
    return end.failure === null && !isGone(error) ? exitCodeOf(error) : end.exitCode;
  }
}

/** Runs to the end, whatever that is; failures are said. */
async function run(argv: readonly string[], streams: Streams): Promise<End> {
  let report: Report | null = null;
  const keep: KeepReport = (found) => {
    report = found;
  };
  try {
    if (isCompleter(streams) || argv[0] === '__complete')
      return { exitCode: await completeWords(argv, streams), report, failure: null };
    const request = readRequest(argv, streams);
    if ('command' in request) {
      return { exitCode: await runCommand(request, streams, keep), report, failure: null };
    }
    const { exitCode, text } = request;
    await write(exitCode === 0 ? streams.stdout : streams.stderr, text);
    return { exitCode, report, failure: exitCode === 0 ? null : toFailure(readComplaint(text)) };
  } catch (error) {
    if (isGone(error)) return { exitCode: 0, report, failure: null };
    await complain(error, streams);
    return { exitCode: exitCodeOf(error), report, failure: toFailure(error) };
  }
}

/** A shell, or kubectl, asks for the words that may come next. */
async function completeWords(argv: readonly string[], streams: Streams): Promise<number> {
  const { complete } = await import('./complete.ts');
  const words = isCompleter(streams) ? argv : argv.slice(1);
  const nothing = (): void => {};
  return complete(buildProgram(programName(streams), [], nothing, nothing), words, streams);
}

/** kustomize calls in its own way. */
function readRequest(argv: readonly string[], streams: Streams): Request | Answer {
  const plugin = findPluginCall(argv, streams);
  const parsed = parseArguments(plugin?.flags ?? argv, programName(streams));
  return plugin !== null && 'command' in parsed ? toPluginRequest(parsed, plugin) : parsed;
}

async function runCommand(request: Request, streams: Streams, keep: KeepReport): Promise<number> {
  switch (request.command) {
    case 'version':
      await write(streams.stdout, `${readVersion()}\n`);
      return 0;
    case 'completion': {
      const { COMPLETION_SCRIPTS } = await import('./completion-scripts.ts');
      await write(streams.stdout, COMPLETION_SCRIPTS[request.shell]);
      return 0;
    }
    case 'plugin': {
      const { installPlugin } = await import('./plugin.ts');
      return installPlugin(request, streams);
    }
    case 'undo': {
      const { undo } = await import('./undo.ts');
      return undo(request, streams);
    }
    case 'explain': {
      const { explain } = await import('./explain.ts');
      return explain(request, streams);
    }
    case 'images': {
      const { images } = await import('./images.ts');
      return images(request, streams);
    }
    case 'check': {
      await checkReportPath(streams);
      const { check } = await import('./check.ts');
      return check(request, streams, keep);
    }
    case 'rewrite': {
      await checkReportPath(streams);
      const { rewrite } = await import('./rewrite.ts');
      return rewrite(request, streams, keep);
    }
  }
}

/** What the reader of the command line says of a mistake. */
function readComplaint(text: string): UsageError {
  const [message = '', ...hint] = text
    .trim()
    .replace(/^error: /, '')
    .split('\n');
  return new UsageError(message, hint.join(' ') || undefined);
}

function isGone(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EPIPE';
}

/** Nobody may be left to hear it. */
async function complain(error: unknown, streams: Streams): Promise<void> {
  await write(streams.stderr, describeFailure(error)).catch(() => {});
}

function exitCodeOf(error: unknown): number {
  return isOurs(error) ? 70 : 2;
}

function toFailure(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  if (isOurs(error)) return { code: 'bug', message, hint: `please report it, with the manifest: ${ISSUES}` };
  const hint = error instanceof UsageError ? error.hint : undefined;
  return { code: 'failed', message, hint: hint ?? null };
}

/** A mistake in the invocation, or a system call that failed (a full disk), is no bug. */
function isOurs(error: unknown): boolean {
  return !(error instanceof UsageError) && (error as NodeJS.ErrnoException).syscall === undefined;
}

function describeFailure(error: unknown): string {
  if (error instanceof UsageError) return printUsageError(error);
  if (!isOurs(error)) return `error: ${escapeControls((error as Error).message)}\n`;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${stack}\nThis is a bug of guillotine, and nothing was written. Please report it, with the manifest: ${ISSUES}\n`;
}
