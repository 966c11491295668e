import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { readImageIndexes } from '../../src/cli/image-index.ts';
import { CONFIG_MAP, cli, folder, JOB } from '../support/cli.ts';
import { ROOT } from '../support/paths.ts';
import { suite } from '../support/suite.ts';

const BARE = JOB.replace('        command: ["/export"]\n', '');
const IMAGE = 'registry.example.com/export:3';
const CONFIG = { Entrypoint: ['/export'], Cmd: ['--all'], User: '65532', Env: ['A=b'] };
const READ = { [IMAGE]: { entrypoint: ['/export'], cmd: ['--all'], user: '65532' } };

function index(text: string | Uint8Array, name = 'index.jsonl'): string {
  return join(folder({ [name]: text }), name);
}

function line(image: string, config: unknown): string {
  return `${JSON.stringify({ image, config })}\n`;
}

suite('an index of images is read', (test) => {
  const oci = { architecture: 'amd64', os: 'linux', config: CONFIG, rootfs: { type: 'layers' } };
  const docker = { Id: 'sha256:00', RepoTags: [IMAGE], Config: CONFIG, RootFS: {} };
  const rows: readonly (readonly [string, string, object])[] = [
    ['as crane config and skopeo inspect --config print it', line(IMAGE, oci), READ],
    ['as docker image inspect prints it', line(IMAGE, [docker]), READ],
    ['as one object of it', line(IMAGE, docker), READ],
    ['over several lines', `${JSON.stringify({ image: IMAGE, config: [docker] }, null, 2)}\n`, READ],
    ['with CRLF and a BOM', `\ufeff${line(IMAGE, oci).replace('\n', '\r\n')}\r\n`, READ],
    [
      'nothing in the image',
      line('scratch', { os: 'linux', rootfs: {} }) + line('b', { config: { Entrypoint: null } }),
      {
        'docker.io/library/scratch:latest': { entrypoint: [], cmd: [] },
        'docker.io/library/b:latest': { entrypoint: [], cmd: [] },
      },
    ],
    [
      'of two the last',
      line('a:1', { config: {} }) + line('a:1', oci),
      { 'docker.io/library/a:1': READ[IMAGE] },
    ],
    [
      'braces and brackets in strings',
      line('a:1', { config: { Cmd: ['}"]{'] } }) + line(IMAGE, oci),
      { 'docker.io/library/a:1': { entrypoint: [], cmd: ['}"]{'] }, ...READ },
    ],
    ['a YAML map', `${IMAGE}: {entrypoint: [/export], cmd: [--all], user: 65532}\n`, READ],
    [
      'a map in JSON, and every tag',
      '{"team/app": {"entrypoint": ["/app"], "shell": true}}',
      { 'docker.io/team/app': { entrypoint: ['/app'], shell: true } },
    ],
    ['an empty file', '', {}],
    ['a comment', '# none\n', {}],
  ];
  for (const [name, text, expected] of rows)
    test(name, () => assert.equal(readImageIndexes([index(text)]), expected));
  test('of several files, the last', () => {
    const paths = [index(line(IMAGE, { config: {} })), index(line(IMAGE, oci))];
    assert.equal(readImageIndexes(paths), READ);
  });
});

suite('--images', (test) => {
  test('says what a container without command starts', async () => {
    const path = index(line(IMAGE, { config: CONFIG }));
    const { code, stdout, stderr } = await cli(['--images', path], BARE);
    assert.is(code, 0);
    assert.match(stdout, /"main", "\/export"\]\n {8}args: \["--all"\]\n/);
    assert.match(stderr, /\n {2}"worker" starts \/export, as the index of images says of its image\n/);
  });
  test('wins over the config, image by image', async () => {
    const config = index(
      `apiVersion: guillotine/v1alpha1\nkind: GuillotineTransformer\nspec:\n  images: {"${IMAGE}": {entrypoint: [/config]}, other: {entrypoint: [/other]}}\n`,
      'c.yaml',
    );
    const path = index(line(IMAGE, { config: CONFIG }));
    assert.match((await cli(['--config', config], BARE)).stdout, /"main", "\/config"\]/);
    assert.match((await cli(['--config', config, '--images', path], BARE)).stdout, /"main", "\/export"\]/);
    const other = BARE.replace(IMAGE, 'other:4');
    assert.match((await cli(['--config', config, '--images', path], other)).stdout, /"main", "\/other"\]/);
  });
  test('may speak of other images', async () => {
    const path = index(line('other:1', { config: CONFIG }));
    assert.is((await cli(['--images', path], JOB)).code, 0);
    assert.is((await cli(['--images', path], CONFIG_MAP)).code, 0);
  });
  test('is an option of explain, too', async () => {
    const path = index(line(IMAGE, { config: CONFIG }));
    const { stdout } = await cli(['explain', '--images', path], BARE);
    assert.match(stdout, /rewrite \(sentinel\)[\s\S]*"worker" starts \/export/);
  });
});

