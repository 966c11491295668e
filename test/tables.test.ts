import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { matchesPattern, matchSidecar } from '../src/catalogue/match.ts';
import { SIDECARS } from '../src/catalogue/sidecars.ts';
import { CONTAINER_OPTIONS, USER_ANNOTATIONS } from '../src/kube/annotations.ts';
import { KINDS } from '../src/kube/kinds.ts';
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
  test('sidecars', () => assertSorted(SIDECARS.map(({ id }) => id)));
  test('images and names of sidecars', () => {
    for (const key of ['images', 'names'] as const) {
      const all = SIDECARS.flatMap((row) => row[key]);
      assert.is(new Set(all).size, all.length);
    }
  });
  test('kinds', () => assertSorted(KINDS.map(({ kind }) => kind)));
  test('diagnostics', () => assertSorted(Object.keys(DIAGNOSTICS)));
  test('annotations', () => assertSorted(USER_ANNOTATIONS));
});

suite('every row is exercised by a fixture', (test) => {
  for (const code of Object.keys(DIAGNOSTICS).filter((code) => !code.startsWith('undo-'))) {
    test(`message ${code}`, () => assert.ok(TEXTS.includes(`[${code}]`)));
  }
  for (const { kind, apiVersions } of KINDS) {
    for (const apiVersion of apiVersions.filter((_, index) => kind !== 'Job' || index === 0)) {
      test(`${apiVersion} ${kind}`, () =>
        assert.match(TEXTS, new RegExp(`apiVersion"?: "?${apiVersion}"?,?\\s+"?kind"?: "?${kind}\\b`)));
    }
  }
  for (const { id, images } of SIDECARS) {
    test(`sidecar ${id}`, () =>
      assert.ok(images.some((image) => new RegExp(`image"?:\\s+"?\\S*${image}[:@"\\s]`).test(TEXTS))));
  }
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
  test('options of a container', () => {
    assert.equal(Object.keys(definitions['containerOptions']?.properties ?? {}).sort(), [
      ...CONTAINER_OPTIONS,
    ]);
  });
});

suite('the catalogue', (test) => {
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
  ];
  for (const [name, image, expected] of rows) {
    test(`${name} of ${image}`, () => assert.is(matchSidecar(name, image)?.sidecar.id ?? null, expected));
  }
  test('patterns are no regular expressions', () => {
    assert.ok(matchesPattern('a.b', 'a.*'));
    assert.not(matchesPattern('axb', 'a.*'));
  });
});
