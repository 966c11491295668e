import type * as V1 from 'kubernetes-types/core/v1.js';
import type { TypeMeta } from '../model/kind.ts';
import { type FieldPath, isList, isMap, type ObjectId, type Value, type ValueMap } from '../model/object.ts';
import type { Container, PodTemplate, Workload } from '../model/pod.ts';
import type { Document } from '../model/source.ts';
import { findHandling } from './kinds.ts';
import type { Template } from './templates.ts';

// From values to nouns, where their shapes are known to be right.

export function idOf(object: ValueMap, type: TypeMeta): ObjectId {
  const { name, namespace } = isMap(object['metadata']) ? object['metadata'] : {};
  return {
    ...type,
    namespace: typeof namespace === 'string' ? namespace : null,
    name: typeof name === 'string' ? name : '',
  };
}

export function toWorkload(
  object: ValueMap,
  root: FieldPath,
  id: ObjectId,
  names: readonly string[],
  document: Document,
): Workload {
  const metadata = isMap(object['metadata']) ? object['metadata'] : {};
  return {
    document,
    root,
    object,
    id,
    labels: strings(metadata['labels']),
    annotations: strings(metadata['annotations']),
    containerNames: new Set(names),
    handling: findHandling(id),
  };
}

export function toPodTemplate(workload: Workload, { value, path, part, kind }: Template): PodTemplate {
  const metadata = isMap(value['metadata']) ? value['metadata'] : {};
  const spec = (value['spec'] ?? {}) as unknown as V1.PodSpec;
  return {
    workload,
    path,
    part,
    spec,
    labels: strings(metadata['labels']),
    annotations: strings(metadata['annotations']),
    restartPolicy: spec.restartPolicy ?? kind.restartPolicy ?? undefined,
    containers: toContainers(spec.containers, [...path, 'spec', 'containers']),
    initContainers: toContainers(spec.initContainers, [...path, 'spec', 'initContainers']),
  };
}

/** What has no pod templates in our sense stands for itself, so that there is something to explain. */
export function toHandled(
  object: ValueMap,
  root: FieldPath,
  type: TypeMeta,
  document: Document,
): PodTemplate {
  const workload = toWorkload(object, root, idOf(object, type), [], document);
  return {
    workload,
    path: root,
    part: null,
    spec: { containers: [] },
    labels: {},
    annotations: {},
    restartPolicy: undefined,
    containers: [],
    initContainers: [],
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
