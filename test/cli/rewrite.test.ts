import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { BROKEN_JOB, CONFIG_MAP, cli, folder, JOB } from '../support/cli.ts';
import { readWithKubectl } from '../support/kubectl.ts';
import { FIXTURES } from '../support/paths.ts';
import { suite } from '../support/suite.ts';

const ESCAPE = '\u001b';

suite('rewriting', (test) => {
  test('stdin to stdout, and what became of each workload on stderr', async () => {
    const { code, stdout, stderr } = await cli([], `${CONFIG_MAP}---\n${JOB}`);
    assert.is(code, 0);
    assert.ok(stdout.startsWith(`${CONFIG_MAP}---\n`));
    assert.match(stdout, /guillotine\/rewritten: sentinel\/1/);
    assert.is(
      stderr,
      'job.batch/export rewritten (sentinel): db ends when worker has ended\n' +
        '  every command is known, so it works in any Kubernetes\n',
    );
  });

  test('a name is not said to be nowhere while something could not be read', async () => {
    for (const [broken, code] of [
      [JOB.replace('image: gcr', 'image: yes\n        workingDir: gcr'), 'wrong-type'],
      [JOB.replace('["/export"]', '["/export"'), 'yaml-invalid'],
    ] as const) {
      const { stderr } = await cli(['--main', 'worker'], broken);
      assert.match(stderr, new RegExp(`\\[${code}\\]`));
      assert.not.match(stderr, /no workload of the input has such a container/);
    }
  });
  test('that a user was named for the injected shell is said, and only then', async () => {
    const nonRoot = join(FIXTURES, 'shell/run-as-non-root/input.yaml');
    const arbitrary = join(FIXTURES, 'shell/arbitrary-user');
    const said = /"guillotine-shell" runs as user 65532: .* \(config: shell\.runAsUser\)\n$/;
    assert.match((await cli(['-f', nonRoot])).stderr, said);
    const config = ['--config', join(arbitrary, 'config.yaml')];
    assert.not.match((await cli(['-f', join(arbitrary, 'input.yaml'), ...config])).stderr, 'runs as user');
  });

  test('-f, with - for stdin', async () => {
    const path = folder({ 'job.yaml': JOB });
    const [file, stdin] = [await cli(['-f', join(path, 'job.yaml')]), await cli(['-f', '-'], JOB)];
    assert.equal([file.code, stdin.code], [0, 0]);
    assert.is(file.stdout, stdin.stdout);
  });

  test('what holds no workload comes out as it came in, silently', async () => {
    const { code, stdout, stderr } = await cli([], CONFIG_MAP);
    assert.equal([code, stdout, stderr], [0, CONFIG_MAP, '']);
  });

  test('Argo Workflows come out as they came in, and only -v says why', async () => {
    const input = readFileSync(join(FIXTURES, 'kinds/argo/input.yaml'), 'utf8');
    assert.equal(await cli([], input), { code: 0, stdout: input, stderr: '' });
    const { code, stdout, stderr } = await cli(['-v'], input);
    assert.equal([code, stdout], [0, input]);
    assert.is(stderr.split('\n').length, 5);
    assert.match(
      stderr,
      /^cronworkflow\.argoproj\.io\/nightly left alone: it ends its sidecars by itself: Argo/m,
    );
  });

  test('a comment alone comes out', async () => {
    const { code, stdout } = await cli([], '# nothing rendered\n');
    assert.equal([code, stdout], [0, '# nothing rendered\n']);
  });

  test('a folder: its manifests, sorted; with -R those of its folders, too', async () => {
    const path = folder({
      'b.yml': CONFIG_MAP.replace('notes', 'b'),
      'a.json': '{"kind": "A"}',
      'c.txt': 'no',
    });
    mkdirSync(join(path, 'deep'));
    writeFileSync(join(path, 'deep', 'd.yaml'), CONFIG_MAP.replace('notes', 'd'));
    symlinkSync('..', join(path, 'deep', 'loop'));
    const flat = await cli(['-f', path]);
    assert.is(flat.stdout, `---\n{"kind": "A"}\n---\n${CONFIG_MAP.replace('notes', 'b')}`);
    const deep = await cli(['-R', '-f', path]);
    assert.is(deep.stdout, `${flat.stdout}---\n${CONFIG_MAP.replace('notes', 'd')}`);
  });

  test('with several files each line names its own', async () => {
    const path = folder({ 'a.yaml': JOB, 'b.yaml': CONFIG_MAP });
    const { stderr } = await cli(['-f', path]);
    assert.is(
      stderr,
      `${join(path, 'a.yaml')}: job.batch/export rewritten (sentinel): db ends when worker has ended\n` +
        '  every command is known, so it works in any Kubernetes\n',
    );
  });

  test('-q is silent, -v gives the evidence', async () => {
    assert.is((await cli(['-q'], JOB)).stderr, '');
    const { stderr } = await cli(['-v'], JOB);
    assert.match(stderr, /^ {2}main {5}worker {2}its commands do something and end; its name is "worker"$/m);
    assert.match(
      stderr,
      /^ {2}sidecar {2}db {6}its image is that of cloud-sql-proxy-v2 \(catalogue\); it runs a server; its image is/m,
    );
  });

  test('colour is for terminals, or when asked for', async () => {
    assert.not((await cli([], JOB)).stderr.includes(ESCAPE));
    assert.ok((await cli(['--color', 'always'], JOB)).stderr.includes(`${ESCAPE}[32m rewritten`));
  });
});

