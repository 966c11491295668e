import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { CONFIG_MAP, cli, folder, JOB } from '../support/cli.ts';
import { suite } from '../support/suite.ts';

const { stdout: REWRITTEN } = await cli([], JOB);
const LIVE = `${JOB}status: {active: 1}\n`;
const NO_MAIN = JOB.replace('spec:', '  annotations: {guillotine/sidecars: "worker, db"}\nspec:');
const BAD_ANNOTATION = JOB.replace('spec:', '  annotations: {guillotine/main: nobody}\nspec:');
const AMBIGUOUS = JOB.replace('name: worker', 'name: proxy').replace(
  /image: registry.*\n.*\n/,
  'image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1\n        command: ["/cloud-sql-proxy"]\n',
);
const HALF = JOB.replace(
  '["/export"]',
  '["/bin/sh", "-c", "/export && curl -X POST localhost:9091/quitquitquit"]',
).replace('["/cloud-sql-proxy"]', '["/cloud-sql-proxy", "--quitquitquit"]');
const ONE = JOB.replace(/ {6}- name: db[\s\S]*$/, '');
const BROKEN = 'kind: Job\nspec: [containers\n';
const TEMPLATE = 'kind: Job\nspec: {{ .Values.containers }}\n';

suite('--check', (test) => {
  const rows: Readonly<Record<string, readonly [string, number]>> = {
    'a sidecar that nobody ends': [JOB, 1],
    'the same from a cluster': [LIVE, 1],
    'sidecars only': [NO_MAIN, 1],
    'an annotation that names nobody, beside a sure sidecar': [BAD_ANNOTATION, 1],
    'half a workaround': [HALF, 1],
    'what was rewritten': [REWRITTEN, 0],
    'one container': [ONE, 0],
    'no workload': [CONFIG_MAP, 0],
    'what may be a sidecar': [AMBIGUOUS, 2],
    'what cannot be read': [BROKEN, 2],
    'a template': [TEMPLATE, 2],
    'what cannot be read, beside a sidecar that nobody ends': [`${JOB}---\n${BROKEN}`, 2],
    'what may be a sidecar, beside one that nobody ends': [`${JOB}---\n${AMBIGUOUS}`, 2],
  };
  for (const [name, [input, expected]] of Object.entries(rows)) {
    test(`exits with ${expected} on ${name}`, async () => {
      const { code, stdout, stderr } = await cli(['--check'], input);
      assert.equal([code, stdout], [expected, ''], stderr);
      assert.is((await cli(['--check', '-q'], input)).code, expected);
    });
  }

  test('says what is wrong and the command that mends it', async () => {
    const path = folder({ 'a job.yaml': JOB, 'b.yaml': REWRITTEN, 'c.yaml': CONFIG_MAP });
    const { stderr } = await cli(['--check', '-R', '--poll', '2s', '-f', path]);
    assert.is(
      stderr,
      `${join(path, 'a job.yaml')}: job.batch/export never completes as it stands; rewritten (sentinel): db ends when worker has ended
  every command is known, so it works in any Kubernetes
${join(path, 'b.yaml')}: job.batch/export left alone: guillotine has rewritten it already
1 of 2 workloads would never complete. To mend it:
  kubectl-guillotine -i -R --poll 2s -f ${path}
`,
    );
    const spaces = await cli(['--check', '-f', join(path, 'a job.yaml')]);
    assert.match(spaces.stderr, /\n {2}kubectl-guillotine -i -f '\S+\/a job\.yaml'\n$/);
    const piped = await cli(['--check'], JOB, { _: '/usr/bin/kubectl' });
    assert.match(piped.stderr, /\n {2}kubectl guillotine \| kubectl apply -f -\n$/);
  });

  test('says how many can be mended', async () => {
    const other = JOB.replace('name: export', 'name: other');
    const all = await cli(['--check'], `${JOB}---\n${other}`);
    assert.match(all.stderr, /\n2 of 2 workloads would never complete\. To mend them:\n/);
    const some = await cli(['--check'], `${JOB}---\n${NO_MAIN}`);
    assert.match(some.stderr, /\n2 of 2 workloads would never complete\. To mend 1 of them:\n/);
  });

  test('does not refuse an object for being from a cluster', async () => {
    assert.not.match((await cli(['--check'], LIVE)).stderr, /error/);
  });

  test('names no command where none would help', async () => {
    for (const input of [NO_MAIN, HALF]) {
      const { stderr } = await cli(['--check'], input);
      assert.match(stderr, /\n1 of 1 workload would never complete\.\n$/);
    }
  });

  test('of a document that cannot be read says so; --keep-going lets it pass', async () => {
    const { stderr } = await cli(['--check'], BROKEN);
    assert.match(stderr, /^<stdin>:\d:\d+: error: cannot check this document: .* \[unreadable\]\n/);
    assert.not.match(stderr, /passes through/);
    assert.is((await cli(['--check', '--keep-going'], BROKEN)).code, 0);
    assert.is((await cli(['--check', '--keep-going'], `${JOB}---\n${AMBIGUOUS}`)).code, 1);
  });

  test('of a file that is not there exits with 2', async () => {
    assert.is((await cli(['--check', '-f', 'nope.yaml'])).code, 2);
  });

  test('--strict makes warnings errors, which outrank', async () => {
    const twice = JOB.replace('spec:', 'spec:\n  backoffLimit: 1\n  backoffLimit: 1');
    assert.equal(
      [(await cli(['--check'], twice)).code, (await cli(['--check', '--strict'], twice)).code],
      [1, 2],
    );
  });
});
