import { createRequire } from 'node:module';

export const PROJECT = 'https://github.com/guillotine-dev/guillotine';

export function readVersion(): string {
  const { version } = createRequire(import.meta.url)('../../../package.json') as { version: string };
  return version;
}