suite('mistakes in an index of images', (test) => {
  const good = line(IMAGE, { config: CONFIG });
  const manifest = { schemaVersion: 2, config: { mediaType: 'a', digest: 'sha256:00', size: 1 } };
  const rows: readonly (readonly [string, string, string])[] = [
    [
      'crane failed',
      `${good}{"image":"a:1","config":}\n${good}`,
      ':2: image a:1 has no config\n  = what does crane config a:1 say?',
    ],
    ['crane failed at first', `{"image":"a:1","config":}\n${good}`, ':1: image a:1 has no config'],
    ['no JSON', `${good}oops\n`, ':2: this is no JSON\n  = kubectl guillotine images --help'],
    ['a line cut short', `${good}{"image":"a:1","config":{\n${good}`, ':2: this is no JSON'],
    ['a closing brace too many', `${good}}\n`, ':2: this is no JSON'],
    ['no image', `${good}{"config":{}}\n`, ':2: this is no {"image": "…", "config": {…}}'],
    ['a list', '[{"Config": {}}]', ':1: this is no {"image": "…", "config": {…}}'],
    [
      'no config',
      `{"image":"a:1"}\n`,
      ':1: the config of image a:1 is no object\n  = print it with: crane config a:1',
    ],
    ['another config', line('a:1', { Digest: 'x' }), ':1: the config of image a:1 has no config (or Config)'],
    ['a manifest', line('a:1', manifest), ':1: the config of image a:1 is a manifest'],
    [
      'two images',
      line('a:1', [{ Config: {} }, { Config: {} }]),
      ':1: the config of image a:1 is a list of 2 images',
    ],
    [
      'a string',
      line('a:1', { config: { Entrypoint: '/app' } }),
      ':1: the config of image a:1 has no list of strings as Entrypoint',
    ],
    ['no YAML', 'a: [', ':1:'],
    ['a key twice', 'a: {}\na: {}\n', ':2:1: the key "a" stands twice'],
    ['no map', 'a:1\n', ':1:1: the file must be a map: image: {entrypoint, cmd, shell, user}'],
    [
      'an unknown key',
      'a: {entrypoint: [/a]}\nb: {entrypont: [/b]}\n',
      ':2:5: b.entrypont is no setting of guillotine\n  = did you mean entrypoint?',
    ],
    ['a word', 'a: {entrypoint: /a}\n', ':1:17: a.entrypoint must be a list of strings, as the image has it'],
    ['a number', 'a: {cmd: [sleep, 5]}\n', ':1:18: a.cmd[1] must be a string (in quotes'],
  ];
  for (const [name, text, expected] of rows) {
    test(name, async () => {
      const path = index(text);
      const { code, stdout, stderr } = await cli(['--images', path], CONFIG_MAP);
      assert.equal([code, stdout], [2, '']);
      assert.ok(stderr.startsWith(`error: ${path}${expected}`), stderr);
      assert.not.match(stderr, /^ {4}at /m);
    });
  }
  test('UTF-16', async () => {
    const path = index(Buffer.from(`\ufeff${good}`, 'utf16le'));
    assert.match((await cli(['--images', path], JOB)).stderr, /is no UTF-8 text\n {2}= save it as UTF-8/);
  });
  test('no file', async () => {
    const { code, stderr } = await cli(['--images', 'none.jsonl'], JOB);
    assert.equal([code, stderr], [2, 'error: none.jsonl: no such file\n']);
  });
});

