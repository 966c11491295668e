import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Source } from '../model/source.ts';
import { isBlank } from '../text/documents.ts';
import { isTerminal, readStdin, type Streams, UsageError } from './streams.ts';

const MANIFEST = /\.(?:ya?ml|json)$/;

export const STDIN = '<stdin>';

export function isStdin({ name }: Source): boolean {
  return name === STDIN;
}

/** Before anything is read: files are written, so files must be named. */
export function requireFiles(files: readonly string[]): void {
  if (files.length > 0 && !files.includes('-')) return;
  throw new UsageError('-i writes files back, and standard input is none', 'name the files with -f');
}

/** Reads what `-f` names, or stdin when it names nothing. */
export async function readSources(
  files: readonly string[],
  recursive: boolean,
  streams: Streams,
  mayBeEmpty = false,
): Promise<Source[]> {
  if (files.length === 0) {
    if (isTerminal(streams)) throw new UsageError('no input', 'name a file with -f, or pipe manifests in');
    return [checkSource(await readStdinSource(streams, mayBeEmpty))];
  }
  if (files.filter((file) => file === '-').length > 1) throw new UsageError('-f - is given twice');
  const sources: Source[] = [];
  for (const file of files) {
    if (file === '-') sources.push(await readStdinSource(streams));
    else for (const path of listFiles(file, recursive)) sources.push(readSource(path));
  }
  if (sources.every(({ bytes }) => isBlank(bytes))) {
    throw new UsageError(`${sources.map(({ name }) => name).join(', ')}: there is nothing in it`);
  }
  return sources.map(checkSource);
}

async function readStdinSource(streams: Streams, mayBeEmpty = false): Promise<Source> {
  const bytes = await readStdin(streams);
  if (isBlank(bytes) && !mayBeEmpty) {
    throw new UsageError(
      'nothing came in on standard input',
      'does the command before the pipe print manifests? (helm 3 gives no hooks to post-renderers)',
    );
  }
  return { name: STDIN, bytes };
}

/** PowerShell's `>` writes UTF-16, which no tool of Kubernetes reads as what it shows. */
function checkSource(source: Source): Source {
  const [first, second] = source.bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new UsageError(
      `${source.name} is UTF-16`,
      'save it as UTF-8 (in PowerShell: Out-File -Encoding utf8)',
    );
  }
  return source;
}

function readSource(path: string): Source {
  try {
    return { name: path, bytes: readFileSync(path) };
  } catch (error) {
    throw describeFailure(path, error);
  }
}

/** A file by its name, whatever its extension; of a folder the manifests, sorted. */
function listFiles(path: string, recursive: boolean): string[] {
  if (/^https?:\/\//.test(path)) {
    throw new UsageError(`${path}: guillotine works offline`, `curl -fsSL ${path} | kubectl guillotine`);
  }
  try {
    if (!statSync(path).isDirectory()) return [path];
    const files = listFolder(path, recursive);
    if (files.length > 0) return files;
  } catch (error) {
    throw describeFailure(path, error);
  }
  const hint = recursive ? undefined : 'use -R to look into its folders, too';
  throw new UsageError(`${path}: no .yaml, .yml or .json file in this folder`, hint);
}

function listFolder(folder: string, recursive: boolean): string[] {
  const entries = readdirSync(folder).sort();
  return entries.flatMap((entry) => {
    const path = join(folder, entry);
    const stat = statSync(path, { throwIfNoEntry: false });
    // A link to a folder is not followed, as kubectl does not: it may lead back.
    if (stat?.isDirectory())
      return recursive && !lstatSync(path).isSymbolicLink() ? listFolder(path, true) : [];
    return stat?.isFile() && MANIFEST.test(entry) ? [path] : [];
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'no permission to read it',
  EPERM: 'no permission to read it',
  ELOOP: 'its symbolic links go in a circle',
  ENOTDIR: 'a part of its path is no folder',
};

function describeFailure(path: string, error: unknown): Error {
  if (error instanceof UsageError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  return new UsageError(`${path}: ${REASONS[code] ?? message}`);
}
