import { describeEnd } from '../kube/describe-end.ts';
import { pickTelling } from '../kube/evidence/evidence.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { printId, printPath } from '../model/object.ts';
import { type ClassifiedContainer, type Plan, printPodName } from '../model/pod.ts';
import type { Span } from '../model/source.ts';
import { escapeControls, lineEnd, lineStart } from '../text/lines.ts';
import { createLocator, type Location } from './locate.ts';
import { type Palette, PLAIN } from './palette.ts';

export interface ReportStyle {
  readonly palette: Palette;
  /** Every evidence for every role. */
  readonly verbose: boolean;
  /** With several inputs, each line names its own. */
  readonly nameSources: boolean;
  /** Nothing is rewritten: the lines say what is wrong. */
  readonly isCheck: boolean;
}

/** A line or two for a workload: what became of it and why, and what to know about that. */
export function reportPlan(plan: Plan, { palette, verbose, nameSources, isCheck }: ReportStyle): string {
  const { workload } = plan.pod;
  const source = nameSources ? `${workload.document.source.name}: ` : '';
  const lines = [
    escapeControls(`${source}${printPodName(plan.pod)}`) + describeAction(plan, palette, isCheck),
  ];
  if (plan.action === 'rewrite') lines.push(...[plan.reason, ...plan.notes].map(printNote));
  for (const { severity, message, code } of plan.diagnostics) {
    if (plan.action === 'rewrite' && severity === 'info') lines.push(`${printNote(message)} [${code}]`);
  }
  if (verbose) lines.push(...plan.containers.map((container) => `  ${reportEvidence(container, plan)}`));
  return lines.map((line) => `${line}\n`).join('');
}

function describeAction(plan: Plan, palette: Palette, isCheck: boolean): string {
  if (plan.action === 'rewrite') {
    const verdict = isCheck
      ? palette.red(' never completes as it stands; rewritten')
      : palette.green(' rewritten');
    return verdict + escapeControls(` (${plan.strategy}): ${describeEnd(plan)}`);
  }
  if (plan.action === 'refuse') return palette.red(` cannot be rewritten [${plan.code}]`);
  const [reason] = plan.diagnostics;
  return palette.dim(escapeControls(` left alone: ${reason?.message ?? plan.code}`));
}

function printNote(text: string): string {
  return `  ${escapeControls(text)}`;
}

function reportEvidence({ spec, role, because }: ClassifiedContainer, { containers }: Plan): string {
  const width = Math.max(...containers.map((container) => (container.spec.name ?? '').length));
  const reasons = pickTelling(because)
    .map(({ by, why }) => (by === 'heuristic' ? why : `${why} (${by})`))
    .join('; ');
  return escapeControls(`${role.padEnd(8)} ${(spec.name ?? '').padEnd(width)}  ${reasons}`).trimEnd();
}

/** Diagnostics with the lines they point to. */
export function createDiagnosticPrinter(palette: Palette = PLAIN): (diagnostic: Diagnostic) => string {
  const locate = createLocator();
  return (diagnostic) => printDiagnostic(diagnostic, locate(diagnostic), palette);
}

const COLOURS = { error: 'red', warning: 'yellow', info: 'dim' } as const;

function printDiagnostic(diagnostic: Diagnostic, location: Location, palette: Palette): string {
  const { code, severity, message, hint, document, object, path } = diagnostic;
  const { line, column, text, span } = location;
  const place = `${escapeControls(document.source.name)}:${line}:${column}`;
  const head = `${palette.bold(`${place}:`)} ${palette[COLOURS[severity]](`${severity}:`)} ${escapeControls(message)} ${palette.dim(`[${code}]`)}`;
  const notes: string[] = [];
  if (object !== undefined) {
    const at = path === undefined || path.length === 0 ? '' : ` at ${printPath(path)}`;
    notes.push(`in ${printId(object)}${at}`);
  }
  if (hint !== undefined) notes.push(hint);
  const gutter = ' '.repeat(String(line).length + 3);
  const frame = text === '' ? [] : frameLines(text, span, String(line), palette);
  return [
    head,
    ...frame,
    ...notes.map((note) => `${gutter}${palette.dim('=')} ${escapeControls(note)}`),
    '',
  ].join('\n');
}

const MAX_WIDTH = 100;

/** The line and a mark under the span, cut to what a terminal shows. */
function frameLines(text: string, span: Span, line: string, palette: Palette): string[] {
  const from = lineStart(text, span.start);
  const to = lineEnd(text, Math.max(from, span.start));
  const left = Math.max(from, span.start - MAX_WIDTH / 2);
  const shown = escapeControls(text.slice(left, Math.min(to, left + MAX_WIDTH)));
  const before = escapeControls(text.slice(left, span.start));
  const marked = escapeControls(text.slice(span.start, Math.min(span.end, to, left + MAX_WIDTH)));
  if (shown.trim() === '') return [];
  const margin = ' '.repeat(line.length);
  return [
    `  ${palette.dim(`${line} │`)} ${left > from ? '…' : ''}${shown}`,
    `  ${palette.dim(`${margin} │`)} ${' '.repeat(before.length + (left > from ? 1 : 0))}${palette.red('^'.repeat(Math.max(1, marked.length)))}`,
  ];
}
