import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { DEFAULT_OPTIONS } from '../../src/model/options.ts';
import { escapeDollars } from '../../src/strategies/container-start.ts';
import { expand } from '../supervisor/bench/expand.ts';
import { rewriteBytes } from '../support/fixtures.ts';
import { suite } from '../support/suite.ts';

interface Written {
  readonly command?: readonly string[];
  readonly args?: readonly string[];
}

const ENV = { A: 'expanded', GUILLOTINE_WATCHED_FILE: 'ours' };

/** What the kubelet starts, by https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/. */
function startOf(
  { command = [], args = [] }: Written,
  image: { readonly entrypoint: readonly string[]; readonly cmd: readonly string[] },
): string[] {
  const [ours, theirs] = [command, args].map((words) => words.map((word) => expand(word, ENV)));
  if (ours === undefined || theirs === undefined) throw new Error('two lists');
  if (ours.length > 0) return [...ours, ...theirs];
  return [...image.entrypoint, ...(theirs.length > 0 ? theirs : image.cmd)];
}

function rewrite(written: Written, image: { entrypoint: readonly string[]; cmd: readonly string[] }) {
  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'j' },
    spec: {
      template: {
        spec: {
          restartPolicy: 'Never',
          containers: [
            { name: 'work', image: 'own/work:1', ...written },
            { name: 'envoy', image: 'own', command: ['/envoy'] },
          ],
        },
      },
    },
  };
  const options = { ...DEFAULT_OPTIONS, strategy: 'sentinel', images: { 'docker.io/own/work:1': image } };
  const { output, outcome } = rewriteBytes(Buffer.from(JSON.stringify(job)), options);
  const [container] = parse(output.toString()).spec.template.spec.containers as [Written];
  return { container, outcome };
}

suite('a wrapped container starts what it started before', (test) => {
  const lists = (word: string): readonly (readonly string[])[] => [[], [word, '$(A)', '$$x', '$(unknown)']];
  const written = (word: string) => [undefined, ...lists(word)];
  for (const entrypoint of lists('ENTRYPOINT'))
    for (const cmd of lists('CMD'))
      for (const command of written('command'))
        for (const args of written('args')) {
          const spec: Written = { ...(command && { command }), ...(args && { args }) };
          test(`${JSON.stringify({ entrypoint, cmd, ...spec })}`, () => {
            const image = { entrypoint, cmd };
            const { container, outcome } = rewrite(spec, image);
            const before = startOf(spec, image);
            if (before.length === 0) {
              assert.match(outcome.diagnostics[0]?.message ?? '', /its image starts nothing/);
              return;
            }
            const after = startOf(container, image);
            const at = after.indexOf('main');
            assert.match(after[at - 1] ?? '', /\/bin\/run$/);
            assert.equal(after.slice(at + 1), before);
            // The user's own lists stay as they are.
            if (args?.length) assert.equal(container.args, args);
          });
        }
});

suite('dollars', (test) => {
  const rows: readonly (readonly [string, string])[] = [
    ['$(A)', '$$(A)'],
    ['$$', '$$$$'],
    ['$$(A)', '$$$$(A)'],
    ['$$$', '$$$$$$'],
    ['$A $[A] 5$', '$A $[A] 5$'],
    ['$(', '$$('],
    ['$é', '$$é'],
    ['$😀', '$$😀'],
    ['(A)', '(A)'],
  ];
  for (const [word, expected] of rows)
    test(`${word} is written ${expected}`, () => assert.is(escapeDollars(word), expected));
  test('the kubelet gives every word back', () => {
    const word = fc
      .array(fc.constantFrom('$', '(', ')', 'A', 'x', ' ', '{', '}'), { maxLength: 12 })
      .map((parts) => parts.join(''));
    fc.assert(fc.property(word, (text) => expand(escapeDollars(text), ENV) === text));
  });
});