suite(
  'several inputs, read back by kubectl',
  (test) => {
    const name = (text: string): string => text.replace('export', 'other').replace('notes', 'other');
    const json =
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"j1"}}{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"j2"}}';
    const joins: readonly (readonly [string, readonly string[], readonly string[]])[] = [
      ['YAML and YAML', [JOB, CONFIG_MAP], ['export', 'notes']],
      ['no final newline', [CONFIG_MAP.trimEnd(), JOB.trimEnd()], ['notes', 'export']],
      ['a JSON stream and YAML', [json, JOB], ['j1', 'j2', 'export']],
      ['YAML and a JSON stream', [JOB, json, name(CONFIG_MAP)], ['export', 'j1', 'j2', 'other']],
      ['byte order marks', [`\ufeff${CONFIG_MAP}`, `\ufeff${JOB}`], ['notes', 'export']],
      ['separators that are there', [`---\n${CONFIG_MAP}`, `# c\n---\n${JOB}---\n`], ['notes', 'export']],
      ['an empty file between', [CONFIG_MAP, '\n', JOB], ['notes', 'export']],
      ['document ends', [`${CONFIG_MAP}...\n`, JOB], ['notes', 'export']],
    ];
    for (const [title, inputs, names] of joins) {
      test(title, async () => {
        const path = folder(Object.fromEntries(inputs.map((text, index) => [`${index}.yaml`, text])));
        const { code, stdout } = await cli(['-f', path]);
        assert.is(code, 0);
        const read = readWithKubectl(stdout).map((object) => (object['metadata'] as { name: string }).name);
        assert.equal(read, [...names]);
        assert.not(stdout.includes('\ufeff'));
      });
    }
  },
  ['kubectl'],
);

