import type { Pair, YAMLMap, YAMLSeq } from 'yaml';
import type { MoveEdit } from '../model/edit.ts';
import type { Value } from '../model/object.ts';
import type { Moved, Splice } from '../model/source.ts';
import type { Target } from './insert.ts';
import { newLine, renderFlow, renderItem, renderJson } from './render.ts';

/** How an item comes to its new place: as the text that it was, or written anew. */
export type Piece = { readonly moved: Moved } | { readonly value: Value };

/** An item on its way. */
export interface Traveller {
  readonly edit: MoveEdit;
  readonly piece: Piece;
}

/** Where new items can go. */
export type Place =
  | { readonly kind: 'seq'; readonly seq: YAMLSeq }
  /** A key of the map that holds the source, too: it is not there, or has no value, `null` or `[]`. */
  | { readonly kind: 'new'; readonly map: YAMLMap; readonly key: string; readonly pair: Pair | undefined };

/** The piece as an item of a block list whose dashes stand at `column`. */
export function blockItem({ text, style }: Target, at: number, column: number, piece: Piece): Splice {
  const span = { start: at, end: at };
  const dash = newLine(column, style);
  if ('value' in piece) return { span, text: dash + renderItem(piece.value, column, style) };
  const isBlock = /^\s*[\r\n]/.test(text.slice(piece.moved.span.start, piece.moved.span.start + 2));
  return { span, text: isBlock ? '' : `${dash}- `, moved: piece.moved };
}

/** The piece as an item of a flow list, behind `lead`. */
export function flowItem(
  { json }: Target,
  at: number,
  lead: string,
  piece: Piece,
  indent: string | null,
): Splice {
  const span = { start: at, end: at };
  if ('moved' in piece) return { span, text: lead, moved: piece.moved };
  const rendered = json === null ? renderFlow(piece.value) : renderJson(piece.value, json, indent);
  return { span, text: lead + rendered };
}
