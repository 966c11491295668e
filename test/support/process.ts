import { type ChildProcess, spawn } from 'node:child_process';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly cwd?: string;
}

/** Starts a command; a signal that ends it counts as 128 + n, as in a container's exit code. */
export function start(argv: readonly string[], { env = {}, input, cwd }: StartOptions = {}): Running {
  const [command = '', ...args] = argv;
  const begin = performance.now();
  const child = spawn(command, args, {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    ...(cwd ? { cwd } : {}),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdin.on('error', () => {});
  child.stdin.end(input ?? '');
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      // A background process that lives on must not keep the test waiting for the pipes.
      const seconds = (performance.now() - begin) / 1000;
      setImmediate(() => setTimeout(() => resolve({ code, stdout, stderr, seconds }), 20));
    });
  });
  return { child, ended };
}

export function sleep(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

/** As `sleep`, but the process does not stay alive for it. */
export function timeLimit(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000).unref());
}

/** Runs tasks with at most `width` at a time; returns a promise for each at once. */
export function pool<T>(width: number, tasks: readonly (() => Promise<T>)[]): Promise<T>[] {
  const lanes: Promise<unknown>[] = Array.from({ length: width }, () => Promise.resolve());
  return tasks.map((task, index) => {
    const result = (lanes[index % width] as Promise<unknown>).then(task);
    lanes[index % width] = result.catch(() => {});
    return result;
  });
}
