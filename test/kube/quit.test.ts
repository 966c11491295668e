import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { CATALOGUE } from '../../src/catalogue/catalogue.ts';
import { endsSidecar, findQuitted, parseQuits, QUITTABLE } from '../../src/kube/quit.ts';
import type { QuitCall } from '../../src/model/options.ts';
import { ROOT } from '../support/paths.ts';
import { suite } from '../support/suite.ts';

function parse(value: unknown): readonly QuitCall[] {
  const calls = parseQuits(value);
  if (typeof calls === 'string') throw new Error(calls);
  return calls;
}

const GOOD: readonly (readonly [unknown, readonly string[]])[] = [
  ['istio-proxy', ['POST http://127.0.0.1:15020/quitquitquit']],
  ['daprd', ['POST http://127.0.0.1:3500/v1.0/shutdown']],
  ['POST http://127.0.0.1:15020/quitquitquit', ['POST http://127.0.0.1:15020/quitquitquit']],
  ['GET http://localhost/stop?now=1&x=%20', ['GET http://localhost/stop?now=1&x=%20']],
  [
    ['istio-proxy', 'GET http://127.0.0.1:1/'],
    ['POST http://127.0.0.1:15020/quitquitquit', 'GET http://127.0.0.1:1/'],
  ],
];
const BAD: readonly unknown[] = [
  '',
  'istio',
  'constructor',
  'filebeat',
  'pushgateway',
  'http://127.0.0.1:1/',
  'PUT http://127.0.0.1:1/',
  'post http://127.0.0.1:1/',
  'POST https://127.0.0.1:1/',
  'POST http://127.0.0.1:1',
  'POST http://127.0.0.1.example.com/',
  'POST http://10.0.0.1:1/',
  'POST http://127.0.0.1:1/$(X)',
  'POST http://127.0.0.1:1/a b',
  'POST http://127.0.0.1:1/\nGET http://127.0.0.1:1/',
  'POST http://127.0.0.1:1/`id`',
  [],
  [1],
  ['istio-proxy', 'istio'],
  null,
  7,
  {},
];

suite('the option quit', (test) => {
  for (const [value, expected] of GOOD)
    test(JSON.stringify(value), () =>
      assert.equal(
        parse(value).map(({ method, url }) => `${method} ${url}`),
        expected,
      ),
    );
  for (const value of BAD)
    test(`not ${JSON.stringify(value)}`, () => assert.type(parseQuits(value), 'string'));
  test('says why a PUT cannot be made', () => {
    for (const value of ['PUT http://127.0.0.1:1/', 'pushgateway'])
      assert.match(String(parseQuits(value)), 'no PUT');
  });
  test('the schema of the config takes the same', () => {
    const text = readFileSync(join(ROOT, 'schemas/config.schema.json'), 'utf8');
    const { quit } = JSON.parse(text).definitions.containerOptions.properties;
    const fits = (value: unknown): boolean => {
      if (Array.isArray(value)) return value.length >= quit.minItems && value.every((item) => fits(item));
      return typeof value === 'string' && new RegExp(quit.pattern).test(value);
    };
    assert.is(quit.items.pattern, quit.pattern);
    for (const [value] of GOOD) assert.ok(fits(value), JSON.stringify(value));
    for (const value of BAD) assert.not.ok(fits(value), JSON.stringify(value));
    for (const { id } of CATALOGUE)
      assert.is(
        fits(id),
        QUITTABLE.some((row) => row.id === id),
        id,
      );
  });
});

suite('whom a call ends', (test) => {
  const rows: readonly (readonly [string, string, boolean])[] = [
    ['istio-proxy', 'istio-proxy', true],
    ['daprd', 'istio-proxy', false],
    ['POST http://127.0.0.1:15020/quitquitquit', 'istio-proxy', true],
    ['POST http://localhost:15020/quitquitquit', 'istio-proxy', true],
    ['POST http://127.0.0.1:15021/quitquitquit', 'istio-proxy', true],
    ['POST http://127.0.0.1:9091/quitquitquit', 'istio-proxy', false],
    ['POST http://127.0.0.1:3501/v1.0/shutdown', 'daprd', true],
    ['POST http://127.0.0.1:3501/v1.0/shutdown', 'istio-proxy', false],
    ['POST http://127.0.0.1:8080/close', 'istio-proxy', true],
  ];
  for (const [text, id, expected] of rows) {
    test(`${text} ${expected ? 'ends' : 'does not end'} ${id}`, () => {
      const entry = CATALOGUE.find((row) => row.id === id);
      if (entry === undefined) throw new Error(id);
      assert.is(
        parse(text).some((call) => endsSidecar(call, entry)),
        expected,
      );
    });
  }
  test('what was named counts, where two have the same endpoint', () => {
    assert.is(parse('cloud-sql-proxy-v2').map(findQuitted)[0]?.id, 'cloud-sql-proxy-v2');
    assert.is(parse('POST http://127.0.0.1:1/x').map(findQuitted)[0], null);
  });
});
