// Writes the generated parts of the README; `readme.test.ts` fails when they are stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE } from '../src/catalogue/catalogue.ts';
import { parseArguments } from '../src/cli/program.ts';
import { KINDS } from '../src/kube/kinds.ts';
import type { CatalogueEntry } from '../src/model/catalogue-entry.ts';
import { AUTO } from '../src/strategies/auto.ts';
import type { Strategy } from '../src/strategies/strategy.ts';
import { assembleScript } from '../src/supervisor/assemble.ts';
import { cli } from './support/cli.ts';
import { rewriteBytes } from './support/fixtures.ts';
import { FIXTURES, ROOT } from './support/paths.ts';

export const README: string = join(ROOT, 'README.md');
/** The files with generated parts. */
export const DOCS: readonly string[] = [README, join(ROOT, 'docs/known-sidecars.md')];
/** One whose part is measured, with the real hosts. */
export const MEASURED_DOCS: string = join(ROOT, 'docs/hosts.md');

const KINDS_OF_ENTRIES: Readonly<Record<CatalogueEntry['kind'], string>> = {
  sidecar: 'sidecars',
  injected: 'sidecars that a webhook injects; they stand in manifests, too',
  server:
    'servers: sidecars where they run as servers beside a main container, which may as well be their client',
  'self-ending': 'companions that end by themselves, and are waited for',
};

function byId(entries: readonly CatalogueEntry[]): CatalogueEntry[] {
  return [...entries].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function code(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ');
}

function printShell({ shell }: CatalogueEntry): string {
  if (shell === undefined) return '';
  return typeof shell === 'boolean' ? (shell ? 'yes' : 'no') : 'by tag';
}

function printEntrypoint({ entrypoint, confidence }: CatalogueEntry): string {
  if (entrypoint === undefined || confidence !== 'high') return '';
  if (entrypoint.length === 0) return 'none';
  return typeof entrypoint[0] === 'string' ? code([entrypoint.join(' ')]) : 'by tag';
}

const PARTS: Readonly<Record<string, () => string | Promise<string>>> = {
  auto: () =>
    table(
      ['clusters', 'what `auto` tries, in this order'],
      AUTO.map(({ clusters, tries }) => [clusters, tries.map(printTry).join(', ')]),
    ),
  diff: () => fence('diff', diffOfExample()),
  hosts: async () => {
    const { HOST_COLUMNS, measureHosts } = await import('./hosts.ts');
    return table(HOST_COLUMNS, measureHosts());
  },
  explain: async () => {
    const example = join(FIXTURES, 'readme/migrate/input.yaml');
    const { stdout } = await cli(['explain', '-f', example, '--kube-version', '1.36']);
    return fence('', `$ kubectl guillotine explain -f migrate.yaml --kube-version 1.36\n${stdout}`);
  },
  help: () => fence('', helpText()),
  kinds: () =>
    table(
      ['kind', 'in', 'pod templates', 'if'],
      KINDS.map(({ kind, apiVersions, podTemplate, mayRunForever }) => [
        `\`${kind}\``,
        apiVersions.map((version) => `\`${version}\``).join(', '),
        podTemplate === '' ? 'itself' : code([podTemplate]),
        mayRunForever ? '`restartPolicy: Never` or `OnFailure`' : '',
      ]),
    ),
  catalogue: () =>
    table(
      ['product', 'what it is', 'images that end in', 'container names', 'shell', 'entrypoint'],
      byId(CATALOGUE).map((entry) => [
        entry.id,
        entry.about,
        code(entry.images),
        code(entry.names),
        printShell(entry),
        printEntrypoint(entry),
      ]),
    ),
  sidecars: () =>
    table(
      ['', 'products'],
      Object.entries(KINDS_OF_ENTRIES).map(([kind, about]) => [
        about,
        byId(CATALOGUE.filter((entry) => entry.kind === kind))
          .map(({ id }) => id)
          .join(', '),
      ]),
    ),
};

/** The text with its generated parts made anew. */
export async function renderDocs(text: string): Promise<string> {
  const parts = text.split(/(?<=<!-- generated: \w+ -->\n)[\s\S]*?(?=<!-- end -->)/);
  let rendered = '';
  for (const part of parts) {
    const name = /<!-- generated: (\w+) -->\n$/.exec(part)?.[1];
    if (name !== undefined && PARTS[name] === undefined) throw new Error(`nothing generates "${name}"`);
    rendered += part + (name === undefined ? '' : `${await PARTS[name]?.()}\n`);
  }
  return rendered;
}

/** Tried once more, the sentinel holds those mains on a lifeline that it could not wrap before. */
function printTry(strategy: Strategy, index: number, tries: readonly Strategy[]): string {
  const isAgain = tries.slice(0, index).some(({ id }) => id === strategy.id);
  return isAgain ? `${strategy.id} with mains on a [lifeline](docs/lifeline.md)` : strategy.id;
}

function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

function helpText(): string {
  const answer = parseArguments(['--help'], 'kubectl guillotine');
  return 'text' in answer ? answer.text : '';
}

/** The example's diff, with the script and the record cut short. */
function diffOfExample(): string {
  const input = readFileSync(join(FIXTURES, 'readme/export/input.yaml'));
  const output = rewriteBytes(input).output.toString();
  const script = assembleScript([]).trimEnd().split('\n');
  const shown = `|\n          ${script[0]}\n          ${script[1]}\n          … ${script.length - 2} more lines\n`;
  const short = output
    .replace(/\|\n {10}#!\/bin\/sh\n(?: {10}.*\n|\n)+/, shown)
    .replace(/(guillotine\/undo: v1)\S+/, '$1.…');
  return diff(input.toString().trimEnd().split('\n'), short.trimEnd().split('\n'));
}

/** Every line of `after`; a line of `before` that is not in it stands above the one that took its place. */
function diff(before: readonly string[], after: readonly string[]): string {
  const lines: string[] = [];
  let at = 0;
  for (const line of after) {
    if (line === before[at]) {
      lines.push(` ${line}`);
      at++;
      continue;
    }
    const old = before[at] ?? '';
    const isChanged = old.includes('command:') && line.includes('command:') && !after.includes(old);
    if (isChanged) {
      lines.push(`-${old}`);
      at++;
    }
    lines.push(`+${line}`);
  }
  if (at < before.length) throw new Error(`the diff lost the line ${before[at]}`);
  return lines.join('\n');
}

if (process.argv[1]?.endsWith('docs.js')) {
  for (const file of [...DOCS, MEASURED_DOCS])
    writeFileSync(file, await renderDocs(readFileSync(file, 'utf8')));
}
