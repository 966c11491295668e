import { Scalar, visit } from 'yaml';
import type { Span } from '../model/source.ts';
import { type Parsed, spanOfNode } from './parse.ts';

/**
 * The first folded scalar (`>`) that keeps a line break because a line is indented further or empty at its start.
 * go-yaml v3 writes one more each time it writes such a scalar, as kustomize 5.8 does to apply a JSON patch.
 */
export function findFragileFold({ tree }: Parsed): Span | null {
  let found: Span | null = null;
  visit(tree, {
    Scalar: (_, node) => {
      if (node.type !== Scalar.BLOCK_FOLDED || !/^\n|\n[ \t]/.test(String(node.value))) return;
      found = spanOfNode(node);
      return visit.BREAK;
    },
  });
  return found;
}
