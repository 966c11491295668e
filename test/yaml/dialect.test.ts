import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import type { Value, ValueMap } from '../../src/model/object.ts';
import { parseDocument } from '../../src/yaml/parse.ts';
import { renderEntry, renderFlow, renderString, type Style } from '../../src/yaml/render.ts';
import { readWithKubectl } from '../support/kubectl.ts';
import { suite } from '../support/suite.ts';

const HEAD = 'apiVersion: v1\nkind: Probe\nmetadata: {name: probe}\ndata:\n';

function ours(yaml: string): ValueMap {
  const parsed = parseDocument(yaml);
  if ('reason' in parsed) throw new Error(JSON.stringify(parsed));
  return (parsed.value as ValueMap)['data'] as ValueMap;
}

function kubectls(yaml: string): ValueMap {
  return readWithKubectl(yaml)[0]?.['data'] as ValueMap;
}

// Every form in which YAML 1.1, YAML 1.2 and go-yaml disagree somewhere.
const SCALARS =
  `yes no on off y n Yes NO On OFF Y N true True TRUE false null Null NULL ~ 0755 0o755 0O17 0b101 0B1 0x1E 0X1F
1_000 12:30:45 1:30 2001-01-01 2001-12-14t21:59:43.10-05:00 1e3 1E3 1.5 .5 5. +6 -7 +0 -0 1e400 0123 089 08 9007199254740993
-9007199254740993 12345678901234567890 .inf -.inf 0. 1.0 1.50 1e-7 = << _1 1_ +1_0 0x_1F 1__0 017_7 0o7_7 -0o17`.split(
    /\s+/,
  );

suite(
  'our parser reads what kubectl reads',
  (test) => {
    // JSON has no infinity: kubectl refuses the whole document.
    for (const scalar of SCALARS.filter(
      (text) => !text.includes('inf') && text !== '1e400' && text !== '<<',
    )) {
      test(scalar, () => {
        const yaml = `${HEAD}  v: ${scalar}\n  list: [${scalar}]\n  "quoted": "${scalar}"\n`;
        const [mine, theirs] = [ours(yaml), kubectls(yaml)];
        // JSON.parse rounds what is beyond 2^53; we keep it exact.
        const plain = JSON.parse(
          JSON.stringify(mine, (_, v: Value) => (typeof v === 'bigint' ? Number(v) : v)),
        );
        assert.equal(plain, theirs);
      });
    }
    const rows: readonly (readonly [string, string])[] = [
      ['keys of other types', '  yes: 1\n  2: 3\n  1.5: 5\n  0x10: 6\n'],
      ['duplicate keys', '  a: 1\n  a: 2\n'],
      [
        'merge keys',
        '  base: &b {x: 1, y: 2}\n  c: {<<: *b, y: 3}\n  d:\n    z: 4\n    <<: [*b, {x: 3, w: 4}]\n  e:\n    <<: *b\n    <<: {x: 8}\n',
      ],
      ['anchors', '  a: &a [1, {b: 2}]\n  c: *a\n  d: [*a, *a]\n'],
      ['binary', '  a: !!binary aGVsbG8=\n'],
      ['explicit tags', '  a: !!str 1\n  b: !!int "2"\n  c: !!float 3\n  d: !!bool "true"\n  e: !!null ""\n'],
      [
        'block scalars',
        '  a: |\n    x\n\n\n  b: |+\n    x\n\n\n  c: |-\n    x\n  d: >\n    a\n    b\n\n    c\n  e: |2\n      x\n',
      ],
      ['a block scalar at the end without a line end', '  a: |\n    x'],
      ['a kept block scalar at the end without a line end', '  a: |+\n    x'],
      ['multi-line scalars', '  a: x\n    y\n\n    z\n  b: "x\n    y \\\n    z"\n  c: \'x\n\n    y\'\n'],
      ['escapes', '  a: "\\u00e9\\x41\\t\\e\\0\\N\\_\\L\\P\\U0001F389"\n'],
      ['line ends', '  a: |\r\n    x\r\n    y\r\n  b: "x\r\n    y"\r\n'],
    ];
    test('a merge below a key that it provides is not guessed at', () => {
      const parsed = parseDocument(`${HEAD}  base: &b {x: 1}\n  c:\n    x: 2\n    <<: *b\n`);
      assert.match(
        'reason' in parsed && parsed.reason === 'invalid' ? parsed.why : '',
        /this merge stands below "x"/,
      );
    });
    for (const [name, body] of rows) test(name, () => assert.equal(ours(HEAD + body), kubectls(HEAD + body)));
  },
  ['kubectl'],
);

suite(
  'what we write, kubectl reads as we meant it',
  (test) => {
    const special = fc.constantFrom(
      ...SCALARS,
      '',
      ' ',
      '-',
      '- a',
      '#',
      'a #b',
      ': ',
      'a: b',
      '*a',
      '&a',
      '!a',
      '|',
      '%',
      '@',
      '`',
      '{',
      ']',
      ',',
      "'",
      '"',
      '\\',
      '\u0085',
      '\u2028',
      '\ufeff',
      '\u0000',
      'x\n',
      'x\n\n',
      '\nx',
      'a\nb\n',
      ' a\nb\n',
      'a \nb\n',
      '\t',
      'é',
      '🎉',
      '---',
      '...',
    );
    const text = fc.oneof(special, fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }));
    const style: Style = { eol: '\n', step: 2, dash: 0, literals: true, quote: 'plain' };
    test('1000 strings, in block and flow style and in every kind of quotes', () => {
      const samples = fc.sample(text, { numRuns: 1000, seed: 11 }).filter((sample) => sample.isWellFormed());
      const expected: Record<string, string[]> = {};
      const lines = samples.map((sample, index) => {
        expected[`k${index}`] = [sample, sample, sample];
        const quotes = (['plain', 'single', 'double'] as const).map((quote) => renderString(sample, quote));
        return `  k${index}: [${quotes.join(', ')}]\n${renderEntry(`b${index}`, sample, 2, style).padStart(0)}`;
      });
      const body = lines.map((line) => line.replace('\n', '\n  ')).join('\n');
      const read = kubectls(`${HEAD}${body}\n`);
      for (const [index, sample] of samples.entries()) {
        assert.equal(read[`k${index}`], expected[`k${index}`], JSON.stringify(sample));
        assert.is(read[`b${index}`], sample);
      }
    });
    test('nested values in flow style', () => {
      const value = {
        a: ['x', { 'b/c': 'yes', d: [] }],
        e: {},
        f: 1,
        g: true,
        h: null,
        'metadata[x]': '$(A)',
      };
      assert.equal(kubectls(`${HEAD}  v: ${renderFlow(value)}\n`), { v: value });
    });
  },
  ['kubectl'],
);
