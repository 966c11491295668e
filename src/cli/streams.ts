import { constants } from 'node:buffer';
import { readSync } from 'node:fs';
import { isatty } from 'node:tty';
import { escapeControls } from '../text/lines.ts';

/** The part of `process` that the program uses; tests pass their own. */
export interface Streams {
  readonly stdin: AsyncIterable<Uint8Array> & { readonly isTTY?: boolean };
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How the program was started. */
  readonly argv0?: string;
  readonly argv?: readonly string[];
}

export interface Writable {
  readonly isTTY?: boolean;
  write(chunk: Uint8Array | string, done: (error?: Error | null) => void): boolean;
  on?(event: 'error', listener: (error: Error) => void): unknown;
}

/** A mistake in the invocation or the machine: exit code 2, no stack trace. `hint` is the way out. */
export class UsageError extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** What a person reads of it. */
export function printUsageError({ message, hint }: UsageError): string {
  const text = `error: ${message}\n${hint === undefined ? '' : `  = ${hint}\n`}`;
  return text.split('\n').map(escapeControls).join('\n');
}

const LIMIT = Math.min(constants.MAX_LENGTH, 4 * 1024 ** 3 - 1);
const GROWTH = 16 * 1024 ** 2;
const CHUNK = 1024 ** 2;
const STDIN = 0;

/** Is stdin a terminal? Looks at the descriptor: to touch `process.stdin` would set it non-blocking. */
export function isTerminal(streams: Streams): boolean {
  return streams === process ? isatty(STDIN) : streams.stdin.isTTY === true;
}

/** Reads stdin to its end into one buffer that grows in place: no copy, so never twice its size. */
export async function readStdin(streams: Streams): Promise<Uint8Array> {
  const input = growingBuffer();
  if (streams === process && readDescriptor(STDIN, input.append)) return input.bytes();
  for await (const chunk of streams.stdin) input.append(chunk);
  return input.bytes();
}

/** Reads a blocking descriptor without a stream's litter of buffers; false if the rest must be waited for. */
function readDescriptor(descriptor: number, append: (chunk: Uint8Array) => void): boolean {
  const chunk = new Uint8Array(CHUNK);
  for (;;) {
    try {
      const length = readSync(descriptor, chunk);
      if (length === 0) return true;
      append(chunk.subarray(0, length));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') return true;
      if (code === 'EAGAIN') return false;
      throw new UsageError(`standard input: ${(error as Error).message}`);
    }
  }
}

function growingBuffer(): { readonly append: (chunk: Uint8Array) => void; readonly bytes: () => Uint8Array } {
  const buffer = new ArrayBuffer(0, { maxByteLength: LIMIT });
  let length = 0;
  return {
    append: (chunk) => {
      const end = length + chunk.byteLength;
      if (end > LIMIT) throw new UsageError('standard input is larger than 4 GiB', 'give it in parts');
      if (end > buffer.byteLength) buffer.resize(Math.min(LIMIT, Math.ceil(end / GROWTH) * GROWTH));
      new Uint8Array(buffer, length).set(chunk);
      length = end;
    },
    bytes: () => new Uint8Array(buffer, 0, length),
  };
}

export function write(stream: Writable, chunk: Uint8Array | string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
}
