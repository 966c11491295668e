import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import * as assert from 'uvu/assert';
import { CATALOGUE } from '../src/catalogue/catalogue.ts';
import { INJECTED } from '../src/catalogue/entries/injected.ts';
import { SELF_ENDING } from '../src/catalogue/entries/self-ending.ts';
import { SERVERS } from '../src/catalogue/entries/servers.ts';
import { SIDECARS } from '../src/catalogue/entries/sidecars.ts';
import { imageTag, matchEntry, matchesPattern } from '../src/catalogue/match.ts';
import { isPublished } from '../src/catalogue/published.ts';
import { coversTag, entrypointOf, hasShell } from '../src/catalogue/tags.ts';
import { USER_ANNOTATIONS } from '../src/kube/annotations.ts';
import { CONTAINER_OPTIONS } from '../src/kube/container-options.ts';
import { HANDLED_KINDS, KINDS } from '../src/kube/kinds.ts';
import type { CatalogueEntry } from '../src/model/catalogue-entry.ts';
import { DIAGNOSTICS } from '../src/model/diagnostic.ts';
import { STRATEGY_NAMES } from '../src/strategies/names.ts';
import { SHELL_SOURCES } from '../src/supervisor/shells.ts';
import { FIXTURES, ROOT } from './support/paths.ts';
import { suite } from './support/suite.ts';

const TEXTS = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(?:yaml|json|diagnostics)$/.test(file))
  .map((file) => readFileSync(join(FIXTURES, file), 'utf8'))
  .join('\n');

function assertSorted(names: readonly string[]): void {
  assert.equal([...names], [...new Set(names)].sort());
}

suite('tables are sorted and without duplicates', (test) => {
  for (const [kind, entries] of Object.entries({ INJECTED, SELF_ENDING, SERVERS, SIDECARS })) {
    test(`catalogue, ${kind}`, () => assertSorted(entries.map(({ id }) => id)));
  }
  test('ids, images and names of the catalogue', () => {
    assert.is(new Set(CATALOGUE.map(({ id }) => id)).size, CATALOGUE.length);
    for (const key of ['images', 'names'] as const) {
      const all = CATALOGUE.flatMap((row) => row[key]);
      assert.is(new Set(all).size, all.length);
    }
  });
  test('kinds', () => {
    assertSorted(KINDS.map(({ kind, apiVersions }) => `${kind} ${apiVersions[0]?.split('/')[0]}`));
    assertSorted(HANDLED_KINDS.map(({ kind }) => kind));
  });
  test('diagnostics', () => assertSorted(Object.keys(DIAGNOSTICS)));
  test('annotations', () => assertSorted(USER_ANNOTATIONS));
});

suite('every row is exercised by a fixture', (test) => {
  // What no fixture can show: an undo, and what only a check says.
  const others = /^(?:undo-|never-completes$)/;
  for (const code of Object.keys(DIAGNOSTICS).filter((code) => !others.test(code))) {
    test(`message ${code}`, () => assert.ok(TEXTS.includes(`[${code}]`)));
  }
  for (const { kind, apiVersions } of KINDS) {
    for (const apiVersion of apiVersions.filter((_, index) => kind !== 'Job' || index === 0)) {
      test(`${apiVersion} ${kind}`, () =>
        assert.match(TEXTS, new RegExp(`apiVersion"?: "?${apiVersion}"?,?\\s+"?kind"?: "?${kind}\\b`)));
    }
  }
  for (const { kind, apiVersion } of HANDLED_KINDS)
    test(`${apiVersion} ${kind}`, () =>
      assert.match(TEXTS, new RegExp(`apiVersion: ${apiVersion}\\s+kind: ${kind}\\b`)));
  for (const { id } of SHELL_SOURCES)
    test(`shell ${id}`, () => assert.match(TEXTS, new RegExp(`source: ${id}`)));
  for (const id of STRATEGY_NAMES)
    test(`strategy ${id}`, () => assert.match(TEXTS, new RegExp(`rewritten"?: "?${id}/`)));
  for (const name of USER_ANNOTATIONS)
    test(`annotation ${name}`, () => assert.ok(TEXTS.includes(`guillotine/${name}`)));
});

