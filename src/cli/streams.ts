import { constants } from 'node:buffer';

/** The part of `process` that the program uses; tests pass their own. */
export interface Streams {
  readonly stdin: AsyncIterable<Uint8Array> & { readonly isTTY?: boolean };
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
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

const LIMIT = Math.min(constants.MAX_LENGTH, 4 * 1024 ** 3 - 1);
const GROWTH = 16 * 1024 ** 2;

/** Reads a stream to its end into one buffer that grows in place: no copy, so no second time its size. */
export async function readAll(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const buffer = new ArrayBuffer(0, { maxByteLength: LIMIT });
  let length = 0;
  for await (const chunk of stream) {
    const end = length + chunk.byteLength;
    if (end > LIMIT) throw new UsageError('standard input is larger than 4 GiB', 'give it in parts');
    if (end > buffer.byteLength) buffer.resize(Math.min(LIMIT, Math.ceil(end / GROWTH) * GROWTH));
    new Uint8Array(buffer, length).set(chunk);
    length = end;
  }
  return new Uint8Array(buffer, 0, length);
}

export function write(stream: Writable, chunk: Uint8Array | string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
}
