import { invariant } from '../model/invariant.ts';
import type { Splice } from '../model/source.ts';

/** Applies splices that are sorted and do not overlap. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { span, text: inserted } of splices) {
    invariant(span.start >= at && span.end >= span.start, `splice at ${span.start} overlaps the one before`);
    parts.push(text.slice(at, span.start), inserted);
    at = span.end;
  }
  parts.push(text.slice(at));
  return parts.join('');
}
