import { isSeq, type Node, type YAMLSeq } from 'yaml';
import type { Splice } from '../model/source.ts';
import { lineStart } from '../text/lines.ts';
import { endOfKey } from './fill.ts';
import { insertion, separator, type Target } from './insert.ts';
import { columnOf, contentEnd, endOfContentLine, isFirstOnLine, ownLineIndent, startOf } from './layout.ts';
import { blockItem, flowItem, type Piece, type Place, type Traveller } from './pieces.ts';
import { newLine, renderString } from './render.ts';

/** Puts the items into a list of their own, behind the one that the items come from: so that no alias gets in front of its anchor. */
export function putInNew(
  target: Target,
  source: YAMLSeq,
  place: Place & { readonly kind: 'new' },
  travellers: readonly Traveller[],
): Splice[] {
  const pieces = travellers.map(({ piece }) => piece);
  const head = source.flow ? placeFlowHead(target, source, place) : placeBlockHead(target, source, place);
  const items = source.flow
    ? newFlowItems(target, source, head, pieces)
    : newBlockItems(target, source, head, pieces);
  return joinInsertions([...head.splices, ...items]);
}

/** Where the items of a new list go, and what must be done for that. */
interface Head {
  readonly at: number;
  readonly splices: readonly Splice[];
  /** Do the brackets of a flow list stand there already? */
  readonly isOpen: boolean;
}

function placeBlockHead(
  { text, style }: Target,
  source: YAMLSeq,
  { map, key, pair }: Place & { readonly kind: 'new' },
): Head {
  if (pair === undefined) {
    const at = endOfContentLine(text, contentEnd(source), columnOf(text, startOf(source)) + 1);
    const line = `${newLine(columnOf(text, startOf(map)), style)}${renderString(key)}:`;
    return { at, splices: [insertion(at, line)], isOpen: false };
  }
  const node = pair.value as Node | null;
  if (!node?.range) {
    const at = contentEnd(pair.key);
    return { at, splices: [insertion(at, ':')], isOpen: false };
  }
  const [start, end] = node.range;
  const splices = start < end ? [{ span: { start: endOfKey(text, start), end }, text: '' }] : [];
  return { at: endOfContentLine(text, end), splices, isOpen: false };
}

function placeFlowHead(
  target: Target,
  source: YAMLSeq,
  { map, key, pair }: Place & { readonly kind: 'new' },
): Head {
  const { text, style, json } = target;
  if (pair === undefined) {
    const name = renderString(key, json === null ? 'plain' : 'double') + (json?.tight ? ':' : ': ');
    const at = map.flow ? contentEnd(source) : endOfContentLine(text, contentEnd(source));
    const lead = map.flow
      ? separator(target, ownLineIndent(text, map))
      : newLine(columnOf(text, startOf(map)), style);
    return { at, splices: [insertion(at, lead + name)], isOpen: false };
  }
  const node = pair.value as Node | null;
  if (!node?.range) {
    const at = contentEnd(pair.key);
    return { at, splices: [insertion(at, ': ')], isOpen: false };
  }
  const [start, end] = node.range;
  if (isSeq(node)) return { at: start + 1, splices: [], isOpen: true };
  if (start < end) return { at: end, splices: [{ span: { start, end }, text: '' }], isOpen: false };
  const at = map.flow ? start : endOfKey(text, start);
  return { at, splices: [insertion(at, ' ')], isOpen: false };
}

function newBlockItems(target: Target, source: YAMLSeq, { at }: Head, pieces: readonly Piece[]): Splice[] {
  const column = columnOf(target.text, startOf(source));
  const items = pieces.map((piece) => blockItem(target, at, column, piece));
  const last = items.at(-1);
  if (last?.moved === undefined) return items;
  return [...items.slice(0, -1), { ...last, moved: { ...last.moved, closes: column } }];
}

/** In brackets, on lines of their own if those of the source are. */
function newFlowItems(
  target: Target,
  source: YAMLSeq,
  { at, isOpen }: Head,
  pieces: readonly Piece[],
): Splice[] {
  const { text, style } = target;
  const indent = ownLineIndent(text, source);
  const close = contentEnd(source) - 1;
  const inner = indent === null ? '' : style.eol + indent;
  // The bracket closes on a line of its own only where that of the source does.
  const isApart = indent !== null && isFirstOnLine(text, close);
  const outer = isApart ? style.eol + text.slice(lineStart(text, close), close) : '';
  const comma = separator(target, indent);
  return [
    insertion(at, (isOpen ? '' : '[') + inner),
    ...pieces.map((piece, index) => flowItem(target, at, index === 0 ? '' : comma, piece, indent)),
    insertion(at, outer + (isOpen ? '' : ']')),
  ];
}

/** One splice for insertions that follow each other, so that what undo looks for is long; none for those of nothing. */
function joinInsertions(splices: readonly Splice[]): Splice[] {
  const joined: Splice[] = [];
  for (const splice of splices) {
    const last = joined.at(-1);
    const isInsertion = splice.span.start === splice.span.end;
    const follows = last !== undefined && last.moved === undefined && last.span.end === splice.span.start;
    if (isInsertion && follows && last.span.start === last.span.end) {
      joined[joined.length - 1] = { ...splice, text: last.text + splice.text };
    } else if (!isInsertion || splice.text !== '' || splice.moved !== undefined) joined.push(splice);
  }
  return joined;
}
