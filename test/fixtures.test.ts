import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { createDiagnosticPrinter } from '../src/cli/report.ts';
import { abbreviate, type Fixture, listFixtures, rewriteBytes } from './support/fixtures.ts';
import { suite } from './support/suite.ts';

const UPDATE = process.env['UPDATE'] === '1';

interface Result {
  readonly file: string;
  /** null: there must be no such file. */
  readonly content: string | null;
}

/** What must stand in the fixture's folder: the output if it differs from the input, and what was said, if anything. */
function resultsOf(fixture: Fixture): Result[] {
  const { outcome, output } = rewriteBytes(fixture.input, fixture.options);
  const print = createDiagnosticPrinter();
  const said = outcome.diagnostics.map(print).join('');
  const isSame = output.equals(fixture.input);
  return [
    {
      file: fixture.inputName.replace('input', 'expected'),
      content: isSame ? null : abbreviate(output.toString()),
    },
    { file: 'expected.diagnostics', content: said === '' ? null : said },
  ];
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
