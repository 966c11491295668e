import { escapeControls } from '../text/lines.ts';
import { isCompleter, programName } from './itself.ts';
import { findPluginCall, toPluginRequest } from './kustomize.ts';
import { buildProgram, parseArguments } from './program.ts';
import { printUsageError, type Streams, UsageError, write } from './streams.ts';
import { readVersion } from './version.ts';

const ISSUES = 'https://github.com/guillotine-dev/guillotine/issues';

/** Runs the program and returns its exit code. Never ends the process. */
export async function main(argv: readonly string[], streams: Streams): Promise<number> {
  // A reader that goes away (`| head`) is no error; the failed write tells us as well.
  for (const stream of [streams.stdout, streams.stderr]) stream.on?.('error', () => {});
  try {
    return await run(argv, streams);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return 0;
    // Nobody may be left to hear it.
    await write(streams.stderr, describeFailure(error)).catch(() => {});
    return isOurs(error) ? 70 : 2;
  }
}

async function run(argv: readonly string[], streams: Streams): Promise<number> {
  const name = programName(streams);
  if (isCompleter(streams) || argv[0] === '__complete') {
    const { complete } = await import('./complete.ts');
    const words = isCompleter(streams) ? argv : argv.slice(1);
    const nothing = (): void => {};
    return complete(buildProgram(name, [], nothing, nothing), words, streams);
  }
  const plugin = findPluginCall(argv, streams);
  const parsed = parseArguments(plugin?.flags ?? argv, name);
  const request = plugin !== null && 'command' in parsed ? toPluginRequest(parsed, plugin) : parsed;
  if (!('command' in request)) {
    await write(request.exitCode === 0 ? streams.stdout : streams.stderr, request.text);
    return request.exitCode;
  }
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
      const { check } = await import('./check.ts');
      return check(request, streams);
    }
    case 'rewrite': {
      const { rewrite } = await import('./rewrite.ts');
      return rewrite(request, streams);
    }
  }
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