interface Schema {
  readonly properties: { readonly [key: string]: { readonly properties: Record<string, unknown> } };
  readonly definitions: {
    readonly [key: string]: {
      readonly enum?: string[];
      readonly properties?: Record<string, { enum?: string[] }>;
    };
  };
}

suite('the config schema says what the tables say', (test) => {
  const schema = JSON.parse(readFileSync(join(ROOT, 'schemas/config.schema.json'), 'utf8')) as Schema;
  const { definitions } = schema;
  const strategies = ['auto', ...STRATEGY_NAMES.map((id) => id)];
  test('strategies', () => {
    assert.equal(definitions['strategy']?.enum, strategies);
    assert.equal(definitions['workload']?.properties?.['strategy']?.enum, [...strategies, 'skip']);
  });
  test('shells', () =>
    assert.equal(definitions['shell']?.enum, ['auto', ...SHELL_SOURCES.map(({ id }) => id)]));
  test('it is a schema', () => {
    const catalogue: object = JSON.parse(readFileSync(join(ROOT, 'schemas/catalogue.schema.json'), 'utf8'));
    const ajv = new Ajv({ allowUnionTypes: true, schemas: [catalogue] });
    assert.not.throws(() => ajv.compile(schema));
  });
  test('entries of the catalogue', () => {
    const text = readFileSync(join(ROOT, 'schemas/catalogue.schema.json'), 'utf8');
    const fields = Object.keys((JSON.parse(text) as Schema).definitions['entry']?.properties ?? {});
    assert.equal(Object.keys(definitions['sidecar']?.properties ?? {}), fields);
  });
  test('options of a container', () => {
    assert.equal(Object.keys(definitions['containerOptions']?.properties ?? {}).sort(), [
      ...CONTAINER_OPTIONS,
    ]);
  });
});

suite('the catalogue', (test) => {
  test('fits its schema', () => {
    const schema: object = JSON.parse(readFileSync(join(ROOT, 'schemas/catalogue.schema.json'), 'utf8'));
    const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
    const isValid = ajv.validate(schema, CATALOGUE);
    assert.ok(isValid, ajv.errorsText());
  });
  const rows: readonly (readonly [string, string, string | null])[] = [
    ['x', 'gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.1', 'cloud-sql-proxy-v2'],
    ['x', 'mirror.example.com:5000/gcr/cloud-sql-connectors/cloud-sql-proxy@sha256:00', 'cloud-sql-proxy-v2'],
    ['x', 'cloud-sql-connectors/cloud-sql-proxy', 'cloud-sql-proxy-v2'],
    ['x', 'other-cloud-sql-connectors/cloud-sql-proxy:1', null],
    ['x', 'gcr.io/cloud-sql-connectors/cloud-sql-proxy-tools:1', null],
    ['x', 'cr.l5d.io/linkerd/proxy:stable', 'linkerd-proxy'],
    ['x', 'cr.l5d.io/linkerd/proxy-init:v2', null],
    ['x', 'cr.l5d.io/linkerd/controller:stable', null],
    ['cloudsql-proxy', 'own', 'cloud-sql-proxy-v2'],
    ['cloudsql-proxy-dump', 'own', null],
    ['proxy', 'own', null],
    ['agent', 'own', null],
    ['x', 'postgres:16', 'postgres'],
    ['x', 'docker.io/library/postgres:16', 'postgres'],
    ['x', 'registry.example.com:5000/library/postgres', 'postgres'],
    ['x', 'postgres', 'postgres'],
    ['x', 'mycorp/postgres:16', null],
    ['x', 'registry.example.com/team/registry:2', null],
    ['x', 'bitnami/redis:7', 'redis-bitnami'],
    ['x', 'gcr.io/istio-release/proxyv2:1.22', 'istio-proxy'],
  ];
  for (const [name, image, expected] of rows) {
    test(`${name} of ${image}`, () => assert.is(matchEntry(name, image)?.entry.id ?? null, expected));
  }
  test('the user’s own entries win', () => {
    const [first] = SIDECARS;
    if (first === undefined) throw new Error('empty');
    const own = { ...first, id: 'own', images: ['cloud-sql-proxy'], names: ['postgres'] };
    assert.is(matchEntry('x', 'gcr.io/cloud-sql-connectors/cloud-sql-proxy:2', [own])?.entry.id, 'own');
    assert.is(matchEntry('postgres', 'x', [own])?.entry.id, 'own');
    assert.is(matchEntry('postgres', 'postgres:16', [own])?.entry.id, 'own');
  });
  test('patterns are no regular expressions', () => {
    assert.ok(matchesPattern('a.b', 'a.*'));
    assert.not(matchesPattern('axb', 'a.*'));
  });
});

