import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { EVIDENCE, type EvidenceKind, PRIOR, SURE } from '../src/kube/evidence/weights.ts';
import { countExact, type Judged, judge, summarize } from './accuracy.ts';
import { ROOT } from './support/paths.ts';
import { suite } from './support/suite.ts';

const FOLDER = join(ROOT, 'test/corpus');

// What a person tells from these manifests and the rules do not: a new entry wants a reason, an old one may go.
const LEFT_WRONGLY = [
  '074-gcsfuse-mount.yaml', // a mount held in the foreground by an image that nobody knows
  '102-iperf-server-client.yaml', // `-s` means "serve" to this program only
  '191-wait-for-file-then-serve.yaml', // it waits for main's start, which looks like waiting for its end
  '197-script-in-configmap.yaml', // its script stands in a ConfigMap
];

suite('which container is which, in the project’s own corpus', (test) => {
  const all = judge(FOLDER).filter(({ label }) => label.sure !== 'unsure');
  const files = (verdict: Judged['verdict']): string[] =>
    all.filter((row) => row.verdict === verdict).map(({ label }) => label.file);

  test('has at least 80 workloads in at least 20 groups', () => {
    assert.ok(all.length >= 80);
    assert.ok(new Set(all.map(({ label }) => label.group)).size >= 20);
  });
  test('no main is taken for a sidecar, and no sidecar is waited for beside another one', () =>
    assert.equal(files('wrong'), []));
  test('what needs help gets it, but where the manifest alone hardly tells', () =>
    assert.equal(files('left wrongly'), LEFT_WRONGLY));
  test('at most a tenth is refused, as the mean over groups', () =>
    assert.ok(summarize(all).refused.mean <= 10));
  test('several mains without a sidecar are hardly ever refused', () => {
    const mains = all.filter(({ label }) => label.sidecars.length === 0 && label.containers.length > 1);
    assert.ok(mains.length > 30);
    assert.ok(summarize(mains).refused.mean <= 10);
  });
  test('every label names what is there', () => assert.equal(files('unread'), []));
});

suite('pods that end their sidecars by hand', (test) => {
  const rows = judge(FOLDER);
  const codeOf = ({ plan }: Judged): string =>
    plan === undefined || plan.action === 'rewrite' ? 'rewrite' : plan.code;
  const handled = rows.filter(({ label }) => label.handled && label.sure === 'sure');
  test('there are some', () => assert.ok(handled.length > 20));
  for (const row of handled) {
    test(row.label.file, () => {
      assert.ok(
        row.label.codes.includes(codeOf(row)),
        `${codeOf(row)}: ${row.plan?.diagnostics[0]?.message}`,
      );
    });
  }
});

suite('one kind of evidence alone', (test) => {
  test('decides only if it is of what the container runs or is told, wherever it stands', () => {
    const rows = Object.entries(EVIDENCE).filter(([, { says }]) => says === 'sidecar');
    const deciding = rows.filter(([, { weight }]) => PRIOR + weight + EVIDENCE.last.weight >= SURE);
    assert.equal(deciding.map(([kind]) => kind).sort(), [
      'background', // it starts a child and waits to kill it
      'declared',
      'ended', // another container ends it
      'endless', // its command cannot end by itself
      'image',
      'name',
      'named',
      'server',
      'serverImage',
    ]);
  });
});

suite('every kind of evidence earns its place: without it some pod is told worse', (test) => {
  const isTrusted = ({ label }: Judged): boolean => label.sure !== 'unsure';
  const countRight = (rows: readonly Judged[]): number =>
    rows.filter(({ verdict }) => verdict === 'right').length;
  const base = judge(FOLDER).filter(isTrusted);
  // Whoever names the roles, and a pod of one container, need no corpus.
  const ELSEWHERE: readonly EvidenceKind[] = ['named', 'namedMain', 'only'];
  for (const kind of Object.keys(EVIDENCE) as EvidenceKind[]) {
    if (ELSEWHERE.includes(kind)) continue;
    test(kind, () => {
      const without = judge(FOLDER, kind).filter(isTrusted);
      const isWorse = countRight(without) < countRight(base) || countExact(without) < countExact(base);
      assert.ok(isWorse);
    });
  }
});
