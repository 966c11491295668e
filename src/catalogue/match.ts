import { type KnownSidecar, SIDECARS } from './sidecars.ts';

export interface Match {
  readonly sidecar: KnownSidecar;
  readonly by: 'image' | 'name';
}

/** The known sidecar that a container is, by its image or else by its name; null when it is none. */
export function matchSidecar(name: string, image: string): Match | null {
  const path = `/${imagePath(image)}`;
  const byImage = SIDECARS.find((row) => row.images.some((suffix) => path.endsWith(`/${suffix}`)));
  if (byImage !== undefined) return { sidecar: byImage, by: 'image' };
  const byName = SIDECARS.find((row) => row.names.includes(name));
  return byName === undefined ? null : { sidecar: byName, by: 'name' };
}

/** `registry/path` of an image reference, without tag and digest. */
export function imagePath(image: string): string {
  const [repository = ''] = image.split('@');
  return repository.replace(/:[^/]*$/, '');
}

/** Does the text fit a pattern in which `*` stands for any characters? */
export function matchesPattern(text: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text);
}
