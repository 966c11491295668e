import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import * as assert from 'uvu/assert';
import { findDocuments } from '../../src/candidates.ts';
import { writeInPlace } from '../../src/cli/in-place.ts';
import { UsageError } from '../../src/cli/streams.ts';
import type { Document } from '../../src/model/source.ts';
import { BROKEN_JOB, CONFIG_MAP, cli, folder, JOB } from '../support/cli.ts';
import { BIN } from '../support/paths.ts';
import { suite } from '../support/suite.ts';

const { stdout: REWRITTEN } = await cli([], JOB);

function read(...path: string[]): string {
  return readFileSync(join(...path), 'utf8');
}

suite('-i', (test) => {
  test('writes back what changes, and leaves what does not', async () => {
    const stream = `${CONFIG_MAP}---\n${JOB}`;
    const path = folder({ 'a.yaml': stream, 'b.yaml': CONFIG_MAP, 'c.yaml': JOB });
    mkdirSync(join(path, 'deep'));
    writeFileSync(join(path, 'deep', 'd.json'), '{"kind": "X"}');
    writeFileSync(join(path, 'deep', 'e.yml'), JOB);
    const before = statSync(join(path, 'b.yaml'), { bigint: true });
    const { code, stdout, stderr } = await cli(['-i', '-R', '-f', path]);
    assert.equal([code, stdout], [0, '']);
    assert.match(stderr, /\n3 files written\n$/);
    assert.is(read(path, 'a.yaml'), (await cli([], stream)).stdout);
    assert.equal([read(path, 'c.yaml'), read(path, 'deep/e.yml')], [REWRITTEN, REWRITTEN]);
    const after = statSync(join(path, 'b.yaml'), { bigint: true });
    assert.equal([after.ino, after.mtimeNs], [before.ino, before.mtimeNs]);
    assert.equal(readdirSync(path).sort(), ['a.yaml', 'b.yaml', 'c.yaml', 'deep']);
  });

  test('changes nothing a second time, and undo -i gives all back', async () => {
    const path = folder({ 'a.yaml': JOB });
    const file = join(path, 'a.yaml');
    await cli(['-i', '-f', file]);
    const { ino } = statSync(file);
    assert.match((await cli(['-i', '-f', file])).stderr, /\nno file has changed\n$/);
    assert.is(statSync(file).ino, ino);
    const { code, stdout, stderr } = await cli(['undo', '-i', '-f', file]);
    assert.equal([code, stdout, stderr], [0, '', '1 workload given back as before\n1 file written\n']);
    assert.is(read(file), JOB);
    assert.is((await cli(['undo', '-i', '-f', file])).stderr, 'nothing to undo\nno file has changed\n');
    assert.is((await cli(['-i', '-q', '-f', file])).stderr, '');
  });

  test('keeps mode and owner', async () => {
    const file = join(folder({ 'a.yaml': JOB }), 'a.yaml');
    chmodSync(file, 0o2640);
    if (process.getuid?.() === 0) chownSync(file, 1234, 5678);
    chmodSync(file, 0o2640);
    const before = statSync(file);
    await cli(['-i', '-f', file]);
    const { mode, uid, gid, ino } = statSync(file);
    assert.equal([mode, uid, gid], [before.mode, before.uid, before.gid]);
    assert.is.not(ino, before.ino);
  });

  test('writes through a symbolic link, in the folder that it leads to', async () => {
    const path = folder({});
    mkdirSync(join(path, 'real'));
    writeFileSync(join(path, 'real', 'a.yaml'), JOB);
    mkdirSync(join(path, 'links'));
    symlinkSync('../real/a.yaml', join(path, 'links', 'a.yaml'));
    chmodSync(join(path, 'links'), 0o555);
    const { code } = await cli(['-i', '-f', join(path, 'links')]);
    assert.is(code, 0);
    assert.ok(lstatSync(join(path, 'links', 'a.yaml')).isSymbolicLink());
    assert.is(readlinkSync(join(path, 'links', 'a.yaml')), '../real/a.yaml');
    assert.is(read(path, 'real', 'a.yaml'), REWRITTEN);
    chmodSync(join(path, 'links'), 0o755);
  });

  test('takes a file that is named twice once, and replaces one name of a hard link', async () => {
    const path = folder({ 'a.yaml': JOB });
    symlinkSync('a.yaml', join(path, 'b.yaml'));
    linkSync(join(path, 'a.yaml'), join(path, 'c.txt'));
    const { code, stderr } = await cli(['-i', '-f', path, '-f', join(path, 'a.yaml')]);
    assert.is(code, 0);
    assert.match(stderr, /\n1 file written\n$/);
    assert.equal([read(path, 'b.yaml'), read(path, 'c.txt')], [REWRITTEN, JOB]);
  });

  test('writes nothing when anything is wrong', async () => {
    const files = { 'a.yaml': JOB, 'b.yaml': BROKEN_JOB };
    const path = folder(files);
    const { code, stderr } = await cli(['-i', '--strategy', 'sentinel', '-f', path]);
    assert.is(code, 2);
    assert.match(stderr, /Nothing was written\.\n$/);
    for (const [name, text] of Object.entries(files)) assert.is(read(path, name), text);
    assert.is((await cli(['-i', '--keep-going', '--strategy', 'sentinel', '-f', path])).code, 0);
    assert.equal([read(path, 'a.yaml'), read(path, 'b.yaml')], [REWRITTEN, BROKEN_JOB]);
  });

  for (const argv of [['-i'], ['-i', '-f', '-'], ['undo', '-i'], ['undo', '-i', '-f', '-']]) {
    test(`needs files: ${argv.join(' ')}`, async () => {
      const { code, stderr, stdout } = await cli(argv, JOB);
      assert.equal([code, stdout], [2, '']);
      assert.match(stderr, /^error: -i writes files back, and standard input is none\n/);
    });
  }
  for (const other of [['--diff'], ['--check'], ['-o', 'json']]) {
    test(`does not go with ${other.join(' ')}`, async () => {
      const path = folder({ 'a.yaml': JOB });
      const { code, stderr } = await cli(['-i', ...other, '-f', path]);
      assert.is(code, 2);
      assert.match(stderr, /^error: option '-\S+ \S+ ?\S*' cannot be used with option '/);
      assert.is(read(path, 'a.yaml'), JOB);
    });
  }

  test('refuses what is read-only, before it writes anything', async () => {
    const path = folder({ 'a.yaml': JOB, 'b.yaml': JOB });
    chmodSync(join(path, 'b.yaml'), 0o444);
    const { code, stderr } = await cli(['-i', '-f', path]);
    assert.is(code, 2);
    assert.match(
      stderr,
      /\nerror: \S+b\.yaml: it is read-only\nNothing was written\.\n {2}= chmod u\+w \S+b\.yaml\n$/,
    );
    assert.is(read(path, 'a.yaml'), JOB);
  });

  test('says of a folder that it may not write in', () => {
    const path = folder({ 'a.yaml': JOB });
    chmodSync(join(path, 'a.yaml'), 0o666);
    chmodSync(path, 0o555);
    // Root may write everywhere, so the program runs as somebody else.
    const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const { status, stderr } = spawnSync(process.execPath, [BIN, '-i', '-f', join(path, 'a.yaml')], {
      encoding: 'utf8',
      cwd: path,
      ...user,
    });
    chmodSync(path, 0o755);
    assert.is(status, 2, stderr);
    assert.match(
      stderr,
      /\nerror: \S+a\.yaml: no permission to write it, or in its folder\nNothing was written\.\n$/,
    );
    assert.equal([read(path, 'a.yaml'), readdirSync(path)], [JOB, ['a.yaml']]);
  });

  test('writes back no pipe', () => {
    const command = `"${BIN}" -i -f <(cat)`;
    const { status, stderr } = spawnSync('bash', ['-c', command], { input: JOB, encoding: 'utf8' });
    assert.is(status, 2);
    assert.match(stderr, /: it is no regular file, so it cannot be written back\n/);
  });
});

/** What happens to files between the moment they are read and the moment they are written. */
suite('-i, when files change meanwhile', (test) => {
  interface Scene {
    readonly path: string;
    /** `onReady` is called for each file once it was found to be as it was read. */
    readonly write: (onReady?: (name: string) => void) => string;
  }
  class Watched extends Map<Document, string> {
    onGet: (document: Document) => void = () => {};
    override get(document: Document): string | undefined {
      this.onGet(document);
      return super.get(document);
    }
  }
  /** Files that were read; `write` gives what the error says. */
  function readFiles(count = 2): Scene {
    const names = Array.from({ length: count }, (_, index) => `${index}.yaml`);
    const path = folder(Object.fromEntries(names.map((name) => [name, JOB])));
    const inputs = names.map((name) => {
      const source = { name: join(path, name), bytes: readFileSync(join(path, name)) };
      return { source, documents: findDocuments(source) };
    });
    const texts = new Watched(
      inputs.flatMap(({ documents }) => documents.map((one) => [one, REWRITTEN] as const)),
    );
    const write = (onReady: (name: string) => void = () => {}): string => {
      texts.onGet = (document) => onReady(basename(document.source.name));
      try {
        return `${writeInPlace(inputs, texts)} written`;
      } catch (error) {
        assert.instance(error, UsageError);
        return (error as UsageError).message.replaceAll(`${path}/`, '');
      }
    };
    return { path, write };
  }
  const changed = '1.yaml: it was changed while guillotine worked on it\nNothing was written.';
  const CHANGES: Readonly<Record<string, readonly [(path: string) => void, string]>> = {
    'nothing happens': [() => {}, '2 written'],
    'a file is written to': [(path) => writeFileSync(join(path, '1.yaml'), `${JOB}#`), changed],
    'a file is written to, with the same length and time': [
      (path) => {
        const { atime, mtime } = statSync(join(path, '1.yaml'));
        writeFileSync(join(path, '1.yaml'), JOB.replace('export', 'impost'));
        utimesSync(join(path, '1.yaml'), atime, mtime);
      },
      changed,
    ],
    'a file is gone': [(path) => rmSync(join(path, '1.yaml')), '1.yaml: it is gone\nNothing was written.'],
    'the folder is gone': [
      (path) => rmSync(path, { recursive: true }),
      '0.yaml: it is gone\nNothing was written.',
    ],
    'the same content comes anew': [
      (path) => {
        writeFileSync(join(path, 'x'), JOB);
        renameSync(join(path, 'x'), join(path, '1.yaml'));
      },
      '2 written',
    ],
    'a file becomes a folder': [
      (path) => {
        rmSync(join(path, '1.yaml'));
        mkdirSync(join(path, '1.yaml'));
      },
      '1.yaml: it is no regular file, so it cannot be written back\nNothing was written.',
    ],
  };
  for (const [name, [change, expected]] of Object.entries(CHANGES)) {
    test(name, () => {
      const { path, write } = readFiles();
      change(path);
      assert.is(write(), expected);
      const isDone = expected.endsWith('written');
      if (existsSync(path)) assert.is(read(path, '0.yaml'), isDone ? REWRITTEN : JOB);
      assert.ok(!existsSync(path) || readdirSync(path).every((file) => /^\d\.yaml$/.test(file)));
    });
  }
  test('a file changes at the last moment: what was written already is said', () => {
    const { path, write } = readFiles(3);
    const message = write((name) => {
      if (name === '1.yaml') writeFileSync(join(path, name), 'a: newer\n');
    });
    assert.is(
      message,
      '1.yaml: it was changed while guillotine worked on it\nWritten already, and whole: 0.yaml. The others are as they were.',
    );
    assert.equal(
      ['0.yaml', '1.yaml', '2.yaml'].map((name) => read(path, name)),
      [REWRITTEN, 'a: newer\n', JOB],
    );
    assert.equal(readdirSync(path).sort(), ['0.yaml', '1.yaml', '2.yaml']);
  });
});
