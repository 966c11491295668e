import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];

process.on('exit', () => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** A folder that goes when the process does. */
export function removeAtExit(folder: string): void {
  made.push(folder);
}

/** A new empty folder, which goes when the process does. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'guillotine-'));
  made.push(folder);
  return folder;
}
