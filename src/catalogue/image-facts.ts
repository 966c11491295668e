import type { Argv, CatalogueEntry } from '../model/catalogue-entry.ts';
import type { ImageConfig, Options } from '../model/options.ts';
import { imagePath, imageTag, matchEntry } from './match.ts';
import { fullReference, fullRepository, isPublished, withoutMirror } from './published.ts';
import { entrypointOf, hasShell } from './tags.ts';

/** ENTRYPOINT and CMD of an image; [] : it has none. */
export interface ImageStart {
  readonly entrypoint: Argv;
  readonly cmd: Argv;
  /** For the report: who says so. */
  readonly source: string;
}

/** What is known of the inside of an image; null: nothing. */
export interface ImageFacts {
  readonly start: ImageStart | null;
  /** Is `/bin/sh` in it? */
  readonly shell: boolean | null;
  /** What ends it cleanly and soon, without SIG. */
  readonly stopSignal: string | null;
}

type Sources = Pick<Options, 'images' | 'mirrors' | 'sidecars'>;

/** What the user's index says of the image of a container, and where it is silent the catalogue. */
export function findImageFacts(name: string, image: string, sources: Sources): ImageFacts {
  const said = factsOfIndex(image, sources.images);
  const known = factsOfCatalogue(name, image, sources);
  return { ...known, start: said.start ?? known.start, shell: said.shell ?? known.shell };
}

/** The exact reference, the same one in full, or else its repository, of which the user then means every tag. */
function factsOfIndex(image: string, images: Sources['images']): Omit<ImageFacts, 'stopSignal'> {
  const full = fullReference(image);
  const repository = fullRepository(image);
  const tagged = full === repository ? [`${full}:latest`] : [];
  const keys = [image, full, ...tagged, imagePath(image), repository];
  const rows = keys.flatMap((key): ImageConfig[] => {
    const row = Object.hasOwn(images, key) ? images[key] : undefined;
    return row === undefined ? [] : [row];
  });
  const row = rows.find(({ entrypoint, cmd }) => entrypoint !== undefined || cmd !== undefined);
  const start = row && {
    entrypoint: row.entrypoint ?? [],
    cmd: row.cmd ?? [],
    source: 'the index of images',
  };
  return { start: start ?? null, shell: rows.find(({ shell }) => shell !== undefined)?.shell ?? null };
}

/** Anybody may call an image by a product's name: only the publisher's own are believed, and what the user wrote. */
function factsOfCatalogue(name: string, image: string, { mirrors, sidecars }: Sources): ImageFacts {
  const entry = [image, ...withoutMirror(image, mirrors)]
    .map((reference) => matchEntry(name, reference, sidecars))
    .filter((match) => match !== null)
    .find((match) => isBelieved(image, match.entry, { mirrors, sidecars }))?.entry;
  if (entry === undefined) return { start: null, shell: null, stopSignal: null };
  const tag = imageTag(image);
  const start = entrypointOf(entry, tag);
  const source = sidecars.includes(entry) ? 'the config file' : 'the catalogue';
  const stopSignal = entry.stopSignal?.replace(/^SIG/, '') ?? null;
  return { start: start && { ...start, source }, shell: hasShell(entry, tag), stopSignal };
}

function isBelieved(
  image: string,
  entry: CatalogueEntry,
  { mirrors, sidecars }: Pick<Sources, 'mirrors' | 'sidecars'>,
): boolean {
  if (entry.confidence !== 'high') return false;
  if (sidecars.includes(entry) && entry.repositories.length === 0) return true;
  return imageTag(image) !== null && isPublished(image, entry, mirrors);
}
