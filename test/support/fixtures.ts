import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findDocuments, workloadProbe } from '../../src/candidates.ts';
import { readConfigFile } from '../../src/cli/config-file.ts';
import { DEFAULT_OPTIONS, type Options } from '../../src/model/options.ts';
import { type Input, joinStream } from '../../src/protocols/stream.ts';
import { STRATEGY_NAMES } from '../../src/strategies/names.ts';
import { assembleScript, type PartName } from '../../src/supervisor/assemble.ts';
import { PARTS } from '../../src/supervisor/script.ts';
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
  readonly inputs: readonly Input[];
  readonly output: Buffer;
  readonly outcome: Outcome;
}

/** Runs the pipeline on bytes, as the command does. */
export function rewriteBytes(bytes: Uint8Array, options: Options = DEFAULT_OPTIONS): Rewritten {
  const source = { name: 'input.yaml', bytes };
  const documents = findDocuments(source, workloadProbe(options));
  const outcome = transform(documents, options);
  const inputs = [{ source, documents }];
  return { inputs, outcome, output: Buffer.concat(joinStream(inputs, outcome.texts)) };
}

/** One word for the script; what only some pods need is named. */
function scriptToken(parts: readonly PartName[]): string {
  return `(the supervisor script${parts.length > 0 ? `, with ${parts.join(', ')}` : ''})`;
}

/** Every script that there can be. */
function listScripts(): { readonly parts: readonly PartName[]; readonly text: string }[] {
  const names = Object.keys(PARTS) as PartName[];
  return Array.from({ length: 2 ** names.length }, (_, bits) => {
    const parts = names.filter((_name, index) => bits & (1 << index));
    return { parts, text: assembleScript(parts) };
  });
}

const SCRIPTS = listScripts();

export const RECORD_TOKEN = '(the undo record)';

/** Writes script and record as one word each, so that a fix of the script does not touch every expectation. */
export function abbreviate(output: string): string {
  // Undented, every script that stands in a block is one of those that there can be, or none of ours.
  const blocks = output.replace(
    /\|(\r?\n)([ ]+)#!\/bin\/sh(?:\r?\n(?:\2.*)?)+/g,
    (block, eol: string, indent: string) => {
      const text = block
        .slice(1 + eol.length)
        .replaceAll(eol, '\n')
        .replace(new RegExp(`^${indent}`, 'gm'), '');
      const script = SCRIPTS.find((row) => text.trimEnd() === row.text.trimEnd());
      const rest = block.slice(block.trimEnd().length);
      return script === undefined ? block : `${scriptToken(script.parts)}${rest}`;
    },
  );
  const quoted = SCRIPTS.filter(({ text }) => blocks.includes(JSON.stringify(text)));
  return quoted
    .reduce(
      (text, script) =>
        text.replaceAll(JSON.stringify(script.text), JSON.stringify(scriptToken(script.parts))),
      blocks,
    )
    .replace(/(guillotine\/undo"?:\s*"?)v1[a-zA-Z0-9._-]+/g, `$1${RECORD_TOKEN}`);
}
