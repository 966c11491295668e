import type { Diagnostic, Severity } from '../../model/diagnostic.ts';
import { printId } from '../../model/object.ts';
import { escapeControls } from '../../text/lines.ts';
import { isStdin } from '../inputs.ts';
import { createLocator, type Location } from '../locate.ts';
import { findTroubles, pathBelow, rootFolder } from './findings.ts';
import type { PrintReport } from './formats.ts';

const COMMANDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

/** Workflow commands, which a runner of GitHub Actions takes from stdout and stderr and shows at the lines they name. */
export const printGithub: PrintReport = (report, _, streams) => {
  const locate = createLocator();
  const folder = rootFolder(streams);
  return findTroubles(report)
    .map((finding) => `${printCommand(finding, locate(finding), folder)}\n`)
    .join('');
};

function printCommand(finding: Diagnostic, location: Location, folder: string): string {
  const { severity, code, message, hint, object, document } = finding;
  const { line, column } = location;
  const { name } = document.source;
  const path = pathBelow(folder, document.source) ?? (isStdin(document.source) ? null : name);
  const title = object === undefined ? code : `${printId(object)}: ${code}`;
  const place = path === null ? [] : [['file', path] as const, ...printRange(location)];
  const properties = [...place, ['title', escapeControls(title)] as const].map(
    ([key, value]) => `${key}=${escapeProperty(value)}`,
  );
  const said = path === null ? `${name}:${line}:${column}: ${message}` : message;
  const lines = [said, ...(hint === undefined ? [] : [hint])].map(escapeControls);
  return `::${COMMANDS[severity]} ${properties.join(',')}::${escapeData(lines.join('\n'))}`;
}

/** GitHub takes columns only where both are of one line. */
function printRange({ line, column, endLine, endColumn }: Location): (readonly [string, string])[] {
  const lines = [['line', `${line}`] as const, ['endLine', `${endLine}`] as const];
  if (line !== endLine || column === endColumn) return lines;
  return [...lines, ['col', `${column}`], ['endColumn', `${endColumn}`]];
}

// The rules of actions/toolkit, packages/core/src/command.ts.

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
