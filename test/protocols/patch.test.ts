import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { toPatches } from '../../src/protocols/patch.ts';
import { type Fixture, listCases, rewriteBytes } from '../support/fixtures.ts';
import { kustomize } from '../support/kubectl.ts';
import { suite } from '../support/suite.ts';
import { makeFolder } from '../support/temp.ts';

interface Case {
  readonly fixture: Fixture;
  readonly output: Buffer;
  readonly patches: string;
}

/** Documents that are no objects, which kustomize does not load. */
const NO_OBJECTS = /^output-(?:json|yaml)\//;

const UNADDRESSABLE = new Set<string>();

/** Every fixture that changes, in each way in which it does. */
function listPatched(): Case[] {
  const cases = new Map<string, Case>();
  for (const fixture of listCases()) {
    const { output, outcome } = rewriteBytes(fixture.input, fixture.options);
    if (output.equals(fixture.input) || NO_OBJECTS.test(fixture.name)) continue;
    const { text, diagnostics } = toPatches(outcome.plans);
    if (diagnostics.length > 0) UNADDRESSABLE.add(fixture.name.replace(/, .*/, ''));
    else cases.set(`${fixture.folder} ${output}`, { fixture, output, patches: text });
  }
  return [...cases.values()];
}

type Write = (row: Case) => { readonly manifests: Uint8Array; readonly patches: string };

/** A kustomization of its own for each case; names get a number, so that all of them can be built at once. */
function build(
  cases: readonly Case[],
  write: (row: Case) => { manifests: Uint8Array; patches: string },
): string[] {
  const folder = makeFolder();
  const bases = cases.map((row, index) => {
    const base = `case${index}`;
    const { manifests, patches } = write(row);
    mkdirSync(join(folder, base));
    writeFileSync(join(folder, base, row.fixture.inputName), manifests);
    const head = `resources: [${row.fixture.inputName}]\nnameSuffix: "-${index}"\n`;
    writeFileSync(join(folder, base, 'kustomization.yaml'), head + patches);
    return base;
  });
  writeFileSync(join(folder, 'kustomization.yaml'), `resources: [${bases.join(', ')}]\n`);
  return splitByCase(kustomize(folder), cases.length);
}

function splitByCase(output: string, count: number): string[] {
  const texts = Array.from({ length: count }, () => '');
  for (const document of output.split(/^---\n/m)) {
    const index = count === 1 ? 0 : Number(/^ {2}name: .*-(\d+)$/m.exec(document)?.[1]);
    assert.ok(index < count, document);
    texts[index] += `---\n${document}`;
  }
  return texts;
}

/** kustomize gives the name of a Namespace no suffix, so two of one name are never built at once. */
function buildAll(cases: readonly Case[], write: Write): string[] {
  const hasFixedName = ({ fixture }: Case): boolean => /"?kind"?: "?Namespace/.test(fixture.input.toString());
  const together = build(
    cases.filter((row) => !hasFixedName(row)),
    write,
  );
  return cases.map((row) => (hasFixedName(row) ? build([row], write).join('') : (together.shift() ?? '')));
}

const CASES = listPatched();

suite(
  'the patches, in the hands of kustomize',
  (test) => {
    const patched = buildAll(CASES, ({ fixture, patches }) => ({ manifests: fixture.input, patches }));
    const rewritten = buildAll(CASES, ({ output }) => ({ manifests: output, patches: '' }));
    test('are there for all but a few fixtures', () => {
      assert.ok(CASES.length > 300, String(CASES.length));
      assert.equal([...UNADDRESSABLE].sort(), [
        'json/stream',
        'kinds/cronjoblist',
        'kinds/joblist',
        'kinds/list-dash-alone',
        'kinds/own-kind',
        'layout/duplicate-keys-edited',
        'layout/folded-scalars',
        'options/stop',
        'output-patch/duplicate-key',
        'output-patch/folded',
        'output-patch/json-stream',
        'output-patch/no-name',
        'output-patch/same-name',
        'unreadable/duplicate-key',
      ]);
    });
    for (const [index, { fixture }] of CASES.entries()) {
      test(`give what the rewrite gives: ${fixture.name}`, () => {
        const expected = (rewritten[index] ?? '').replace(/^ {4}guillotine\/undo: .*\n/gm, '');
        assert.match(expected, /^ {4}guillotine\/rewritten: /m);
        assert.is(patched[index], expected);
      });
    }
  },
  ['kubectl'],
);
