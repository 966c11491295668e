import { isList, isMap, type Value } from '../model/object.ts';
import type { Marks } from './injection.ts';
import { isPlainList } from './kinds.ts';
import { strings } from './pod-template.ts';

/** The labels and annotations of each Namespace in a document, by its name. */
export function findNamespaces(value: Value): (readonly [string, Marks])[] {
  if (!isMap(value)) return [];
  const { apiVersion, kind, items, metadata } = value;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return [];
  if (isPlainList({ apiVersion, kind })) return isList(items) ? items.flatMap(findNamespaces) : [];
  if (apiVersion !== 'v1' || kind !== 'Namespace' || !isMap(metadata)) return [];
  const { name, labels, annotations } = metadata;
  if (typeof name !== 'string') return [];
  return [[name, { ...strings(annotations), ...strings(labels) }]];
}
