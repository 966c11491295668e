import type { Diagnostic } from '../model/diagnostic.ts';
import { REPORT_FORMATS, type Report } from './formats/formats.ts';
import type { CheckRequest, RewriteRequest } from './request.ts';
import { type Streams, write } from './streams.ts';

/** Remembers what is found, for a report at the end. */
export type KeepReport = (report: Report) => void;

/** `--keep-going` takes the weight from errors, `--strict` gives it to warnings. */
export function weigh(diagnostic: Diagnostic, keepGoing: boolean, strict: boolean): Diagnostic {
  if (diagnostic.severity === 'error' && keepGoing) return { ...diagnostic, severity: 'warning' };
  if (diagnostic.severity === 'warning' && strict) return { ...diagnostic, severity: 'error' };
  return diagnostic;
}

/** Says what became of each workload and what is wrong, unless the format is one that comes at the end. */
export async function reportAll(report: Report, streams: Streams, keep: KeepReport): Promise<void> {
  keep(report);
  const { plans, findings, request } = report;
  const format = REPORT_FORMATS[request.report];
  if (!format.isSpeech || (plans.length === 0 && findings.length === 0)) return;
  const print = await format.load();
  await write(streams.stderr, print(report, null, streams));
}

/** A line beside a report for people; programs want nothing but the report. */
export async function remark(
  text: string,
  { report }: RewriteRequest | CheckRequest,
  streams: Streams,
): Promise<void> {
  if (REPORT_FORMATS[report].isSpeech) await write(streams.stderr, text);
}
