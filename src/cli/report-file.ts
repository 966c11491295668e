import { randomBytes } from 'node:crypto';
import { accessSync, constants, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError } from './streams.ts';

/** Before anything is written: throws if the report could not be. */
export function checkReportFile(path: string): void {
  attempt(path, () => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory()) throw Object.assign(new Error('it is a folder'), { code: 'EISDIR' });
    if (stat !== undefined && !stat.isFile()) accessSync(path, constants.W_OK);
    else accessSync(dirname(resolveLinks(path)), constants.W_OK);
  });
}

/** Writes the file whole or not at all; a pipe or a terminal takes the text as it comes. */
export function writeReportFile(path: string, text: string): void {
  attempt(path, () => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat !== undefined && !stat.isFile()) writeFileSync(path, text);
    else replaceFile(resolveLinks(path), text);
  });
}

function replaceFile(path: string, text: string): void {
  const temporary = join(dirname(path), `.guillotine-${randomBytes(6).toString('hex')}.tmp`);
  try {
    writeFileSync(temporary, text, { flag: 'wx' });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function resolveLinks(path: string): string {
  return statSync(path, { throwIfNoEntry: false }) === undefined ? path : realpathSync(path);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'a part of its path is no folder',
  EISDIR: 'it is a folder',
  EACCES: 'no permission to write it, or in its folder',
  EROFS: 'its file system is read-only',
};

function attempt(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const hint = 'the variable GUILLOTINE_REPORT names it';
    throw new UsageError(`the report ${path} cannot be written: ${REASONS[code] ?? message}`, hint);
  }
}
