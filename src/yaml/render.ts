import { isList, isMap, type Value } from '../model/object.ts';

/** How strings are written: plain where that is safe, or always in these quotes. */
export type Quote = 'plain' | 'single' | 'double';

/** How new text is to look. */
export interface Style {
  readonly eol: string;
  /** Columns from a map to a map inside it. */
  readonly step: number;
  /** Columns from a key to the dashes of its list. */
  readonly dash: number;
  /** May a text of several lines be a literal block scalar? */
  readonly literals: boolean;
  /** As the strings around it. */
  readonly quote: Quote;
}

/** `{"a": 1}` on one line, `{"a":1}` when `tight`; pretty with `unit` for each level of indentation. */
export interface JsonStyle {
  readonly eol: string;
  readonly unit: string;
  readonly tight: boolean;
}

const PLAIN = /^[A-Za-z/][A-Za-z0-9_./-]*$/;
/** Plain words that a YAML 1.1 reader takes for something else than a string. */
const RESERVED = /^(?:y|n|yes|no|on|off|true|false|null)$/i;
const UNSAFE = /[\u007f-\u009f\u2028\u2029\ufeff]/g;

/** A string that every YAML reader of the field reads as this string: what is not surely safe is written as in JSON. */
export function renderString(text: string, quote: Quote = 'plain'): string {
  if (quote === 'plain' && PLAIN.test(text) && !RESERVED.test(text)) return text;
  if (quote === 'single' && /^[ -~]*$/.test(text)) return `'${text.replaceAll("'", "''")}'`;
  return JSON.stringify(text).replace(
    UNSAFE,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function renderScalar(value: Value, quote: Quote): string {
  if (typeof value === 'string') return renderString(value, quote);
  return Object.is(value, -0) ? '-0.0' : String(value);
}

/** One line of flow style: `{name: a, emptyDir: {}}`. */
export function renderFlow(value: Value, quote: Quote = 'plain'): string {
  if (isList(value)) return `[${value.map((item) => renderFlow(item, quote)).join(', ')}]`;
  if (!isMap(value)) return renderScalar(value, quote);
  const entries = Object.entries(value).map(
    ([key, item]) => `${renderString(key)}: ${renderFlow(item, quote)}`,
  );
  return `{${entries.join(', ')}}`;
}

/** `key: value` in block style; continuation lines are indented for a key at `column`. */
export function renderEntry(key: string, value: Value, column: number, style: Style): string {
  return `${renderString(key)}:${renderAfterColon(value, column, style)}`;
}

/** What follows the colon of a key at `column`, with the leading space or line end. */
export function renderAfterColon(value: Value, column: number, style: Style): string {
  if (isList(value) && isBlockList(value)) {
    const indent = column + style.dash;
    return value.map((item) => newLine(indent, style) + renderItem(item, indent, style)).join('');
  }
  if (isMap(value) && Object.keys(value).length > 0) {
    const indent = column + style.step;
    return newLine(indent, style) + renderMap(value, indent, style);
  }
  if (typeof value === 'string' && style.literals && isLiteral(value))
    return ` ${renderLiteral(value, column + style.step, style)}`;
  return ` ${renderFlow(value, isList(value) ? argvQuote(value) : style.quote)}`;
}

/** A list of strings is an argv more often than not: all in quotes, as people write it. */
export function argvQuote(values: readonly Value[]): Quote {
  return values.every((value) => typeof value === 'string') ? 'double' : 'plain';
}

/** The entries of a map, the first one without indentation. */
export function renderMap(value: { readonly [key: string]: Value }, column: number, style: Style): string {
  const entries = Object.entries(value).map(([key, item]) => renderEntry(key, item, column, style));
  return entries.join(newLine(column, style));
}

/** A list item with its dash, which stands at `column`. */
export function renderItem(value: Value, column: number, style: Style): string {
  if (isMap(value) && Object.keys(value).length > 0) return `- ${renderMap(value, column + 2, style)}`;
  return `- ${renderFlow(value, style.quote)}`;
}

export function newLine(column: number, style: { readonly eol: string }): string {
  return style.eol + ' '.repeat(column);
}

function isBlockList(value: readonly Value[]): boolean {
  return value.some((item) => typeof item === 'object' && item !== null);
}

/** Can the text be a literal block scalar that needs no indentation indicator? */
function isLiteral(text: string): boolean {
  if (!text.endsWith('\n') || text.endsWith('\n\n') || /^\s/.test(text)) return false;
  return text.split('\n').every((line) => !/\p{C}|[\u2028\u2029]/u.test(line) && !/\s$/.test(line));
}

function renderLiteral(text: string, column: number, style: Style): string {
  const lines = text.slice(0, -1).split('\n');
  return `|${lines.map((line) => (line === '' ? style.eol : newLine(column, style) + line)).join('')}`;
}

/** JSON on one line, or pretty when `indent` is the white space in front of what encloses it. */
export function renderJson(value: Value, style: JsonStyle, indent: string | null): string {
  const inner = indent === null ? null : indent + style.unit;
  let parts: string[];
  if (isList(value)) parts = value.map((item) => renderJson(item, style, inner));
  else if (!isMap(value)) return renderScalar(value, 'double');
  else parts = Object.entries(value).map(([key, item]) => renderJsonEntry(key, item, style, inner));
  const [open, close] = isList(value) ? ['[', ']'] : ['{', '}'];
  if (parts.length === 0) return open + close;
  if (inner === null) return open + parts.join(style.tight ? ',' : ', ') + close;
  return `${open}${style.eol}${inner}${parts.join(`,${style.eol}${inner}`)}${style.eol}${indent}${close}`;
}

export function renderJsonEntry(key: string, value: Value, style: JsonStyle, indent: string | null): string {
  return `${renderString(key, 'double')}:${style.tight ? '' : ' '}${renderJson(value, style, indent)}`;
}
