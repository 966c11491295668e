import type { Argv, CatalogueEntry, TaggedEntrypoint } from '../model/catalogue-entry.ts';
import { matchesPattern } from './match.ts';

/** Does a glob or a range of versions cover a tag? A tag without a number in front is in no range. */
export function coversTag(tags: string, tag: string): boolean {
  if (!/^[<>]/.test(tags)) return matchesPattern(tag, tags);
  const version = /^v?(\d+(?:\.\d+)*)/.exec(tag)?.[1];
  if (version === undefined) return false;
  return tags.split(' ').every((part) => {
    const [, sign = '', bound = ''] = /^([<>]=?)(.+)$/.exec(part) ?? [];
    const order = compareVersions(version, bound);
    return (
      (order < 0 && sign.startsWith('<')) ||
      (order > 0 && sign.startsWith('>')) ||
      (order === 0 && sign.endsWith('='))
    );
  });
}

/** Number by number, as far as both have one: `2` and `2.1` are equal. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number)) as [number[], number[]];
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const difference = (left[index] as number) - (right[index] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** What the images of an entry start under a tag (null: nobody knows which); null where that is not known. */
export function entrypointOf(
  entry: CatalogueEntry,
  tag: string | null,
): { readonly entrypoint: Argv; readonly cmd: Argv } | null {
  const { entrypoint, cmd = [] } = entry;
  if (entrypoint === undefined) return null;
  if (!isByTag(entrypoint)) return { entrypoint, cmd };
  const row = tag === null ? undefined : entrypoint.find(({ tags }) => coversTag(tags, tag));
  return row === undefined ? null : { entrypoint: row.entrypoint, cmd: row.cmd ?? [] };
}

function isByTag(entrypoint: Argv | readonly TaggedEntrypoint[]): entrypoint is readonly TaggedEntrypoint[] {
  return entrypoint.length > 0 && typeof entrypoint[0] === 'object';
}

/** Is `/bin/sh` in the image under a tag? null where that is not known. */
export function hasShell({ shell }: CatalogueEntry, tag: string | null): boolean | null {
  if (shell === undefined || typeof shell === 'boolean') return shell ?? null;
  if (tag === null) return null;
  return shell.find(({ tags }) => coversTag(tags, tag))?.shell ?? null;
}