suite('images of the publisher', (test) => {
  const entry = (id: string): CatalogueEntry => {
    const found = CATALOGUE.find((row) => row.id === id);
    if (found === undefined) throw new Error(id);
    return found;
  };
  const MIRRORS = ['registry.example.com/mirror/', 'mirror.example.com'];
  const rows: readonly (readonly [string, string, boolean])[] = [
    ['postgres', 'postgres:16', true],
    ['postgres', 'docker.io/library/postgres', true],
    ['postgres', 'index.docker.io/library/postgres', true],
    ['postgres', 'registry.example.com/library/postgres', false],
    ['postgres', 'registry.example.com/mirror/postgres:16', true],
    ['postgres', 'registry.example.com/mirror/library/postgres:16', true],
    ['envoy', 'envoyproxy/envoy:v1.31.0', true],
    ['envoy', 'ghcr.io/envoyproxy/envoy', false],
    ['envoy', 'mirror.example.com/docker.io/envoyproxy/envoy@sha256:00', true],
    ['envoy', 'registry.example.com/mirrored/envoyproxy/envoy', false],
    ['cloud-sql-proxy-v2', 'gcr.io/cloud-sql-connectors/cloud-sql-proxy:2', true],
    ['cloud-sql-proxy-v2', 'registry.example.com/cloud-sql-connectors/cloud-sql-proxy:2', false],
  ];
  for (const [id, image, expected] of rows)
    test(`${image} ${expected ? 'is' : 'is not'}`, () =>
      assert.is(isPublished(image, entry(id), MIRRORS), expected));
});

suite('tags', (test) => {
  const covers: readonly (readonly [string, string, boolean])[] = [
    ['*', 'anything', true],
    ['*-debug*', '3.1.9-debug', true],
    ['*-debug*', '3.1.9', false],
    ['>=2.1', '2.1', true],
    ['>=2.1', 'v2.10.3-alpine', true],
    ['>=2.1', '2.0.14', false],
    ['>=2.1', 'latest', false],
    ['<1.9', '1.8.15', true],
    ['<1.9', '1.9.0', false],
    ['>=3.0 <4.20', '4.19.1', true],
    ['>=3.0 <4.20', '4.20', false],
    ['>2', '3', true],
    ['<=2', '2.5', true],
  ];
  for (const [tags, tag, expected] of covers)
    test(`${tags} ${expected ? 'covers' : 'does not cover'} ${tag}`, () =>
      assert.is(coversTag(tags, tag), expected));
  const tagOf: readonly (readonly [string, string | null])[] = [
    ['a', 'latest'],
    ['host:5000/a', 'latest'],
    ['host:5000/a:1', '1'],
    ['a:1@sha256:00', '1'],
    ['a@sha256:00', null],
  ];
  for (const [image, tag] of tagOf) test(`tag of ${image}`, () => assert.is(imageTag(image), tag));
  const find = (id: string) => CATALOGUE.find((entry) => entry.id === id) ?? SIDECARS[0];
  test('entrypoints and shells by tag', () => {
    const [envoy, bit, sql] = [find('envoy'), find('fluent-bit'), find('cloud-sql-proxy-v1')];
    if (!envoy || !bit || !sql) throw new Error('gone');
    assert.equal(entrypointOf(bit, '3.1.9-debug')?.entrypoint, []);
    assert.equal(entrypointOf(bit, '3.1.9')?.entrypoint, ['/fluent-bit/bin/fluent-bit']);
    assert.is(entrypointOf(bit, '1.9.3'), null);
    assert.equal(entrypointOf(sql, '1.33'), { entrypoint: [], cmd: [] });
    assert.equal(entrypointOf(envoy, 'distroless-v1.31.0')?.entrypoint, ['/usr/local/bin/envoy']);
    assert.equal(entrypointOf(envoy, 'v1.31.0')?.entrypoint, ['/docker-entrypoint.sh']);
    assert.is(hasShell(bit, '3.1.9-debug'), true);
    assert.is(hasShell(bit, '3.1.9'), false);
  });
});