suite('images', (test) => {
  const input = `${BARE}---\n${BARE.replace(IMAGE, 'a:1')}---\n${BARE.replace('name: export', 'name: third')}---\n${JOB}`;
  test('prints what a rewrite must know, sorted, once', async () => {
    assert.equal(await cli(['images'], input), { code: 0, stdout: `a:1\n${IMAGE}\n`, stderr: '' });
  });
  test('leaves out what is known from any source', async () => {
    const path = index(line(IMAGE, { config: CONFIG }));
    assert.is((await cli(['images', '--images', path], input)).stdout, 'a:1\n');
    assert.is((await cli(['images', '--entrypoint', 'a:1=/a'], input)).stdout, `${IMAGE}\n`);
    const known = BARE.replace(IMAGE, 'envoyproxy/envoy:v1.31.0');
    assert.is((await cli(['images', '--main', 'worker'], known)).stdout, '');
  });
  test('also in Lists, and of objects from a cluster', async () => {
    const list = { apiVersion: 'v1', kind: 'List', items: [CRON, CRON] };
    assert.is((await cli(['images'], JSON.stringify(list))).stdout, 'own/main:1\nown/side:1\n');
  });
  test('nothing for a workload that needs no rewrite, or cannot have one', async () => {
    const lone = BARE.slice(0, BARE.indexOf('      - name: db'));
    assert.equal(await cli(['images'], `${CONFIG_MAP}---\n${lone}`), { code: 0, stdout: '', stderr: '' });
    const windows = BARE.replace('restartPolicy', 'os: {name: windows}\n      restartPolicy');
    const { code, stdout, stderr } = await cli(['images'], windows);
    assert.equal([code, stdout], [0, '']);
    assert.match(stderr, /\[windows-pod\]/);
    assert.is((await cli(['images', '-q'], windows)).stderr, '');
  });
  test('nothing where native is taken', async () => {
    assert.is((await cli(['images', '--strategy', 'native'], input)).stdout, '');
    assert.is((await cli(['images', '--kube-version', '1.36'], input)).stdout, '');
    assert.is((await cli(['images', '--kube-version', '1.28'], input)).stdout, `a:1\n${IMAGE}\n`);
  });
  test('no input, and a name that is nowhere, are errors', async () => {
    assert.match((await cli(['images'])).stderr, /^error: no input/);
    assert.is((await cli(['images', '--main', 'nobody'], input)).code, 2);
  });
  test('--help prints a loop that makes the index', async () => {
    const { code, stdout } = await cli(['images', '--help']);
    assert.is(code, 0);
    const path = folder({
      'job.yaml': input,
      crane: '#!/bin/sh\nprintf \'{\\n"config": {"Entrypoint": ["/%s"]}}\\n\' "$2"\n',
    });
    chmodSync(join(path, 'crane'), 0o755);
    const [loop = ''] = /^ {2}kubectl-guillotine images [\s\S]*index.jsonl$/m.exec(stdout) ?? [];
    assert.match(loop, /done > index.jsonl$/);
    const env = { ...process.env, PATH: `${path}:${join(ROOT, 'bin')}:${process.env['PATH']}` };
    const { status, stderr } = spawnSync('sh', ['-c', loop], { cwd: path, env, encoding: 'utf8' });
    assert.equal([status, stderr], [0, '']);
    assert.is(readFileSync(join(path, 'index.jsonl'), 'utf8').split('\n').length, 3);
    const { stdout: rewritten } = await cli(['--images', join(path, 'index.jsonl')], input);
    assert.match(rewritten, /"main", "\/registry.example.com\/export:3"\]/);
    assert.is((await cli(['images', '--images', join(path, 'index.jsonl')], input)).stdout, '');
  });
  test('--help shows a map that is read', async () => {
    const { stdout } = await cli(['images', '--help']);
    const map = /^ {2}(registry\.example\.com.*)$/m.exec(stdout)?.[1] ?? '';
    assert.equal(readImageIndexes([index(map)]), {
      'registry.example.com/team/worker': { entrypoint: ['/app/worker'], cmd: ['serve'], shell: true },
    });
  });
});

const CRON = {
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: 'c', ownerReferences: [{ name: 'x' }], annotations: { 'guillotine/main': 'main' } },
  spec: {
    jobTemplate: {
      spec: {
        template: {
          spec: {
            restartPolicy: 'Never',
            containers: [
              { name: 'side', image: 'own/side:1' },
              { name: 'main', image: 'own/main:1' },
            ],
          },
        },
      },
    },
  },
};
