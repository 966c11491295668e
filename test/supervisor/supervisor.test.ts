import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import * as assert from 'uvu/assert';
import { assembleScript, PART_VARIABLES, type PartName, scriptFor } from '../../src/supervisor/assemble.ts';
import {
  GRACE,
  INTERVAL,
  QUIT,
  SCRIPT_DEFAULTS,
  SUPERVISOR_ROLES,
  VARIABLES,
  WAIT_FOR,
  WAIT_SECONDS,
  WATCHED_FILE,
} from '../../src/supervisor/interface.ts';
import { CORE, PARTS } from '../../src/supervisor/script.ts';
import { ROOT } from '../support/paths.ts';
import { type Ended, type Running, sleep, start } from '../support/process.ts';
import { suite, type Case as TestCase, testTogether } from '../support/suite.ts';
import { makeFolder } from '../support/temp.ts';
import { SHELLS } from '../support/tools.ts';
import { catchesSignal, firstChild } from './bench/process.ts';

const FOLDER = join(ROOT, 'src/supervisor');
const ALL_PARTS = Object.keys(PART_VARIABLES) as PartName[];
const WHOLE = assembleScript(ALL_PARTS);
const SCRIPT = join(makeFolder(), 'run');
writeFileSync(SCRIPT, WHOLE);

interface Bench {
  readonly shell: string;
  readonly sentinel: string;
  /** Runs the supervisor as process 1 of a PID namespace, as a container does. */
  readonly run: (
    words: readonly string[],
    options?: { input?: string; env?: Record<string, string>; cwd?: string },
  ) => Running;
}

const NAMESPACE = ['/usr/bin/unshare', '-pf', '--kill-child', '--mount-proc'];

function bench(name: string, words: readonly string[]): Bench {
  const sentinel = join(makeFolder(), 'completed');
  return {
    shell: name,
    sentinel,
    run: (argv, { input = '', env = {}, cwd = '/' } = {}) =>
      start([...NAMESPACE, ...words, SCRIPT, ...argv], {
        input,
        cwd,
        env: { [WATCHED_FILE]: sentinel, [GRACE]: '2', ...env },
      }),
  };
}

/** `unshare` passes no signals on, so they go to its child, which is process 1 inside. */
function signal({ child }: Running, name: NodeJS.Signals): void {
  process.kill(firstChild(child.pid ?? 0) ?? 0, name);
}

function catches({ child }: Running, name: NodeJS.Signals): boolean {
  return catchesSignal(firstChild(child.pid ?? 0), name);
}

interface Case {
  readonly name: string;
  readonly play: (bench: Bench) => Promise<void>;
}

/** What it has printed so far. */
function collect({ child }: Running): () => string {
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return () => text;
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; !isTrue(); tries++) {
    if (tries > 1000) throw new Error('it did not come in 10 s');
    await sleep(0.01);
  }
}

/** Resolves when the program has said so, which it does when its traps are set. */
async function ready(running: Running): Promise<void> {
  const seen = collect(running);
  await until(() => seen().includes('ready\n'));
}

/** What a started program says of itself. */
function describeStart(stdout: string) {
  const [status = '', listed = ''] = stdout.trimEnd().split('\n\n');
  const mask = (name: string) => new RegExp(`^Sig${name}:\\s*0*(\\w+)$`, 'm').exec(status)?.[1];
  const lines = listed.split('\n');
  const end = lines.findIndex((line) => line.startsWith('/'));
  return {
    blocked: mask('Blk'),
    ignored: mask('Ign'),
    caught: mask('Cgt'),
    files: lines.slice(0, end + 1),
    variables: lines.slice(end + 1),
  };
}

async function ended(running: Running): Promise<Ended> {
  return running.ended;
}

interface Endpoint {
  readonly url: string;
  /** `POST /path`, in the order in which they came. */
  readonly calls: readonly string[];
}

