import { REWRITTEN } from './kube/annotations.ts';
import { findPodTemplates } from './kube/workload.ts';
import { type Diagnostic, diagnose } from './model/diagnostic.ts';
import type { Options } from './model/options.ts';
import type { Plan, Workload } from './model/pod.ts';
import type { Document, Source, Splice } from './model/source.ts';
import { readDocument } from './read.ts';
import { decodeDocument, encodeDocument } from './text/decode.ts';
import { replaceBetween } from './text/splice.ts';
import { type Outcome, transform } from './transform.ts';
import { undoDocuments } from './undo.ts';

/**
 * Redoes what was rewritten before: as `transform` of the documents as they were then. What cannot be undone, or has no
 * record, is refused; where the rewrite itself is refused now, a document stays as it is.
 */
export function upgrade(documents: readonly Document[], options: Options): Outcome {
  const undone = undoDocuments(documents);
  const before = rebuild(documents, undone.texts);
  const rewritten = new Set([...undone.texts.keys()].flatMap((document) => listRewritten(document, options)));
  const outcome = transform([...before.values()], options);
  const redone = new Set(
    outcome.plans.flatMap(({ action, pod }) => (action === 'rewrite' ? [keyOf(pod.workload)] : [])),
  );
  const lost = outcome.plans.flatMap((plan) => {
    const key = keyOf(plan.pod.workload);
    return rewritten.has(key) && !redone.has(key) ? findLoss(plan) : [];
  });
  const refused = new Set([
    ...outcome.plans.flatMap(({ action, pod }) => (action === 'refuse' ? [pod.workload.document] : [])),
    ...lost.map(({ document }) => document),
  ]);
  const texts = new Map<Document, string>();
  const splices = new Map<Document, readonly Splice[]>();
  for (const [document, old] of before) {
    const was = undone.texts.get(document);
    const text = outcome.texts.get(old) ?? was;
    if (text === undefined || (was !== undefined && refused.has(old))) continue;
    const now = decodeDocument(document) ?? '';
    if (text === now) continue;
    texts.set(document, text);
    splices.set(document, was === undefined ? (outcome.splices.get(old) ?? []) : [replaceBetween(now, text)]);
  }
  const failed = new Set(undone.diagnostics.map(({ document }) => before.get(document)));
  const said = outcome.diagnostics.map((row) => (failed.has(row.document) ? row : refuseWithoutRecord(row)));
  return { ...outcome, texts, splices, diagnostics: [...undone.diagnostics, ...said, ...lost] };
}

/** What was rewritten is not given up because nobody says its roles any more, unless it is to be skipped. */
function findLoss(plan: Plan): Diagnostic[] {
  const [reason] = plan.diagnostics;
  if (plan.action !== 'leave' || plan.code === 'skipped' || reason === undefined) return [];
  const { code: _code, severity: _severity, message, hint: _hint, ...place } = reason;
  return [diagnose('undo-without-redo', { why: message }, place)];
}

/** The workloads of a document that bear our mark. */
function listRewritten(document: Document, options: Options): string[] {
  const parsed = readDocument(document);
  if (parsed === null || !('value' in parsed)) return [];
  const workloads = findPodTemplates(document, parsed, options).pods.map(({ workload }) => workload);
  return workloads.filter(({ annotations }) => REWRITTEN in annotations).map(keyOf);
}

/** Undoing changes no place in the list of objects. */
function keyOf({ document, root, id }: Workload): string {
  return JSON.stringify([document.index, root, id]);
}

function refuseWithoutRecord(diagnostic: Diagnostic): Diagnostic {
  const { code, severity: _severity, message: _message, hint: _hint, ...place } = diagnostic;
  return code === 'already-rewritten' ? diagnose('undo-record-missing', {}, place) : diagnostic;
}

/** The documents as they were. A source of which one changes is made anew, so that places in it can be found. */
function rebuild(
  documents: readonly Document[],
  texts: ReadonlyMap<Document, string>,
): ReadonlyMap<Document, Document> {
  const sources = new Map<Source, Document[]>();
  for (const document of documents) {
    const own = sources.get(document.source) ?? [];
    sources.set(document.source, own);
    own.push(document);
  }
  const pairs = [...sources].flatMap(([source, own]) => {
    const isSame = !own.some((document) => texts.has(document));
    return isSame ? own.map((document) => [document, document] as const) : rebuildSource(source, own, texts);
  });
  return new Map(pairs);
}

function rebuildSource(
  { name, bytes }: Source,
  documents: readonly Document[],
  texts: ReadonlyMap<Document, string>,
): (readonly [Document, Document])[] {
  const pieces = documents.map((document) => {
    const text = texts.get(document);
    const { start, end } = document.span;
    return text === undefined ? bytes.subarray(start, end) : encodeDocument(document, text);
  });
  const source = { name: `${name} (undone)`, bytes: concat(pieces) };
  let end = 0;
  return documents.map((document, index) => {
    const start = end;
    end += pieces[index]?.length ?? 0;
    return [document, { ...document, source, span: { start, end } }];
  });
}

function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
