import { pool } from '../support/process.ts';
import { CASES, type Case } from './cases.ts';
import { type Cluster, openCluster } from './cluster.ts';
import { playOnCluster } from './cluster-job.ts';
import type { Stage } from './manifests.ts';
import type { Row } from './play-case.ts';
import { printRows } from './tables.ts';

export interface ClusterRun {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly write: (text: string) => void;
  /** Between two looks at a Job. */
  readonly seconds?: number;
}

/** What a cluster can pull. */
const PUBLIC_IMAGES = {
  tools: 'busybox:1.37.0-musl',
  unknown: 'busybox:1.37.0-musl',
  server: 'traefik/whoami:v1.10',
  shell: 'busybox:1.37.0-musl',
} as const;

type ImageName = keyof typeof PUBLIC_IMAGES;

const USAGE = `Usage: npm run e2e:cluster -- [--only WORD] [--image NAME=REFERENCE]...
Plays Jobs on the cluster of kubectl's current context, in a namespace that is made for them and removed.
NAME: ${Object.entries(PUBLIC_IMAGES)
  .map(([name, reference]) => `${name} (${reference})`)
  .join(', ')}
`;

interface Asked {
  readonly only: string;
  readonly images: Readonly<Record<ImageName, string>>;
}

/** Null where the words are wrong. */
function readWords(argv: readonly string[]): Asked | null {
  let only = '';
  const images: Record<ImageName, string> = { ...PUBLIC_IMAGES };
  for (let at = 0; at < argv.length; at += 2) {
    const [flag, value = ''] = [argv[at], argv[at + 1]];
    const [, name = '', reference = ''] = /^(\w+)=(.+)$/.exec(value) ?? [];
    if (flag === '--only' && value !== '') only = value;
    else if (flag === '--image' && Object.hasOwn(images, name)) images[name as ImageName] = reference;
    else return null;
  }
  return { only, images };
}

/** Returns the exit code: 0 when all is as expected. */
export async function runOnCluster({ argv, env, write, seconds = 1 }: ClusterRun): Promise<number> {
  const asked = readWords(argv);
  if (asked === null) {
    write(USAGE);
    return argv.includes('--help') ? 0 : 2;
  }
  const chosen = CASES.filter((row) => row.notOnCluster === undefined && row.name.includes(asked.only));
  if (chosen.length === 0) {
    write(`no case has "${asked.only}" in its name\n`);
    return 2;
  }
  const interruption = watchInterruption();
  const cluster = await openCluster(env, (line) => write(`${line}\n`));
  if (typeof cluster === 'string') {
    write(`e2e:cluster cannot run: ${cluster}\n`);
    return 1;
  }
  const code = await Promise.race([
    interruption.then(() => 130),
    playAll(chosen, asked, cluster, write, seconds).catch((error: Error) => {
      write(`${error.stack}\n`);
      return 1;
    }),
  ]);
  return remove(cluster, write) ? code : 1;
}

/** Resolves when somebody wants this to end, which then has no other effect. */
function watchInterruption(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}

function remove({ context, namespace, close }: Cluster, write: ClusterRun['write']): boolean {
  const isRemoved = close();
  if (!isRemoved) {
    write(`the namespace could not be removed: kubectl --context ${context} delete namespace ${namespace}\n`);
  }
  return isRemoved;
}

async function playAll(
  chosen: readonly Case[],
  { images }: Asked,
  cluster: Cluster,
  write: ClusterRun['write'],
  seconds: number,
): Promise<number> {
  const stage: Stage = { ...images, serve: ['/whoami', '--port', '3306'] };
  const [old, cases] = [
    chosen.filter(({ since = 0 }) => cluster.minor < since),
    chosen.filter(({ since = 0 }) => !(cluster.minor < since)),
  ];
  for (const { name, since } of old) write(`left out: ${name} (needs Kubernetes 1.${since})\n`);
  const tasks = cases.map((row) => () => playSafely(row, stage, cluster, seconds));
  const rows = await Promise.all(pool(4, tasks));
  write(printRows(rows));
  const failed = rows.filter(({ expected, got }) => expected !== got).length;
  write(`${rows.length - failed} passed, ${failed} failed\n`);
  return failed > 0 || rows.length === 0 ? 1 : 0;
}

/** What kubectl refuses is an outcome, too, and the other cases go on. */
async function playSafely(row: Case, stage: Stage, cluster: Cluster, seconds: number): Promise<Row> {
  try {
    return await playOnCluster(row, stage, cluster, seconds);
  } catch (error) {
    return { name: row.name, expected: row.expected.job, got: (error as Error).message, seconds: 0 };
  }
}
