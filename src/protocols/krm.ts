import { editDocument, editsOf } from '../edit-document.ts';
import { describeEnd } from '../kube/describe-end.ts';
import { isResourceList } from '../kube/kinds.ts';
import { idOf } from '../kube/pod-template.ts';
import { groupByWorkload } from '../kube/workload-edits.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { isList, isMap, type ObjectId, printPath, type Value, type ValueMap } from '../model/object.ts';
import type { Options } from '../model/options.ts';
import type { Plan } from '../model/pod.ts';
import type { Document } from '../model/source.ts';
import { readDocument, readNamespaces } from '../read.ts';
import { type PlannedDocument, planDocument } from '../transform.ts';
import type { Parsed } from '../yaml/parse.ts';

// A KRM function: one ResourceList in, the same out, with what there is to say in its `results`
// (https://github.com/kubernetes-sigs/kustomize/blob/master/cmd/config/docs/api-conventions/functions-spec.md).

export interface FunctionCall {
  readonly document: Document;
  readonly parsed: Parsed;
  /** undefined: there is none. */
  readonly functionConfig: Value | undefined;
}

/** The call, if the documents are nothing but one ResourceList. */
export function findFunctionCall(documents: readonly Document[]): FunctionCall | null {
  const [document] = documents;
  if (document === undefined || documents.length > 1) return null;
  const parsed = readDocument(document);
  if (parsed === null || !('value' in parsed) || !isMap(parsed.value)) return null;
  const { apiVersion, kind, functionConfig } = parsed.value;
  if (!isResourceList({ apiVersion: String(apiVersion), kind: String(kind) })) return null;
  return { document, parsed, functionConfig: functionConfig ?? undefined };
}

/** What becomes of the items. */
export function planItems({ document, parsed }: FunctionCall, options: Options): PlannedDocument {
  return planDocument(document, parsed, options, readNamespaces([document]));
}

export interface Result extends ValueMap {
  readonly message: string;
  readonly severity: 'error' | 'warning' | 'info';
}

/**
 * The list as it goes back: rewritten, but for its edits byte for byte, with the results. With an error among them the
 * items stay as they are.
 */
export function printList(
  { parsed }: FunctionCall,
  plans: readonly Plan[],
  results: readonly Result[],
): string {
  const isWrong = results.some(({ severity }) => severity === 'error');
  const edits = isWrong ? [] : editsOf(groupByWorkload(plans));
  const said = results.length === 0 ? [] : [{ op: 'append', path: ['results'], values: results } as const];
  return editDocument(parsed, [...edits, ...said]).text;
}

/** What is wrong, and what was rewritten; other reasons to leave something alone are not worth a word here. */
export function toResults(
  { parsed }: FunctionCall,
  plans: readonly Plan[],
  diagnostics: readonly Diagnostic[],
): Result[] {
  const files = listFiles(parsed.value);
  const loud = diagnostics.filter(({ severity }) => severity !== 'info');
  const done = plans.flatMap((plan) => (plan.action === 'rewrite' ? [plan] : []));
  return [
    ...loud.map((row): Result => {
      const { severity, object, path, code } = row;
      return {
        message: printMessage(row),
        severity,
        ...(object === undefined ? {} : refer(object, files)),
        // A field is one of an object.
        ...(object === undefined || !path?.length ? {} : { field: { path: printPath(path) } }),
        tags: { code },
      };
    }),
    ...done.map((plan): Result => {
      const message = `rewritten (${plan.strategy}): ${describeEnd(plan)}`;
      return { message, severity: 'info', ...refer(plan.pod.workload.id, files) };
    }),
  ];
}

/** A result has no field for the way out. */
export function printMessage({ message, hint }: { message: string; hint?: string | undefined }): string {
  return hint === undefined ? message : `${message} (${hint})`;
}

function refer(id: ObjectId, files: ReadonlyMap<string, ValueMap>): ValueMap {
  const { apiVersion, kind, name, namespace } = id;
  const file = files.get(keyOf(id));
  return {
    resourceRef: { apiVersion, kind, name, ...(namespace === null ? {} : { namespace }) },
    ...(file === undefined ? {} : { file }),
  };
}

function keyOf({ apiVersion, kind, name, namespace }: ObjectId): string {
  return JSON.stringify([apiVersion, kind, namespace, name]);
}

/** The file that each item stands in, as the orchestrator says. */
function listFiles(list: Value): Map<string, ValueMap> {
  const items = isMap(list) && isList(list['items']) ? list['items'].filter(isMap) : [];
  const files = new Map<string, ValueMap>();
  for (const item of items) {
    const { apiVersion, kind, metadata } = item;
    if (!isMap(metadata) || !isMap(metadata['annotations'])) continue;
    const { annotations } = metadata;
    const at = (key: string): Value | undefined =>
      annotations[`internal.config.kubernetes.io/${key}`] ?? annotations[`config.kubernetes.io/${key}`];
    const [path, index] = [at('path'), Number(at('index'))];
    if (typeof path !== 'string') continue;
    const id = idOf(item, { apiVersion: String(apiVersion), kind: String(kind) });
    files.set(keyOf(id), { path, ...(Number.isInteger(index) ? { index } : {}) });
  }
  return files;
}