/** A server that answers with these status codes, one after the other, and then with the last one; null: never. */
async function withEndpoint(
  answers: readonly (number | null)[],
  use: (endpoint: Endpoint) => Promise<void>,
): Promise<void> {
  const calls: string[] = [];
  const server = createServer((request, response) => {
    const status = answers[Math.min(calls.length, answers.length - 1)] ?? null;
    calls.push(`${request.method} ${request.url}`);
    if (status !== null) response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : null;
  try {
    await use({ url: `http://127.0.0.1:${port}`, calls });
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

/** The environment of a main that makes calls; busybox is put where an init container of ours puts it. */
function quitEnv(sentinel: string, calls: readonly string[], others: readonly string[] = []) {
  copyFileSync('/bin/busybox', join(dirname(sentinel), 'busybox'));
  return { [WATCHED_FILE]: [sentinel, ...others].join(' '), [QUIT]: calls.join('\n') };
}

const LOOP = 'while :; do sleep 0.1; done';

const CASES: readonly Case[] = [
  {
    name: 'a main ends: its sidecar ends, with 0',
    play: async ({ run }) => {
      const sidecar = run(['sidecar', 'sleep', '100']);
      const main = await ended(run(['main', 'sh', '-c', 'sleep 0.5; exit 0']));
      const { code, stderr } = await ended(sidecar);
      assert.equal([main.code, code, stderr], [0, 0, '']);
    },
  },
  {
    name: 'a main that fails in a pod that is not restarted leaves the sentinel and keeps its code',
    play: async ({ run, sentinel }) => {
      assert.is((await ended(run(['main', 'sh', '-c', 'exit 5']))).code, 5);
      assert.ok(existsSync(sentinel));
    },
  },
  {
    name: 'a main that is retried leaves the sentinel only after success (H21)',
    play: async ({ run, sentinel }) => {
      assert.is((await ended(run(['retried-main', 'sh', '-c', 'exit 3']))).code, 3);
      assert.not(existsSync(sentinel));
      assert.is((await ended(run(['retried-main', 'true']))).code, 0);
      assert.ok(existsSync(sentinel));
    },
  },
  {
    name: 'a stale sentinel is cleared when a main starts again (H24)',
    play: async ({ run, sentinel }) => {
      writeFileSync(sentinel, '');
      assert.is((await ended(run(['retried-main', 'sh', '-c', `[ ! -e ${sentinel} ]`]))).code, 0);
    },
  },
  {
    name: 'a sidecar that starts after the end does not start its command (H25)',
    play: async ({ run, sentinel }) => {
      writeFileSync(sentinel, '');
      const { code, stdout } = await ended(run(['sidecar', 'echo', 'started']));
      assert.equal([code, stdout], [0, '']);
    },
  },
  {
    name: 'a sidecar that ends before keeps its code (H29)',
    play: async ({ run }) => assert.is((await ended(run(['sidecar', 'sh', '-c', 'exit 7']))).code, 7),
  },
  {
    name: 'a sidecar that ignores TERM is killed after the grace, said in one line, and exits 0 (H12)',
    play: async ({ run, sentinel }) => {
      const sidecar = run(['sidecar', 'sh', '-c', `trap '' TERM; echo ready; ${LOOP}`]);
      await ready(sidecar);
      writeFileSync(sentinel, '');
      const { code, stderr } = await ended(sidecar);
      assert.is(code, 0);
      assert.match(stderr, /^guillotine: the sidecar did not end in 2 s: killed\n$/);
    },
  },
  {
    name: 'a lifeline wakes the sidecar long before it would look again',
    play: async ({ run }) => {
      const env = { [INTERVAL]: '60' };
      const main = run(['main', 'sleep', '1.5']);
      await sleep(0.7);
      const { code, stderr } = await ended(run(['sidecar', 'sleep', '100'], { env }));
      assert.equal([code, stderr, (await ended(main)).code], [0, '', 0]);
    },
  },
  {
    name: 'a main that is killed whole is missed by its sidecar, and by one that starts later (H22)',
    play: async ({ run, sentinel }) => {
      const main = run(['main', 'sleep', '100']);
      await sleep(0.7);
      const sidecar = run(['sidecar', 'sleep', '100'], { env: { [INTERVAL]: '60' } });
      await sleep(0.7);
      signal(main, 'SIGKILL');
      const line = 'guillotine: completed: that container was killed\n';
      const { code, stderr } = await ended(sidecar);
      assert.equal([code, stderr], [0, line]);
      rmSync(sentinel);
      const late = await ended(run(['sidecar', 'sleep', '100']));
      assert.equal([late.code, late.stderr], [0, line]);
    },
  },
  {
    name: 'a retried main that is killed leaves its sidecar running for the next try (H21, H22)',
    play: async ({ run }) => {
      const sidecar = run(['retried-sidecar', 'sleep', '100']);
      const first = run(['retried-main', 'sleep', '100']);
      await sleep(1.5);
      signal(first, 'SIGKILL');
      await sleep(1.5);
      assert.is(sidecar.child.exitCode, null);
      assert.is((await ended(run(['retried-main', 'sleep', '1.2']))).code, 0);
      const { code, stderr } = await ended(sidecar);
      assert.equal([code, stderr], [0, '']);
    },
  },
  {
    name: 'where no FIFO can be made it looks for files (H70)',
    play: async ({ run, sentinel }) => {
      writeFileSync(join(dirname(sentinel), 'alive'), 'in the way');
      const sidecar = run(['sidecar', 'sleep', '100']);
      const main = await ended(run(['main', 'sh', '-c', 'sleep 0.5; exit 3']));
      const { code, stderr } = await ended(sidecar);
      assert.equal([main.code, main.stderr, code, stderr], [3, '', 0, '']);
    },
  },
  {
    name: 'there is no FIFO in a volume of the user (H70)',
    play: async ({ run, sentinel }) => {
      const folder = join(dirname(sentinel), '.guillotine');
      const env = { [WATCHED_FILE]: `${folder}/completed` };
      const sidecar = run(['sidecar', 'sleep', '100'], { env });
      assert.is((await ended(run(['main', 'sleep', '0.5'], { env }))).code, 0);
      assert.is((await ended(sidecar)).code, 0);
      assert.equal(readdirSync(folder), ['completed']);
    },
  },
  {
    name: 'a main waits until a port is open, and until a page answers',
    play: async ({ run, sentinel }) => {
      await withEndpoint([503, 200], async ({ url, calls }) => {
        const port = new URL(url).port;
        copyFileSync('/bin/busybox', join(dirname(sentinel), 'busybox'));
        const env = { [WAIT_FOR]: `tcp:${port} http:${port}/ready?a=1`, [WAIT_SECONDS]: '20' };
        const { code, stdout, stderr } = await ended(run(['main', 'echo', 'started'], { env }));
        assert.equal([code, stdout, stderr], [0, 'started\n', '']);
        assert.ok(calls.length >= 2 && calls.every((call) => call === 'GET /ready?a=1'), calls.join());
      });
    },
  },
  {
    name: 'a main does not take a port that is only connected to for one that is open',
    play: async ({ run }) => {
      await withEndpoint([200], async ({ url }) => {
        const client = connect(Number(new URL(url).port), '127.0.0.1');
        await new Promise((resolve) => client.once('connect', resolve));
        const env = { [WAIT_FOR]: `tcp:${client.localPort}`, [WAIT_SECONDS]: '1' };
        const { code, stdout } = await ended(run(['main', 'echo', 'started'], { env }));
        client.destroy();
        assert.equal([code, stdout], [124, '']);
      });
    },
  },
  {
    name: 'a sidecar waits for every main (H26)',
    play: async ({ run, sentinel }) => {
      const sidecar = run(['sidecar', 'sleep', '100'], {
        env: { [WATCHED_FILE]: `${sentinel}-a ${sentinel}-b` },
      });
      writeFileSync(`${sentinel}-a`, '');
      await sleep(1.6);
      assert.is(sidecar.child.exitCode, null);
      writeFileSync(`${sentinel}-b`, '');
      assert.is((await ended(sidecar)).code, 0);
    },
  },
  {
    name: 'a signal reaches the child, whose own code comes out (H1, H6)',
    play: async ({ run, sentinel }) => {
      const main = run(['retried-main', 'sh', '-c', `trap 'exit 42' TERM; echo ready; ${LOOP}`]);
      await ready(main);
      signal(main, 'SIGTERM');
      assert.is((await ended(main)).code, 42);
      assert.not(existsSync(sentinel));
    },
  },
  ...[127, 143].map((own) => ({
    name: `a child that ends with ${own} when it is told to: the code is its own`,
    play: async ({ run }: Bench) => {
      const main = run(['main', 'sh', '-c', `trap 'exit ${own}' TERM; echo ready; ${LOOP}`]);
      await ready(main);
      signal(main, 'SIGTERM');
      assert.is((await ended(main)).code, own);
    },
  })),
  {
    name: 'a signal that does not end the child does not end the wait (H6)',
    play: async ({ run }) => {
      const traps = "trap 'echo usr1' USR1; trap 'exit 42' TERM";
      const main = run(['main', 'sh', '-c', `${traps}; echo ready; ${LOOP}`]);
      await ready(main);
      signal(main, 'SIGUSR1');
      await sleep(0.4);
      signal(main, 'SIGTERM');
      const { code, stdout } = await ended(main);
      assert.equal([code, stdout], [42, 'ready\nusr1\n']);
    },
  },
  {
    name: 'every signal that a kubelet may send reaches the child, and only the child (H3, H9)',
    play: async ({ run }) => {
      const names = ['HUP', 'INT', 'QUIT', 'TERM', 'USR1', 'USR2', 'WINCH'].map((name) => `SIG${name}`);
      // A program that installs handlers of its own, as node does, gets INT and QUIT in every shell (H4).
      const script = `
        const { spawn } = require('node:child_process');
        const child = spawn('sleep', ['60']);
        child.on('exit', () => console.log('its own child was hit'));
        for (const name of ${JSON.stringify(names)}) process.on(name, () => console.log(name));
        setInterval(() => {}, 1000);
        console.log('ready');`;
      const main = run(['main', process.execPath, '-e', script]);
      const seen = collect(main);
      await until(() => seen() === 'ready\n');
      for (const name of names) {
        signal(main, name as NodeJS.Signals);
        await until(() => seen().includes(`${name}\n`));
      }
      assert.is(seen(), ['ready', ...names, ''].join('\n'));
      signal(main, 'SIGKILL');
      await ended(main);
    },
  },
  {
    name: 'a signal that comes as soon as the supervisor has its traps is not lost between fork and exec (H7)',
    play: async ({ run }) => {
      const codes = await Promise.all(
        Array.from({ length: 6 }, async () => {
          const main = run(['main', 'sleep', '20']);
          await until(() => catches(main, 'SIGUSR2'));
          signal(main, 'SIGTERM');
          return (await ended(main)).code;
        }),
      );
      assert.equal(codes, [143, 143, 143, 143, 143, 143]);
    },
  },
  {
    name: 'the child starts with the dispositions, files, folder and variables of a direct start (H4, H5)',
    play: async ({ run, shell }) => {
      const env = { PLAIN: 'a b', TEXT: 'a\nb', QUOTES: `'"$(x)\\`, EMPTY: '', PATH: '/usr/bin:/bin' };
      const script = 'cat /proc/self/status; echo; ls /proc/self/fd; pwd; env -0 | tr "\\0\\n" "\\n|"';
      const options = { env, cwd: '/usr/lib' };
      const child = ['/bin/dash', '-c', script];
      const direct = describeStart((await start([...NAMESPACE, ...child], options).ended).stdout);
      const wrapped = describeStart((await ended(run(['main', ...child], options))).stdout);
      assert.equal([wrapped.blocked, wrapped.caught], ['0', '0']);
      // Started in the background by dash and busybox, a program ignores INT and QUIT, and nothing can undo that (H4).
      assert.is(wrapped.ignored, shell === 'dash' || shell === 'busybox' ? '6' : '0');
      assert.equal(wrapped.files, direct.files);
      assert.ok(wrapped.files.includes('/usr/lib'));
      for (const row of direct.variables) {
        if (!row.startsWith('SHLVL=')) assert.ok(wrapped.variables.includes(row), row);
      }
      const ours = [WATCHED_FILE, GRACE, 'PWD', 'OLDPWD', 'SHLVL', '_'];
      const given = [...ours, ...direct.variables.map((row) => row.replace(/=.*/, ''))];
      for (const row of wrapped.variables) assert.ok(given.includes(row.replace(/=.*/, '')), row);
    },
  },
  {
    name: 'orphans of the child do not stay as zombies (H8)',
    play: async ({ run }) => {
      const script =
        "sh -c '(sleep 0.1 &) ; (sleep 0.1 &)'; sleep 0.6; grep -l 'State:.Z' /proc/[0-9]*/status; true";
      const { code, stdout } = await ended(run(['main', 'sh', '-c', script]));
      assert.equal([code, stdout], [0, '']);
    },
  },
  {
    name: 'a deleted sidecar keeps its true code (H31)',
    play: async ({ run }) => {
      const sidecar = run(['sidecar', 'sh', '-c', `trap 'exit 9' TERM; echo ready; ${LOOP}`]);
      await ready(sidecar);
      signal(sidecar, 'SIGTERM');
      assert.is((await ended(sidecar)).code, 9);
    },
  },
  {
    name: 'a child that dies by a signal gives 128 + n (H15)',
    play: async ({ run }) => {
      const { code, stderr } = await ended(run(['main', 'sh', '-c', 'kill -KILL $$']));
      assert.equal([code, stderr], [137, '']);
    },
  },
  {
    name: 'a program that is not there gives 127, one that cannot be executed 126 (H14)',
    play: async ({ run }) => {
      assert.is((await ended(run(['main', '/not/there']))).code, 127);
      assert.is((await ended(run(['main', '/etc/passwd']))).code, 126);
    },
  },
  {
    name: 'stdin and argv are exact (H5, H17)',
    play: async ({ run }) => {
      assert.is((await ended(run(['main', 'cat'], { input: 'hello' }))).stdout, 'hello');
      const words = ['a b', '', '*', '$HOME', "it's", '"', 'a\nb', '--', '-n', '\\'];
      const { stdout } = await ended(run(['main', 'printf', '[%s]', ...words]));
      assert.is(stdout, words.map((word) => `[${word}]`).join(''));
    },
  },
  {
    // busybox with its "standalone" option and mksh run their own all the same (H49); the injected busybox has it off.
    name: 'a program is run even where the shell has a builtin of that name',
    play: async ({ run, shell }) => {
      if (shell !== 'dash' && shell !== 'bash') return;
      assert.match((await ended(run(['main', 'kill', '--version']))).stdout, /kill from/);
    },
  },
  {
    name: 'a sentinel that cannot be written is said',
    play: async ({ run }) => {
      const env = { [WATCHED_FILE]: '/proc/none/completed' };
      const { code, stderr } = await ended(run(['main', 'true'], { env }));
      assert.is(code, 0);
      assert.match(stderr, /guillotine: cannot write \/proc\/none\/completed/);
    },
  },
  {
    name: 'without sleep on the PATH it neither spins nor talks (H20)',
    play: async ({ run, sentinel }) => {
      const sidecar = run(['sidecar', '/bin/sleep', '100'], { env: { PATH: '/nowhere' } });
      await sleep(0.7);
      writeFileSync(sentinel, '');
      const { code, stderr } = await ended(sidecar);
      assert.equal([code, stderr], [0, '']);
    },
  },
  {
    name: 'a main that has ended calls the endpoints of injected sidecars and keeps its code',
    play: async ({ run, sentinel }) => {
      await withEndpoint([200, 204], async ({ url, calls }) => {
        const proxy = { http_proxy: 'http://127.0.0.1:1', HTTP_PROXY: 'http://127.0.0.1:1' };
        const env = { ...quitEnv(sentinel, [`POST ${url}/quit?a=1&b`, `GET ${url}/stop`]), ...proxy };
        const { code, stderr } = await ended(run(['main', 'sh', '-c', 'exit 7'], { env }));
        assert.equal([code, stderr, [...calls]], [7, '', ['POST /quit?a=1&b', 'GET /stop']]);
        assert.ok(existsSync(sentinel));
      });
    },
  },
  {
    name: 'a main that is retried makes the call only after success',
    play: async ({ run, sentinel }) => {
      await withEndpoint([200], async ({ url, calls }) => {
        const env = quitEnv(sentinel, [`POST ${url}/quit`]);
        assert.is((await ended(run(['retried-main', 'sh', '-c', 'exit 3'], { env }))).code, 3);
        assert.equal(calls, []);
        assert.is((await ended(run(['retried-main', 'true'], { env }))).code, 0);
        assert.equal(calls, ['POST /quit']);
      });
    },
  },
  {
    name: 'of several mains the last one makes the call',
    play: async ({ run, sentinel }) => {
      await withEndpoint([200], async ({ url, calls }) => {
        const other = `${sentinel}-other`;
        const env = quitEnv(sentinel, [`POST ${url}/quit`], [other]);
        assert.is((await ended(run(['main', 'true'], { env }))).code, 0);
        assert.equal(calls, []);
        const last = { ...env, [WATCHED_FILE]: `${other} ${sentinel}` };
        assert.is((await ended(run(['main', 'true'], { env: last }))).code, 0);
        assert.equal(calls, ['POST /quit']);
      });
    },
  },
  {
    name: 'a call that fails at first is made again',
    play: async ({ run, sentinel }) => {
      await withEndpoint([503, 200], async ({ url, calls }) => {
        const env = quitEnv(sentinel, [`POST ${url}/quit`]);
        const { code, stderr } = await ended(run(['main', 'true'], { env }));
        assert.equal([code, stderr, calls.length], [0, '', 2]);
      });
    },
  },
  {
    name: 'a call that always fails is said in one line, in time, and the code is kept',
    play: async ({ run, sentinel }) => {
      const env = quitEnv(sentinel, ['POST http://127.0.0.1:1/quit']);
      const { code, stderr } = await ended(run(['main', 'sh', '-c', 'exit 4'], { env }));
      assert.is(code, 4);
      assert.is(stderr, 'guillotine: POST http://127.0.0.1:1/quit failed: that sidecar may not end\n');
    },
  },
  {
    name: 'a call without an answer does not hold main up',
    play: async ({ run, sentinel }) => {
      await withEndpoint([null], async ({ url }) => {
        const env = quitEnv(sentinel, [`POST ${url}/quit`]);
        const { code, stderr } = await ended(run(['main', 'true'], { env }));
        assert.is(code, 0);
        assert.match(stderr, /^guillotine: POST \S+ failed: that sidecar may not end\n$/);
      });
    },
  },
  {
    name: 'a folder that is missing is made, for every user',
    play: async ({ run, sentinel }) => {
      const folder = `${sentinel}-folder`;
      await ended(run(['main', 'true'], { env: { [WATCHED_FILE]: `${folder}/completed` } }));
      assert.match(spawnSync('stat', ['-c', '%a', folder], { encoding: 'utf8' }).stdout, /^777$/m);
      assert.ok(existsSync(`${folder}/completed`));
    },
  },
];

suite(
  'the supervisor, in every shell',
  (test) => {
    const cases = CASES.flatMap(({ name, play }) =>
      Object.entries(SHELLS).map(([shell, words]): TestCase => {
        return { name: `${name}: ${shell}`, play: () => play(bench(shell, words)) };
      }),
    );
    testTogether(test, 8, cases);
  },
  ['namespaces', ...(Object.keys(SHELLS) as (keyof typeof SHELLS)[])],
);

suite('the script and those who call it', (test) => {
  test('agree on the defaults', () => {
    assert.match(WHOLE, `\${${INTERVAL}:-${SCRIPT_DEFAULTS.interval}}`);
    assert.match(WHOLE, `\${${GRACE}:-${SCRIPT_DEFAULTS.grace}}`);
  });
  test('agree on the roles', () => {
    const comments = WHOLE.split('\n').filter((line) => line.startsWith('#'));
    for (const role of Object.values(SUPERVISOR_ROLES)) {
      assert.ok(
        comments.some((line) => new RegExp(`\\b${role}\\b`).test(line)),
        role,
      );
    }
  });
  test('agree on the variables', () => {
    const read = [...WHOLE.matchAll(/\$\{?(GUILLOTINE_\w+)/g)].map(([, name = '']) => name);
    assert.equal([...new Set(read)].sort(), [...VARIABLES].sort());
  });
  test('a part is there where one of its variables is, and no other', () => {
    for (const [part, variables] of Object.entries(PART_VARIABLES)) {
      const alone = assembleScript([part as PartName]);
      for (const variable of variables) {
        assert.is(scriptFor([WATCHED_FILE, variable]), alone);
        assert.match(PARTS[part as PartName], variable);
        assert.not.match(CORE, new RegExp(`${variable}\\b`));
      }
    }
    assert.is(scriptFor([WATCHED_FILE, GRACE]), CORE);
  });
  test('the embedded texts are the files', () => {
    assert.is(CORE, readFileSync(join(FOLDER, 'supervisor.sh'), 'utf8'));
    for (const part of ALL_PARTS)
      assert.is(PARTS[part], readFileSync(join(FOLDER, `parts/${part}.sh`), 'utf8'));
  });
  test('it can be read in a review: at most 60 lines', () => {
    assert.ok(CORE.trimEnd().split('\n').length <= 60);
    assert.ok(WHOLE.split('\n').every((line) => line.length <= 128));
  });
  test('can stand in a block scalar of any document', () => {
    assert.not.match(WHOLE, /[^\n\x20-\x7e]/);
    assert.not.match(WHOLE, /[ \t]$/m);
  });
});

suite(
  'shellcheck',
  (test) => {
    const rows = { 'the core': CORE, 'the core with all parts': WHOLE };
    for (const [name, input] of Object.entries(rows)) {
      test(`finds nothing in ${name}`, () => {
        const { status, stdout } = spawnSync('shellcheck', ['-s', 'sh', '-'], { encoding: 'utf8', input });
        assert.is(status, 0, stdout);
      });
    }
  },
  ['shellcheck'],
);
