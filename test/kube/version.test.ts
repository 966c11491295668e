import * as assert from 'uvu/assert';
import { findKnownBugs, KNOWN_BUGS, mayProbeBlock } from '../../src/kube/known-bugs.ts';
import { hasNativeSidecars, isBefore, parseKubeVersion, printKubeVersion } from '../../src/kube/version.ts';
import type { KubeVersion } from '../../src/model/options.ts';
import { suite } from '../support/suite.ts';

function version(text: string): KubeVersion {
  const parsed = parseKubeVersion(text);
  if (parsed === null) throw new Error(`${text} is no version`);
  return parsed;
}

suite('versions of Kubernetes', (test) => {
  const rows: readonly (readonly [string, string])[] = [
    ['1.31', '1.31'],
    ['v1.31.4', '1.31.4'],
    ['1.29.3-gke.1282000', '1.29.3'],
    ['v1.30.2+k3s1', '1.30.2'],
    ['1.27+', '1.27'],
  ];
  for (const [text, printed] of rows)
    test(`${text} is read`, () => assert.is(printKubeVersion(version(text)), printed));
  for (const text of ['', '31', '2.0', '1', '1.x', 'v1.', '1.31.4.5', 'latest'])
    test(`"${text}" is no version`, () => assert.is(parseKubeVersion(text), null));
  test('native sidecars are on by default since 1.29', () => {
    assert.not(hasNativeSidecars(version('1.28.15')));
    assert.ok(hasNativeSidecars(version('1.29')));
  });
  test('without a patch number the newest patch is meant', () => {
    assert.not(isBefore(version('1.33'), 33, 6));
    assert.ok(isBefore(version('1.33.5'), 33, 6));
    assert.not(isBefore(version('1.33.6'), 33, 6));
    assert.ok(isBefore(version('1.32.99'), 33, 6));
  });
});

suite('known bugs of releases', (test) => {
  const issues = (text: string): string[] => findKnownBugs(version(text)).map(({ issue }) => issue);
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['1.29.2', ['kubernetes#123323', 'kubernetes#126543', 'kubernetes#132826']],
    ['1.29.3', ['kubernetes#126543', 'kubernetes#132826']],
    ['1.30.5', ['kubernetes#132826']],
    ['1.32', ['kubernetes#132826']],
    ['1.33', []],
    ['1.33.5', ['kubernetes#132826']],
    ['1.34.1', ['kubernetes#132826']],
    ['1.34.2', []],
    ['1.35.3', ['kubernetes#137146']],
    ['1.35.4', []],
    ['1.36.0', []],
  ];
  for (const [text, expected] of rows) test(text, () => assert.equal(issues(text), expected));
  test('a probe may block main where nothing is known of the cluster', () => {
    assert.ok(mayProbeBlock(null));
    assert.ok(mayProbeBlock(version('1.31')));
    assert.not(mayProbeBlock(version('1.34')));
  });
  test('every row has an affected release', () => {
    for (const { minors, fixed } of KNOWN_BUGS) {
      assert.ok(minors[0] <= minors[1]);
      for (const minor of Object.keys(fixed).map(Number)) assert.ok(minor >= minors[0] && minor <= minors[1]);
    }
  });
});
