import { randomBytes } from 'node:crypto';
import {
  accessSync,
  type BigIntStats,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Document } from '../model/source.ts';
import { type Input, joinStream } from '../protocols/stream.ts';
import { UsageError } from './streams.ts';

/** For people: how many files changed. */
export function describeWritten(count: number): string {
  if (count === 0) return 'no file has changed\n';
  return `${count} ${count === 1 ? 'file' : 'files'} written\n`;
}

interface Change {
  /** As it was named. */
  readonly name: string;
  /** Where symbolic links lead. */
  readonly path: string;
  readonly stat: BigIntStats;
  readonly pieces: readonly Uint8Array[];
}

/**
 * Writes back the files that change, each by a rename: at any moment a file is the old one or the new one. All of them
 * are looked at before the first is written. Returns how many there are.
 */
export function writeInPlace(inputs: readonly Input[], texts: ReadonlyMap<Document, string>): number {
  const changes = new Map<string, Change>();
  for (const input of inputs) {
    if (!input.documents.some((document) => texts.has(document))) continue;
    const change = describeChange(input, texts);
    // A file may be named twice.
    changes.set(change.path, change);
  }
  const written: string[] = [];
  for (const change of changes.values()) {
    try {
      replaceFile(change);
    } catch (error) {
      throw addWritten(describeFailure(change.name, error), written);
    }
    written.push(change.name);
  }
  return written.length;
}

function describeChange(input: Input, texts: ReadonlyMap<Document, string>): Change {
  const { name, bytes } = input.source;
  try {
    // A pipe has no path of its own.
    if (!statSync(name).isFile())
      throw new UsageError(`${name}: it is no regular file, so it cannot be written back`);
    const path = realpathSync(name);
    const stat = statSync(path, { bigint: true });
    if ((stat.mode & 0o222n) === 0n) throw new UsageError(`${name}: it is read-only`, `chmod u+w ${name}`);
    accessSync(path, constants.W_OK);
    if (!readFileSync(path).equals(bytes)) throw changedMeanwhile(name);
    return { name, path, stat, pieces: joinStream([input], texts) };
  } catch (error) {
    throw addWritten(describeFailure(name, error), []);
  }
}

function replaceFile({ name, path, stat, pieces }: Change): void {
  // No `.yaml` at its end: if the machine dies here, nobody takes it for a manifest.
  const temporary = join(dirname(path), `.guillotine-${randomBytes(6).toString('hex')}.tmp`);
  const file = openSync(temporary, 'wx', 0o600);
  try {
    try {
      for (const piece of pieces) writeAll(file, piece);
      keepOwner(file, stat);
      fchmodSync(file, Number(stat.mode & 0o7777n));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    if (!isSame(stat, statSync(path, { bigint: true }))) throw changedMeanwhile(name);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function writeAll(file: number, piece: Uint8Array): void {
  for (let at = 0; at < piece.length; ) at += writeSync(file, piece, at);
}

/** Only root may give a file away; a member may give it to a group. */
function keepOwner(file: number, { uid, gid }: BigIntStats): void {
  for (const [user, group] of [
    [-1, Number(gid)],
    [Number(uid), -1],
  ] as const) {
    try {
      fchownSync(file, user, group);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
    }
  }
}

function isSame(a: BigIntStats, b: BigIntStats): boolean {
  return a.ino === b.ino && a.dev === b.dev && a.size === b.size && a.mtimeNs === b.mtimeNs;
}

function changedMeanwhile(name: string): UsageError {
  return new UsageError(`${name}: it was changed while guillotine worked on it`, 'run it again');
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it is gone',
  EACCES: 'no permission to write it, or in its folder',
  EPERM: 'no permission to write it, or in its folder',
  EROFS: 'its file system is read-only',
};

function describeFailure(name: string, error: unknown): UsageError {
  if (error instanceof UsageError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  return new UsageError(`${name}: ${REASONS[code] ?? message}`);
}

function addWritten({ message, hint }: UsageError, written: readonly string[]): UsageError {
  const state =
    written.length === 0
      ? 'Nothing was written.'
      : `Written already, and whole: ${written.join(', ')}. The others are as they were.`;
  return new UsageError(`${message}\n${state}`, hint);
}
