import * as assert from 'uvu/assert';
import { findDocuments, workloadProbe } from '../../src/candidates.ts';
import { DEFAULT_OPTIONS, type Options } from '../../src/model/options.ts';
import { splitDocuments } from '../../src/text/documents.ts';
import { holdsWord, mayHoldWord, wordSearch } from '../../src/text/probe.ts';
import { suite } from '../support/suite.ts';

/** The texts of the documents. */
function split(text: string): string[] {
  const bytes = Buffer.from(text);
  return splitDocuments(bytes).map(({ start, end }) => bytes.toString('utf8', start, end));
}

const A = '{"a":1}';
const B = '{"b":"}{ \\" ---"}';

const CASES: readonly (readonly [string, string, readonly string[]])[] = [
  ['nothing', '', []],
  ['one document', 'a: 1\n', ['a: 1\n']],
  ['LF', 'a: 1\n---\nb: 2\n', ['a: 1\n', '---\nb: 2\n']],
  ['CRLF', 'a: 1\r\n---\r\nb: 2\r\n', ['a: 1\r\n', '---\r\nb: 2\r\n']],
  ['a BOM', '\ufeffa: 1\n---\nb: 2', ['\ufeffa: 1\n', '---\nb: 2']],
  ['a BOM before a separator', '\ufeff---\na: 1\n', ['\ufeff---\na: 1\n']],
  ['a separator first', '---\na: 1\n', ['---\na: 1\n']],
  ['separators only', '---\n---\n---', ['---\n', '---\n', '---']],
  ['comments only', '# a\n# b\n', ['# a\n# b\n']],
  ['a comment on the separator', 'a: 1\n--- # next\nb: 2\n', ['a: 1\n', '--- # next\nb: 2\n']],
  ['a comment glued to it, as kubectl allows', 'a: 1\n---#x\nb: 2\n', ['a: 1\n', '---#x\nb: 2\n']],
  ['a tab behind it', 'a: 1\n---\t\nb: 2\n', ['a: 1\n', '---\t\nb: 2\n']],
  ['document ends', 'a: 1\n...\n---\nb: 2\n...\n', ['a: 1\n...\n', '---\nb: 2\n...\n']],
  ['more dashes', 'a: |\n  x\n----\nb: 2\n', ['a: |\n  x\n----\nb: 2\n']],
  ['dashes in a scalar', 'a: |\n  ---\n  x\n', ['a: |\n  ---\n  x\n']],
  ['a word behind the dashes', 'a: 1\n---x\n', ['a: 1\n---x\n']],
  ['a JSON stream', `${A}${B}`, [A, B]],
  ['a JSON stream in lines', ` ${A}\n\n${B}\n`, [` ${A}\n\n`, `${B}\n`]],
  ['a JSON stream with separators', `${A}\n---\n${B}\n`, [`${A}\n`, `---\n${B}\n`]],
  ['one JSON value', `${A}\n`, [`${A}\n`]],
  ['a flow map with text behind it', '{a: 1} # x {\n', ['{a: 1} # x {\n']],
  ['JSON that does not close', '{"a":{', ['{"a":{']],
];

suite('splitDocuments', (test) => {
  for (const [name, text, expected] of CASES) test(name, () => assert.equal(split(text), [...expected]));
  for (const [name, text] of CASES)
    test(`${name}: the documents tile it`, () => assert.is(split(text).join(''), text));
});

function isCandidate(text: string, options: Partial<Options> = {}): boolean {
  const probe = workloadProbe({ ...DEFAULT_OPTIONS, ...options });
  return findDocuments({ name: 'x', bytes: Buffer.from(text) }, probe).some(({ candidate }) => candidate);
}

suite('the probe', (test) => {
  const yes: readonly (readonly [string, string])[] = [
    ['a Job', 'kind: Job\ncontainers:'],
    ['a kind on the next line', 'kind:\n  Job\ncontainers:'],
    ['a quoted kind', `"kind" : 'CronJob'\ncontainers:`],
    ['a unicode escape', 'kind: "J\\u006fb"\ncontainers:'],
    ['a hex escape', 'kind: "\\x4aob"\ncontainers:'],
    ['a long escape', 'kind: "\\U0000004aob"\ncontainers:'],
    ['a word on two lines', 'kind: "Jo\\\n  b"\ncontainers:'],
    ['a word on two lines with CRLF', 'kind: "Jo\\\r\n  b"\ncontainers:'],
    ['an escaped key', 'kind: Job\n"cont\\x61iners":'],
    ['a List', 'kind: List\nitems: [{containers: []}]'],
    ['a Pod', '{"kind":"Pod","spec":{"containers":[]}}'],
  ];
  for (const [name, text] of yes) test(`takes ${name}`, () => assert.ok(isCandidate(text)));
  const no: readonly (readonly [string, string])[] = [
    ['a Deployment', 'kind: Deployment\ncontainers:\n- image: a'],
    ['a Job without containers', 'kind: Job\n'],
    ['a shell line that goes on', 'kind: ConfigMap\ndata: |\n  a \\\n  b\n  containers'],
    ['an escape that is no letter', 'kind: ConfigMap\ndata: "a\\n\\tcontainers"'],
  ];
  for (const [name, text] of no) test(`passes over ${name}`, () => assert.not(isCandidate(text)));

  test('takes a kind of the config with that config only', () => {
    const kinds = [
      {
        apiVersions: ['example.com/*'],
        kind: 'BatchRun',
        podTemplate: 'spec.template',
        restartPolicy: null,
        mayRunForever: true,
      },
    ];
    const text = 'kind: BatchRun\ncontainers:';
    assert.equal([isCandidate(text), isCandidate(text, { kinds })], [false, true]);
    assert.ok(isCandidate('kind: Job\ncontainers:', { kinds }));
  });
  test('takes an Argo Workflow only where it is to be listed', () => {
    for (const kind of ['Workflow', 'CronWorkflow', 'WorkflowTemplate', 'ClusterWorkflowTemplate']) {
      const text = `apiVersion: argoproj.io/v1alpha1\nkind: ${kind}\nspec: {containers: []}\n`;
      assert.equal([isCandidate(text), isCandidate(text, { listsHandled: true })], [false, true]);
    }
    assert.not(isCandidate('kind: Deployment\ncontainers:', { listsHandled: true }));
  });

  test('looks only into its stretch', () => {
    const bytes = Buffer.from('Job xx Job');
    const search = wordSearch(['Job']);
    assert.not(mayHoldWord(bytes, { start: 1, end: 9 }, search));
    assert.ok(mayHoldWord(bytes, { start: 7, end: 10 }, search));
  });

  test('of a word without escapes looks only into its stretch, too', () => {
    const bytes = Buffer.from('Job JJob Jo');
    const word = new TextEncoder().encode('Job');
    const found = (start: number, end: number): boolean => holdsWord(bytes, { start, end }, word);
    assert.equal(
      [found(0, 3), found(0, 2), found(1, 7), found(1, 8), found(6, 11)],
      [true, false, false, true, false],
    );
  });
});
