import { cpSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BIN, ROOT } from './paths.ts';
import { type Ended, start } from './process.ts';
import { realTool } from './real-tools.ts';
import { makeFolder } from './temp.ts';

/** A place where somebody works with one version of helm: a home folder, a PATH, and the chart in `chart`. */
export interface Desk {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs a line of shell in it. */
  readonly run: (line: string) => Promise<Ended>;
}

const CHART = join(ROOT, 'test/hosts/chart');

export function makeDesk(helm: 'helm3' | 'helm4', more: Readonly<Record<string, string>> = {}): Desk {
  const folder = makeFolder();
  const bin = makeFolder();
  cpSync(CHART, join(folder, 'chart'), { recursive: true });
  const programs = {
    helm: realTool(helm) ?? helm,
    kubectl: realTool('kubectl') ?? 'kubectl',
    'kubectl-guillotine': BIN,
    'kubectl_complete-guillotine': BIN,
  };
  for (const [name, path] of Object.entries(programs)) symlinkSync(path, join(bin, name));
  const env = { HOME: folder, PATH: `${bin}:${dirname(process.execPath)}:/usr/bin:/bin`, ...more };
  // bash says in `_` what it starts, as the shells that people type in do.
  const run = (line: string): Promise<Ended> => start(['bash', '-c', line], { cwd: folder, env }).ended;
  return { folder, env, run };
}
