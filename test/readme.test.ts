import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as assert from 'uvu/assert';
import { CONTAINER_OPTIONS } from '../src/kube/container-options.ts';
import { KNOWN_BUGS } from '../src/kube/known-bugs.ts';
import { DOCS, README, renderDocs } from './docs.ts';
import { BROKEN_JOB, cli, folder, JOB } from './support/cli.ts';
import { BIN, ROOT } from './support/paths.ts';
import { suite } from './support/suite.ts';

/** The blocks of a page that show commands and what they print. */
function examplesOf(page: string): string[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  return [...text.matchAll(/```\n(\$ [^|\n]+\n[\s\S]*?)```/g)].map(([, shown]) => shown ?? '');
}

/** Plays a block where the `job.yaml` of its page stands; every line must come, in this order. `…` stands for more. */
function playExample(page: string, shown: string): void {
  const job = /```yaml\n(apiVersion: batch[\s\S]*?)```/.exec(readFileSync(join(ROOT, page), 'utf8'))?.[1];
  const cwd = folder({
    'job.yaml': job ?? '',
    kubectl: `#!/bin/sh\nshift\nexec env _=kubectl '${BIN}' "$@"\n`,
  });
  chmodSync(join(cwd, 'kubectl'), 0o755);
  const env = { ...process.env, PATH: `${cwd}:${process.env['PATH']}` };
  for (const block of shown.trimEnd().split(/^\$ /m).slice(1)) {
    const [command = '', ...lines] = block.trimEnd().split('\n');
    const { stdout, stderr } = spawnSync('sh', ['-c', command], { cwd, encoding: 'utf8', env });
    const printed = stderr + stdout;
    let at = 0;
    for (const line of lines) {
      const found = printed.indexOf(line.replace(/…$/, ''), at);
      assert.ok(found >= 0, `${line}\n${printed}`);
      at = found + line.length - (line.endsWith('…') ? 1 : 0);
    }
  }
}

suite('the README', (test) => {
  const text = readFileSync(README, 'utf8');
  for (const file of DOCS) {
    test(`${basename(file)} has fresh generated parts (npm run docs)`, async () => {
      const written = readFileSync(file, 'utf8');
      assert.is(await renderDocs(written), written);
    });
  }
  test('names two commands that work', () => {
    const [main, tests] = [...text.matchAll(/^npm ci && (.+)$/gm)].map(([, command]) => command ?? '');
    assert.is(tests, 'npm test');
    const { status, stdout } = spawnSync('sh', ['-c', main ?? 'false'], { cwd: ROOT, encoding: 'utf8' });
    assert.is(status, 0);
    assert.match(stdout, /guillotine\/rewritten/);
  });
  test('shows the error as it is printed', async () => {
    const { stderr } = await cli(['-f', '-', '--strategy', 'sentinel'], BROKEN_JOB);
    const shown = /```\n(<stdin>[\s\S]*?)```/.exec(text)?.[1] ?? 'nothing';
    assert.ok(stderr.startsWith(shown));
  });
  test('has every hazard of native sidecars on its page', () => {
    const page = readFileSync(join(ROOT, 'docs/native.md'), 'utf8');
    const hazards = readFileSync(join(ROOT, 'src/strategies/hazards.ts'), 'utf8');
    const codes = [...hazards.matchAll(/diagnose\('([\w-]+)'/g)].map(([, code]) => code ?? '');
    assert.ok(codes.length >= 9);
    for (const code of codes) assert.ok(page.includes(`\`${code}\``), code);
    for (const { issue } of KNOWN_BUGS) assert.ok(page.includes(issue), issue);
  });
  test('has every option of a container on its page', () => {
    const page = readFileSync(join(ROOT, 'docs/supervisor.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, option]) => option ?? '');
    assert.equal(rows.sort(), [...CONTAINER_OPTIONS]);
    for (const option of CONTAINER_OPTIONS) assert.ok(text.includes(`\`${option}\``), option);
  });
  for (const [page, count] of [
    ['docs/outputs.md', 4],
    ['docs/ci.md', 3],
  ] as const) {
    const examples = examplesOf(page);
    test(`${page} has examples`, () => assert.is(examples.length, count));
    for (const shown of examples) {
      test(`${page} shows what is printed: ${shown.split('\n')[0]}`, () => playExample(page, shown));
    }
  }
  test('shows a config that is valid', async () => {
    const config = /```yaml\n(apiVersion: guillotine[\s\S]*?)```/.exec(text)?.[1] ?? '';
    const path = folder({ 'c.yaml': config });
    assert.is((await cli(['--config', join(path, 'c.yaml')], JOB)).code, 0);
    assert.match(config, /workloads:/);
  });
});
