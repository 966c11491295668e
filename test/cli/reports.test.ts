import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as assert from 'uvu/assert';
import { REPORT_FORMATS } from '../../src/cli/formats/formats.ts';
import { parseArguments } from '../../src/cli/program.ts';
import { BROKEN_JOB, CONFIG_MAP, cli, folder, JOB } from '../support/cli.ts';
import { BIN, FIXTURES, ROOT } from '../support/paths.ts';
import { suite } from '../support/suite.ts';

interface Row {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly hint: string | null;
  readonly source: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly endLine: number | null;
  readonly endColumn: number | null;
  readonly field: string | null;
}
interface JsonReport {
  readonly exitCode: number;
  readonly workloads: readonly {
    readonly name: string;
    readonly action: string;
    readonly neverCompletes: boolean;
    readonly line: number;
    readonly column: number;
  }[];
  readonly diagnostics: readonly Row[];
}
interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly {
    readonly physicalLocation: {
      readonly artifactLocation: { readonly uri: string };
      readonly region: {
        readonly startLine: number;
        readonly startColumn: number;
        readonly endColumn: number;
      };
    };
    readonly logicalLocations?: readonly { readonly fullyQualifiedName: string }[];
  }[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
}
interface Sarif {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
      readonly results: readonly SarifResult[];
      readonly invocations: readonly { readonly executionSuccessful: boolean; readonly exitCode: number }[];
    },
  ];
}

function readSchema(file: string): object {
  return JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as object;
}

