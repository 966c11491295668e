import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { DEFAULT_OPTIONS, type Options } from '../src/model/options.ts';
import { STRATEGY_NAMES } from '../src/strategies/names.ts';
import { undoText } from '../src/text/undo.ts';
import { type GeneratedManifest, manifest } from './support/arbitrary-manifest.ts';
import { rewriteBytes } from './support/fixtures.ts';
import { readAllWithKubectl } from './support/kubectl.ts';
import { assertMeaning } from './support/meaning.ts';
import { suite } from './support/suite.ts';

const RUNS = Number(process.env['RUNS'] ?? 400);
const SEED = Number(process.env['SEED'] ?? 20_261_123);

/** Rewrites; a generated pod always holds a sidecar, so it always changes. */
function rewritten({ text }: GeneratedManifest, options: Options): string {
  const { output, outcome } = rewriteBytes(Buffer.from(text), options);
  assert.equal(
    [...new Set(outcome.plans.map(({ action }) => action))],
    ['rewrite'],
    JSON.stringify(outcome.diagnostics),
  );
  return output.toString();
}

function withoutBom(text: string): string {
  return text.replace(/^\ufeff/, '');
}

/** `binary` refuses several mains, and makes no edit that `sentinel` does not make. */
const STRATEGIES = STRATEGY_NAMES.filter((id) => id !== 'binary');

/** An item of a block list that goes into a flow list cannot go as text. */
function isWrittenAnew(text: string): boolean {
  return /initContainers: \[ *\{/.test(text);
}

for (const id of STRATEGIES) {
  const options: Options = { ...DEFAULT_OPTIONS, strategy: id };
  suite(`any layout, ${id}`, (test) => {
    const holds = (name: string, check: (generated: GeneratedManifest, output: string) => void): void => {
      test(name, () => {
        const property = fc.property(manifest, (generated) =>
          check(generated, rewritten(generated, options)),
        );
        fc.assert(property, { numRuns: RUNS, seed: SEED });
      });
    };
    holds('is rewritten, and a second run changes nothing', (_, output) => {
      assert.is(rewriteBytes(Buffer.from(output), options).output.toString(), output);
    });
    holds('comes back by undo', ({ text }, output) => {
      const undone = undoText(withoutBom(output));
      assert.is('text' in undone ? undone.text : undone, withoutBom(text));
    });
    holds('keeps its line ends and its byte order mark', ({ text }, output) => {
      assert.is(output.startsWith('\ufeff'), text.startsWith('\ufeff'));
      if (text.includes('\r\n')) assert.not.match(output, /[^\r]\n/);
      else assert.not.match(output, /\r/);
    });
    holds('keeps every line that holds no command, null or flow list', ({ text }, output) => {
      if (isWrittenAnew(text)) return;
      const lines = output.split(/\r?\n/).map((line) => line.trim());
      for (const line of text.split(/\r?\n/).map((row) => row.trim())) {
        if (/[[{]|null|~|^$|^initContainers:/.test(line)) continue;
        const found = lines.indexOf(line);
        assert.ok(found >= 0, `lost: ${line}`);
        lines.splice(found, 1);
      }
    });
    const refused = { alone: 0, beside: 0 };
    holds(
      'gives back a manifest of which other parts were changed, or refuses',
      ({ text, hasTwins }, output) => {
        if (isWrittenAnew(text)) return;
        const bump = (manifest: string): string =>
          manifest.replaceAll(/(worker|fetch|proxy):[12](\.1)?/g, '$1:77.7');
        const undone = undoText(withoutBom(bump(output)));
        if ('text' in undone) assert.is(undone.text, withoutBom(bump(text)));
        else refused[hasTwins ? 'beside' : 'alone']++;
      },
    );
    holds('never gives back something else where lines were put in, at most refuses', ({ text }, output) => {
      const lines = withoutBom(output).split(/(?<=\n)/);
      const original = withoutBom(text).split(/(?<=\n)/);
      // Behind a line that stands once in both: there the same must come out as if it had been put in before.
      const once = (all: readonly string[], line: string): boolean =>
        all.filter((row) => row === line).length === 1;
      const marks = original.filter(
        (line) => /\w/.test(line) && line.endsWith('\n') && once(original, line) && once(lines, line),
      );
      for (const added of ['# added', '      - name: added', ', ', '        restartPolicy: Always', '{}']) {
        for (const mark of marks.slice(0, 5)) {
          const put = (all: readonly string[]): string =>
            all
              .map((line) =>
                line === mark ? `${line}${added}${line.endsWith('\r\n') ? '\r\n' : '\n'}` : line,
              )
              .join('');
          const undone = undoText(put(lines));
          if ('text' in undone) assert.is(undone.text, put(original), `${added} behind ${mark}`);
        }
      }
    });
    test('refuses hardly ever', () => assert.ok(refused.alone <= RUNS / 100, `${refused.alone} of ${RUNS}`));
    // Where both were changed, the place that a moved container left looks the same in either.
    test('refuses seldom where another pod template looks the same', () =>
      assert.ok(refused.beside <= RUNS / 10, `${refused.beside} of ${RUNS}`));
  });
}

suite(
  'any layout, read by kubectl',
  (test) => {
    for (const id of STRATEGIES) {
      test(`means the same with our additions, ${id}`, () => {
        const samples = fc.sample(manifest, { numRuns: 300, seed: SEED + 1 });
        const options: Options = { ...DEFAULT_OPTIONS, strategy: id };
        const before = readAllWithKubectl(samples.map(({ text }) => text));
        const after = readAllWithKubectl(samples.map((sample) => rewritten(sample, options)));
        assert.equal([before.length, after.length], [samples.length, samples.length]);
        for (const [index, [object]] of after.entries())
          assertMeaning(before[index]?.[0] ?? {}, object ?? {});
      });
    }
  },
  ['kubectl'],
);
