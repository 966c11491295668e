import * as assert from 'uvu/assert';
import { findImageFacts } from '../../src/catalogue/image-facts.ts';
import { fullReference } from '../../src/catalogue/published.ts';
import type { CatalogueEntry } from '../../src/model/catalogue-entry.ts';
import type { ImageConfig } from '../../src/model/options.ts';
import { suite } from '../support/suite.ts';

const DIGEST = `sha256:${'0'.repeat(64)}`;

suite('references in full', (test) => {
  const rows: readonly (readonly [string, string])[] = [
    ['alpine', 'docker.io/library/alpine'],
    ['alpine:3.20', 'docker.io/library/alpine:3.20'],
    ['docker.io/alpine', 'docker.io/library/alpine'],
    ['index.docker.io/library/alpine:3', 'docker.io/library/alpine:3'],
    ['team/app', 'docker.io/team/app'],
    ['localhost/app', 'localhost/app'],
    ['localhost:5000/app:1', 'localhost:5000/app:1'],
    [`app@${DIGEST}`, `docker.io/library/app@${DIGEST}`],
    [`ghcr.io/a/b:1@${DIGEST}`, `ghcr.io/a/b@${DIGEST}`],
  ];
  for (const [image, expected] of rows) test(image, () => assert.is(fullReference(image), expected));
});

/** The program that the index says for an image; null: it says nothing. */
function programOf(image: string, images: Readonly<Record<string, ImageConfig>>): string | null {
  return findImageFacts('x', image, { images, mirrors: [], sidecars: [] }).start?.entrypoint[0] ?? null;
}

suite('the index of images', (test) => {
  const images = {
    'docker.io/library/app:latest': { entrypoint: ['/latest'] },
    'docker.io/library/app:1': { entrypoint: ['/one'] },
    [`docker.io/library/app@${DIGEST}`]: { entrypoint: ['/digest'] },
    'registry.example.com/app': { entrypoint: ['/every'] },
    'registry.example.com/app:2': { entrypoint: ['/two'] },
    'registry.example.com/app:3': { shell: true },
  };
  const rows: readonly (readonly [string, string | null])[] = [
    ['app', '/latest'],
    ['app:latest', '/latest'],
    ['docker.io/app:1', '/one'],
    ['library/app:1', '/one'],
    ['app:2', null],
    ['team/app:1', null],
    [`app@${DIGEST}`, '/digest'],
    [`app:9@${DIGEST}`, '/digest'],
    [`app:1@${DIGEST.replace('00', '01')}`, null],
    ['registry.example.com/app', '/every'],
    ['registry.example.com/app:1', '/every'],
    ['registry.example.com/app:2', '/two'],
    ['registry.example.com/app:3', '/every'],
    [`registry.example.com/app:2@${DIGEST}`, '/every'],
    ['constructor', null],
    ['__proto__', null],
  ];
  for (const [image, expected] of rows)
    test(`${image} starts ${expected}`, () => assert.is(programOf(image, images), expected));
  test('takes keys as they are written', () => {
    assert.is(programOf('app', { app: { entrypoint: ['/bare'] } }), '/bare');
    assert.is(programOf('app:1', { app: { entrypoint: ['/bare'] } }), '/bare');
  });
  test('what it leaves open, the catalogue says', () => {
    const open = { 'docker.io/envoyproxy/envoy': { shell: false } };
    const facts = findImageFacts('x', 'envoyproxy/envoy:v1.31.0', {
      images: open,
      mirrors: [],
      sidecars: [],
    });
    assert.equal([facts.start?.entrypoint, facts.shell], [['/docker-entrypoint.sh'], false]);
  });
  test('an entrypoint alone means that there is no cmd, and the other way round', () => {
    const said = (config: ImageConfig) =>
      findImageFacts('x', 'app', { images: { app: config }, mirrors: [], sidecars: [] }).start;
    const source = 'the index of images';
    assert.equal(said({ entrypoint: ['/a'] }), { entrypoint: ['/a'], cmd: [], source });
    assert.equal(said({ cmd: ['/a'] }), { entrypoint: [], cmd: ['/a'], source });
    assert.equal(said({ entrypoint: [] }), { entrypoint: [], cmd: [], source });
    assert.is(said({ shell: true }), null);
  });
});

suite('the catalogue is believed', (test) => {
  const rows: readonly (readonly [string, string | null])[] = [
    ['gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1', '/cloud-sql-proxy'],
    ['registry.example.com/cloud-sql-connectors/cloud-sql-proxy:2.14.1', null],
    [`gcr.io/cloud-sql-connectors/cloud-sql-proxy@${DIGEST}`, null],
    [`gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1@${DIGEST}`, '/cloud-sql-proxy'],
    ['mirror.example.com/hub/cloud-sql-connectors/cloud-sql-proxy:2.14.1', '/cloud-sql-proxy'],
    ['mirror.example.com/hub/postgres:16', 'docker-entrypoint.sh'],
    ['mirror.example.com/hub/library/postgres:16', 'docker-entrypoint.sh'],
    ['mirror.example.com/postgres:16', null],
    ['registry.example.com/own:1', null],
    // Of medium confidence.
    ['fsouza/fake-gcs-server:1.49', null],
  ];
  for (const [image, expected] of rows) {
    test(`${image}: ${expected}`, () => {
      const sources = { images: {}, mirrors: ['mirror.example.com/hub/'], sidecars: [] };
      const { start } = findImageFacts('cloud-sql-proxy', image, sources);
      assert.is(start?.entrypoint[0] ?? null, expected);
    });
  }
});

suite('the user’s own entries are believed', (test) => {
  const base = { about: '', images: [], names: [], kind: 'sidecar', repositories: [], source: '' } as const;
  const own: CatalogueEntry = {
    ...base,
    id: 'own',
    names: ['own'],
    entrypoint: ['/own'],
    confidence: 'high',
  };
  const start = (image: string, entry: CatalogueEntry): string | null => {
    const { start } = findImageFacts('own', image, { images: {}, mirrors: [], sidecars: [entry] });
    return start?.entrypoint[0] ?? null;
  };
  test('for every image, of any tag', () => {
    assert.is(start('anything:1', own), '/own');
    assert.is(start(`anything@${DIGEST}`, own), '/own');
  });
  test('for their repositories, if they name some', () => {
    const entry = { ...own, repositories: ['docker.io/team/own'] };
    assert.equal([start('team/own:1', entry), start('anything:1', entry)], ['/own', null]);
  });
  test('by tag, if they have rows by tag', () => {
    const entry = { ...own, entrypoint: [{ tags: '*', entrypoint: ['/own'] }] };
    assert.equal([start('anything:1', entry), start(`anything@${DIGEST}`, entry)], ['/own', null]);
  });
  test('unless they say that they are not sure', () => {
    assert.is(start('anything:1', { ...own, confidence: 'medium' }), null);
  });
});
