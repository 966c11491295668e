import * as assert from 'uvu/assert';
import type { Value } from '../../src/model/object.ts';
import { applyEdits, firstDifference } from '../../src/yaml/oracle.ts';
import { parseDocument } from '../../src/yaml/parse.ts';
import { verify } from '../../src/yaml/verify.ts';
import { suite } from '../support/suite.ts';

suite('verify', (test) => {
  test('lets pass what is as planned', () => assert.not.throws(() => verify('a: 1\n', 'a: 1\n', { a: 1 })));
  test('throws when the object is not the planned one', () => {
    assert.throws(() => verify('a: 1\n', 'a: 1\n', { a: 2 }), /differs from its plan at a/);
    assert.throws(() => verify('a: 1\n', 'a: 1\n', { a: 1, b: [] }), /differs from its plan at b/);
  });
  test('throws when the text cannot be read', () => {
    assert.throws(() => verify('a: 1\n', 'a: [\n', { a: 1 }), /cannot be read/);
  });
  test('throws when undo would not give the input back', () => {
    assert.throws(() => verify('a: 1 # c\n', 'a: 1\n', { a: 1 }), /undo would not give the document back/);
  });
});

suite('the oracle', (test) => {
  const set = (path: (string | number)[], value: Value) => ({ op: 'set', path, value }) as const;
  test('makes what is absent on the way', () => {
    assert.equal(applyEdits({}, [set(['a', 'b'], 1), { op: 'append', path: ['a', 'c'], values: [2] }]), {
      a: { b: 1, c: [2] },
    });
    assert.equal(applyEdits({ a: null }, [set(['a', 'b'], 1)]), { a: { b: 1 } });
  });
  test('keeps the order of prepended items', () => {
    assert.equal(applyEdits({ a: [3] }, [{ op: 'prepend', path: ['a'], values: [1, 2] }]), { a: [1, 2, 3] });
  });
  test('never replaces a value', () => {
    assert.throws(() => applyEdits({ a: 1 }, [set(['a'], 2)]), /has a value already/);
    assert.throws(() => applyEdits({ a: 1 }, [set(['a', 'b', 'c'], 2)]), /leads through a scalar/);
    assert.throws(() => applyEdits({ a: [] }, [set(['a', 0, 'b'], 2)]), /an item that is not there/);
  });
  test('un-shares what an alias shares', () => {
    const parsed = parseDocument('a: &x {l: [1]}\nb: *x\n');
    assert.ok('value' in parsed);
    const after = applyEdits('value' in parsed ? parsed.value : null, [
      { op: 'append', path: ['b', 'l'], values: [2] },
    ]);
    assert.equal(after, { a: { l: [1] }, b: { l: [1, 2] } });
  });
  test('does not touch what it was given', () => {
    const value = { a: [1] };
    applyEdits(value, [{ op: 'append', path: ['a'], values: [2] }]);
    assert.equal(value, { a: [1] });
  });
  test('an odd key is an ordinary one', () => {
    const value = JSON.parse('{"__proto__": {"x": 1}}') as Value;
    assert.is(JSON.stringify(applyEdits(value, [])), '{"__proto__":{"x":1}}');
  });
  test('tells the first difference', () => {
    assert.is(firstDifference({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }), null);
    assert.equal(firstDifference({ a: [1, { b: 2 }] }, { a: [1, { b: 3 }] }), ['a', 1, 'b']);
    assert.equal(firstDifference([1], [1, 2]), [1]);
    assert.equal(firstDifference({}, { a: null }), ['a']);
    assert.equal(firstDifference(1n, 1), []);
  });
});
