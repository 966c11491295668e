import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { createDiagnosticPrinter } from '../src/cli/report.ts';
import type { Diagnostic } from '../src/model/diagnostic.ts';
import { toJson, toYaml } from '../src/protocols/convert.ts';
import { toPatches } from '../src/protocols/patch.ts';
import { joinStream } from '../src/protocols/stream.ts';
import { replaceUnread } from '../src/read.ts';
import { abbreviate, type Fixture, listFixtures, type Rewritten, rewriteBytes } from './support/fixtures.ts';
import { suite } from './support/suite.ts';

const UPDATE = process.env['UPDATE'] === '1';

interface Result {
  readonly file: string;
  /** null: there must be no such file. */
  readonly content: string | null;
}

interface Converted {
  readonly file: string;
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** Topics whose fixtures are about `-o`, and have what it prints beside the rest. */
const OUTPUTS: Readonly<Record<string, (rewritten: Rewritten) => Converted>> = {
  'output-json': ({ inputs, outcome: { texts } }) => ({ file: 'expected.json', ...toJson(inputs, texts) }),
  'output-patch': ({ outcome: { plans } }) => ({ file: 'expected.patch.yaml', ...toPatches(plans) }),
  'output-yaml': ({ inputs, outcome }) => {
    const { texts, diagnostics } = toYaml(inputs, outcome.texts);
    const text = Buffer.concat(joinStream(inputs, texts)).toString();
    return { file: 'expected.converted.yaml', text, diagnostics };
  },
};

/** What must stand in the fixture's folder: the output if it differs from the input, and what was said, if anything. */
function resultsOf(fixture: Fixture): Result[] {
  const rewritten = rewriteBytes(fixture.input, fixture.options);
  const { outcome, output } = rewritten;
  const print = createDiagnosticPrinter();
  const isSame = output.equals(fixture.input);
  const results: Result[] = [
    {
      file: fixture.inputName.replace('input', 'expected'),
      content: isSame ? null : abbreviate(output.toString()),
    },
  ];
  let { diagnostics } = outcome;
  const [topic = ''] = fixture.name.split('/');
  const convert = OUTPUTS[topic];
  if (convert !== undefined) {
    const converted = convert(rewritten);
    const isRefused = converted.diagnostics.length > 0;
    results.push({ file: converted.file, content: isRefused ? null : abbreviate(converted.text) });
    diagnostics = replaceUnread(diagnostics, converted.diagnostics);
  }
  const said = diagnostics.map(print).join('');
  return [...results, { file: 'expected.diagnostics', content: said === '' ? null : said }];
}

suite('fixtures', (test) => {
  for (const fixture of listFixtures()) {
    test(fixture.name, () => {
      for (const { file, content } of resultsOf(fixture)) {
        const path = join(fixture.folder, file);
        if (!UPDATE)
          assert.is(existsSync(path) ? readFileSync(path, 'utf8') : null, content, `${fixture.name}/${file}`);
        else if (content === null) rmSync(path, { force: true });
        else writeFileSync(path, content);
      }
    });
  }
  if (UPDATE) {
    test('update', () => {
      throw new Error('the expectations were rewritten: read the diff, then run the tests without UPDATE');
    });
  }
});
