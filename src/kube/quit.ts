import { CATALOGUE } from '../catalogue/catalogue.ts';
import type { CatalogueEntry } from '../model/catalogue-entry.ts';
import type { QuitCall } from '../model/options.ts';

/** To this pod only, and without a character that the kubelet (`$`) or a shell would read. */
const CALL = /^(GET|POST) (http:\/\/(?:127\.0\.0\.1|localhost)(?::\d{1,5})?\/[\w./~%?&=+:@,;-]*)$/;

const NO_PUT = 'a GET or a POST: the wget of busybox, which makes the call, has no PUT';

/** The known sidecars that can be named, for they end when they are called. */
export const QUITTABLE: readonly CatalogueEntry[] = CATALOGUE.filter(
  ({ quit }) => quit !== undefined && quit.method !== 'PUT',
);

const INJECTED = QUITTABLE.filter(({ kind }) => kind === 'injected').map(({ id }) => id);
const EXPECTED = `a known sidecar that has a quit endpoint (as ${INJECTED.join(', ')}), or "POST http://127.0.0.1:PORT/path", or a list of them`;

/** What stands in the option `quit`; a string says what it must be. */
export function parseQuits(value: unknown): readonly QuitCall[] | string {
  const words: readonly unknown[] = Array.isArray(value) ? value : [value];
  const calls: QuitCall[] = [];
  for (const word of words) {
    const call = typeof word === 'string' ? parseQuit(word) : EXPECTED;
    if (typeof call === 'string') return call;
    calls.push(call);
  }
  return calls.length === 0 ? EXPECTED : calls;
}

function parseQuit(text: string): QuitCall | string {
  const known = CATALOGUE.find(({ id }) => id === text)?.quit;
  const [, method, url] = CALL.exec(text) ?? [];
  if (known?.method === 'PUT' || text.startsWith('PUT ')) return NO_PUT;
  if (known !== undefined) return { id: text, method: known.method, url: known.url };
  if (url === undefined) return EXPECTED;
  return { id: null, method: method === 'POST' ? 'POST' : 'GET', url };
}

export function printQuit({ method, url }: QuitCall): string {
  return `${method} ${url}`;
}

/** The known sidecar whose endpoint this is; null when it is nobody's. */
export function findQuitted({ id, url }: QuitCall): CatalogueEntry | null {
  if (id !== null) return QUITTABLE.find((entry) => entry.id === id) ?? null;
  const same = url.replace('//localhost', '//127.0.0.1');
  return QUITTABLE.find(({ quit }) => quit?.url === same) ?? null;
}

/** Does the call end this sidecar? At another port it may, and one whose path nobody knows is taken at its word. */
export function endsSidecar(call: QuitCall, { quit }: CatalogueEntry): boolean {
  const known = findQuitted(call)?.quit;
  if (known !== undefined) return known.url === quit?.url;
  const path = pathOf(call.url);
  return (
    !QUITTABLE.some((entry) => pathOf(entry.quit?.url ?? '') === path) || pathOf(quit?.url ?? '') === path
  );
}

function pathOf(url: string): string {
  return url.replace(/^http:\/\/[^/]*/, '');
}
