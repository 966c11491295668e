import * as assert from 'uvu/assert';
import type { Shift, Splice } from '../../src/model/source.ts';
import { findByHash, hashText } from '../../src/text/hash.ts';
import { fillRecords, RECORD_PLACEHOLDER } from '../../src/text/record.ts';
import { parseRecord } from '../../src/text/record-format.ts';
import { applySplices } from '../../src/text/splice.ts';
import { undoText } from '../../src/text/undo.ts';
import { suite } from '../support/suite.ts';

const MARK = `\n  guillotine/undo: ${RECORD_PLACEHOLDER}`;

/** Applies insertions `[before which text, what]` to the input, with a record. */
function edit(input: string, ...changes: (readonly [string, string, string?])[]): string {
  const splices = changes.map(([before, text, replaced = '']): Splice => {
    const start = input.indexOf(before);
    return { span: { start, end: start + replaced.length }, text };
  });
  return applySplices(input, fillRecords(input, [splices]).splices);
}

function undone(text: string): string {
  const result = undoText(text);
  assert.ok('text' in result, JSON.stringify(result));
  return 'text' in result ? result.text : '';
}

function failure(text: string): string {
  const result = undoText(text);
  return 'reason' in result ? result.reason : 'none';
}

const INPUT = 'metadata:\n  name: a\nspec:\n  x: null\n  y: [1]\n';
const OUTPUT = edit(INPUT, ['\nspec', MARK], ['null', '\n    z: 1', 'null'], ['1]', '0, ']);

suite('undo', (test) => {
  test('the example was edited', () => {
    assert.match(
      OUTPUT,
      /^metadata:\n {2}name: a\n {2}guillotine\/undo: v1[^\n]+\nspec:\n {2}x: \n {4}z: 1\n {2}y: \[0, 1\]\n$/,
    );
  });
  test('gives the input back', () => assert.is(undone(OUTPUT), INPUT));
  test('leaves text without a record alone', () => assert.is(undone('a: 1\n'), 'a: 1\n'));
  test('does not mind changes elsewhere', () => {
    const changed = OUTPUT.replace('name: a', 'name: another # comment').replace('spec:', 'more: []\nspec:');
    assert.is(
      undone(changed),
      INPUT.replace('name: a', 'name: another # comment').replace('spec:', 'more: []\nspec:'),
    );
  });
  test('does not mind other line ends', () => {
    assert.is(undone(OUTPUT.replaceAll('\n', '\r\n')), INPUT.replaceAll('\n', '\r\n'));
  });
  test('does not mind mixed line ends', () => {
    assert.is(undone(OUTPUT.replace('\nspec', '\r\nspec')), INPUT.replace('\nspec', '\r\nspec'));
  });
  test('refuses a changed stretch', () => assert.is(failure(OUTPUT.replace('z: 1', 'z: 2')), 'changed'));
  test('refuses a stretch that is gone', () => assert.is(failure(OUTPUT.replace('0, ', '')), 'changed'));
  test('refuses a changed line of its own', () => {
    assert.is(failure(OUTPUT.replace('  guillotine/undo', '   guillotine/undo')), 'changed');
  });
  test('refuses a damaged record', () => {
    assert.is(failure(OUTPUT.replace(/(v1\.[^.]+)-/, '$1_')), 'broken');
    assert.is(failure('guillotine/undo: v9.1-1'), 'broken');
    assert.is(failure('guillotine/undo: v1.x'), 'broken');
  });
  test('takes no words for a record', () =>
    assert.is(undone('# guillotine/undo: v1 records'), '# guillotine/undo: v1 records'));
  test('refuses a copy of what bears its name', () => {
    const named = edit(INPUT, ['\nspec', MARK], ['\n  x:', '\n  run: /guillotine/bin/run']);
    assert.is(failure(`${named}\n  run: /guillotine/bin/run\n`), 'copied');
  });
  test('does not mind a copy of what anybody may write', () => {
    assert.is(undone(`${OUTPUT}copy: [0, 1]\n`), `${INPUT}copy: [0, 1]\n`);
  });
  test('refuses a record that was copied elsewhere', () => {
    const record = /v1\S+/.exec(OUTPUT)?.[0] ?? '';
    assert.is(failure(`${INPUT}guillotine/undo: ${record}\n`), 'changed');
  });
  test('refuses a record that was moved out of its stretch', () => {
    const record = /v1\S+/.exec(OUTPUT)?.[0] ?? '';
    assert.is(failure(`${OUTPUT.replace(record, '')}# guillotine/undo: ${record}\n`), 'changed');
  });
  test('finds the record in JSON', () => {
    const json = '{"metadata":{"name":"a"}}';
    const output = edit(json, ['}}', `,"annotations":{"guillotine/undo":"${RECORD_PLACEHOLDER}"}`]);
    assert.match(output, /"guillotine\/undo":"v1\.[^"]+"\}\}\}$/);
    assert.is(undone(output), json);
  });
  test('takes the right one of two that look the same', () => {
    const input = 'a: [same, x]\nb: [x]\nmetadata:\n';
    const output = edit(
      input,
      ['x]\nmeta', 'same, '],
      ['metadata', `guillotine/undo: ${RECORD_PLACEHOLDER}\n`],
    );
    assert.is(undone(output), input);
  });
});

