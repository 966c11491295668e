import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Plan } from '../../model/pod.ts';
import type { CheckRequest, RewriteRequest } from '../request.ts';
import type { Streams } from '../streams.ts';

/** What a rewrite or a check has found. */
export interface Report {
  readonly request: RewriteRequest | CheckRequest;
  readonly plans: readonly Plan[];
  /** Each with the weight that the flags give it. */
  readonly findings: readonly Diagnostic[];
  /** There are several inputs. */
  readonly nameSources: boolean;
}

/** The text for stderr. `exitCode` is null while nobody knows it. */
export type PrintReport = (report: Report, exitCode: number | null, streams: Streams) => string;

interface ReportFormat {
  /** Said before the output is written, with remarks beside it. Others come at the end, alone, and know the exit code. */
  readonly isSpeech: boolean;
  readonly load: () => Promise<PrintReport>;
}

/** Every value of `--report`; only the chosen one is loaded. */
export const REPORT_FORMATS = {
  text: { isSpeech: true, load: async () => (await import('./text.ts')).printText },
  json: { isSpeech: false, load: async () => (await import('./json.ts')).printJson },
  github: { isSpeech: false, load: async () => (await import('./github.ts')).printGithub },
  sarif: { isSpeech: false, load: async () => (await import('./sarif.ts')).printSarif },
  none: { isSpeech: false, load: async () => () => '' },
} as const satisfies Readonly<Record<string, ReportFormat>>;

export type ReportFormatName = keyof typeof REPORT_FORMATS;
