import type { CatalogueEntry } from '../model/catalogue-entry.ts';
import { CATALOGUE } from './catalogue.ts';

export interface Match {
  readonly entry: CatalogueEntry;
  readonly by: 'image' | 'name';
}

/**
 * The known product that a container is, by its image or else by its name; null when it is none. The user's own entries
 * win over ours; of ours the longest ending of the image does.
 */
export function matchEntry(name: string, image: string, own: readonly CatalogueEntry[] = []): Match | null {
  for (const entries of [own, CATALOGUE]) {
    const product = findByImage(imagePath(image), entries);
    if (product !== null) return { entry: product, by: 'image' };
    const named = entries.find(({ names }) => names.includes(name));
    if (named !== undefined) return { entry: named, by: 'name' };
  }
  return null;
}

function findByImage(path: string, entries: readonly CatalogueEntry[]): CatalogueEntry | null {
  let best: { readonly entry: CatalogueEntry; readonly length: number } | null = null;
  for (const entry of entries) {
    for (const ending of entry.images) {
      const isBetter = best === null || ending.length > best.length;
      if (isBetter && endsWith(path, ending, entry)) best = { entry, length: ending.length };
    }
  }
  return best?.entry ?? null;
}

/** `mycorp/registry` is not Docker's `registry`: an official image's name counts only alone or behind `library/`. */
function endsWith(path: string, ending: string, { repositories }: CatalogueEntry): boolean {
  const isOfficial = repositories.includes(`docker.io/library/${ending}`);
  if (!isOfficial) return `/${path}`.endsWith(`/${ending}`);
  const [first = '', ...rest] = path.split('/');
  const inside = isRegistry(first) ? rest.join('/') : path;
  return inside === ending || `/${inside}`.endsWith(`/library/${ending}`);
}

/** The first segment of a reference names a registry if it looks like a host (distribution's reference grammar). */
export function isRegistry(segment: string): boolean {
  return segment === 'localhost' || /[.:]/.test(segment);
}

/** `registry/path` of an image reference, without tag and digest. */
export function imagePath(image: string): string {
  const [repository = ''] = image.split('@');
  return repository.replace(/:[^/]*$/, '');
}

/** The tag of an image reference; `latest` when it names neither tag nor digest, null when only a digest. */
export function imageTag(image: string): string | null {
  const [repository = '', digest] = image.split('@');
  const tag = /:([^/:]+)$/.exec(repository)?.[1];
  return tag ?? (digest === undefined ? 'latest' : null);
}

/** A pattern that fits the text itself. */
export function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** Does the text fit a pattern in which `*` stands for any characters? */
export function matchesPattern(text: string, pattern: string): boolean {
  const parts = pattern.split('*').map(escapeRegExp);
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text);
}
