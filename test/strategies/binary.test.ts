import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import type { PodResult } from '../supervisor/bench/pod.ts';
import { rewriteJob, startJob } from '../supervisor/bench/rewrite.ts';
import { cli } from '../support/cli.ts';
import { suite } from '../support/suite.ts';

// The Job of github.com/aktsk/guillotine, and what its authors made of it by hand: what is not in these two is the same.

interface HandMade {
  readonly command: readonly string[];
  readonly ours?: readonly { readonly name: string; readonly value: string }[];
}

function printJob(mysql: HandMade, proxy: HandMade): unknown {
  const share = { name: 'share', mountPath: '/share' };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'test-job' },
    spec: {
      template: {
        spec: {
          restartPolicy: 'OnFailure',
          containers: [
            {
              name: 'mysql',
              image: 'mysql:5.7',
              command: mysql.command,
              env: [
                { name: 'MYSQL_UNIX_PORT', value: '/share/my-project:asia-northeast1:sandbox-cloudsql' },
                { name: 'MYSQL_DB_NAME', value: 'job-test' },
                ...(mysql.ours ?? []),
              ],
              volumeMounts: [share],
            },
            {
              name: 'sql-proxy',
              image: 'asia.gcr.io/my-project/gce-proxy-guillotine:1.05',
              command: proxy.command,
              env: [
                { name: 'GOOGLE_APPLICATION_CREDENTIALS', value: '/secret/sql-admin.json' },
                ...(proxy.ours ?? []),
              ],
              volumeMounts: [
                { name: 'certs', mountPath: '/etc/ssl/certs', readOnly: true },
                { name: 'service-account', mountPath: '/secret', readOnly: true },
                share,
              ],
            },
          ],
          volumes: [
            { name: 'certs', hostPath: { path: '/etc/ssl/certs' } },
            { name: 'share', emptyDir: {} },
            { name: 'service-account', secret: { secretName: 'service-account-secret' } },
          ],
        },
      },
    },
  };
}

const INSERT = ['mysql', '$(MYSQL_DB_NAME)', '--execute', 'insert into job_test values()'];
const PROXY = ['/cloud_sql_proxy', '-dir', '/share', '-projects', 'my-project'];
const BEFORE = printJob({ command: INSERT }, { command: PROXY });
const WATCHED = [{ name: 'GUILLOTINE_WATCHED_FILE', value: '/share/completed' }];
const BY_HAND = printJob(
  { command: INSERT, ours: WATCHED },
  { command: ['/guillotine', ...PROXY], ours: WATCHED },
);

/** Takes away what main's wrapping takes: the words in front of its command, and the volume of the script. */
function withoutWrapping(text: string): unknown {
  const job = parse(text);
  const { metadata, spec } = job.spec.template;
  assert.equal(Object.keys(metadata.annotations), ['guillotine/supervisor']);
  job.spec.template.metadata = undefined;
  assert.equal(Object.keys(job.metadata.annotations), ['guillotine/rewritten', 'guillotine/undo']);
  job.metadata.annotations = undefined;
  const [main] = spec.containers;
  assert.equal(main.command.splice(0, 3), ['/bin/sh', '/guillotine.d/bin/run', 'retried-main-of-binary']);
  assert.is(main.volumeMounts.pop().mountPath, '/guillotine.d/bin');
  assert.is(spec.volumes.pop().name, 'share-supervisor');
  return JSON.parse(JSON.stringify(job));
}

suite('the binary in the image', (test) => {
  test('the result is what people wrote by hand', async () => {
    const args = ['--strategy', 'binary', '--volume', 'share'];
    const { code, stdout, stderr } = await cli(args, JSON.stringify(BEFORE));
    assert.is(code, 0, stderr);
    assert.equal(withoutWrapping(stdout), BY_HAND);
    assert.match(
      stderr,
      '"sql-proxy" is killed, and ends with 0 whatever happened to it: so does /guillotine',
    );
  });
  test('--poll is told to it, and --binary says where it is', async () => {
    const args = ['--strategy', 'binary', '--poll', '5s', '--binary', '/opt/bin/guillotine'];
    const [, proxy] = parse((await cli(args, JSON.stringify(BEFORE))).stdout).spec.template.spec.containers;
    assert.is(proxy.command[0], '/opt/bin/guillotine');
    assert.equal(proxy.env.at(-1), { name: 'GUILLOTINE_INTERVAL', value: '5' });
  });
  test('nothing is mounted below the binary, and it is not put in front of itself', async () => {
    const byHand = printJob({ command: INSERT }, { command: ['/guillotine', ...PROXY] });
    for (const job of [BEFORE, byHand]) {
      const { stdout } = await cli(['--strategy', 'binary', '--main', 'mysql'], JSON.stringify(job));
      const [, proxy] = parse(stdout).spec.template.spec.containers;
      assert.equal(proxy.command, ['/guillotine', ...PROXY]);
      const paths = proxy.volumeMounts.map((mount: { mountPath: string }) => mount.mountPath);
      assert.not.ok(
        paths.some((path: string) => path.startsWith('/guillotine/')),
        paths.join(' '),
      );
    }
  });
  test('--binary must be a path that the kubelet does not expand', async () => {
    for (const path of ['guillotine', '/a b', '/$(X)'])
      assert.is((await cli(['--strategy', 'binary', '--binary', path], JSON.stringify(BEFORE))).code, 2);
  });
});

/** What the Go program does (main.go of github.com/aktsk/guillotine): sleep, look, kill, 0. */
const STAND_IN = `"$@" & until /stub/busybox sleep 1; [ -e "$GUILLOTINE_WATCHED_FILE" ]; do :; done; kill -9 $!; exit 0`;

suite(
  'the binary in the image, in a pod',
  (test) => {
    for (const policy of ['Never', 'OnFailure'] as const) {
      test(`${policy}: main fails, and the sidecar ends or stays`, async () => {
        const { result, volume } = await play(policy, '[ -e /share/once ] || { : > /share/once; exit 4; }');
        const codes = Object.values(result.containers).map((row) => row.codes);
        assert.equal(codes, policy === 'Never' ? [[4], [0]] : [[4, 0], [0]]);
        // A FIFO in a volume of the user's could block a backup of it.
        assert.is(existsSync(join(volume, 'alive')), false);
        assert.is(readFileSync(join(volume, 'proxy'), 'utf8'), 'started\n');
      });
    }
  },
  ['namespaces', 'busybox'],
);

async function play(
  policy: 'Never' | 'OnFailure',
  main: string,
): Promise<{ readonly result: PodResult; readonly volume: string }> {
  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'pod', annotations: { 'guillotine/main': 'work' } },
    spec: {
      template: {
        spec: {
          restartPolicy: policy,
          containers: [
            {
              name: 'work',
              image: 'work',
              command: ['/bin/sh', '-c', main],
              volumeMounts: [{ name: 'share', mountPath: '/share' }],
            },
            {
              name: 'proxy',
              image: 'proxy',
              command: ['/bin/proxy'],
              volumeMounts: [{ name: 'share', mountPath: '/share' }],
            },
          ],
          volumes: [{ name: 'share', emptyDir: {} }],
        },
      },
    },
  };
  const text = rewriteJob(JSON.stringify(job), { strategy: 'binary', volume: 'share' });
  const proxy = `echo started >> /share/proxy; exec /stub/busybox sleep 60`;
  const pod = startJob(text, {
    images: {
      work: { shell: 'busybox' },
      proxy: { shell: null, programs: { '/guillotine': STAND_IN, '/bin/proxy': proxy } },
    },
  });
  const result = await pod.ended;
  return { result, volume: pod.volume('share') };
}
