import type { YAMLSeq } from 'yaml';
import type { Splice } from '../model/source.ts';
import { blockExtent, itemExtent } from './extent.ts';
import { separator, type Target } from './insert.ts';
import { columnOf, contentEnd, endOfContentLine, ownLineIndent, skipTrivia, startOf } from './layout.ts';
import { blockItem, flowItem, type Piece, type Traveller } from './pieces.ts';

/** Puts the items into a list that has items, as splices. */
export function putIn(target: Target, seq: YAMLSeq, travellers: readonly Traveller[]): Splice[] {
  const places = [...new Set(travellers.map(({ edit }) => edit.before))];
  return places.flatMap((before) => {
    const pieces = travellers.filter(({ edit }) => edit.before === before).map(({ piece }) => piece);
    return seq.flow ? putInFlow(target, seq, before, pieces) : putInBlock(target, seq, before, pieces);
  });
}

function putInBlock(target: Target, seq: YAMLSeq, before: number | null, pieces: readonly Piece[]): Splice[] {
  const { text } = target;
  const column = columnOf(text, startOf(seq));
  const at =
    before === null
      ? endOfContentLine(text, contentEnd(seq), column + 1)
      : blockExtent(text, seq, before).start;
  return pieces.map((piece) => blockItem(target, at, column, piece));
}

function putInFlow(target: Target, seq: YAMLSeq, before: number | null, pieces: readonly Piece[]): Splice[] {
  const { text } = target;
  const indent = ownLineIndent(text, seq);
  const comma = separator(target, indent);
  const item = (at: number, lead: string, piece: Piece): Splice => flowItem(target, at, lead, piece, indent);
  if (before !== null) {
    const at = itemExtent(text, seq, before).start;
    return pieces.flatMap((piece) => [item(at, '', piece), { span: { start: at, end: at }, text: comma }]);
  }
  const end = contentEnd(seq.items.at(-1));
  const next = skipTrivia(text, end);
  if (text[next] !== ',') return pieces.map((piece) => item(end, comma, piece));
  // A trailing comma separates already.
  return pieces.map((piece, index) => item(next + 1, index === 0 ? comma.slice(1) : comma, piece));
}
