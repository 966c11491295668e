import { type Case, suite, testTogether } from '../support/suite.ts';
import { type Cell, type Policy, playCell, SCENARIOS, type Shell } from './scenarios.ts';

const SHELLS: readonly Shell[] = ['dash', 'bash', 'busybox', 'mksh'];
const POLICIES: readonly Policy[] = ['Never', 'OnFailure'];
/** Played once more with a PID namespace for the whole pod, in which no container has process 1. */
const SHARED = ['main succeeds', 'main is killed whole', 'deleted in the middle'];

const CELLS: readonly Cell[] = SCENARIOS.flatMap((scenario) =>
  SHELLS.flatMap((shell) => POLICIES.map((policy) => ({ scenario, shell, policy }))),
);
const SHARED_CELLS: readonly Cell[] = CELLS.filter(({ scenario }) => SHARED.includes(scenario.name)).map(
  (cell) => ({ ...cell, sharesPids: true }),
);

const results = new Map<Cell, string>();

function toCase(cell: Cell): Case {
  const { scenario, shell, policy, sharesPids } = cell;
  return {
    name: `${scenario.name}: ${shell}, ${policy}${sharesPids ? ', shared PID namespace' : ''}`,
    play: async () => {
      results.set(cell, 'FAILED');
      results.set(cell, `${(await playCell(cell)).toFixed(1)} s`);
    },
  };
}

/** One row a scenario; the seconds that the pod took. */
function printTable(cells: readonly Cell[]): string {
  const columns = SHELLS.flatMap((shell) => POLICIES.map((policy) => ({ shell, policy })));
  const head = ['', ...columns.map(({ shell, policy }) => `${shell} ${policy === 'Never' ? 'N' : 'OF'}`)];
  const rows = [...new Set(cells.map(({ scenario }) => scenario))].map((scenario) => [
    scenario.name,
    ...columns.map(({ shell, policy }) => {
      const cell = cells.find(
        (row) => row.scenario === scenario && row.shell === shell && row.policy === policy,
      );
      return (cell && results.get(cell)) ?? '';
    }),
  ]);
  return [head, ...rows]
    .map(([first = '', ...cells]) => first.padEnd(26) + cells.map((text) => text.padStart(11)).join(''))
    .join('\n');
}

suite(
  'every death, in every shell',
  (test) => {
    testTogether(test, 10, [...CELLS, ...SHARED_CELLS].map(toCase));
    test('(the table)', () => {
      process.stdout.write(`\n${printTable(CELLS)}\n`);
    });
  },
  ['namespaces', ...SHELLS],
);
