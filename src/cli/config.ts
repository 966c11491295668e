import { existsSync } from 'node:fs';
import type { Options } from '../model/options.ts';

export const DEFAULT_CONFIG = '.guillotine.yaml';

/** What a config file sets; everything else stays at its default. */
export interface Config {
  readonly options: Partial<Options>;
  readonly keepGoing: boolean;
}

/** Reads the file of `--config`, or the default one if it is there; loads parser and validator only then. */
export async function loadConfig(file: string | undefined): Promise<Config> {
  if (file === undefined && !existsSync(DEFAULT_CONFIG)) return { options: {}, keepGoing: false };
  const { readConfigFile } = await import('./config-file.ts');
  return readConfigFile(file ?? DEFAULT_CONFIG);
}
