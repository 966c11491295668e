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
