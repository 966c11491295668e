import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findDocuments } from '../../src/candidates.ts';
import { readConfigFile } from '../../src/cli/config-file.ts';
import { DEFAULT_OPTIONS, type Options } from '../../src/model/options.ts';
import { joinStream } from '../../src/protocols/stream.ts';
import { STRATEGY_NAMES } from '../../src/strategies/names.ts';
import { SUPERVISOR_SCRIPT } from '../../src/supervisor/script.ts';
import { type Outcome, transform } from '../../src/transform.ts';
import { FIXTURES } from './paths.ts';

/** One folder `fixtures/TOPIC/CASE`. */
export interface Fixture {
  readonly name: string;
  readonly folder: string;
  readonly inputName: 'input.yaml' | 'input.json';
  readonly input: Buffer;
  readonly options: Options;
}

export function listFixtures(): Fixture[] {
  const folders = readdirSync(FIXTURES).flatMap((topic) =>
    readdirSync(join(FIXTURES, topic)).map((name) => `${topic}/${name}`),
  );
  if (folders.length === 0) throw new Error(`no fixture in ${FIXTURES}`);
  return folders.sort().map((name) => {
    const folder = join(FIXTURES, name);
    const inputName = existsSync(join(folder, 'input.json')) ? 'input.json' : 'input.yaml';
    const config = join(folder, 'config.yaml');
    const options = existsSync(config) ? readConfigFile(config).options : {};
    const input = readFileSync(join(folder, inputName));
    return { name, folder, inputName, input, options: { ...DEFAULT_OPTIONS, ...options } };
  });
}

/** A fixture, rewritten in one of the ways: with its own options, or with a strategy asked for by name. */
export function listCases(): Fixture[] {
  return listFixtures().flatMap((fixture) => [
    fixture,
    ...STRATEGY_NAMES.map((id) => {
      const options = { ...fixture.options, strategy: id, kubeVersion: { minor: 35, patch: null } };
      return { ...fixture, name: `${fixture.name}, ${id}`, options };
    }),
  ]);
}

export interface Rewritten {
  readonly output: Buffer;
  readonly outcome: Outcome;
}

/** Runs the pipeline on bytes, as the command does. */
export function rewriteBytes(bytes: Uint8Array, options: Options = DEFAULT_OPTIONS): Rewritten {
  const source = { name: 'input.yaml', bytes };
  const documents = findDocuments(source);
  const outcome = transform(documents, options);
  return { outcome, output: Buffer.concat(joinStream([{ source, documents }], outcome.texts)) };
}

export const SCRIPT_TOKEN = '(the supervisor script)';
export const RECORD_TOKEN = '(the undo record)';

/** Writes script and record as one word each, so that a fix of the script does not touch every expectation. */
export function abbreviate(output: string): string {
  const lines = SUPERVISOR_SCRIPT.trimEnd().split('\n');
  const block = lines.map((line) => (line === '' ? '' : `[ ]+${escapeRegExp(line)}`)).join('\\r?\\n');
  return output
    .replace(new RegExp(`\\|\\r?\\n${block}`, 'g'), SCRIPT_TOKEN)
    .replaceAll(JSON.stringify(SUPERVISOR_SCRIPT), JSON.stringify(SCRIPT_TOKEN))
    .replace(/(guillotine\/undo"?:\s*"?)v1[a-zA-Z0-9._-]+/g, `$1${RECORD_TOKEN}`);
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
