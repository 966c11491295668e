import * as assert from 'uvu/assert';
import { findFlaw } from '../../src/kube/endings/flaw.ts';
import { suite } from '../support/suite.ts';

const SIGN = /touch \/s\/done/g;

function flawOf(script: string, policy = 'Never', shell: readonly string[] = ['sh', '-c']): string | null {
  return findFlaw({ name: 'main', command: [...shell, script] }, SIGN, policy);
}

suite('a sign that is given however main ends', (test) => {
  for (const script of [
    './work; touch /s/done',
    './work; code=$?; touch /s/done; exit $code',
    './work || true; touch /s/done',
    'set -e\n./work || code=$?\ntouch /s/done',
    'set +e\n./work\ntouch /s/done',
    'set -e; trap "touch /s/done" EXIT; ./work',
    'set -e\nfinish() {\n  touch /s/done\n}\ntrap finish EXIT\n./work',
    'if ./work; then touch /s/done; else touch /s/done; exit 1; fi',
    'exec > /dev/stderr; ./work; touch /s/done',
    'set -e; mkdir -p /x; cd /x; touch /s/done',
  ])
    test(JSON.stringify(script), () => assert.is(flawOf(script), null));
});

suite('a sign that a failing main never gives', (test) => {
  const scripts = [
    './work && touch /s/done',
    './work || exit 1; touch /s/done',
    './work || { echo no; exit 1; }; touch /s/done',
    'if ./work; then touch /s/done; fi',
    './work; if [ $? -eq 0 ]; then touch /s/done; fi',
    './work; rc=$?; if [ $rc -ne 0 ]; then exit $rc; fi; touch /s/done',
    'set -e\n./work\ntouch /s/done',
    'set -e\nmkdir /x || true\n./work\ntouch /s/done',
  ];
  for (const script of scripts)
    test(JSON.stringify(script), () => {
      assert.is(flawOf(script), 'when main fails, the sign is never given');
      // Then main is started again, and its sidecar runs on: as it should be.
      assert.is(flawOf(script, 'OnFailure'), null);
    });
  for (const shell of [
    ['bash', '-euo', 'pipefail', '-c'],
    ['sh', '-e', '-c'],
    ['sh', '-ec'],
  ])
    test(shell.join(' '), () => {
      assert.is(flawOf('./work; touch /s/done', 'Never', shell), 'when main fails, the sign is never given');
    });
  for (const script of ['exec ./work; touch /s/done', 'trap "touch /s/done" EXIT\nexec ./work'])
    test(JSON.stringify(script), () =>
      assert.is(flawOf(script), 'exec takes the place of the shell, so the sign is never given'),
    );
});

suite('a sign that a failed main gives although it is started again', (test) => {
  for (const script of ['./work; touch /s/done', 'trap "touch /s/done" EXIT; ./work'])
    test(script, () => assert.match(flawOf(script, 'OnFailure') ?? '', /started again/));
});
