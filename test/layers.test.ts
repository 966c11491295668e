import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { ROOT } from './support/paths.ts';
import { suite } from './support/suite.ts';

// Who may import whom. A floor is a folder of src, or a file at its top.

interface Floor {
  readonly imports: readonly string[];
  readonly packages: readonly string[];
}

const BELOW_TRANSFORM = ['catalogue', 'kube', 'model', 'strategies', 'supervisor', 'text', 'yaml'];

const FLOORS: Readonly<Record<string, Floor>> = {
  model: { imports: [], packages: ['kubernetes-types'] },
  text: { imports: ['model'], packages: [] },
  supervisor: { imports: ['model'], packages: ['kubernetes-types'] },
  catalogue: { imports: ['model'], packages: [] },
  yaml: { imports: ['model', 'text'], packages: ['yaml'] },
  kube: { imports: ['catalogue', 'model', 'yaml'], packages: ['kubernetes-types'] },
  strategies: { imports: ['catalogue', 'kube', 'model', 'supervisor'], packages: ['kubernetes-types'] },
  protocols: {
    imports: ['candidates', 'edit-document', 'read', 'transform', ...BELOW_TRANSFORM],
    packages: [],
  },
  candidates: { imports: ['kube', 'model', 'text'], packages: [] },
  read: { imports: ['kube', 'model', 'text', 'yaml'], packages: [] },
  'edit-document': { imports: ['kube', 'model', 'text', 'yaml'], packages: [] },
  transform: { imports: ['edit-document', 'read', ...BELOW_TRANSFORM], packages: [] },
  undo: { imports: ['model', 'text'], packages: [] },
  upgrade: { imports: ['kube', 'model', 'read', 'text', 'transform', 'undo'], packages: [] },
  index: { imports: ['candidates', 'protocols', 'transform', ...BELOW_TRANSFORM], packages: [] },
  cli: {
    imports: ['candidates', 'index', 'protocols', 'read', 'transform', 'undo', 'upgrade', ...BELOW_TRANSFORM],
    packages: ['ajv', 'commander'],
  },
};

/** Of a floor that is imported only in part: the files that may be. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  'kube → yaml': ['parse'],
  'candidates → kube': ['kinds'],
};

/** What makes a function impure, and what a browser does not have. */
const IMPURE = /\bprocess\.|\bDate\b|Math\.random|\bBuffer\b|\bconsole\.|\basync\b|(?<![-\w])await\b/;

const SRC = join(ROOT, 'src');

function listFiles(): string[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
}

function floorOf(file: string): string {
  return (file.split('/')[0] ?? '').replace(/\.ts$/, '');
}

function importsOf(source: string): { readonly specifier: string; readonly isType: boolean }[] {
  return [...source.matchAll(/^(import|export) (type )?[^;]*?from '([^']+)';|import\('([^']+)'\)/gm)].map(
    (match) => {
      return { specifier: match[3] ?? match[4] ?? '', isType: match[2] !== undefined };
    },
  );
}

function assertMayUse(floor: string, specifier: string, isType: boolean): void {
  const name = specifier.split('/')[0] ?? '';
  assert.ok(FLOORS[floor]?.packages.includes(name), `${floor} may not import the package ${name}`);
  if (name === 'kubernetes-types') assert.ok(isType, 'kubernetes-types holds types only');
}

function assertMayImport(file: string, specifier: string): void {
  const floor = floorOf(file);
  const target = join('/', file, '..', specifier).slice(1);
  const other = floorOf(target);
  if (other === floor) return;
  assert.ok(FLOORS[floor]?.imports.includes(other), `${floor} may not import ${other} (${specifier})`);
  const doors = DOORS[`${floor} → ${other}`];
  const name = (target.split('/')[1] ?? '').replace(/\.ts$/, '');
  if (doors) assert.ok(doors.includes(name), `${floor} may import of ${other} only ${doors}`);
}

suite('layers', (test) => {
  for (const file of listFiles()) {
    const source = readFileSync(join(SRC, file), 'utf8');
    const floor = floorOf(file);
    test(`${file} imports only what its floor may`, () => {
      assert.ok(FLOORS[floor], `src/${floor} is a floor of the table`);
      for (const { specifier, isType } of importsOf(source)) {
        if (specifier.startsWith('node:')) assert.is(floor, 'cli', `${specifier} belongs in cli/`);
        else if (specifier.startsWith('.')) assertMayImport(file, specifier);
        else assertMayUse(floor, specifier, isType);
      }
    });
    if (floor !== 'cli') {
      test(`${file} is pure`, () => {
        const found = IMPURE.exec(
          source.replace(/\/\*[\s\S]*?\*\/|\/\/.*$|'(?:[^'\\\n]|\\.)*'|`[^`]*`/gm, ''),
        );
        assert.is(found, null, `${file} uses ${found?.[0]}`);
      });
    }
    // Tables are as long as what they list.
    if (file.startsWith('catalogue/entries/')) continue;
    test(`${file} is at most 200 lines long`, () => {
      const isTable = /^\w+\/(?:sidecars|diagnostic|script)\.ts$/.test(file);
      if (!isTable) assert.ok(source.split('\n').length <= 201, `${source.split('\n').length} lines`);
    });
  }

  test('only cli and the tests import cli', () => {
    for (const [floor, { imports }] of Object.entries(FLOORS)) assert.not.ok(imports.includes('cli'), floor);
  });

  test('no file is left out', () => assert.ok(listFiles().length > 40));
});
