// `npm run released`: writes down what this version makes of every fixture. At a release only: see CONTRIBUTING.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listCases, rewriteBytes } from './support/fixtures.ts';
import { ROOT } from './support/paths.ts';

/** By `fixture, strategy`: hashes of what goes in (with its settings) and of what comes out. */
export type Released = Readonly<Record<string, readonly [input: string, output: string]>>;

export const RELEASED = join(ROOT, 'test/released.json');

export function readReleased(): Released {
  return JSON.parse(readFileSync(RELEASED, 'utf8')) as Released;
}

/** What the code at hand makes of the fixtures, but for those it does not change. */
export function releaseNow(): Released {
  const rows = listCases().flatMap((fixture) => {
    const { output, outcome } = rewriteBytes(fixture.input, fixture.options);
    if (outcome.texts.size === 0) return [];
    const config = join(fixture.folder, 'config.yaml');
    const settings = existsSync(config) ? readFileSync(config) : '';
    return [[fixture.name, [hash(fixture.input, settings), hash(output)]] as const];
  });
  return Object.fromEntries(rows);
}

function hash(...parts: readonly (string | Uint8Array)[]): string {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part);
  return sum.digest('base64url').slice(0, 22);
}

if (process.argv[1]?.endsWith('released.js')) {
  const rows = Object.entries(releaseNow()).map(
    (row) => `${JSON.stringify(row[0])}: ${JSON.stringify(row[1])}`,
  );
  writeFileSync(RELEASED, `{\n${rows.join(',\n')}\n}\n`);
}