const isReport = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(
  readSchema('schemas/report.schema.json'),
);
// The schema of OASIS, as @microsoft/sarif-multitool-linux 5.7.0 brings it (MIT).
const isSarif = new Ajv2020({
  allErrors: true,
  strict: false,
  formats: {
    'date-time': true,
    uri: /^[a-z][a-z\d+.-]*:[^\s<>"{}|\\^`]*$/,
    'uri-reference': /^[^\s<>"{}|\\^`]*$/,
    uuid: true,
  },
}).compile(readSchema('test/support/sarif-2.1.0.schema.json'));

function parse<T>(text: string, isValid: ValidateFunction): T {
  const value = JSON.parse(text) as unknown;
  assert.ok(isValid(value), JSON.stringify(isValid.errors, null, 1));
  return value as T;
}

async function json(argv: readonly string[], input: string | null): Promise<JsonReport> {
  const { code, stderr } = await cli(['--report', 'json', ...argv], input);
  const report = parse<JsonReport>(stderr, isReport);
  assert.is(report.exitCode, code);
  return report;
}

async function sarif(argv: readonly string[], input: string | null, env = {}): Promise<Sarif['runs'][0]> {
  const { stderr } = await cli(['--report', 'sarif', ...argv], input, env);
  return parse<Sarif>(stderr, isSarif).runs[0];
}

interface Command {
  readonly command: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** As actions/runner reads a line: ActionCommand.TryParseV2. */
function readCommand(line: string): Command {
  const [, command = '', listed = '', data = ''] = /^::(\w+)(?: ([^\n]*?))?::(.*)$/.exec(line) ?? [];
  const decode = (text: string): string =>
    text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
  const properties = listed.split(',').map((pair) => {
    const [key = '', ...value] = pair.split('=');
    return [key, decode(value.join('=').replaceAll('%3A', ':').replaceAll('%2C', ','))] as const;
  });
  return { command, properties: Object.fromEntries(properties), message: decode(data) };
}

async function github(argv: readonly string[], input: string | null, env = {}): Promise<Command[]> {
  const { stderr } = await cli(['--report', 'github', ...argv], input, env);
  return stderr.split('\n').slice(0, -1).map(readCommand);
}

const NO_MAIN = JOB.replace('spec:', '  annotations: {guillotine/sidecars: "worker, db"}\nspec:');
const TWICE = JOB.replace('spec:', 'spec:\n  backoffLimit: 1\n  backoffLimit: 1');
const TWO = `${CONFIG_MAP}---\n${JOB}`;
const INPUTS = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' }).filter((file) =>
  /\/input\.(?:yaml|json)$/.test(file),
);

/** In every format the same, and what the schemas say. */
async function compareReports(file: string): Promise<void> {
  const path = join(FIXTURES, file);
  const config = join(path, '../config.yaml');
  const argv = ['--check', '-f', path, ...(existsSync(config) ? ['--config', config] : [])];
  const { code, stdout, stderr } = await cli(['--report', 'json', ...argv]);
  const report = parse<JsonReport>(stderr, isReport);
  assert.equal([report.exitCode, stdout], [code, ''], file);
  const run = await sarif(argv, null);
  const commands = await github(argv, null);
  const loud = report.diagnostics.filter(({ severity }) => severity !== 'info');
  const inSarif = run.results.filter(({ level }) => level !== 'note').map(({ ruleId }) => ruleId);
  const inGithub = commands.filter(({ command }) => command !== 'notice');
  assert.equal(
    inSarif,
    loud.map((row) => row.code),
    file,
  );
  assert.equal(
    inGithub.map(({ properties }) => Number(properties['line'])),
    loud.map(({ line }) => line),
    file,
  );
  const said = loud.map(({ message, hint }) =>
    (hint === null ? message : `${message}\n${hint}`).replaceAll('\t', ' '),
  );
  assert.equal(
    inGithub.map(({ message }) => message),
    said,
    file,
  );
  const prints = run.results.map(({ partialFingerprints }) => partialFingerprints['objectAndField/v1']);
  assert.is(new Set(prints).size, prints.length, file);
  const endless = report.workloads.filter(({ neverCompletes }) => neverCompletes).length;
  assert.is(
    endless > 0,
    loud.some((row) => row.code === 'never-completes'),
    file,
  );
}

suite('reports', (test) => {
  test('the formats of the table are the choices of --report, and each is loaded', async () => {
    for (const [name, { load }] of Object.entries(REPORT_FORMATS)) {
      assert.ok('command' in parseArguments(['--report', name], 'x'), name);
      assert.type(await load(), 'function');
    }
    const { code, stderr } = await cli(['--report', 'xml'], JOB);
    assert.is(code, 2);
    assert.match(stderr, `Allowed choices are ${Object.keys(REPORT_FORMATS).join(', ')}.`);
  });

  test('there are fixtures', () => assert.ok(INPUTS.length > 100));
  for (const topic of new Set(INPUTS.map((file) => file.split('/')[0] ?? ''))) {
    test(`of the fixtures ${topic} are valid and agree`, async () => {
      for (const file of INPUTS.filter((name) => name.startsWith(`${topic}/`))) await compareReports(file);
    });
  }

  for (const [name, argv, expected] of [
    ['a rewrite', [], 0],
    ['-o json', ['-o', 'json'], 0],
    ['--diff', ['--diff'], 1],
    ['--check', ['--check'], 1],
  ] as const) {
    test(`${name} writes the same and exits the same, whatever the report`, async () => {
      const usual = await cli(argv, TWO);
      assert.is(usual.code, expected);
      for (const format of Object.keys(REPORT_FORMATS)) {
        const { code, stdout, stderr } = await cli([...argv, '--report', format], TWO);
        assert.equal([code, stdout], [usual.code, usual.stdout], format);
        if (format === 'text') assert.is(stderr.replace(' --report text', ''), usual.stderr);
        if (format === 'none') assert.is(stderr, '');
      }
      assert.is((await json(argv, TWO)).exitCode, expected);
    });
  }

  test('-i writes, and only the report stands on stderr', async () => {
    const path = join(folder({ 'job.yaml': JOB }), 'job.yaml');
    const report = await json(['-i', '-f', path], null);
    assert.equal(
      report.workloads.map(({ action }) => action),
      ['rewrite'],
    );
    assert.match(readFileSync(path, 'utf8'), 'guillotine/rewritten');
  });

  test('after an error nothing is written, and every format exits with 2', async () => {
    for (const format of Object.keys(REPORT_FORMATS)) {
      const { code, stdout } = await cli(['--strategy', 'sentinel', '--report', format], BROKEN_JOB);
      assert.equal([code, stdout], [2, ''], format);
    }
    const { exitCode, diagnostics, workloads } = await json(['--strategy', 'sentinel'], BROKEN_JOB);
    assert.equal([exitCode, workloads[0]?.action], [2, 'refuse']);
    assert.equal(
      diagnostics.map(({ code }) => code),
      ['entrypoint-unknown'],
    );
    const run = await sarif(['--strategy', 'sentinel'], BROKEN_JOB);
    assert.equal(run.invocations, [{ executionSuccessful: false, exitCode: 2 }]);
  });

  test('mistakes of the invocation are said as text', async () => {
    for (const format of Object.keys(REPORT_FORMATS)) {
      const { code, stderr } = await cli(['--report', format, '-f', 'nope.yaml']);
      assert.equal([code, stderr], [2, 'error: nope.yaml: no such file or folder\n'], format);
    }
  });

  test('--keep-going and --strict give and take weight', async () => {
    const levels = async (argv: readonly string[], input: string): Promise<string[]> =>
      (await github(argv, input)).map(({ command, properties }) => `${command} ${properties['title']}`);
    assert.equal(await levels([], TWICE), ['warning duplicate-key']);
    assert.equal(await levels(['--strict'], TWICE), ['error duplicate-key']);
    assert.equal(await levels(['--strict', '-q', '--check'], TWICE), [
      'error Job export: never-completes',
      'error duplicate-key',
    ]);
    const argv = ['--strategy', 'sentinel', '--keep-going'];
    assert.equal(await levels(argv, BROKEN_JOB), ['warning Job export: entrypoint-unknown']);
    assert.equal(await levels([...argv, '--check'], BROKEN_JOB), [
      'error Job export: never-completes',
      'warning Job export: entrypoint-unknown',
    ]);
  });

  test('-q leaves errors only, but every workload', async () => {
    assert.equal(
      (await json([], TWICE)).diagnostics.map(({ code }) => code),
      ['duplicate-key'],
    );
    const quiet = await json(['-q'], TWICE);
    assert.equal([quiet.diagnostics.length, quiet.workloads.length], [0, 1]);
    assert.equal(await github(['-q'], TWICE), []);
    assert.is((await sarif(['-q'], TWICE)).results.length, 0);
  });

  test('that a workload is left alone is no trouble', async () => {
    const one = JOB.replace(/ {6}- name: db[\s\S]*$/, '');
    assert.equal(
      (await json(['--check'], one)).diagnostics.map(({ severity }) => severity),
      ['info'],
    );
    assert.equal(await github(['--check'], one), []);
    assert.is((await sarif(['--check'], one)).results.length, 0);
  });
});

suite('a workload that never completes', (test) => {
  test('is a finding of a check, at its name', async () => {
    const path = join(folder({ 'a job.yaml': TWO }), 'a job.yaml');
    const { diagnostics, workloads } = await json(['--check', '-f', path], null);
    const [row] = diagnostics;
    assert.equal(
      [row?.code, row?.line, row?.column, row?.endLine, row?.endColumn],
      ['never-completes', 9, 9, 9, 15],
    );
    assert.equal([workloads[0]?.line, workloads[0]?.column], [9, 9]);
    assert.is(TWO.split('\n')[8], '  name: export');
    assert.is(row?.message, 'job.batch/export never completes as it stands: nothing ends "db"');
    assert.is(row?.hint, `have it rewritten, with the same flags: kubectl guillotine -i -f '${path}'`);
    assert.is(row?.field, 'metadata.name');
  });
  test('is none of a rewrite, which mends it', async () => {
    assert.equal((await json([], JOB)).diagnostics, []);
  });
  test('has no command where none helps', async () => {
    const [row] = (await json(['--check'], NO_MAIN)).diagnostics;
    assert.equal([row?.code, row?.hint], ['never-completes', 'mend first what else is reported of it']);
  });
  test('with half a workaround says what is wrong with that, not that nothing ends it', async () => {
    const half = JOB.replace(
      '["/export"]',
      '["/bin/sh", "-c", "/export && curl -X POST localhost:9091/quitquitquit"]',
    ).replace('["/cloud-sql-proxy"]', '["/cloud-sql-proxy", "--quitquitquit"]');
    const [row, why] = (await json(['--check'], half)).diagnostics;
    assert.is(row?.message, 'job.batch/export never completes as it stands');
    assert.is(why?.code, 'workaround-incomplete');
  });
  test('from standard input is mended on the way', async () => {
    const [row] = (await json(['--check'], JOB)).diagnostics;
    assert.match(row?.hint ?? '', /: kubectl guillotine -f FILE \| kubectl apply -f -$/);
  });
  test('without a name stands at its kind, and in a list at its own', async () => {
    const nameless = JOB.replace('name: export', 'generateName: export-');
    assert.equal(
      (await json(['--check'], nameless)).diagnostics.map(({ line, field }) => [line, field]),
      [[2, 'kind']],
    );
    const item = JOB.trimEnd().replaceAll('\n', '\n  ');
    const items = `apiVersion: v1\nkind: List\nitems:\n- ${item}\n- ${item.replace('export', 'other')}\n`;
    const rows = (await json(['--check'], items)).diagnostics;
    assert.equal(
      rows.map(({ line }) => items.split('\n')[(line ?? 0) - 1]),
      ['    name: export', '    name: other'],
    );
  });
});

suite('--report github', (test) => {
  test('escapes what GitHub would read as its own', async () => {
    const path = folder({});
    mkdirSync(join(path, 'k8s'));
    const file = join(path, 'k8s/50%, a:b.yaml');
    writeFileSync(file, JOB.replace('name: export', 'name: "a\\n::error::b, 100%"'));
    const env = { GITHUB_WORKSPACE: path };
    const { stderr } = await cli(['--report', 'github', '--check', '-f', file], null, env);
    assert.match(
      stderr,
      /^::error file=k8s\/50%25%2C a%3Ab\.yaml,line=4,endLine=4,col=9,endColumn=30,title=/,
    );
    assert.is(stderr.split('\n').length, 2);
    const command = readCommand(stderr.trimEnd());
    assert.is(command.properties['file'], 'k8s/50%, a:b.yaml');
    assert.is(command.properties['title'], 'Job a\\u000a::error::b, 100%: never-completes');
    assert.match(
      command.message,
      /^job\.batch\/a\\u000a::error::b, 100% never completes .*\nhave it rewritten/,
    );
  });
  test('names no file where there is none, but the line', async () => {
    const [command] = await github(['--check'], JOB);
    assert.equal(Object.keys(command?.properties ?? {}), ['title']);
    assert.match(command?.message ?? '', /^<stdin>:4:9: job\.batch\/export never completes/);
  });
  test('names a file elsewhere as it was named', async () => {
    const file = join(folder({ 'job.yaml': JOB }), 'job.yaml');
    const [command] = await github(['--check', '-f', file], null, { GITHUB_WORKSPACE: '/nowhere' });
    assert.is(command?.properties['file'], file);
  });
  test('gives no columns where they are of several lines', async () => {
    const long = JOB.replace('name: export', 'name: "ex\n    port"');
    const [command] = await github(['--check', '-f', join(folder({ 'job.yaml': long }), 'job.yaml')], null);
    const { file, title, ...place } = command?.properties ?? {};
    assert.equal([place, title], [{ line: '4', endLine: '5' }, 'Job ex port: never-completes'], file);
  });
});

suite('--report sarif', (test) => {
  const only = async (input: string, name = 'job.yaml'): Promise<SarifResult> => {
    const path = folder({ [name]: input });
    const run = await sarif(['--check', '-f', join(path, name)], null, { GITHUB_WORKSPACE: path });
    assert.is(run.results.length, 1);
    return run.results[0] as SarifResult;
  };
  test('has relative URIs', async () => {
    const { locations } = await only(JOB, 'ä 50%#?.yaml');
    assert.is(locations[0]?.physicalLocation.artifactLocation.uri, '%C3%A4%2050%25%23%3F.yaml');
    const [result] = (await sarif(['--check'], JOB)).results;
    assert.is(result?.locations[0]?.physicalLocation.artifactLocation.uri, '%3Cstdin%3E');
    const file = join(folder({ 'job.yaml': JOB }), 'job.yaml');
    const [far] = (await sarif(['--check', '-f', file], null, { GITHUB_WORKSPACE: '/nowhere' })).results;
    assert.is(far?.locations[0]?.physicalLocation.artifactLocation.uri, `file://${file}`);
  });
  test('counts columns in characters', async () => {
    const { locations } = await only(JOB.replace('name: export', 'name: "𝄞-export"'));
    const { startColumn, endColumn } = locations[0]?.physicalLocation.region ?? {};
    assert.equal([startColumn, endColumn], [9, 19]);
  });
  test('names the object and the field', async () => {
    const { locations } = await only(JOB.replace('name: export', 'name: export\n  namespace: shop'));
    assert.is(locations[0]?.logicalLocations?.[0]?.fullyQualifiedName, 'Job shop/export metadata.name');
  });
  test('keeps its fingerprints when lines move, and only then', async () => {
    const print = async (input: string): Promise<string | undefined> =>
      (await only(input)).partialFingerprints['objectAndField/v1'];
    const before = await print(JOB);
    assert.match(before ?? '', /^[0-9a-f]{32}:1$/);
    assert.is(
      await print(`# above\n\n${CONFIG_MAP}---\n${JOB.replace('metadata:', 'metadata:\n  labels: {a: b}')}`),
      before,
    );
    assert.is.not(await print(JOB.replace('name: export', 'name: other')), before);
    assert.is.not(await print(JOB.replace('name: export', 'name: export\n  namespace: shop')), before);
    assert.is.not(await print(JOB.replace('name: db', 'name: sql')), before);
  });
  test('counts what is alike', async () => {
    const { results } = await sarif(['--check'], `${JOB}---\n${JOB}`);
    const ends = results.map(({ partialFingerprints }) =>
      partialFingerprints['objectAndField/v1']?.slice(-2),
    );
    assert.equal(ends, [':1', ':2']);
  });
  test('lists the rules that are used, and each result points at its own', async () => {
    const { tool, results } = await sarif(
      ['--check', '--strategy', 'sentinel'],
      `${TWICE}---\n${BROKEN_JOB}`,
    );
    const ids = tool.driver.rules.map(({ id }) => id);
    assert.equal(ids, ['duplicate-key', 'entrypoint-unknown', 'never-completes']);
    for (const { ruleId, ruleIndex } of results) assert.is(ids[ruleIndex], ruleId);
  });
  test('doubles braces and escapes links, which are SARIF’s own', async () => {
    const { message } = await only(JOB.replace('name: export', 'name: "{0} [a](http://b)"'));
    assert.match(message.text, 'job.batch/{{0}} \\[a](http://b) never completes');
  });
});

suite('GUILLOTINE_REPORT', (test) => {
  const readReport = (path: string): JsonReport => parse<JsonReport>(readFileSync(path, 'utf8'), isReport);
  test('gets the JSON report beside any other', async () => {
    const path = folder({});
    const file = join(path, 'report.json');
    for (const format of Object.keys(REPORT_FORMATS)) {
      const usual = await cli(['--check', '--report', format], TWICE);
      const { code, stderr } = await cli(['--check', '--report', format], TWICE, { GUILLOTINE_REPORT: file });
      assert.equal([code, stderr], [usual.code, usual.stderr], format);
      assert.equal(
        readReport(file).diagnostics.map((row) => row.code),
        ['never-completes', 'duplicate-key'],
      );
    }
    assert.equal(readdirSync(path), ['report.json']);
  });
  test('is complete, however quiet the rest', async () => {
    const file = join(folder({}), 'report.json');
    await cli(['-q', '--report', 'none'], TWICE, { GUILLOTINE_REPORT: file });
    assert.equal(
      readReport(file).diagnostics.map(({ code }) => code),
      ['duplicate-key'],
    );
  });
  for (const [name, argv, message] of [
    ['a flag that is none', ['--nope'], "unknown option '--nope'"],
    ['a file that is not there', ['-f', 'nope.yaml'], 'nope.yaml: no such file or folder'],
    ['a name that is nowhere', ['--main', 'nobody'], /nobody/],
  ] as const) {
    test(`tells of ${name}`, async () => {
      const file = join(folder({ 'report.json': 'old' }), 'report.json');
      const { code } = await cli(argv, JOB, { GUILLOTINE_REPORT: file });
      const { exitCode, diagnostics, workloads } = readReport(file);
      assert.equal([code, exitCode, workloads.length, diagnostics.length], [2, 2, 0, 1]);
      assert.equal([diagnostics[0]?.code, diagnostics[0]?.line], ['failed', null]);
      assert.match(diagnostics[0]?.message ?? '', message);
      assert.not.match(diagnostics[0]?.message ?? '', /^error/);
    });
  }
  test('tells of what was found and of what failed then', async () => {
    const path = folder({ 'job.yaml': JOB, 'report.json': '' });
    const job = join(path, 'job.yaml');
    chmodSync(job, 0o444);
    const { code, stderr } = await cli(['-i', '--report', 'json', '-f', job], null, {
      GUILLOTINE_REPORT: join(path, 'report.json'),
    });
    assert.is(code, 2);
    assert.is(stderr.replace(job, 'job.yaml').split('\n')[0], 'error: job.yaml: it is read-only');
    assert.not.match(stderr, '"version"');
    const { exitCode, workloads, diagnostics } = readReport(join(path, 'report.json'));
    assert.equal([exitCode, workloads[0]?.action, diagnostics[0]?.code], [2, 'rewrite', 'failed']);
  });
  test('tells of a bug', async () => {
    const file = join(folder({}), 'report.json');
    const broken = {
      get isTTY(): boolean {
        throw new TypeError('boom');
      },
    };
    const { main } = await import('../../src/cli/main.ts');
    const sink = {
      write: (_: unknown, done: () => void): boolean => {
        done();
        return true;
      },
    };
    const stdin = Object.assign((async function* (): AsyncGenerator<Uint8Array> {})(), {});
    Object.defineProperty(stdin, 'isTTY', Object.getOwnPropertyDescriptor(broken, 'isTTY') ?? {});
    const code = await main([], { stdin, stdout: sink, stderr: sink, env: { GUILLOTINE_REPORT: file } });
    const { exitCode, diagnostics } = readReport(file);
    assert.equal([code, exitCode, diagnostics[0]?.code, diagnostics[0]?.message], [70, 70, 'bug', 'boom']);
  });
  for (const [name, file, reason] of [
    ['in no folder', 'no/report.json', 'there is no such folder'],
    ['that is a folder', '.', 'it is a folder'],
    ['in a file', 'job.yaml/report.json', 'a part of its path is no folder'],
  ] as const) {
    test(`${name} is an error before anything is written`, async () => {
      const path = folder({ 'job.yaml': JOB });
      for (const argv of [[], ['-i'], ['--check']]) {
        const { code, stdout, stderr } = await cli([...argv, '-f', join(path, 'job.yaml')], null, {
          GUILLOTINE_REPORT: join(path, file),
        });
        assert.equal([code, stdout], [2, '']);
        assert.is(
          stderr,
          `error: the report ${join(path, file)} cannot be written: ${reason}\n  = the variable GUILLOTINE_REPORT names it\n`,
        );
      }
      assert.is(readFileSync(join(path, 'job.yaml'), 'utf8'), JOB);
      assert.equal(readdirSync(path), ['job.yaml']);
    });
  }
  test('may be a link, whose target is replaced, and a pipe', () => {
    const path = folder({ 'target.json': 'old', 'job.yaml': JOB });
    symlinkSync('target.json', join(path, 'link.json'));
    const argv = ['--check', '-q', '-f', 'job.yaml'];
    spawnSync(BIN, argv, { cwd: path, env: { ...process.env, GUILLOTINE_REPORT: 'link.json' } });
    assert.is(readReport(join(path, 'target.json')).exitCode, 1);
    assert.ok(lstatSync(join(path, 'link.json')).isSymbolicLink());
    const script = `GUILLOTINE_REPORT=/dev/fd/3 "${BIN}" ${argv.join(' ')} 3>&1 | cat`;
    const { stdout } = spawnSync('sh', ['-c', script], { cwd: path, encoding: 'utf8' });
    assert.is(parse<JsonReport>(stdout, isReport).exitCode, 1);
  });
  test('is left as it is by help and by other commands', async () => {
    const file = join(folder({}), 'report.json');
    for (const argv of [['--help'], ['version'], ['explain']]) {
      assert.is((await cli(argv, JOB, { GUILLOTINE_REPORT: file })).code, 0);
      assert.not(existsSync(file), argv.join());
    }
  });
});
