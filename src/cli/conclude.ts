import { REPORT_FORMATS, type Report } from './formats/formats.ts';
import type { Failure } from './formats/json.ts';
import { type Streams, write } from './streams.ts';

/** How a run ended. */
export interface End {
  readonly exitCode: number;
  /** null: it came to no manifest, or the command makes none. */
  readonly report: Report | null;
  /** It has been said on stderr. */
  readonly failure: Failure | null;
}

/** Prints the report that comes at the end, and writes the one to a file. Throws if that cannot be written. */
export async function conclude({ exitCode, report, failure }: End, streams: Streams): Promise<void> {
  if (report === null && failure === null) return;
  if (report !== null && failure === null && !REPORT_FORMATS[report.request.report].isSpeech) {
    const print = await REPORT_FORMATS[report.request.report].load();
    await write(streams.stderr, print(report, exitCode, streams));
  }
  const path = reportPath(streams);
  if (path === null) return;
  const [{ printWhole }, { writeReportFile }] = await Promise.all([
    import('./formats/json.ts'),
    import('./report-file.ts'),
  ]);
  writeReportFile(path, printWhole(report, failure === null ? [] : [failure], exitCode));
}

/** Throws if a report is wanted in a file that cannot be written. */
export async function checkReportPath(streams: Streams): Promise<void> {
  const path = reportPath(streams);
  if (path !== null) (await import('./report-file.ts')).checkReportFile(path);
}

function reportPath({ env }: Streams): string | null {
  return env['GUILLOTINE_REPORT'] || null;
}
