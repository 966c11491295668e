import type { Diagnostic } from '../../model/diagnostic.ts';
import { printPath } from '../../model/object.ts';
import type { Plan } from '../../model/pod.ts';
import { byWorkload, explainWorkload } from '../explained.ts';
import { createLocator, type Location } from '../locate.ts';
import { createWorkloadLocator, neverCompletes } from '../never-completes.ts';
import { allFindings } from './findings.ts';
import type { PrintReport, Report } from './formats.ts';

/** Why a run ended that has nothing to do with a manifest. */
export interface Failure {
  /** `failed`: the invocation or the machine; `bug`: ours. */
  readonly code: 'failed' | 'bug';
  readonly message: string;
  readonly hint: string | null;
}

/** For programs: everything, in the shape of schemas/report.schema.json. */
export const printJson: PrintReport = (report, exitCode) => {
  const { quiet } = report.request;
  const findings = allFindings(report).filter(({ severity }) => !quiet || severity === 'error');
  return printRun(report.plans, findings, [], exitCode);
};

/** The same of a run that may have failed, and with all that `--quiet` leaves out. */
export function printWhole(
  report: Report | null,
  failures: readonly Failure[],
  exitCode: number | null,
): string {
  return printRun(report?.plans ?? [], report === null ? [] : allFindings(report), failures, exitCode);
}

function printRun(
  plans: readonly Plan[],
  findings: readonly Diagnostic[],
  failures: readonly Failure[],
  exitCode: number | null,
): string {
  const locate = createLocator();
  const diagnostics = [
    ...failures.map(describeFailure),
    ...findings.map((finding) => describeFinding(finding, locate(finding))),
  ];
  const value = { version: 1, exitCode, workloads: describeWorkloads(plans), diagnostics };
  return `${JSON.stringify(value, null, 2)}\n`;
}

function describeWorkloads(plans: readonly Plan[]): object[] {
  const locate = createLocator();
  const placeOf = createWorkloadLocator();
  return byWorkload(plans).map((own) => {
    const { line, column } = locate(placeOf(own[0].pod.workload));
    return { ...explainWorkload(own), neverCompletes: own.some(neverCompletes), line, column };
  });
}

function describeFinding(finding: Diagnostic, location: Location): object {
  const { code, severity, message, hint, document, object, path } = finding;
  const { line, column, endLine, endColumn } = location;
  return {
    code,
    severity,
    message,
    hint: hint ?? null,
    source: document.source.name,
    document: document.index,
    line,
    column,
    endLine,
    endColumn,
    object: object ?? null,
    field: path === undefined || path.length === 0 ? null : printPath(path),
  };
}

function describeFailure({ code, message, hint }: Failure): object {
  const nowhere = { source: null, document: null, line: null, column: null, endLine: null, endColumn: null };
  return { code, severity: 'error', message, hint, ...nowhere, object: null, field: null };
}
