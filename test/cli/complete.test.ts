import { spawnSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as assert from 'uvu/assert';
import { cli, folder, JOB } from '../support/cli.ts';
import { KUBECTL } from '../support/kubectl.ts';
import { BIN } from '../support/paths.ts';
import { suite } from '../support/suite.ts';

const MANY = JOB.replace('name: export', 'name: import').replace('name: worker', 'name: loader');
const EVIL = JOB.replace('name: worker', 'name: "$(touch x)"');
const NO_COMMAND = JOB.replace(/ {8}command: \["\/cloud.*\n/, '');

const files = folder({
  'job.yaml': JOB,
  'many.yaml': MANY,
  'evil.yaml': EVIL,
  'no-command.yaml': NO_COMMAND,
  'broken.yaml': 'a: [\n',
});
const job = join(files, 'job.yaml');
const many = join(files, 'many.yaml');

async function complete(...words: readonly string[]): Promise<string[]> {
  const { code, stdout, stderr } = await cli(['__complete', ...words]);
  assert.equal([code, stderr], [0, '']);
  assert.match(stdout, /^:\d+\n$/m);
  return stdout.split('\n').slice(0, -1);
}

/** The candidates without what is said of them. */
async function candidates(...words: readonly string[]): Promise<string[]> {
  return (await complete(...words)).slice(0, -1).map((line) => line.split('\t')[0] ?? '');
}

suite('completion', (test) => {
  test('has the commands and flags of --help, each with its description', async () => {
    const { stdout: help } = await cli(['--help']);
    const commands = [...(help.split('\nCommands:\n')[1] ?? '').matchAll(/^ {2}(\w+) /gm)].map(
      ([, name]) => name,
    );
    const flags = [...help.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, name]) => name);
    assert.ok(commands.length >= 6 && flags.length >= 20);
    assert.equal(await candidates(''), commands.slice(0, commands.indexOf('version') + 1));
    assert.equal(await candidates('-'), flags);
    assert.equal(await complete('vers'), ['version\tprint the version', ':4']);
  });
  test('knows the flags and words of each command', async () => {
    assert.equal(await candidates('undo', '--'), [
      '--filename',
      '--recursive',
      '--in-place',
      '--quiet',
      '--color',
      '--help',
    ]);
    assert.equal(await candidates('plugin', ''), ['install']);
    assert.equal(await candidates('plugin', 'install', ''), ['helm', 'kustomize']);
    assert.equal(await candidates('completion', 'f'), ['fish']);
  });
  test('has the values of flags that have a list of them', async () => {
    assert.equal(await complete('--strategy', ''), ['auto', 'sentinel', 'native', 'binary', ':4']);
    assert.equal(await complete('--strategy=n'), ['native', ':4']);
    assert.equal(await complete('-qo', 'p'), ['patch', ':4']);
    assert.equal(await complete('explain', '-o', ''), ['table', 'json', ':4']);
  });
  test('leaves files and folders to the shell, and nothing else', async () => {
    for (const words of [['-f'], ['--filename'], ['--images'], ['--config'], ['undo', '-Rf']])
      assert.equal(await complete(...words, ''), [':0']);
    assert.equal(await complete('plugin', 'install', '--to', ''), [':16']);
    for (const flag of ['--grace', '--binary', '--mount-path', '-n', '--volume'])
      assert.equal(await complete(flag, ''), [':4']);
  });
  test('leaves out what may not be given any more', async () => {
    const flags = await candidates('-i', '--grace', '5s', '-f', 'x', '--');
    for (const flag of ['--in-place', '--check', '--diff', '--output', '--grace'])
      assert.not(flags.includes(flag));
    for (const flag of ['--filename', '--poll', '--main']) assert.ok(flags.includes(flag), flag);
    assert.equal(await candidates('-f', 'x', ''), await candidates('-f', 'x', '-'));
    assert.equal(await complete('--', ''), [':4']);
    assert.equal(await complete('--', '--ch'), [':4']);
  });
  test('names the containers of the files that were named before', async () => {
    assert.equal(await complete('-f', job, '--main', ''), [
      'worker\tin Job export',
      'db\tin Job export',
      ':4',
    ]);
    assert.equal(await candidates(`-f${job}`, '--sidecar=d'), ['db']);
    assert.equal(await candidates('explain', '-f', '-', '-qRf', files, '--main', 'loa'), ['loader']);
    assert.equal(await complete('--main', ''), [':4']);
    assert.equal(await complete('--main', '', '-f', job), await complete('-f', job));
  });
  test('names workloads where a name alone may mean several, or when asked', async () => {
    assert.equal(await candidates('-f', job, '-f', many, '--main', ''), [
      'worker',
      'db',
      'loader',
      'export/worker',
      'export/db',
      'import/loader',
      'import/db',
    ]);
    assert.equal(await candidates('-f', job, '--main', 'export/d'), ['export/db']);
    assert.equal(await candidates('-f', job, '--main', 'Job/export/d'), ['Job/export/db']);
  });
  test('names for --entrypoint only what lacks a command', async () => {
    assert.equal(await complete('-f', job, '--entrypoint', ''), [':6']);
    assert.equal(await complete('-f', join(files, 'no-command.yaml'), '--entrypoint', ''), [
      'db=\tgcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1',
      ':6',
    ]);
  });
  test('is silent about files that cannot be read', async () => {
    assert.equal(await complete('-f', 'nope.yaml', '--main', ''), [':4']);
    assert.equal(await complete('-f', join(files, 'broken.yaml'), '--main', ''), [':4']);
    assert.equal(await complete('-f', job, '--config', 'nope.yaml', '--main', ''), [':4']);
  });
  test('puts no words of a shell into a line', async () => {
    assert.equal(await candidates('-f', join(files, 'evil.yaml'), '--main', ''), ['db']);
  });
});

/** A folder for PATH with our program under both of its names. */
const bin = folder({});
for (const name of ['kubectl-guillotine', 'kubectl_complete-guillotine']) symlinkSync(BIN, join(bin, name));
const env = { ...process.env, PATH: `${bin}:${dirname(process.execPath)}:/usr/bin:/bin` };

function shell(command: string, script: string, argv: readonly string[] = []): string {
  const file = join(folder({}), 'script');
  writeFileSync(file, script);
  const { stdout, stderr, status } = spawnSync(command, [...argv, file], {
    env,
    encoding: 'utf8',
    cwd: files,
  });
  assert.equal([status, stderr], [0, '']);
  return stdout;
}

suite(
  'completion in bash',
  (test) => {
    const tries: readonly (readonly [string, string])[] = [
      [`''`, 'explain images undo completion plugin version'],
      ['undo --in', '--in-place'],
      // As readline splits them.
      ['--strategy = s', 'sentinel'],
      ['--strategy =', 'auto sentinel native binary'],
      ['-f job.yaml --main w', 'worker'],
      ['-f no-command.yaml --entrypoint d', 'db='],
      [`-f ''`, ''],
      [`'$(touch pwned)' --main w`, ''],
    ];
    for (const [words, expected] of tries) {
      test(`kubectl-guillotine ${words}`, () => {
        const script = `source <(kubectl-guillotine completion bash)
COMP_WORDS=(kubectl-guillotine ${words}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
_kubectl_guillotine; echo "\${COMPREPLY[*]}"; ls pwned 2>/dev/null || true; complete -p kubectl-guillotine`;
        const [printed, registered] = shell('/bin/bash', script).split('\n');
        assert.is(printed, expected);
        assert.match(registered ?? '', '-F _kubectl_guillotine kubectl-guillotine');
      });
    }
  },
  ['bash'],
);

suite(
  'completion in fish',
  (test) => {
    test('candidates, values behind "=", files', () => {
      const ask = (line: string): string =>
        shell(
          'fish',
          `kubectl-guillotine completion fish | source\ncomplete -C "kubectl-guillotine ${line}"\n`,
          ['-N'],
        );
      assert.is(ask('vers'), 'version\tprint the version\n');
      assert.is(ask('--strategy=s'), '--strategy=sentinel\n');
      assert.is(ask('-f job.yaml --main w'), 'worker\tin Job export\n');
      assert.match(ask('-f jo'), /^job\.yaml\b/);
      assert.is(ask('--grace '), '');
    });
  },
  ['fish'],
);

// Typed into a real zsh in a pseudo terminal; what does not come is waited for until the time is up.
const ZSH = `zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'PS1="READ""Y"; autoload -Uz compinit; compinit -D -u; source <(kubectl-guillotine completion zsh)'
zpty -r -m z out '*READY*'
for line wanted in "$@"; do
  zpty -w -n z $'\\C-U'"kubectl-guillotine $line"$'\\t'
  zpty -r -m z out "*kubectl-guillotine $wanted*" || exit 1
done
zpty -d z
`;

suite(
  'completion in zsh',
  (test) => {
    for (const [line, completed] of [
      ['vers', 'version'],
      ['--strategy=s', '--strategy=sentinel'],
      ['-f job.yaml --main w', '-f job.yaml --main worker'],
      ['-f jo', '-f job.yaml'],
    ] as const) {
      test(`kubectl-guillotine ${line}`, () => {
        const file = join(folder({ script: ZSH }), 'script');
        const options = { env, cwd: files, encoding: 'utf8', timeout: 30_000 } as const;
        const { status, stderr } = spawnSync('zsh', ['-f', file, line, completed], options);
        assert.equal([status, stderr], [0, '']);
      });
    }
  },
  ['zsh'],
);

suite(
  'completion through kubectl',
  (test) => {
    const ask = (...words: readonly string[]): string => {
      const argv = ['__complete', 'guillotine', ...words];
      const { status, stdout, stderr } = spawnSync(KUBECTL, argv, { env, encoding: 'utf8', cwd: files });
      assert.is(status, 0);
      assert.match(stderr, `About to call: ${join(bin, 'kubectl_complete-guillotine')}`);
      return stdout;
    };
    test('kubectl __complete guillotine', () => {
      assert.is(ask('vers'), 'version\tprint the version\n:4\n');
      assert.is(ask('-f', 'job.yaml', '--main', 'w'), 'worker\tin Job export\n:4\n');
      assert.is(ask('explain', '-f', ''), ':0\n');
      assert.is(ask('-f', 'job.yaml', '--strategy=b'), 'binary\n:4\n');
    });
  },
  ['kubectl'],
);
