import type * as V1 from 'kubernetes-types/core/v1.js';
import { type Diagnostic, diagnose } from '../model/diagnostic.ts';
import { type FieldPath, isList, isMap, printPath, type Value, type ValueMap } from '../model/object.ts';
import type { Container, PodTemplate, Workload } from '../model/pod.ts';
import type { Document } from '../model/source.ts';
import { type Parsed, spanOfPath } from '../yaml/parse.ts';
import { findKind, isListKind } from './kinds.ts';
import { findWrongType, METADATA, POD_SPEC } from './shape.ts';

export interface Found {
  readonly pods: readonly PodTemplate[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The pod templates that are meant to finish, in the order in which they stand in the document. */
export function findPodTemplates(document: Document, parsed: Parsed): Found {
  const found = { pods: [] as PodTemplate[], diagnostics: [] as Diagnostic[] };
  visitObject(document, parsed, parsed.value, [], found);
  return found;
}

interface Finding {
  readonly pods: PodTemplate[];
  readonly diagnostics: Diagnostic[];
}

function visitObject(document: Document, parsed: Parsed, value: Value, root: FieldPath, into: Finding): void {
  if (!isMap(value)) return;
  const { apiVersion, kind, items } = value;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return;
  if (isListKind(apiVersion, kind)) {
    if (!isList(items)) return;
    for (const [index, item] of items.entries())
      visitObject(document, parsed, item, [...root, 'items', index], into);
    return;
  }
  const row = findKind(apiVersion, kind);
  const template = row && valueIn(value, row.podTemplate);
  if (row === undefined || !isMap(template)) return;
  const spec = template['spec'];
  const restartPolicy = isMap(spec) ? spec['restartPolicy'] : undefined;
  if (row.mayRunForever && restartPolicy !== 'Never' && restartPolicy !== 'OnFailure') return;
  const workload = toWorkload(document, value, root);
  const path = [...root, ...row.podTemplate];
  const wrong =
    findWrongType(value['metadata'], METADATA, [...root, 'metadata']) ??
    findWrongType(template['metadata'], METADATA, [...path, 'metadata']) ??
    findWrongType(spec, POD_SPEC, [...path, 'spec']);
  if (wrong === null) into.pods.push(toPodTemplate(workload, template, path));
  else if (!hasOneContainer(spec)) {
    const place = { document, object: workload.id, path: wrong.path, span: spanOfPath(parsed, wrong.path) };
    into.diagnostics.push(diagnose('wrong-type', { ...wrong, field: printPath(wrong.path) }, place));
  }
}

/** Such a pod needs nothing from us, so what is wrong in it is kubectl's to say. */
function hasOneContainer(spec: Value | undefined): boolean {
  return isMap(spec) && isList(spec['containers']) && spec['containers'].length < 2;
}

function valueIn(value: Value, path: FieldPath): Value | undefined {
  let at: Value | undefined = value;
  for (const key of path) at = isMap(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  return at;
}

function toWorkload(document: Document, object: ValueMap, root: FieldPath): Workload {
  const metadata = isMap(object['metadata']) ? object['metadata'] : {};
  const { name, namespace } = metadata;
  return {
    document,
    root,
    object,
    id: {
      apiVersion: String(object['apiVersion']),
      kind: String(object['kind']),
      namespace: typeof namespace === 'string' ? namespace : null,
      name: typeof name === 'string' ? name : '',
    },
    labels: strings(metadata['labels']),
    annotations: strings(metadata['annotations']),
  };
}

function toPodTemplate(workload: Workload, template: ValueMap, path: FieldPath): PodTemplate {
  const metadata = isMap(template['metadata']) ? template['metadata'] : {};
  const spec = (template['spec'] ?? {}) as unknown as V1.PodSpec;
  return {
    workload,
    path,
    spec,
    labels: strings(metadata['labels']),
    annotations: strings(metadata['annotations']),
    restartPolicy: spec.restartPolicy ?? undefined,
    containers: toContainers(spec.containers, [...path, 'spec', 'containers']),
    initContainers: toContainers(spec.initContainers, [...path, 'spec', 'initContainers']),
  };
}

function toContainers(specs: readonly V1.Container[] | null | undefined, path: FieldPath): Container[] {
  return (specs ?? []).map((spec, index) => ({ spec, path: [...path, index] }));
}

/** The scalars of a map, as text. */
export function strings(value: Value | undefined): Record<string, string> {
  const found: Record<string, string> = {};
  if (!isMap(value)) return found;
  for (const [key, item] of Object.entries(value))
    if (!isMap(item) && !isList(item)) found[key] = String(item ?? '');
  return found;
}
