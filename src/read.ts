import { INJECTION_WORDS, type Marks } from './kube/injection.ts';
import { findNamespaces } from './kube/namespace.ts';
import { type Code, type Diagnostic, diagnose } from './model/diagnostic.ts';
import type { Options } from './model/options.ts';
import type { Workload } from './model/pod.ts';
import type { Document } from './model/source.ts';
import { decodeDocument } from './text/decode.ts';
import { holdsWord, mayHoldWord, wordSearch } from './text/probe.ts';
import { type Parsed, parseDocument, type Unreadable } from './yaml/parse.ts';

// The arrow `decode, parse`: which documents are read besides the candidates, and what is said of unreadable ones.

/** null: it is not valid UTF-8. */
export function readDocument(document: Document): Parsed | Unreadable | null {
  const text = decodeDocument(document);
  return text === null ? null : parseDocument(text);
}

export function describeUnreadable(unreadable: Unreadable, document: Document): Diagnostic {
  const place = { document, span: unreadable.span };
  switch (unreadable.reason) {
    case 'template':
      return diagnose('template-unrendered', {}, place);
    case 'too-deep':
      return diagnose('nesting-too-deep', {}, place);
    case 'invalid':
      return diagnose('yaml-invalid', unreadable, place);
  }
}

const REASONS: Readonly<Record<Unreadable['reason'], (unreadable: Unreadable) => string>> = {
  template: () => 'it is a template that was not rendered',
  'too-deep': () => 'it is nested too deeply',
  invalid: (unreadable) => ('why' in unreadable ? unreadable.why : ''),
};

/** The same where a document may not pass through unread. null: it is not valid UTF-8. */
export function refuseUnreadable(
  unreadable: Unreadable | null,
  document: Document,
  task: 'check' | 'convert',
): Diagnostic {
  if (unreadable === null)
    return diagnose('unreadable', { task, why: 'it is not valid UTF-8' }, { document });
  const why = REASONS[unreadable.reason](unreadable);
  return diagnose('unreadable', { task, why }, { document, span: unreadable.span });
}

const PASSED_UNREAD: readonly Code[] = [
  'encoding-invalid',
  'nesting-too-deep',
  'template-unrendered',
  'yaml-invalid',
];

/** What was found, where these documents do not pass through unread but are refused. */
export function replaceUnread(
  findings: readonly Diagnostic[],
  refusals: readonly Diagnostic[],
): readonly Diagnostic[] {
  const refused = new Set(refusals.map(({ document }) => document));
  return [...findings.filter((row) => !(isPassedUnread(row) && refused.has(row.document))), ...refusals];
}

/** Says that a document passes through unread? */
export function isPassedUnread({ code }: Diagnostic): boolean {
  return PASSED_UNREAD.includes(code);
}

/** A Namespace that says something of injection holds both; nobody writes its kind with escapes. */
const NAMESPACE = new TextEncoder().encode('Namespace');
const INJECTION = wordSearch(INJECTION_WORDS);

export interface Namespaces {
  /** By the namespace's name. */
  readonly marks: ReadonlyMap<string, Marks>;
  /** Candidates that were read for it already. */
  readonly read: ReadonlyMap<Document, Parsed | Unreadable | null>;
  /** How many other documents had to be parsed. */
  readonly parsed: number;
}

/** What the Namespaces of a run say of injection. Only documents that may hold such a one are read. */
export function readNamespaces(documents: readonly Document[]): Namespaces {
  const marks = new Map<string, Marks>();
  const read = new Map<Document, Parsed | Unreadable | null>();
  let count = 0;
  for (const document of documents) {
    const { source, span, candidate } = document;
    const isMeant = holdsWord(source.bytes, span, NAMESPACE) && mayHoldWord(source.bytes, span, INJECTION);
    if (!isMeant) continue;
    const parsed = readDocument(document);
    if (candidate) read.set(document, parsed);
    else count++;
    if (parsed === null || !('value' in parsed)) continue;
    for (const [name, own] of findNamespaces(parsed.value)) marks.set(name, { ...marks.get(name), ...own });
  }
  return { marks, read, parsed: count };
}

export function marksFor({ id }: Workload, { marks }: Namespaces, options: Options): Marks {
  return marks.get(id.namespace ?? options.namespace) ?? {};
}
