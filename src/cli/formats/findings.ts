import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Source } from '../../model/source.ts';
import { isStdin } from '../inputs.ts';
import { describeEndless } from '../never-completes.ts';
import type { Streams } from '../streams.ts';
import type { Report } from './formats.ts';

/** All findings. In a check, that a workload never completes is one; it stands in front. */
export function allFindings({ request, plans, findings }: Report): readonly Diagnostic[] {
  return request.command === 'check' ? [...describeEndless(plans), ...findings] : findings;
}

/** What a report of troubles tells: of infos only those about a rewrite; the others say why all is well. */
export function findTroubles(report: Report): readonly Diagnostic[] {
  const { request, plans } = report;
  const rewritten = new Set(
    plans.filter(({ action }) => action === 'rewrite').flatMap(({ diagnostics }) => diagnostics),
  );
  return allFindings(report).filter((finding) => {
    if (finding.severity === 'error') return true;
    return !request.quiet && (finding.severity === 'warning' || rewritten.has(finding));
  });
}

/** Where files are looked for: on GitHub the folder of the repository, wherever a step works. */
export function rootFolder({ env }: Streams): string {
  return env['GITHUB_WORKSPACE'] || process.cwd();
}

/** The path from a folder down to a source, with slashes; null: it is standard input, or stands elsewhere. */
export function pathBelow(folder: string, source: Source): string | null {
  if (isStdin(source)) return null;
  const path = relative(resolve(folder), resolve(source.name));
  return path.startsWith('..') || isAbsolute(path) ? null : path.split(sep).join('/');
}
