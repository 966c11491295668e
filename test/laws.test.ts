import * as assert from 'uvu/assert';
import type { ObjectId, Value } from '../src/model/object.ts';
import { undoText } from '../src/text/undo.ts';
import { parseDocument } from '../src/yaml/parse.ts';
import { type Fixture, listCases, rewriteBytes } from './support/fixtures.ts';
import { decodeWithKubectl, readAllWithKubectl } from './support/kubectl.ts';
import { assertMeaning } from './support/meaning.ts';
import { suite } from './support/suite.ts';

const FIXTURES = listCases();

function isUtf8(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString()).equals(bytes);
}

const READABLE = FIXTURES.filter(({ input }) => isUtf8(input));
const REWRITTEN = READABLE.filter(({ input, options }) => !rewriteBytes(input, options).output.equals(input));

function rewriteText(text: string, { options }: Fixture): string {
  return rewriteBytes(Buffer.from(text), options).output.toString();
}

suite('law 1: without work the output is the input', (test) => {
  for (const fixture of FIXTURES) {
    test(fixture.name, () => {
      const { output, outcome } = rewriteBytes(fixture.input, fixture.options);
      if (!outcome.plans.some(({ action }) => action === 'rewrite')) assert.ok(output.equals(fixture.input));
    });
  }
});

suite('law 2: a second run changes nothing', (test) => {
  for (const fixture of REWRITTEN) {
    test(fixture.name, () => {
      const once = rewriteText(fixture.input.toString(), fixture);
      assert.is(rewriteText(once, fixture), once);
    });
  }
});

suite('law 3: undo gives the input back', (test) => {
  for (const fixture of REWRITTEN) {
    test(fixture.name, () => {
      const input = fixture.input.toString();
      // As the command does it: document by document.
      const output = rewriteText(input, fixture);
      const parts = output.split(/^(?=---(?:\s|#|$))/m).map((part) => {
        const undone = undoText(part);
        assert.ok('text' in undone, JSON.stringify(undone));
        return 'text' in undone ? undone.text : '';
      });
      assert.is(parts.join(''), input);
    });
    test(`${fixture.name}, after a conversion of line ends`, () => {
      const input = fixture.input.toString();
      if (input.includes('\r')) return;
      const converted = undoText(rewriteText(input, fixture).replaceAll('\n', '\r\n'));
      assert.is('text' in converted ? converted.text : converted, input.replaceAll('\n', '\r\n'));
    });
  }
});

suite('law 4: variants of the input give the same variants of the output', (test) => {
  for (const fixture of READABLE) {
    const input = fixture.input.toString();
    const output = rewriteText(input, fixture);
    test(`${fixture.name} with CRLF`, () => {
      if (input.includes('\r')) return;
      assert.is(rewriteText(input.replaceAll('\n', '\r\n'), fixture), output.replaceAll('\n', '\r\n'));
    });
    test(`${fixture.name} with a BOM`, () => {
      if (input.startsWith('\ufeff')) return;
      assert.is(rewriteText(`\ufeff${input}`, fixture), `\ufeff${output}`);
    });
    test(`${fixture.name} without a final newline`, () => {
      if (!/[^\n\r]\n$/.test(input)) return;
      assert.is(rewriteText(input.slice(0, -1), fixture), output.slice(0, -1));
    });
  }
});

suite('law 7: the same manifest in JSON gives the same object', (test) => {
  for (const fixture of REWRITTEN) {
    test(fixture.name, () => {
      const parsed = parseDocument(fixture.input.toString());
      if (!('value' in parsed) || /^---|\}\s*\{/m.test(fixture.input.toString())) return;
      const [pretty, tight] = [JSON.stringify(parsed.value, null, 2), JSON.stringify(parsed.value)];
      const expected = objectOf(rewriteText(fixture.input.toString(), fixture));
      for (const json of [pretty, tight]) {
        const output = rewriteText(json, fixture);
        assert.not.throws(() => JSON.parse(output), 'JSON in, JSON out');
        assert.equal(objectOf(output), expected);
      }
    });
  }
});

/** The object without what depends on the text: the undo record. */
function objectOf(text: string): Value {
  const parsed = parseDocument(text.replace(/v1\.[a-zA-Z0-9._-]+/g, 'v1'));
  assert.ok('value' in parsed);
  return 'value' in parsed ? parsed.value : null;
}

/** Inputs of which kubectl cannot read every document. */
const UNREADABLE = /^output-(?:json|yaml)\/(?:no-object|unreadable)/;
const JUDGED = REWRITTEN.filter(({ name }) => !UNREADABLE.test(name));

suite(
  'kubectl, the second judge',
  (test) => {
    test('reads every output as the input with our additions', () => {
      const before = readAllWithKubectl(JUDGED.map(({ input }) => input));
      const after = readAllWithKubectl(
        JUDGED.map(({ input, options }) => rewriteBytes(input, options).output),
      );
      for (const [index, objects] of after.entries()) {
        const was = before[index] ?? [];
        assert.is(objects.length, was.length, JUDGED[index]?.name);
        for (const [at, object] of objects.entries()) {
          explain(JUDGED[index]?.name ?? '', () => assertMeaning(was[at] ?? {}, object));
        }
      }
    });
    test('decodes every output into its own types', () => {
      const outputs = JUDGED.flatMap(({ input, options }) => {
        const { output, outcome } = rewriteBytes(input, options);
        // `kubectl set` knows no PodTemplate, no ResourceList and no custom resources.
        const isKnown = outcome.plans.every(({ pod }) => isKnownToSet(pod.workload.id));
        return isKnown && !/kind: ResourceList/.test(output.toString()) ? [output] : [];
      });
      const decoded = decodeWithKubectl(outputs);
      assert.ok(decoded.length >= outputs.length);
      for (const { kind, metadata } of decoded as unknown as ReadonlyArray<{ kind: string; metadata: Value }>)
        assert.ok(kind && metadata);
    });
  },
  ['kubectl'],
);

function isKnownToSet({ apiVersion, kind }: ObjectId): boolean {
  return apiVersion.startsWith('batch/') || (apiVersion === 'v1' && kind === 'Pod');
}

/** Adds the fixture's name to what an assertion says. */
function explain(name: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    (error as Error).message = `${name}: ${(error as Error).message}`;
    throw error;
  }
}
