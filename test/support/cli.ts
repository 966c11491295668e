import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../../src/cli/main.ts';
import { makeFolder } from './temp.ts';

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program in process, with streams of our own. */
export async function cli(
  argv: readonly string[],
  input: string | Uint8Array | null = null,
  env: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  const written = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const writer = (name: 'stdout' | 'stderr') => ({
    write: (chunk: Uint8Array | string, done: (error?: Error | null) => void): boolean => {
      written[name].push(Buffer.from(chunk));
      done();
      return true;
    },
  });
  async function* chunks(): AsyncGenerator<Uint8Array> {
    if (input !== null) yield Buffer.from(input);
  }
  const stdin = Object.assign(chunks(), { isTTY: input === null });
  const code = await main(argv, { stdin, stdout: writer('stdout'), stderr: writer('stderr'), env });
  return {
    code,
    stdout: Buffer.concat(written.stdout).toString(),
    stderr: Buffer.concat(written.stderr).toString(),
  };
}

/** A new folder with these files; returns its path. */
export function folder(files: Readonly<Record<string, string | Uint8Array>>): string {
  const path = makeFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  return path;
}

/** A Job whose sidecar is known by its image. */
export const JOB = `apiVersion: batch/v1
kind: Job
metadata:
  name: export
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: worker
        image: registry.example.com/export:3
        command: ["/export"]
      - name: db
        image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1
        command: ["/cloud-sql-proxy"]
`;

export const CONFIG_MAP = `apiVersion: v1
kind: ConfigMap
metadata:
  name: notes
`;

/** The same with a sidecar whose command nobody knows: its image has no tag. */
export const BROKEN_JOB = JOB.replace(/:2\.14\.1\n {8}command: .*/, `@sha256:${'0'.repeat(64)}`);
