import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { undoText } from '../src/text/undo.ts';
import { type GeneratedManifest, manifest } from './support/arbitrary-manifest.ts';
import { rewriteBytes } from './support/fixtures.ts';
import { readWithKubectl } from './support/kubectl.ts';
import { assertMeaning } from './support/meaning.ts';
import { suite } from './support/suite.ts';

const RUNS = Number(process.env['RUNS'] ?? 400);
const SEED = Number(process.env['SEED'] ?? 20_261_123);

/** Rewrites; a generated manifest always holds a sidecar, so it always changes. */
function rewritten({ text }: GeneratedManifest): string {
  const { output, outcome } = rewriteBytes(Buffer.from(text));
  assert.equal(
    outcome.plans.map(({ action }) => action),
    ['rewrite'],
    JSON.stringify(outcome.diagnostics),
  );
  return output.toString();
}

function withoutBom(text: string): string {
  return text.replace(/^\ufeff/, '');
}

suite('any layout', (test) => {
  const holds = (name: string, check: (generated: GeneratedManifest) => void): void => {
    test(name, () => fc.assert(fc.property(manifest, check), { numRuns: RUNS, seed: SEED }));
  };
  holds('is rewritten, and a second run changes nothing', (generated) => {
    const output = rewritten(generated);
    assert.is(rewriteBytes(Buffer.from(output)).output.toString(), output);
  });
  holds('comes back by undo', (generated) => {
    const undone = undoText(withoutBom(rewritten(generated)));
    assert.is('text' in undone ? undone.text : undone, withoutBom(generated.text));
  });
  holds('keeps its line ends and its byte order mark', (generated) => {
    const output = rewritten(generated);
    assert.is(output.startsWith('\ufeff'), generated.text.startsWith('\ufeff'));
    if (generated.text.includes('\r\n')) assert.not.match(output, /[^\r]\n/);
    else assert.not.match(output, /\r/);
  });
  holds('keeps every line that holds no command, null or flow list, in order', (generated) => {
    const lines = rewritten(generated).split(/\r?\n/);
    let at = 0;
    for (const line of generated.text.split(/\r?\n/)) {
      if (/[[{]|null|~|^$/.test(line)) continue;
      const found = lines.indexOf(line, at);
      assert.ok(found >= at, `lost: ${line}`);
      at = found + 1;
    }
  });
});

suite(
  'any layout, read by kubectl',
  (test) => {
    test('means the same with our additions', () => {
      // One stream for all: a process for each would take minutes.
      const samples = fc.sample(manifest, { numRuns: 150, seed: SEED + 1 });
      const asDocument = (text: string): string => withoutBom(text).replace(/^--- ?#?[^\n]*\n/, '');
      const join = (texts: readonly string[]): string => texts.map(asDocument).join('\n---\n');
      const before = readWithKubectl(join(samples.map(({ text }) => text)));
      const after = readWithKubectl(join(samples.map(rewritten)));
      assert.equal([before.length, after.length], [samples.length, samples.length]);
      for (const [index, object] of after.entries()) assertMeaning(before[index] ?? {}, object);
    });
  },
  ['kubectl'],
);
