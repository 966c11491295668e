import { isCollection, isSeq, isMap as isYamlMap, type Pair, type YAMLMap } from 'yaml';
import { isMap, type Value } from '../model/object.ts';
import type { Splice } from '../model/source.ts';
import { insertion, type Target } from './insert.ts';
import { columnOf, contentEnd, endOfContentLine, ownLineIndent, startOf, styleIn } from './layout.ts';
import { renderAfterColon, renderFlow, renderJson, renderMap } from './render.ts';

/** A value for a key that has none, or `null`. */
export function fillPair(target: Target, parent: YAMLMap, pair: Pair, value: Value): Splice {
  const { text } = target;
  const range = pair.value === null ? null : (pair.value as { range?: [number, number, number] }).range;
  if (!range) return insertion(contentEnd(pair.key), `: ${renderInline(target, parent, value)}`);
  const [start, end] = range;
  if (start < end) return replaceValue(target, { start, end }, parent, value);
  if (parent.flow) return insertion(start, ` ${renderInline(target, parent, value)}`);
  const style = styleIn(parent, text, target.style);
  const rendered = renderAfterColon(value, columnOf(text, startOf(parent)), style);
  // A block goes behind the line's comment, a value that stays on the line in front of it.
  const isBlock = rendered.startsWith(style.eol);
  return insertion(isBlock ? endOfContentLine(text, start) : endOfKey(text, start), rendered);
}

export function endOfKey(text: string, from: number): number {
  let at = from;
  while (text[at - 1] === ' ' || text[at - 1] === '\t') at--;
  return at;
}

/** In JSON as the entries around it: on lines of their own if they are. */
function renderInline(target: Target, parent: unknown, value: Value): string {
  if (target.json === null) return renderFlow(value);
  return renderJson(value, target.json, isYamlMap(parent) ? ownLineIndent(target.text, parent) : null);
}

/** Puts a value where `null` or an alias stands: as a block where it can be one, else on the line. */
export function replaceValue(
  target: Target,
  span: { readonly start: number; readonly end: number },
  parent: unknown,
  value: Value,
): Splice {
  const { text } = target;
  const rest = /[^\r\n]*/.exec(text.slice(span.end))?.[0] ?? '';
  const canBeBlock = isCollection(parent) && !parent.flow && rest.trim() === '' && isComposite(value);
  if (!canBeBlock) return { span, text: renderInline(target, parent, value) };
  // With the blanks behind it: after a block scalar they would be a part of it.
  const end = span.end + rest.length;
  if (isSeq(parent)) {
    if (!isMap(value)) return { span, text: renderFlow(value) };
    const column = columnOf(text, span.start);
    return { span: { start: span.start, end }, text: renderMap(value, column, target.style) };
  }
  const style = styleIn(parent as YAMLMap, text, target.style);
  const rendered = renderAfterColon(value, columnOf(text, startOf(parent)), style);
  return { span: { start: endOfKey(text, span.start), end }, text: rendered };
}

function isComposite(value: Value): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}
