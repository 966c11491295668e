import type { Footprint, Times } from './cost.ts';
import type { Row } from './play-case.ts';

/** Columns as wide as what is in them. */
export function printTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

export function printRows(rows: readonly Row[]): string {
  const printed = rows.map(({ name, expected, got, seconds }) => {
    return [name, expected, got === expected ? 'as expected' : got, `${seconds.toFixed(1)} s`];
  });
  return `\n${printTable([['case', 'expected', 'got', 'time'], ...printed])}\n`;
}

export function printTimes(times: readonly Times[]): string {
  const rows = times.map(({ name, seconds }) => {
    const [median = 0, longest = 0] = [seconds[Math.floor(seconds.length / 2)], seconds.at(-1)];
    return [name, `${seconds.length}`, `${Math.round(median * 1000)} ms`, `${Math.round(longest * 1000)} ms`];
  });
  return `\n${printTable([['from the exit of main to the end of the pod', 'runs', 'median', 'longest'], ...rows])}\n`;
}

export function printFootprints(footprints: readonly Footprint[]): string {
  const rows = footprints.map(({ shell, container, processes, proportional, resident }) => {
    const role = container === 'proxy' ? 'sidecar' : 'main';
    return [role, shell, `${processes}`, `${proportional} KiB`, `${resident} KiB`];
  });
  return `\n${printTable([['the supervisor of a', 'in', 'processes', 'PSS', 'RSS'], ...rows])}\n`;
}
