import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { sleep, start } from '../support/process.ts';

/** kubectl, held to one context and one namespace. */
export interface Cluster {
  readonly context: string;
  /** The minor version of its Kubernetes. */
  readonly minor: number;
  readonly namespace: string;
  /** Throws what kubectl says when it fails. */
  readonly run: (words: readonly string[], input?: string) => Promise<string>;
  /** Removes the namespace; false when that cannot be done. Waits, so that a process that ends can call it. */
  readonly close: () => boolean;
}

type Env = Readonly<Record<string, string>>;

/** Makes a namespace of our own in the current context; or says in one line why that cannot be done. */
export async function openCluster(env: Env, say: (line: string) => void): Promise<Cluster | string> {
  const tryTo = (...words: readonly string[]) => start(['kubectl', ...words], { env }).ended;
  const found = await tryTo('config', 'current-context').catch(() => null);
  if (found === null) return 'there is no kubectl on the PATH';
  const context = found.stdout.trim();
  if (found.code !== 0 || context === '') return 'kubectl has no current context';
  say(`context: ${context}`);
  const version = await tryTo('--context', context, 'version', '-o', 'json');
  if (version.code !== 0) return `the cluster does not answer: ${firstLine(version.stderr)}`;
  const minor = Number.parseInt(JSON.parse(version.stdout).serverVersion?.minor ?? '', 10);
  const namespace = `guillotine-e2e-${randomBytes(4).toString('hex').slice(0, 5)}`;
  const made = await tryTo('--context', context, 'create', 'namespace', namespace);
  if (made.code !== 0) return `the namespace ${namespace} cannot be made: ${firstLine(made.stderr)}`;
  say(`namespace: ${namespace}, which is removed at the end`);
  return {
    context,
    minor,
    namespace,
    run: async (words, input) => {
      const argv = ['kubectl', '--context', context, '--namespace', namespace, ...words];
      const { code, stdout, stderr } = await start(argv, { env, ...(input === undefined ? {} : { input }) })
        .ended;
      if (code !== 0) throw new Error(`kubectl ${words[0]}: ${firstLine(stderr)}`);
      return stdout;
    },
    close: () => {
      const words = ['--context', context, 'delete', 'namespace', namespace, '--wait=false'];
      return spawnSync('kubectl', words, { env, timeout: 30_000, stdio: 'ignore' }).status === 0;
    },
  };
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}

/** Asks for something every `seconds` until it is there; null when the time is over. */
export async function poll<T>(
  ask: () => Promise<T | null>,
  { seconds, limit }: { readonly seconds: number; readonly limit: number },
): Promise<T | null> {
  for (const begin = performance.now(); ; ) {
    const answer = await ask();
    if (answer !== null || performance.now() - begin > limit * 1000) return answer;
    await sleep(seconds);
  }
}
