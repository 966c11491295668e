import type { YAMLMap, YAMLSeq } from 'yaml';
import type { Value } from '../model/object.ts';
import type { Splice } from '../model/source.ts';
import {
  columnOf,
  contentEnd,
  endOfContentLine,
  endOfLineAbove,
  isFirstOnLine,
  lineIndent,
  ownLineIndent,
  quoteOf,
  skipTrivia,
  startOf,
  styleIn,
} from './layout.ts';
import { findPair } from './parse.ts';
import {
  argvQuote,
  type JsonStyle,
  newLine,
  renderEntry,
  renderFlow,
  renderItem,
  renderJson,
  renderJsonEntry,
  renderString,
  type Style,
} from './render.ts';

/** What a document looks like, for text that is added to it. `json` is null in a YAML document. */
export interface Target {
  readonly text: string;
  readonly style: Style;
  readonly json: JsonStyle | null;
}

export interface Entry {
  readonly key: string;
  readonly value: Value;
}

export function insertion(at: number, text: string): Splice {
  return { span: { start: at, end: at }, text };
}

/** New keys of a map: in front of the key `before`, if it is there, else last. */
export function insertEntries(
  target: Target,
  map: YAMLMap,
  entries: readonly Entry[],
  before?: string,
): Splice {
  const sibling = before === undefined ? undefined : findPair(map, before);
  if (map.flow) {
    const renderers = entries.map(
      ({ key, value }): RenderFlow =>
        (indent) =>
          target.json === null
            ? `${renderString(key)}: ${renderFlow(value)}`
            : renderJsonEntry(key, value, target.json, indent),
    );
    if (sibling === undefined) return insertInFlow(target, map, renderers);
    return prefixFlow(target, map, startOf(sibling.key), renderers);
  }
  const { text } = target;
  const style = styleIn(map, text, target.style);
  const start = startOf(map);
  const column = columnOf(text, start);
  const lines = entries.map(({ key, value }) => renderEntry(key, value, column, style));
  const behind = lines.map((line) => newLine(column, style) + line).join('');
  if (sibling === undefined) return insertion(endOfContentLine(text, contentEnd(map), column), behind);
  const index = map.items.indexOf(sibling);
  if (index > 0) return insertion(endOfContentLine(text, contentEnd(map.items[index - 1])), behind);
  return insertInFront(text, start, lines, newLine(column, style));
}

/** New items at one end of a list. */
export function insertItems(
  target: Target,
  seq: YAMLSeq,
  where: 'front' | 'back',
  values: readonly Value[],
): Splice {
  const quote = seq.items.length > 0 ? quoteOf(seq.items[0]) : argvQuote(values);
  if (seq.flow) {
    const renderers = values.map(
      (value): RenderFlow =>
        (indent) =>
          target.json ? renderJson(value, target.json, indent) : renderFlow(value, quote),
    );
    if (where === 'back' || seq.items.length === 0) return insertInFlow(target, seq, renderers);
    return prefixFlow(target, seq, skipTrivia(target.text, startOf(seq) + 1), renderers);
  }
  const { text } = target;
  const style = { ...target.style, quote };
  const column = columnOf(text, startOf(seq));
  const items = values.map((value) => renderItem(value, column, style));
  if (where === 'front') return insertInFront(text, startOf(seq), items, newLine(column, style));
  // A comment in the column of the dashes may as well belong to the next key.
  const at = endOfContentLine(text, contentEnd(seq), column + 1);
  return insertion(at, items.map((item) => newLine(column, style) + item).join(''));
}

/** In front of the first key or item, and of the comment above it, which stays with it. */
function insertInFront(
  text: string,
  start: number,
  rendered: readonly string[],
  separatedBy: string,
): Splice {
  const above = isFirstOnLine(text, start) ? endOfLineAbove(text, start) : -1;
  if (above >= 0) return insertion(above, rendered.map((line) => separatedBy + line).join(''));
  return insertion(start, rendered.map((line) => line + separatedBy).join(''));
}

export function separator({ json, style }: Target, indent: string | null): string {
  if (indent !== null) return `,${style.eol}${indent}`;
  return json?.tight ? ',' : ', ';
}

/** Renders on one line when `indent` is null, else as the document's own lines do. */
type RenderFlow = (indent: string | null) => string;

function renderParts(target: Target, parts: readonly RenderFlow[], indent: string | null): string {
  return parts.map((part) => part(indent)).join(separator(target, indent));
}

/** Behind the last item of a flow collection, on lines of their own if the items there have some. */
function insertInFlow(target: Target, collection: YAMLMap | YAMLSeq, parts: readonly RenderFlow[]): Splice {
  const { text } = target;
  const last = collection.items.at(-1);
  if (last === undefined) return fillEmptyFlow(target, startOf(collection), parts);
  const indent = ownLineIndent(text, collection);
  const end = contentEnd(last);
  const comma = skipTrivia(text, end);
  const rendered = separator(target, indent) + renderParts(target, parts, indent);
  // A trailing comma separates already.
  return text[comma] === ',' ? insertion(comma + 1, rendered.slice(1)) : insertion(end, rendered);
}

function fillEmptyFlow(target: Target, open: number, parts: readonly RenderFlow[]): Splice {
  const { text, json } = target;
  const isPretty =
    json !== null && !json.tight && text.trim().includes('\n') && /[}\]]/.test(text[open + 1] ?? '');
  if (!isPretty) return insertion(open + 1, renderParts(target, parts, null));
  const outer = lineIndent(text, open);
  const inner = outer + json.unit;
  return insertion(open + 1, `${json.eol}${inner}${renderParts(target, parts, inner)}${json.eol}${outer}`);
}

/** In front of what stands at `at` in a flow collection. */
function prefixFlow(
  target: Target,
  collection: YAMLMap | YAMLSeq,
  at: number,
  parts: readonly RenderFlow[],
): Splice {
  const indent = ownLineIndent(target.text, collection);
  return insertion(at, renderParts(target, parts, indent) + separator(target, indent));
}