suite('mistakes', (test) => {
  const fails = async (
    argv: readonly string[],
    input: string | Uint8Array | null,
    expected: RegExp,
  ): Promise<void> => {
    const { code, stdout, stderr } = await cli(argv, input);
    assert.equal([code, stdout], [2, '']);
    assert.match(stderr, expected);
    assert.not.match(stderr, /^ {4}at /m);
  };
  const path = folder({ 'job.yaml': JOB, 'empty.yaml': '' });
  mkdirSync(join(path, 'none'));

  test('a terminal', () => fails([], null, /^error: no input\n {2}= name a file with -f/));
  test('empty stdin', () => fails([], '', /^error: nothing came in on standard input/));
  test('white space on stdin', () => fails([], ' \n\n', /^error: nothing came in/));
  test('an empty file', () =>
    fails(['-f', join(path, 'empty.yaml')], '', /empty\.yaml: there is nothing in it/));
  test('a missing file', () =>
    fails(['-f', 'nope.yaml'], '', /^error: nope\.yaml: no such file or folder\n$/));
  test('a folder without manifests', () =>
    fails(['-f', join(path, 'none')], '', /none: no \.yaml, \.yml or \.json file/));
  test('a URL', () => fails(['-f', 'https://x/y.yaml'], '', /works offline\n {2}= curl/));
  test('stdin twice', () => fails(['-f', '-', '-f', '-'], JOB, /-f - is given twice/));
  test('a file without -f', () =>
    fails(['job.yaml'], JOB, /"job\.yaml" is no command; files are named with -f/));
  test('an unknown flag', () => fails(['--strategi', 'x'], JOB, /Did you mean --strategy/));
  test('an unknown strategy', () => fails(['--strategy', 'x'], JOB, /Allowed choices are auto, sentinel/));
  test('a bad duration', () => fails(['--grace', '1ms'], JOB, /whole seconds, as 10s/));
  test('no interval', () => fails(['--poll', '0'], JOB, /at least 1s/));
  test('a bad volume', () => fails(['--volume', 'A_B'], JOB, /must be a volume name/));
  test('a relative mount path', () => fails(['--mount-path', 'a'], JOB, /absolute path/));
  test('a bad role', () => fails(['--main', 'a/b/c/d'], JOB, /NAME, WORKLOAD\/NAME or KIND\/WORKLOAD\/NAME/));
  test('a bad entrypoint', () => fails(['--entrypoint', 'db=[1]'], JOB, /JSON array of strings/));
  test('a role that matches nowhere', () =>
    fails(['--main', 'nobody'], JOB, /--main nobody: no workload .* has such a container/));
  test('a role where there is no workload', () =>
    fails(['--main', 'a'], CONFIG_MAP, /--main a: no workload/));
  test('an entrypoint for a container with a command', () =>
    fails(['--entrypoint', 'db=/x'], JOB, /--entrypoint db: .* such a container without command/));
  test('no image for the shell', () => fails(['--shell-image', ''], JOB, /must be an image reference/));
  test('an entrypoint that matches nowhere', () =>
    fails(['--entrypoint', 'x=/x'], JOB, /--entrypoint x: no workload/));
  test('UTF-16', () =>
    fails([], Buffer.from(`\ufeff${JOB}`, 'utf16le'), /is UTF-16\n {2}= save it as UTF-8/));
  test('a file that may not be read', async () => {
    if (process.getuid?.() === 0) return;
    const secret = folder({ 'a.yaml': JOB });
    chmodSync(join(secret, 'a.yaml'), 0o000);
    await fails(['-f', join(secret, 'a.yaml')], '', /no permission to read it/);
  });

  test('a workload that cannot be rewritten: line, object, way out, and nothing is written', async () => {
    const { code, stdout, stderr } = await cli(['-f', '-', '--strategy', 'sentinel'], BROKEN_JOB);
    assert.equal([code, stdout], [2, '']);
    assert.is(
      stderr,
      `<stdin>:13:15: error: container "db" has no command, and the entrypoint of its image cannot be known offline [entrypoint-unknown]
  13 │       - name: db
     │               ^^
     = in Job export at spec.template.spec.containers[1].name
     = use --strategy native (Kubernetes 1.29 or newer), or say it: --entrypoint db='["/app"]', or --images FILE (kubectl guillotine images --help)
job.batch/export cannot be rewritten [entrypoint-unknown]
Nothing was written.
`,
    );
  });

  test('line numbers count from the top of the file', async () => {
    const { stderr } = await cli(['--strategy', 'sentinel'], `${CONFIG_MAP}---\n${BROKEN_JOB}`);
    assert.match(stderr, /^<stdin>:18:15: error/);
  });

  test('text of a manifest is escaped before it is printed', async () => {
    const { stderr } = await cli([], JOB.replace('name: export', 'name: "\\e[31mred"'));
    assert.not(stderr.includes(ESCAPE));
    assert.match(stderr, /\\u001b\[31mred/);
  });
});

const BROKEN = BROKEN_JOB.replace('name: export', 'name: broken');

suite('--keep-going and --strict', (test) => {
  test('--keep-going leaves a JobSet whole of which one pod template cannot be rewritten', async () => {
    const input = readFileSync(join(FIXTURES, 'kinds/jobset-refused-part/input.yaml'), 'utf8');
    const { code, stdout, stderr } = await cli(['--keep-going'], input);
    const [jobSet = ''] = input.split('---\n');
    assert.is(code, 0);
    assert.ok(stdout.startsWith(`${jobSet}---\n`));
    assert.match(stdout, /guillotine\/rewritten/);
    assert.match(
      stderr,
      /^jobset\.jobset\.x-k8s\.io\/train\[leader\] left alone: pod template "workers" of the same workload cannot be rewritten\njobset\.jobset\.x-k8s\.io\/train\[workers\] cannot be rewritten \[windows-pod\]$/m,
    );
  });
  test('--keep-going leaves the broken one as it is, warns, and rewrites the other', async () => {
    const { code, stdout, stderr } = await cli(
      ['--keep-going', '--strategy', 'sentinel'],
      `${BROKEN}---\n${JOB}`,
    );
    assert.is(code, 0);
    assert.ok(stdout.startsWith(`${BROKEN}---\n`));
    assert.match(stdout, /guillotine\/rewritten/);
    assert.match(stderr, /warning: container "db" has no command/);
  });
  test('without it nothing is written', async () => {
    assert.equal((await cli(['--strategy', 'sentinel'], `${BROKEN}---\n${JOB}`)).stdout, '');
  });
  test('--strict makes errors of warnings', async () => {
    const input = JOB.replace('db', 'other')
      .replace(/image: gcr\S+/, 'image: other')
      .replace('/cloud-sql-proxy', '/other');
    const [loose, strict] = [await cli([], input), await cli(['--strict'], input)];
    assert.equal([loose.code, loose.stdout, strict.code, strict.stdout], [0, input, 2, '']);
    assert.match(loose.stderr, /warning: nothing says whether "other" is a sidecar/);
    assert.match(strict.stderr, /error: nothing says/);
  });
});

suite('flags', (test) => {
  const plain = JOB.replace(/image: gcr\S+/, 'image: registry.example.com/db:1');
  test('--sidecar names the sidecars, the others are mains', async () => {
    const { stderr } = await cli(['--sidecar', 'db'], plain);
    assert.match(stderr, /db ends when worker has ended/);
  });
  test('--main names the mains, the others are sidecars', async () => {
    assert.match((await cli(['--main', 'db'], plain)).stderr, /worker ends when db has ended/);
  });
  test('a flag for a workload wins over the annotation, which wins over a bare flag', async () => {
    const annotated = plain.replace(
      '  name: export',
      '  name: export\n  annotations: {guillotine/main: worker}',
    );
    assert.match((await cli(['--main', 'db'], annotated)).stderr, /db ends when worker/);
    assert.match((await cli(['--main', 'export/db'], annotated)).stderr, /worker ends when db/);
    assert.match((await cli(['--main', 'job/export/db'], annotated)).stderr, /worker ends when db/);
    assert.match((await cli(['--main', 'Job/export/db'], annotated)).stderr, /worker ends when db/);
  });
  test('--entrypoint, by container or image, as JSON or one word', async () => {
    const bare = plain.replace('        command: ["/cloud-sql-proxy"]\n', '');
    const expected =
      /command: \["\/guillotine\/run\/busybox", "sh", "\/guillotine\/bin\/run", "sidecar", "\/db"\]/;
    for (const entrypoint of ['db=/db', 'db=["/db"]', 'registry.example.com/db:1=["/db"]']) {
      assert.match((await cli(['--sidecar', 'db', '--entrypoint', entrypoint], bare)).stdout, expected);
    }
  });
  test('--grace and --poll', async () => {
    const { stdout } = await cli(['--grace', '25s', '--poll', '1m'], JOB);
    assert.match(
      stdout,
      /name: GUILLOTINE_INTERVAL\n {10}value: "60"\n {8}- name: GUILLOTINE_GRACE\n {10}value: "25"/,
    );
  });
  test('--shell and --shell-image', async () => {
    assert.match(
      (await cli(['--shell', 'image'], JOB)).stderr,
      /not known to have a shell \[shell-unknown\]/,
    );
    assert.match(
      (await cli(['--shell-image', 'mirror/busybox:1'], JOB)).stdout,
      /image: "mirror\/busybox:1"/,
    );
  });
  test('--volume and --mount-path', async () => {
    const { stdout } = await cli(['--volume', 'done', '--mount-path', '/opt/done'], JOB);
    assert.match(stdout, /- name: done\n {10}mountPath: \/opt\/done\/run/);
  });
});

suite('undo', (test) => {
  test('gives back the bytes', async () => {
    const input = `${CONFIG_MAP}---\n${JOB}`;
    const { stdout } = await cli([], input);
    const undone = await cli(['undo'], stdout);
    assert.equal(
      [undone.code, undone.stdout, undone.stderr],
      [0, input, '1 workload given back as before\n'],
    );
  });
  test('does not mind additions right beside its own', async () => {
    const { stdout } = await cli([], JOB);
    const extra = '      - name: third\n        image: third\n        command: [third]\n';
    const added = stdout
      .replace(/^ {6}volumes:\n/m, `${extra}      volumes:\n`)
      .replace(
        /( +value: \/guillotine\/run\/completed\n)( +volumeMounts)/,
        '$1        - name: MORE\n          value: more\n$2',
      )
      .replace('registry.example.com/export:3', 'registry.example.com/export:4');
    const undone = await cli(['undo'], added);
    assert.is(undone.code, 0, undone.stderr);
    assert.not.match(undone.stdout, /guillotine/);
    assert.match(undone.stdout, /export:4/);
    assert.ok(undone.stdout.includes(extra));
  });
  test('refuses a container that was copied with all that is ours', async () => {
    const { stdout } = await cli([], JOB);
    const [worker = ''] = /^ {6}- name: worker\n(?: {8}.*\n)+/m.exec(stdout) ?? [];
    const { code, stderr } = await cli(
      ['undo'],
      stdout.replace(worker, worker + worker.replace('worker', 'worker2')),
    );
    assert.is(code, 2);
    assert.match(stderr, /it stands here once more than the record says \[undo-copied\]/);
  });
  test('flags in front of it are not ignored', async () => {
    const { code, stderr } = await cli(['-f', 'job.yaml', 'undo'], JOB);
    assert.is(code, 2);
    assert.match(stderr, /--filename must stand behind the command/);
  });
  test('refuses what was changed, and names the place', async () => {
    const { stdout } = await cli([], JOB);
    const changed = stdout.replace('"sidecar"', '"sidecars"');
    const { code, stdout: nothing, stderr } = await cli(['undo'], changed);
    assert.equal([code, nothing], [2, '']);
    const said =
      /^<stdin>:(\d+):\d+: error: cannot undo: part \d of \d+ .* from here on, .* \[undo-changed\]/;
    const line = Number(said.exec(stderr)?.[1]);
    // From the end of the last part that is as it was to the change.
    const between = changed.split('\n').slice(line - 1);
    assert.ok(
      between.some((text) => text.includes('"sidecars"')),
      stderr,
    );
    assert.not.ok(
      between.some((text) => text.includes('"main"')),
      stderr,
    );
  });
  test('has nothing to do', async () => {
    const { code, stdout, stderr } = await cli(['undo'], JOB);
    assert.equal([code, stdout, stderr], [0, JOB, 'nothing to undo\n']);
  });
});

suite('help and version', (test) => {
  test('--help goes to stdout, fits 80 columns but for the examples, and names every flag', async () => {
    const { code, stdout } = await cli(['--help']);
    assert.is(code, 0);
    for (const line of (stdout.split('Examples:')[0] ?? '').split('\n')) assert.ok(line.length <= 80, line);
  });
  test('under kubectl it is called kubectl guillotine', async () => {
    const { stdout } = await cli(['--help'], null, { _: '/usr/bin/kubectl' });
    assert.match(stdout, /^Usage: kubectl guillotine -f FILE/);
  });
  test('undo --help', async () => assert.match((await cli(['undo', '--help'])).stdout, /--filename/));
  test('version', async () => assert.match((await cli(['version'])).stdout, /^\d+\.\d+\.\d+\n$/));
});
