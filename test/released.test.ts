import * as assert from 'uvu/assert';
import { readReleased, releaseNow } from './released.ts';
import { suite } from './support/suite.ts';

suite('law 8: what was released', (test) => {
  const released = readReleased();
  const now = releaseNow();
  const comparable = Object.entries(released).filter(([name, [input]]) => now[name]?.[0] === input);

  test('is written byte for byte as it was, for every input that did not change', () => {
    const changed = comparable
      .filter(([name, [, output]]) => now[name]?.[1] !== output)
      .map(([name]) => name);
    assert.equal(
      changed,
      [],
      'A changed byte in a pod template is a failed `kubectl apply` on every existing Job. See "A change of what is written" in CONTRIBUTING.md.',
    );
  });
  test('keeps its inputs: a fixture that was released stays as it was', () => {
    const known = new Set(comparable.map(([name]) => name));
    assert.equal(
      Object.keys(released).filter((name) => !known.has(name)),
      [],
      'make another fixture for what is new',
    );
  });
  test('is not nothing', () => assert.ok(comparable.length > 400, `${comparable.length} outputs`));
});
