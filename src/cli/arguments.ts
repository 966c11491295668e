import { InvalidArgumentError } from 'commander';
import { isArgv } from '../kube/annotations.ts';
import { parseKubeVersion } from '../kube/version.ts';
import { parseSeconds } from '../model/duration.ts';
import type { KubeVersion, RoleFlag } from '../model/options.ts';

// How the values of flags are read. Each throws an InvalidArgumentError that says what it must be.

export function collect(text: string, before: readonly string[]): string[] {
  return [...before, text];
}

export function parseRole(role: RoleFlag['role'], text: string): RoleFlag {
  const parts = text.split('/');
  const container = parts.pop() ?? '';
  const workload = parts.pop() ?? null;
  const kind = parts.pop() ?? null;
  if (parts.length > 0 || [container, workload, kind].includes('')) {
    throw new InvalidArgumentError('It must be NAME, WORKLOAD/NAME or KIND/WORKLOAD/NAME.');
  }
  return { role, container, workload, kind, text };
}

export function parseEntrypoint(text: string): [string, readonly string[]] {
  const at = text.indexOf('=');
  const argv = text.slice(at + 1);
  if (at < 1 || argv === '')
    throw new InvalidArgumentError(`It must be NAME=ARGV, as app='["/app", "--serve"]'.`);
  if (!argv.startsWith('[')) return [text.slice(0, at), [argv]];
  try {
    const words: unknown = JSON.parse(argv);
    if (isArgv(words)) return [text.slice(0, at), words];
  } catch {
    // falls through to the same message
  }
  throw new InvalidArgumentError(
    `ARGV must be a JSON array of strings, as '["/app", "--serve"]', or one word.`,
  );
}

export function parseDuration(text: string): number {
  const seconds = parseSeconds(text);
  if (seconds === null) throw new InvalidArgumentError('It must be whole seconds, as 10s or 1m30s.');
  return seconds;
}

export function parseInterval(text: string): number {
  const seconds = parseDuration(text);
  if (seconds < 1) throw new InvalidArgumentError('It must be at least 1s.');
  return seconds;
}

export function parseVersion(text: string): KubeVersion {
  const version = parseKubeVersion(text);
  if (version === null)
    throw new InvalidArgumentError('It must be a release of Kubernetes, as 1.31 or 1.29.3.');
  return version;
}

export function parseNamespace(text: string): string {
  if (/^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(text)) return text;
  throw new InvalidArgumentError(
    'It must be the name of a namespace: at most 63 lower-case letters, digits and dashes.',
  );
}

export function parseVolume(text: string): string {
  if (/^[a-z0-9](?:[-a-z0-9]{0,50}[a-z0-9])?$/.test(text)) return text;
  throw new InvalidArgumentError(
    'It must be a volume name: at most 52 lower-case letters, digits and dashes.',
  );
}

export function parseMountPath(text: string): string {
  if (/^(?:\/[\w.-]+)+$/.test(text)) return text;
  throw new InvalidArgumentError(
    'It must be an absolute path of letters, digits, ".", "_" and "-", not "/" itself.',
  );
}

export function parseProgram(text: string): string {
  if (/^\/[^\s$]+$/.test(text)) return text;
  throw new InvalidArgumentError('It must be an absolute path without blanks and $.');
}

export function parseImage(text: string): string {
  if (/^\S+$/.test(text)) return text;
  throw new InvalidArgumentError('It must be an image reference, as busybox:1.37.0-musl.');
}
