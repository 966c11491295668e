import { UNDO } from '../kube/annotations.ts';
import { type Diagnostic, diagnose } from '../model/diagnostic.ts';
import { isList, isMap, type Value, type ValueMap } from '../model/object.ts';
import type { Document } from '../model/source.ts';
import { refuseUnreadable } from '../read.ts';
import { decodeDocument } from '../text/decode.ts';
import { isSeparator } from '../text/documents.ts';
import { type Parsed, parseDocument } from '../yaml/parse.ts';
import { type JsonStyle, renderJson, renderMap, type Style } from '../yaml/render.ts';
import type { Input } from './stream.ts';

// `-o json` and `-o yaml`. What is converted holds what kubectl reads from the original, and so its numbers: 1.0 is 1.
// It has no undo record, which describes a text that is no more.

type Texts = ReadonlyMap<Document, string>;

export interface ConvertedJson {
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** As kubectl prints JSON. */
const JSON_STYLE: JsonStyle = { eol: '\n', unit: '    ', tight: false };
const YAML_STYLE: Style = { eol: '\n', step: 2, dash: 0, literals: true, quote: 'plain' };

/**
 * One object as it is, several as the items of a List, as `kubectl get -o json` prints them: one value, which every
 * reader of JSON takes, and of which kubectl loses nothing. One JSON document alone stays as it is.
 */
export function toJson(inputs: readonly Input[], texts: Texts): ConvertedJson {
  const documents = inputs.flatMap((input) => input.documents);
  const objects: ValueMap[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const document of documents) {
    const read = readAsObject(document, texts);
    if (read === null) continue;
    if ('failure' in read) diagnostics.push(read.failure);
    else if (documents.length === 1 && isPlainJson(read.parsed))
      return { text: read.parsed.text, diagnostics };
    else objects.push(withoutRecords(read.object));
  }
  const [only] = objects;
  const value =
    only !== undefined && objects.length === 1
      ? only
      : { apiVersion: 'v1', kind: 'List', items: objects.flatMap(flattenList) };
  return { text: `${renderJson(value, JSON_STYLE, '')}\n`, diagnostics };
}

export interface ConvertedYaml {
  /** With those of the JSON documents, which are new. */
  readonly texts: Texts;
  readonly diagnostics: readonly Diagnostic[];
}

/** JSON documents become YAML; every other one is YAML already and stays as it is. */
export function toYaml(inputs: readonly Input[], texts: Texts): ConvertedYaml {
  const converted = new Map(texts);
  const diagnostics: Diagnostic[] = [];
  for (const document of inputs.flatMap(listBraced)) {
    const read = readAsObject(document, texts);
    if (read === null) continue;
    if ('failure' in read) diagnostics.push(read.failure);
    else if (read.parsed.isJson || isInStream(document)) {
      const separator = /^---[^\n]*\n/.exec(read.parsed.text)?.[0] ?? (document.index > 0 ? '---\n' : '');
      converted.set(document, `${separator}${renderMap(withoutRecords(read.object), 0, YAML_STYLE)}\n`);
    }
  }
  return { texts: converted, diagnostics };
}

/** What begins with a brace, but not with those of a template, may be JSON. */
function listBraced({ documents }: Input): Document[] {
  return documents.filter((document) => /^(?:---[^\n]*\n)?\s*\{(?!\{)/.test(decodeDocument(document) ?? ''));
}

type Read = { readonly object: ValueMap; readonly parsed: Parsed } | { readonly failure: Diagnostic };

/** null: there is nothing in the document. */
function readAsObject(document: Document, texts: Texts): Read | null {
  const text = texts.get(document) ?? decodeDocument(document);
  const parsed = text === null ? null : parseDocument(text);
  if (parsed === null || 'reason' in parsed)
    return { failure: refuseUnreadable(parsed, document, 'convert') };
  const { value } = parsed;
  if (value === null) return null;
  if (!isMap(value)) return fail(document, 'it holds no object');
  if (!hasFiniteNumbers(value)) return fail(document, 'it holds a number that JSON has not: .inf or .nan');
  return { object: value, parsed };
}

function fail(document: Document, why: string): Read {
  return { failure: diagnose('unreadable', { task: 'convert', why }, { document }) };
}

function isPlainJson({ isJson, text }: Parsed): boolean {
  return isJson && !text.startsWith('---');
}

/** One of several values without a separator between them: it begins or ends with a brace, not with a line. */
function isInStream({ source, span, index }: Document): boolean {
  const isBare = (at: number): boolean => at < source.bytes.length && !isSeparator(source.bytes, at);
  return (index > 0 && isBare(span.start)) || isBare(span.end);
}

function hasFiniteNumbers(value: Value): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (isList(value)) return value.every(hasFiniteNumbers);
  return !isMap(value) || Object.values(value).every(hasFiniteNumbers);
}

/** kubectl does not look into a List in a List; for it a list is whatever has items. */
function flattenList(object: ValueMap): readonly ValueMap[] {
  const { items, kind, apiVersion } = object;
  if (!isList(items)) return [object];
  const itemKind = String(kind).replace(/List$/, '');
  return items.flatMap((item) => {
    if (!isMap(item)) return [];
    // A typed list may leave out what all its items are; one of the two alone is an error, and stays one.
    const { apiVersion: ownVersion, kind: ownKind, ...rest } = item;
    const isSilent = !ownVersion && !ownKind;
    return flattenList(isSilent ? { apiVersion: apiVersion ?? null, kind: itemKind, ...rest } : item);
  });
}

function withoutRecords(object: ValueMap): ValueMap {
  const { items, metadata } = object;
  if (isList(items)) {
    return { ...object, items: items.map((item) => (isMap(item) ? withoutRecords(item) : item)) };
  }
  if (!isMap(metadata) || !isMap(metadata['annotations'])) return object;
  const { [UNDO]: _, ...annotations } = metadata['annotations'];
  return { ...object, metadata: { ...metadata, annotations } };
}
