import { escapeRegExp, imagePath, matchEntry } from '../../catalogue/match.ts';
import type { CatalogueEntry } from '../../model/catalogue-entry.ts';
import type { Container, Evidence, PodTemplate } from '../../model/pod.ts';
import { endsAtOnce, lineFrom } from './commands.ts';
import { evidence } from './evidence.ts';
import { basename, type Script, scriptOf } from './script.ts';

/** What image, name and arguments say of the product that a container runs. */
export function catalogueEvidence({ spec }: Container, own: readonly CatalogueEntry[]): Evidence[] {
  const match = matchEntry(spec.name ?? '', spec.image ?? '', own);
  if (match === null) return [];
  const { entry, by } = match;
  const { id, kind } = entry;
  const script = scriptOf(spec);
  const told = findFinite(entry, script, spec.env ?? []);
  if (told !== null) return [evidence('finite', `${told} makes ${id} end`, 'catalogue')];
  const why = `its ${by} is that of ${id}`;
  if (kind === 'self-ending') return [evidence('companion', why, 'catalogue')];
  if (kind === 'server') {
    if (by === 'name') return [evidence('weakWord', why, 'catalogue')];
    return runsAsServer(entry, script)
      ? [evidence('serverImage', `${why}, and it runs as a server`, 'catalogue')]
      : [evidence('clientImage', `${why}, but it runs something else`, 'catalogue')];
  }
  // A product's image may run something else, too; where that is a script, its commands tell.
  const isOther = script.isShell && !mentions(script, entry);
  return isOther ? [] : [evidence(by, why, 'catalogue')];
}

function findFinite(
  entry: CatalogueEntry,
  { words }: Script,
  env: readonly { name: string; value?: string }[],
): string | null {
  for (const row of entry.finite ?? []) {
    if ('arg' in row) {
      const word = words.find((candidate) => candidate === row.arg || candidate === `${row.arg}=true`);
      if (word !== undefined) return word;
    } else if (
      env.some(
        ({ name, value }) => name === row.env && String(value).toLowerCase() === row.value.toLowerCase(),
      )
    ) {
      return `${row.env}=${row.value}`;
    }
  }
  return null;
}

/** The image's default command, the server's program, or only flags for it (docker-library's entrypoints). */
function runsAsServer(entry: CatalogueEntry, script: Script): boolean {
  const { text, program, words, isShell } = script;
  const servers = entry.serverWords ?? [];
  const isServer = (word: string): boolean => servers.includes(word) || servers.includes(basename(word));
  if (isShell)
    return servers.some((word) =>
      new RegExp(`(?:^|[\\s;&|(/])${escapeRegExp(word)}(?=[\\s;&|)]|$)`, 'm').test(text),
    );
  if (program !== '') return isServer(program) || words.slice(0, 4).some(isServer);
  const [first] = words;
  return first === undefined || first.startsWith('-') || words.some(isServer);
}

/** Does the script run the product, other than to check something? */
function mentions({ text }: Script, { id, images, names, entrypoint }: CatalogueEntry): boolean {
  const own = (entrypoint ?? []).flatMap((row) =>
    typeof row === 'string' ? [basename(row)] : row.entrypoint.map(basename),
  );
  const words = [id, ...names, ...images.map(basename), ...own].flatMap((word) => [
    word,
    word.replaceAll('-', '_'),
  ]);
  return words.some((word) => {
    const at = word.length > 2 ? text.indexOf(word) : -1;
    return at >= 0 && !endsAtOnce(lineFrom(text, at));
  });
}

/** Words with which people name what serves a main container; whole words of the name or of the image's last part. */
const WORDS =
  /(?:^|[-_.])(?:sidecar|proxy|shipper|forwarder|collector|exporter|tunnel|refresher|dind|selenium|reloader|daemon)\d?$/;
const WEAK_WORDS =
  /(?:^|[-_.])(?:agent|monitor|server|logger|logs?|logging|watcher|tailer|browser|helper|envoy|statsd|metrics|cache|db|database|redis|postgres|mysql|chrome|vpn|sync)\d?$/;
const WORK_WORDS =
  /(?:^|[-_.])(?:main|job|task|migrate|migrations?|worker|runner|tests?|script|import|export|backup|restore|upload|seed|cleanup|client|init)\d?$/;

export function nameEvidence({ spec }: Container, pod: PodTemplate): Evidence[] {
  const name = spec.name ?? '';
  const image = basename(imagePath(spec.image ?? ''));
  const found: Evidence[] = [];
  const words = [`its name is "${name}"`, `its image is called "${image}"`];
  const strong = [name, image].findIndex((text) => WORDS.test(text));
  const weak = [name, image].findIndex((text) => WEAK_WORDS.test(text));
  if (strong >= 0) found.push(evidence('word', words[strong] ?? ''));
  else if (weak >= 0) found.push(evidence('weakWord', words[weak] ?? ''));
  if (strong < 0 && WORK_WORDS.test(name)) found.push(evidence('workWord', words[0] ?? ''));
  if (name !== '' && isNamedAfter(name, pod.workload.id.name))
    found.push(evidence('jobName', 'it has the workload’s name'));
  return found;
}

/** Equal, but for words such as `-job` at the end of either. */
function isNamedAfter(container: string, workload: string): boolean {
  const plain = (text: string): string =>
    text.replace(/-+$/, '').replace(/[-_.](?:cron-?job|job|cron|task|pod|hook)$/, '');
  return workload !== '' && plain(container) === plain(workload);
}