suite('several records in one text', (test) => {
  const input = 'a:\n  name: a\n  x: 1\nb:\n  x: 1\n  name: b\n';
  const at = (text: string, from = 0): { start: number; end: number } => {
    const start = input.indexOf(text, from);
    return { start, end: start };
  };
  const groups = [
    [
      { span: at('\n  x'), text: MARK },
      { span: at('\nb'), text: '\n  new: 1' },
    ],
    [
      { span: at('\n  x', 20), text: '\n  new: 1' },
      { span: at('\n', 38), text: MARK },
    ],
  ];
  const output = applySplices(input, fillRecords(input, groups).splices);

  test('all are undone', () => assert.is(undone(output), input));
  test('a stretch of one is not taken for a stretch of the other', () => {
    assert.is(failure(output.replace('  new: 1', '  old: 1')), 'changed');
  });
});

suite('hash', (test) => {
  const text = 'the quick brown fox jumps over the lazy dog; the quick brown fox sleeps';
  test('finds each stretch where it stands first', () => {
    for (let start = 0; start < text.length; start++) {
      for (const length of [1, 5, 17]) {
        const stretch = text.slice(start, start + length);
        if (stretch.length < length) continue;
        assert.is(findByHash(text, length, hashText(stretch), 0), text.indexOf(stretch));
        assert.is(findByHash(text, length, hashText(stretch), start), start);
      }
    }
  });
  test('finds nothing behind the end', () => {
    assert.is(findByHash(text, 3, hashText('dog'), 60), -1);
    assert.is(findByHash('ab', 3, hashText('abc'), 0), -1);
  });
  test('tells near texts apart', () => assert.is.not(hashText('abc'), hashText('abd')));
});

suite('record', (test) => {
  test('keeps what was replaced, whatever it was', () => {
    const output = edit(
      'x: *ä-1\nmetadata:',
      ['*ä-1', 'copy', '*ä-1'],
      ['metadata', `guillotine/undo: ${RECORD_PLACEHOLDER}\n`],
    );
    assert.is(undone(output), 'x: *ä-1\nmetadata:');
  });
  test('is plain text for every YAML reader', () => {
    assert.match(/guillotine\/undo: (\S+)/.exec(OUTPUT)?.[1] ?? '', /^[A-Za-z][A-Za-z0-9_./-]*$/);
  });
  test('is parsed back', () => {
    const point = { before: { length: 1, hash: 2 }, after: { length: 3, hash: 4 }, skip: 5 };
    assert.equal(parseRecord('v1.a-z.M'), null);
    assert.equal(parseRecord('v1.M.a-z.S1-2-3-4-5-2-3_2a'), [
      { kind: 'stretch', length: 10, hash: 35, replaced: '', point: null },
      { kind: 'stretch', length: 2, hash: 3, replaced: '*', point },
    ]);
    assert.equal(parseRecord('v1.G1-2-3-4-5-1_0a_2c.B1-2-3-4-5-6-7.E1-2-3-4-5'), [
      { kind: 'gap', point, moved: 0, lead: '\n', trail: ',' },
      { kind: 'begin', point, shift: { from: 6, to: 7 } },
      { kind: 'end', point, closes: null },
    ]);
  });
  test('is broken when what was moved has no end, no gap or two', () => {
    const [gap, begin, end] = ['G1-2-3-4-5-1__', 'B1-2-3-4-5', 'E1-2-3-4-5'];
    for (const steps of [[begin, end], [gap, begin], [gap, end, begin], [gap, gap, begin, end], [gap]]) {
      assert.is(parseRecord(['v1', ...steps].join('.')), null, steps.join('.'));
    }
    assert.ok(parseRecord(['v1', gap, begin, end].join('.')));
  });
});

