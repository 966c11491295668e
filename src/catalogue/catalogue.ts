import type { CatalogueEntry } from '../model/catalogue-entry.ts';
import { INJECTED } from './entries/injected.ts';
import { SELF_ENDING } from './entries/self-ending.ts';
import { SERVERS } from './entries/servers.ts';
import { SIDECARS } from './entries/sidecars.ts';

/** Every known product. */
export const CATALOGUE: readonly CatalogueEntry[] = [...INJECTED, ...SELF_ENDING, ...SERVERS, ...SIDECARS];
