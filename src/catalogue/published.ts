import type { CatalogueEntry } from '../model/catalogue-entry.ts';
import { imagePath, isRegistry } from './match.ts';

/**
 * Does the image come from the publisher's own repository, or from below a prefix that the user calls a mirror? Only
 * then what an entry says of the inside of its images is believed: anybody may call an image by the same last words.
 */
export function isPublished(
  image: string,
  { repositories }: CatalogueEntry,
  mirrors: readonly string[] = [],
): boolean {
  if (repositories.includes(fullRepository(image))) return true;
  return withoutMirror(image, mirrors)
    .map(imagePath)
    .flatMap((path) => [path, path.replace(/^library\//, '')])
    .some((path) => {
      return repositories.some((repository) => path === repository || path === withoutRegistry(repository));
    });
}

/** What the image is called below each of the mirrors that it may come from. */
export function withoutMirror(image: string, mirrors: readonly string[]): string[] {
  return mirrors
    .filter((prefix) => image.startsWith(prefix))
    .map((prefix) => image.slice(prefix.length).replace(/^\//, ''));
}

function withoutRegistry(repository: string): string {
  return repository.slice(repository.indexOf('/') + 1).replace(/^library\//, '');
}

/** `postgres:16` is `docker.io/library/postgres`, `a/b` is `docker.io/a/b` (distribution's reference grammar). */
export function fullRepository(image: string): string {
  const path = imagePath(image);
  const [first = ''] = path.split('/');
  const full = isRegistry(first) && path !== first ? path : `docker.io/${path}`;
  return full
    .replace(/^(?:registry-1|index)\.docker\.io\//, 'docker.io/')
    .replace(/^docker\.io\/([^/]+)$/, 'docker.io/library/$1');
}

/** The full repository with the digest or else the tag, if the reference has one: where a digest stands, the tag is not read. */
export function fullReference(image: string): string {
  const [named = '', digest] = image.split('@');
  const tag = digest === undefined ? /:[^/:]+$/.exec(named)?.[0] : `@${digest}`;
  return fullRepository(image) + (tag ?? '');
}