/** The list `a` loses its item `y` to the list `b`, which gets a mark in front and behind. */
function move(input: string, shift: Shift | null = null): string {
  const start = input.indexOf('\n  - y');
  const end = input.indexOf('\n', start + 1 + input.slice(start + 1).indexOf('z: 1'));
  const to = input.length - 1;
  const splices: Splice[] = [
    { span: { start: input.indexOf('\n'), end: input.indexOf('\n') }, text: MARK },
    { span: { start, end }, text: '' },
    {
      span: { start: to, end: to },
      text: '',
      moved: {
        span: { start, end },
        splices: [{ span: { start: end, end }, text: '\n    own: 1' }],
        shift,
        closes: null,
      },
    },
  ];
  return applySplices(input, fillRecords(input, [splices]).splices);
}

suite('undo of a move', (test) => {
  const input = 'top: 1\na:\n  - x: 1\n  - y: 1\n\n    z: 1\n  - w: 1\nb:\n  - v: 1\n';
  const output = move(input);
  test('the example was edited', () => {
    assert.ok(
      output.endsWith('a:\n  - x: 1\n  - w: 1\nb:\n  - v: 1\n  - y: 1\n\n    z: 1\n    own: 1\n'),
      output,
    );
  });
  test('gives the input back', () => assert.is(undone(output), input));
  test('gives the input back with other line ends', () => {
    assert.is(undone(output.replaceAll('\n', '\r\n')), input.replaceAll('\n', '\r\n'));
  });
  test('outdents what was indented, but for empty lines', () => {
    const indented = move(input, { from: 2, to: 4 });
    assert.match(indented, /\n {4}- y: 1\n\n {6}z: 1\n {6}own: 1\n$/);
    assert.is(undone(indented), input);
  });
  test('takes what was changed inside along', () => {
    assert.is(undone(output.replace('y: 1', 'y: 2 # bumped')), input.replace('y: 1', 'y: 2 # bumped'));
  });
  test('finds its places when one side of them was changed', () => {
    const [before, after] = [
      (text: string) => text.replace('v: 1', 'v: 22222'),
      (text: string) => text.replace('w: 1', 'w: 2'),
    ];
    for (const change of [before, after]) assert.is(undone(change(output)), change(input));
  });
  test('refuses when something was put in right at the place', () => {
    assert.is(
      failure(output.replace('\n  - w: 1', '\n  - added: somewhere in the middle\n  - w: 1')),
      'changed',
    );
  });
  test('takes the one place in front of what follows it', () => {
    const twice = `${input}c:\n  - w: 1\nb:\n  - v: 1\n`;
    const start = input.indexOf('\n  - y');
    const end = input.indexOf('\n  - w');
    const to = input.length - 1;
    const splices: Splice[] = [
      { span: { start: 6, end: 6 }, text: MARK },
      { span: { start, end }, text: '' },
      {
        span: { start: to, end: to },
        text: '\nours: guillotine',
        moved: { span: { start, end }, splices: [], shift: null, closes: null },
      },
    ];
    const edited = applySplices(twice, fillRecords(twice, [splices]).splices);
    assert.is(undone(edited.replace('x: 1', 'x: 2')), twice.replace('x: 1', 'x: 2'));
  });
  test('refuses when both sides of a place were changed', () => {
    assert.is(failure(output.replace('x: 1', 'x: 2').replace('w: 1', 'w: 2')), 'changed');
  });
});
