import * as assert from 'uvu/assert';
import { findDocuments } from '../../src/candidates.ts';
import { isList, type ValueMap } from '../../src/model/object.ts';
import { toJson, toYaml } from '../../src/protocols/convert.ts';
import { joinStream } from '../../src/protocols/stream.ts';
import { listFixtures, rewriteBytes } from '../support/fixtures.ts';
import { readAllWithKubectl } from '../support/kubectl.ts';
import { suite } from '../support/suite.ts';

function inputOf(bytes: Uint8Array) {
  const source = { name: 'input', bytes };
  return [{ source, documents: findDocuments(source) }];
}

function jsonOf(bytes: Uint8Array): string | null {
  const { text, diagnostics } = toJson(inputOf(bytes), new Map());
  return diagnostics.length > 0 ? null : text;
}

function yamlOf(text: string): string {
  const inputs = inputOf(Buffer.from(text));
  const { texts, diagnostics } = toYaml(inputs, new Map());
  assert.equal(diagnostics, []);
  return Buffer.concat(joinStream(inputs, texts)).toString();
}

/** The objects without records, whether they stand in a List or not. */
function objectsOf(stream: readonly ValueMap[]): ValueMap[] {
  return stream.flatMap((object) => {
    if (isList(object['items'])) return objectsOf(object['items'] as readonly ValueMap[]);
    const metadata = object['metadata'] as ValueMap;
    const { 'guillotine/undo': _, ...annotations } = metadata['annotations'] as ValueMap;
    return [{ ...object, metadata: { ...metadata, annotations } }];
  });
}

interface Case {
  readonly name: string;
  readonly output: Buffer;
  readonly json: string;
}

/** kubectl reads no such metadata, and no item that says only one of kind and apiVersion. */
const UNREADABLE = ['refused/wrong-type-metadata', 'kinds/joblist-wrong-items'];

/** Every fixture that can be converted, as it is and as it is rewritten. */
const CASES: readonly Case[] = listFixtures().flatMap(({ name, input, options }) => {
  if (UNREADABLE.includes(name)) return [];
  const { output } = rewriteBytes(input, options);
  return [input, output].flatMap((bytes) => {
    const json = jsonOf(bytes);
    return json === null ? [] : [{ name, output: bytes, json }];
  });
});

suite(
  'what is converted is the same for kubectl',
  (test) => {
    const expected = readAllWithKubectl(CASES.map(({ output }) => output)).map(objectsOf);
    const inJson = readAllWithKubectl(CASES.map(({ json }) => json)).map(objectsOf);
    const back = readAllWithKubectl(CASES.map(({ json }) => yamlOf(json))).map(objectsOf);
    test('there are many', () => assert.ok(CASES.length > 500, String(CASES.length)));
    for (const [index, { name, json }] of CASES.entries()) {
      test(name, () => {
        assert.not.throws(() => JSON.parse(json));
        assert.equal(inJson[index], expected[index]);
        assert.equal(back[index], expected[index]);
      });
    }
  },
  ['kubectl'],
);

const SCALARS = `apiVersion: example.com/v1
kind: Scalars
metadata: {name: a, annotations: {yes: "yes", "1.0": "1.0", "0x1F": "0x1F"}}
spec:
  one: 1.0
  exponent: 1e3
  big: 9007199254740993
  bigger: 123456789012345678901234567890
  small: -0.00000012345
  many: 0.1234567890123456
  octal: 0755
  grouped: 1_000
  truth: yes
  none: ~
  strings: ["yes", "1.0", "1e3", "0755", "null", "~", "", " a", "2001-01-01", "12:30:45", "\\x85", "\\uFEFF", "a: b", "#", "<<", "=", "0b1", "1_000", ".inf", "+1"]
  text: |
    first
      second

    third
  folded: >-
    a
    b
  __proto__: {"toString": 1}
  empty: [{}, [], [[]], {a: {}}]
`;

suite(
  'scalars',
  (test) => {
    test('keep what kubectl reads, in both directions', () => {
      const json = jsonOf(Buffer.from(SCALARS)) ?? '';
      const yaml = yamlOf(json);
      const [asIs, asJson, asYaml] = readAllWithKubectl([SCALARS, json, yaml]);
      assert.equal(asJson, asIs);
      assert.equal(asYaml, asIs);
      assert.match(json, /"big": 9007199254740993,/);
      assert.match(json, /"bigger": 123456789012345678901234567890,/);
      assert.match(yaml, /^ {2}bigger: 123456789012345678901234567890$/m);
      assert.match(json, /"octal": 493,/);
      assert.match(yaml, /^ {2}text: \|\n {4}first\n {6}second\n\n {4}third\n/m);
    });
  },
  ['kubectl'],
);

suite('JSON', (test) => {
  const map = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`;
  const names = (json: string): unknown =>
    (JSON.parse(json) as { items: { metadata: { name: string } }[] }).items.map((item) => item.metadata.name);
  test('of one object is that object, of several a List, of none an empty one', () => {
    assert.is(JSON.parse(jsonOf(Buffer.from(`---\n# c\n---\n${map('a')}---\n`)) ?? '').kind, 'ConfigMap');
    assert.equal(names(jsonOf(Buffer.from(`${map('a')}---\n${map('b')}`)) ?? ''), ['a', 'b']);
    assert.equal(names(jsonOf(Buffer.from('# nothing\n')) ?? ''), []);
  });
  test('has no List in a List, where kubectl would not look', () => {
    const list = `apiVersion: v1\nkind: ConfigMapList\nitems:\n- metadata: {name: b}\n- metadata: {name: c}\n`;
    const json = jsonOf(Buffer.from(`${map('a')}---\n${list}`)) ?? '';
    assert.equal(names(json), ['a', 'b', 'c']);
    assert.is(json.match(/"kind": "ConfigMap",/g)?.length, 3);
  });
  test('alone stays as it is', () => {
    const text = '{"kind":  "X", "metadata": {"annotations": {"guillotine/undo": "v1"}}, "n": 1.0}';
    assert.is(jsonOf(Buffer.from(text)), text);
    assert.not.match(jsonOf(Buffer.from(`---\n${text}`)) ?? '', /undo/);
  });
  test('of what is no object, or holds no number of JSON, is an error', () => {
    for (const text of ['- a\n', 'a: .nan\n', 'a: [-.inf]\n', 'a: [\n', 'a: \xff\n']) {
      assert.is(jsonOf(Buffer.from(text, 'latin1')), null, text);
    }
  });
});

suite('YAML', (test) => {
  test('stays as it is, also flow style and what cannot be read', () => {
    for (const text of [
      'a:   b # c\n',
      '{a: b} # c\n',
      '--- {a: b}\n',
      '{{ if .Values.x }}\na: b\n',
      'a: [\n',
    ])
      assert.is(yamlOf(text), text);
  });
  test('of a JSON stream has a separator before every value', () => {
    assert.is(yamlOf('{"a": 1}\n{"b": [1]} {c: x}'), 'a: 1\n---\nb: [1]\n---\nc: x\n');
    assert.is(yamlOf('---\n{"a": {}}\n---\nb: 1\n'), '---\na: {}\n---\nb: 1\n');
  });
  test('of JSON that cannot be read is an error', () => {
    const { diagnostics } = toYaml(inputOf(Buffer.from('a: 1\n---\n{"a": \n')), new Map());
    assert.equal(
      diagnostics.map(({ code }) => code),
      ['unreadable'],
    );
  });
});
