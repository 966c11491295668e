import { isAlias, type Node } from 'yaml';
import { type Change, expandPlace, type ValueAfter } from './locate.ts';
import type { PlannedMoves } from './move.ts';
import type { Parsed } from './parse.ts';
import { findPlaces } from './places.ts';

/** Aliases that would stand for something else, or for nothing, once the moves have changed the order of the text. */
export function findStrayAliases(
  parsed: Parsed,
  { splices, items }: PlannedMoves,
  known: readonly Change[],
  valueAfter: ValueAfter,
): Change[] {
  if (splices.length === 0) return [];
  const expanded = new Set<unknown>(known.map((change) => (change.kind === 'expand' ? change.alias : null)));
  const moves = splices.flatMap(({ splice: { span, moved } }) =>
    moved === undefined ? [] : [{ from: moved.span, to: span.start }],
  );
  /** Where an offset comes to stand: what is moved to a place stands in front of what is there. */
  const rank = (offset: number): readonly [number, number, number] => {
    const index = moves.findIndex(({ from }) => from.start <= offset && offset < from.end);
    const move = moves[index];
    return move === undefined ? [offset, moves.length, offset] : [move.to, index, offset];
  };
  const ranked = [...findPlaces(parsed).values()]
    .filter(({ node }) => isAlias(node) || ('anchor' in node && node.anchor))
    .map((place) => ({ place, offset: place.node.range?.[0] ?? 0 }))
    .filter(
      ({ offset }) =>
        !items.some(({ span, isDropped }) => isDropped && span.start <= offset && offset < span.end),
    )
    .map(({ place, offset }) => ({ place, rank: rank(offset) }));
  ranked.sort(({ rank: a }, { rank: b }) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
  const anchors = new Map<string, Node>();
  return ranked.flatMap(({ place }): Change[] => {
    const { node } = place;
    if (!isAlias(node)) {
      anchors.set(String((node as { anchor?: string }).anchor), node);
      return [];
    }
    const isRight = expanded.has(node) || anchors.get(node.source) === parsed.sources.get(node);
    return isRight ? [] : [expandPlace(parsed, place, valueAfter)];
  });
}
