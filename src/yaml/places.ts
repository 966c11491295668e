import { isSeq, isMap as isYamlMap, type Node } from 'yaml';
import type { FieldPath } from '../model/object.ts';
import type { Parsed } from './parse.ts';
import { keyOf } from './value.ts';

/** A node and where it stands; the path is that of the text, so it never leads through an alias. */
export interface Place {
  readonly node: Node;
  readonly parent: unknown;
  readonly path: FieldPath;
}

/** Every node with its path in the text; none where there are no aliases. */
export function findPlaces(parsed: Parsed): Map<Node, Place> {
  const places = new Map<Node, Place>();
  if (parsed.text.includes('*')) collectPlaces(parsed.tree.contents, null, [], places);
  return places;
}

function collectPlaces(node: unknown, parent: unknown, path: FieldPath, into: Map<Node, Place>): void {
  if (node === null || node === undefined) return;
  into.set(node as Node, { node: node as Node, parent, path });
  if (isSeq(node))
    for (const [index, item] of node.items.entries()) collectPlaces(item, node, [...path, index], into);
  if (isYamlMap(node))
    for (const pair of node.items) collectPlaces(pair.value, node, [...path, keyOf(pair)], into);
}
