import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { parseAllDocuments, parseDocument } from 'yaml';
import { undoText } from '../src/text/undo.ts';
import { listCases, rewriteBytes } from './support/fixtures.ts';
import { kustomize } from './support/kubectl.ts';
import { suite } from './support/suite.ts';
import { makeFolder } from './support/temp.ts';

// Text that a tool wrote anew from the object: undo finds what it wrote and is right, or it refuses. It is never wrong.

const CASES = listCases().flatMap((fixture) => {
  const { output, outcome } = rewriteBytes(fixture.input, fixture.options);
  const [before, after] = [fixture.input.toString(), output.toString()];
  const read = parseAllDocuments(before, { logLevel: 'silent' });
  // What a tool cannot read it does not write anew.
  const isOne = read.length === 1 && read.every(({ errors }) => errors.length === 0);
  return outcome.texts.size > 0 && isOne ? [{ name: fixture.name, before, after }] : [];
});

/** Without what stands for nothing: no tool keeps `null` where a list was to be. */
function objectOf(text: string): unknown {
  return JSON.parse(JSON.stringify(parseDocument(text, { merge: true, logLevel: 'silent' }).toJS() ?? null));
}

const TOOLS: Readonly<Record<string, (text: string) => string>> = {
  'yq -i': (text) => parseDocument(text, { logLevel: 'silent' }).toString({ lineWidth: 0 }),
  'yq -o json': (text) => `${JSON.stringify(objectOf(text), null, 2)}\n`,
};

suite('undo of a text that was written anew', (test) => {
  for (const [tool, write] of Object.entries(TOOLS)) {
    let undone = 0;
    for (const { name, before, after } of CASES)
      test(`${tool}: ${name}`, () => {
        const result = undoText(write(after));
        if ('reason' in result) return;
        undone++;
        assert.equal(objectOf(result.text), objectOf(before));
      });
    test(`${tool}: mostly refused, or mostly right`, () => assert.ok(undone < CASES.length, `${undone}`));
  }
});

suite(
  'undo of what kustomize wrote',
  (test) => {
    // It takes no object without a name.
    const named = CASES.filter(({ before }) => /metadata"?:\s*(?:\{ ?)?"?name"?:/.test(before));
    const some = named.filter((_, index) => index % 25 === 0);
    for (const { name, before, after } of some)
      test(name, () => {
        const folder = makeFolder();
        writeFileSync(join(folder, 'kustomization.yaml'), 'resources: [job.yaml]\n');
        writeFileSync(join(folder, 'job.yaml'), after);
        const result = undoText(kustomize(folder));
        if ('reason' in result) return assert.ok(result.at >= 0);
        writeFileSync(join(folder, 'job.yaml'), before);
        return assert.equal(objectOf(result.text), objectOf(kustomize(folder)));
      });
  },
  ['kubectl'],
);
