import { type Diagnostic, diagnose } from '../model/diagnostic.ts';
import type { Kind, TypeMeta } from '../model/kind.ts';
import {
  type FieldPath,
  isList,
  isMap,
  type ObjectId,
  printPath,
  type Value,
  type ValueMap,
} from '../model/object.ts';
import type { Options } from '../model/options.ts';
import type { PodTemplate, Workload } from '../model/pod.ts';
import type { Document } from '../model/source.ts';
import { type Parsed, spanOfPath } from '../yaml/parse.ts';
import { findHandling, findKinds, itemsOf } from './kinds.ts';
import { idOf, toHandled, toPodTemplate, toWorkload } from './pod-template.ts';
import { findWrongType, METADATA, POD_SPEC, type WrongType } from './shape.ts';
import { findTemplates, type Template } from './templates.ts';

export interface Found {
  readonly pods: readonly PodTemplate[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The pod templates that are meant to finish, in the order in which they stand in the document. */
export function findPodTemplates(document: Document, parsed: Parsed, options: Options): Found {
  const search: Search = { document, parsed, options, pods: [], diagnostics: [] };
  visitObject(parsed.value, [], null, search);
  return search;
}

interface Search {
  readonly document: Document;
  readonly parsed: Parsed;
  readonly options: Options;
  readonly pods: PodTemplate[];
  readonly diagnostics: Diagnostic[];
}

/** `listed`: what it is as an item of a list, if it does not say. */
function visitObject(value: Value, root: FieldPath, listed: TypeMeta | null, search: Search): void {
  const type = isMap(value) ? typeOf(value, listed) : null;
  if (!isMap(value) || type === null) return;
  const { kinds, listsHandled } = search.options;
  const item = itemsOf(type, kinds);
  if (item !== undefined) {
    const items = isList(value['items']) ? value['items'] : [];
    for (const [index, row] of items.entries()) visitObject(row, [...root, 'items', index], item, search);
    return;
  }
  const rows = findKinds(type, kinds);
  if (rows.length > 0) visitWorkload(value, root, type, rows, search);
  else if (listsHandled && findHandling(type) !== null)
    search.pods.push(toHandled(value, root, type, search.document));
}

/** kubectl takes the kind from the list only where an item says neither kind nor apiVersion; one alone is an error. */
function typeOf({ apiVersion, kind }: ValueMap, listed: TypeMeta | null): TypeMeta | null {
  const isSaid = (text: Value | undefined): text is string => typeof text === 'string' && text !== '';
  if (isSaid(apiVersion) && isSaid(kind)) return { apiVersion, kind };
  return isSaid(apiVersion) || isSaid(kind) ? null : listed;
}

function visitWorkload(
  object: ValueMap,
  root: FieldPath,
  type: TypeMeta,
  rows: readonly Kind[],
  search: Search,
): void {
  const all = findTemplates(object, root, rows);
  const id = idOf(object, type);
  if (all.length === 0 && rows.every((row) => search.options.kinds.includes(row)))
    search.diagnostics.push(describeMissing(id, root, rows, search));
  const templates = all.filter(mayFinish);
  const names = templates.flatMap(({ value }) => containerNames(value['spec']));
  const workload = toWorkload(object, root, id, names, search.document);
  const checked = templates.map((template) => ({ template, wrong: findWrong(workload, template) }));
  const wrong = checked.find((row) => row.wrong !== null && !hasOneContainer(row.template))?.wrong ?? null;
  if (wrong !== null) search.diagnostics.push(describeWrong(wrong, id, search));
  else {
    const right = checked.filter((row) => row.wrong === null);
    search.pods.push(...right.map(({ template }) => toPodTemplate(workload, template)));
  }
}

/** A pod that is started again whenever it ends never finishes, with a sidecar or without. */
function mayFinish({ value, kind }: Template): boolean {
  const policy = restartPolicyOf(value['spec'], kind);
  return !kind.mayRunForever || policy === null || policy === 'Never' || policy === 'OnFailure';
}

function restartPolicyOf(spec: Value | undefined, { restartPolicy }: Kind): Value {
  return (isMap(spec) ? spec['restartPolicy'] : null) ?? restartPolicy;
}

function containerNames(spec: Value | undefined): string[] {
  const containers = isMap(spec) && isList(spec['containers']) ? spec['containers'] : [];
  return containers.flatMap((row) => (isMap(row) && typeof row['name'] === 'string' ? [row['name']] : []));
}

function findWrong({ object, root }: Workload, { value, path }: Template): WrongType | null {
  return (
    findWrongType(object['metadata'], METADATA, [...root, 'metadata']) ??
    findWrongType(value['metadata'], METADATA, [...path, 'metadata']) ??
    findWrongType(value['spec'], POD_SPEC, [...path, 'spec'])
  );
}

function describeWrong(wrong: WrongType, object: ObjectId, { document, parsed }: Search): Diagnostic {
  const place = { document, object, path: wrong.path, span: spanOfPath(parsed, wrong.path) };
  return diagnose('wrong-type', { ...wrong, field: printPath(wrong.path) }, place);
}

/** Such a pod needs nothing from us, so what is wrong in it is kubectl's to say. */
function hasOneContainer({ value: { spec } }: Template): boolean {
  return isMap(spec) && isList(spec['containers']) && spec['containers'].length < 2;
}

function describeMissing(
  object: ObjectId,
  root: FieldPath,
  rows: readonly Kind[],
  { document, parsed }: Search,
): Diagnostic {
  const place = { document, object, span: spanOfPath(parsed, [...root, 'kind']) };
  const paths = rows.map(({ podTemplate }) => podTemplate).join(' or ');
  return diagnose('pod-template-missing', { kind: object.kind, paths }, place);
}
