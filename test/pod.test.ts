import { createServer } from 'node:http';
import * as assert from 'uvu/assert';
import type { Options } from '../src/model/options.ts';
import type { Image } from './supervisor/bench/image.ts';
import type { PodResult } from './supervisor/bench/pod.ts';
import { rewriteJob, startJob } from './supervisor/bench/rewrite.ts';
import { type Case, suite, testTogether } from './support/suite.ts';

/** A Job of the kind that everything began with: a proxy without a shell, and a client that does one insert. */
function job(restartPolicy: 'Never' | 'OnFailure', more = ''): string {
  return `apiVersion: batch/v1
kind: Job
metadata:
  name: insert
spec:
  template:
    spec:
      restartPolicy: ${restartPolicy}
      containers:
      - name: client
        image: client
        command: [client, "$(TABLE)", "a  b"]
        env:
        - {name: TABLE, value: orders}
        volumeMounts:
        - {name: share, mountPath: /share}
${more}      - name: sql-proxy
        image: gcr.io/cloudsql-docker/gce-proxy:1.05
        command: [/cloud_sql_proxy, -dir, /share]
        volumeMounts:
        - {name: share, mountPath: /share}
      volumes:
      - {name: share, emptyDir: {}}
`;
}

const PROXY: Image = {
  shell: null,
  programs: {
    '/cloud_sql_proxy': 'echo "$@" >> /share/proxy-starts; while :; do /stub/busybox sleep 0.1; done',
  },
};

function images(client: string): Record<string, Image> {
  const program = `echo "$1|$2" >> /share/client-starts; ${client}`;
  return {
    client: { shell: null, programs: { '/bin/client': program } },
    worker: { shell: 'busybox' },
    'gcr.io/cloudsql-docker/gce-proxy:1.05': PROXY,
    'busybox:1.37.0-musl': { shell: 'busybox' },
  };
}

/** Rewrites the manifest and runs it; or runs it as it is. */
async function play(
  text: string,
  client: string,
  options: Partial<Options> | null = {},
  limit = 20,
): Promise<PodResult> {
  const job = options === null ? text : rewriteJob(text, options);
  return startJob(job, { images: images(client), limit }).ended;
}

function codes(pod: PodResult): Record<string, readonly (number | null)[]> {
  return Object.fromEntries(Object.entries(pod.containers).map(([name, { codes }]) => [name, codes]));
}

/** Fails twice, succeeds at the third start: the starts are counted in the volume. */
const THIRD_TIME_LUCKY =
  'n=0; while read -r _; do n=$((n + 1)); done < /share/client-starts; [ $n -ge 3 ] || exit 4';

const SECOND_MAIN = `      - name: worker
        image: worker
        command: [sh, -c, "sleep 1.5; exit 0"]
`;

/** A Job with one container, into which a sidecar is injected that stands here as a server. */
function injectedJob(quit: string): string {
  return `apiVersion: batch/v1
kind: Job
metadata:
  name: report
  annotations:
    guillotine/options: '{"worker": {"quit": "${quit}"}}'
spec:
  template:
    spec:
      restartPolicy: OnFailure
      containers:
      - name: worker
        image: client
        command: [client, report, x]
        volumeMounts:
        - {name: share, mountPath: /share}
      volumes:
      - {name: share, emptyDir: {}}
`;
}

const CASES: readonly Case[] = [
  {
    name: 'as it stands, the Job never ends',
    play: async () => {
      const pod = await play(job('Never'), 'exit 0', null, 3);
      assert.equal([codes(pod), pod.running], [{ client: [0], 'sql-proxy': [] }, ['sql-proxy']]);
    },
  },
  {
    name: 'rewritten, it ends: both with 0, within 3 s of the main',
    play: async () => {
      const pod = await play(job('OnFailure'), '/stub/busybox sleep 0.5; [ "$1|$2" = "orders|a  b" ]');
      assert.equal([codes(pod), pod.running], [{ client: [0], 'sql-proxy': [0] }, []]);
      const [client, proxy] = [pod.containers['client'], pod.containers['sql-proxy']];
      assert.ok((proxy?.endedAfter ?? 99) - (client?.endedAfter ?? 0) < 3);
      assert.equal([client?.stderr, proxy?.stderr], ['', '']);
    },
  },
  {
    name: 'what the image starts is started as it was, unexpanded',
    play: async () => {
      const bare = job('Never').replace('        command: [client, "$(TABLE)", "a  b"]\n', '');
      const client = { entrypoint: ['client', '$(TABLE)'], cmd: ['a  b', '$$'] };
      const check = '[ "$1|$2|$3|$#" = \'$(TABLE)|a  b|$$|3\' ]';
      const pod = await play(bare, check, { strategy: 'sentinel', images: { client } });
      assert.equal([codes(pod), pod.running], [{ client: [0], 'sql-proxy': [0] }, []]);
    },
  },
  {
    name: 'a main that fails in a pod that is not restarted keeps its code; the sidecar ends with 0',
    play: async () =>
      assert.equal(codes(await play(job('Never'), 'exit 5')), { client: [5], 'sql-proxy': [0] }),
  },
  {
    name: 'a main that is retried finds its sidecar alive',
    play: async () => {
      const pod = await play(job('OnFailure'), THIRD_TIME_LUCKY);
      assert.equal(codes(pod), { client: [4, 4, 0], 'sql-proxy': [0] });
    },
  },
  {
    name: 'the sidecar waits for every main; image and injected shell in one pod',
    play: async () => {
      const pod = await play(job('Never', SECOND_MAIN), 'exit 3');
      assert.equal(codes(pod), { client: [3], worker: [0], 'sql-proxy': [0] });
      assert.ok((pod.containers['sql-proxy']?.endedAfter ?? 0) > 1.4);
    },
  },
  {
    name: 'a single main is retried, and ends an injected sidecar at last',
    play: async () => {
      const calls: string[] = [];
      const server = createServer((request, response) => {
        calls.push(`${request.method} ${request.url}`);
        response.writeHead(204).end();
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : null;
      const pod = await play(injectedJob(`POST http://127.0.0.1:${port}/quit`), THIRD_TIME_LUCKY);
      server.close();
      assert.equal([codes(pod), calls], [{ worker: [4, 4, 0] }, ['POST /quit']]);
      assert.is(pod.containers['worker']?.stderr, '');
    },
  },
  {
    name: 'in a volume of the user',
    play: async () => {
      const pod = await play(job('Never'), '[ "$(/stub/busybox ls -A /share)" != "" ]', { volume: 'share' });
      assert.equal(codes(pod), { client: [0], 'sql-proxy': [0] });
    },
  },
  {
    name: 'a sidecar that does not end within the grace is killed and gives 0',
    play: async () => {
      const stubborn = job('Never').replace(
        '/cloud_sql_proxy, -dir',
        '/stub/busybox, sh, -c, "trap : TERM; while :; do sleep 1; done"',
      );
      const pod = await play(stubborn, '/stub/busybox sleep 1', { grace: 1 });
      assert.equal(codes(pod), { client: [0], 'sql-proxy': [0] });
      assert.match(pod.containers['sql-proxy']?.stderr ?? '', /did not end in 1 s: killed/);
    },
  },
];

suite(
  'a rewritten pod, run as local processes',
  (test) => {
    testTogether(test, 4, CASES);
  },
  ['namespaces', 'busybox'],
);
