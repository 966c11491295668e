import type { CatalogueEntry } from './entry.ts';
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
  const full = fullRepository(image);
  if (repositories.includes(full)) return true;
  const mirror = mirrors.find((prefix) => imagePath(image).startsWith(prefix));
  if (mirror === undefined) return false;
  const path = imagePath(image).slice(mirror.length).replace(/^\//, '');
  const paths = [path, path.replace(/^library\//, '')];
  return repositories.some(
    (repository) => paths.includes(repository) || paths.includes(withoutRegistry(repository)),
  );
}

function withoutRegistry(repository: string): string {
  return repository.slice(repository.indexOf('/') + 1).replace(/^library\//, '');
}

/** `postgres:16` is `docker.io/library/postgres`, `a/b` is `docker.io/a/b` (distribution's reference grammar). */
function fullRepository(image: string): string {
  const path = imagePath(image);
  const [first = '', ...rest] = path.split('/');
  if (rest.length === 0) return `docker.io/library/${path}`;
  const full = isRegistry(first) ? path : `docker.io/${path}`;
  return full.replace(/^(?:registry-1|index)\.docker\.io\//, 'docker.io/');
}
