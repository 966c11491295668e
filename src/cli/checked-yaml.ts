import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv, type ErrorObject } from 'ajv';
import { invariant } from '../model/invariant.ts';
import { nearestWord } from '../model/nearest.ts';
import { type FieldPath, printPath, type Value } from '../model/object.ts';
import { positionIn } from '../text/lines.ts';
import { valueAt } from '../yaml/oracle.ts';
import { type Parsed, parseDocument, spanOfPath } from '../yaml/parse.ts';
import { UsageError } from './streams.ts';

const load = createRequire(import.meta.url);
const CONFIG = load('../../../schemas/config.schema.json') as {
  readonly $id: string;
  readonly definitions: object;
};
const CATALOGUE: object = load('../../../schemas/catalogue.schema.json');

/** Reads a file of settings. Throws a UsageError that names it. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(`${path}: ${code === 'ENOENT' ? 'no such file' : message}`);
  }
}

/**
 * The value of a YAML file that fits the config's schema, or a part of it. Throws a UsageError that names the file, the
 * line and the key.
 */
export function checkYaml(path: string, text: string, part = '', mayBeEmpty = false): Value {
  const parsed = parseDocument(text);
  if ('reason' in parsed) {
    const why = parsed.reason === 'invalid' ? parsed.why : 'it cannot be read as YAML';
    throw new UsageError(`${locate(path, text, parsed.span.start)}: ${why}`);
  }
  const [duplicate] = parsed.duplicateKeys;
  if (duplicate !== undefined) {
    throw new UsageError(
      `${locate(path, text, duplicate.span.start)}: the key "${duplicate.key}" stands twice`,
    );
  }
  if (mayBeEmpty && parsed.value === null) return null;
  check(path, parsed, parsed.value, part, (field) => field);
  return parsed.value;
}

/** The same for a value that stands in a document, or was made from one; `placeOf` says where its fields stand there. */
export function checkValue(
  path: string,
  parsed: Parsed,
  value: Value,
  placeOf: (field: FieldPath) => FieldPath,
): void {
  check(path, parsed, value, '', placeOf);
}

function check(
  path: string,
  parsed: Parsed,
  value: Value,
  part: string,
  placeOf: (field: FieldPath) => FieldPath,
): void {
  const schemas = schemasFor(value);
  // The schemas themselves are checked by the tests.
  const ajv = new Ajv({ allowUnionTypes: true, verbose: true, meta: false, validateSchema: false, schemas });
  const isValid = ajv.getSchema(`${CONFIG.$id}${part}`);
  invariant(isValid !== undefined, `the schema has no ${part}`);
  if (!isValid(value)) throw describeError(path, parsed, isValid.errors ?? [], placeOf);
}

/** To compile a schema takes long, so the catalogue's is left out where nothing is to be checked with it. */
function schemasFor(value: Value): object[] {
  if (valueAt(value, ['spec', 'sidecars']) !== undefined) return [CATALOGUE, CONFIG];
  return [{ ...CONFIG, definitions: { ...CONFIG.definitions, sidecar: {} } }];
}

function locate(path: string, text: string, offset: number): string {
  const { line, column } = positionIn(text, offset);
  return `${path}:${line}:${column}`;
}

function describeError(
  path: string,
  parsed: Parsed,
  errors: readonly ErrorObject[],
  placeOf: (field: FieldPath) => FieldPath,
): UsageError {
  // Of alternatives the one that is of the right type was meant.
  const error = errors.find(({ keyword }) => keyword !== 'type') ?? errors[0];
  invariant(error !== undefined, 'the schema refuses without an error');
  const chosen = error.keyword === 'anyOf' ? (errors[0] ?? error) : error;
  const inValue = chosen.instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  const field = placeOf(inValue);
  const at = (steps: FieldPath, of?: 'key'): string =>
    locate(path, parsed.text, spanOfPath(parsed, steps, of).start);
  const key = unknownKey(chosen);
  if (key !== null) {
    const known = Object.keys((chosen.parentSchema?.['properties'] ?? {}) as object);
    const nearest = nearestWord(key, known);
    const hint = nearest === null ? `known here: ${known.join(', ')}` : `did you mean ${nearest}?`;
    return new UsageError(
      `${at([...field, key], 'key')}: ${printPath([...field, key])} is no setting of guillotine`,
      hint,
    );
  }
  const about = chosen.parentSchema?.['description'];
  const [why, hint] = explain(chosen, typeof about === 'string' ? about : null);
  return new UsageError(`${at(field)}: ${printPath(field) || 'the file'} ${why}`, hint);
}

/** The key that is no setting: also where it is misspelt, so that the right one is missing. */
function unknownKey({ keyword, params, parentSchema, data }: ErrorObject): string | null {
  if (keyword === 'additionalProperties') return String(params['additionalProperty']);
  if (keyword !== 'required' || parentSchema?.['additionalProperties'] !== false) return null;
  const known = (parentSchema['properties'] ?? {}) as object;
  return Object.keys(data as object).find((key) => !Object.hasOwn(known, key)) ?? null;
}

/** What is wrong, and a hint. Descriptions of the config are phrases, those of the catalogue are sentences. */
function explain({ keyword, params, message }: ErrorObject, about: string | null): [string, string?] {
  if (keyword === 'enum') return [`must be one of ${(params['allowedValues'] as string[]).join(', ')}`];
  if (keyword === 'const') return [`must be ${String(params['allowedValue'])}`];
  if (keyword === 'required') return [`has no ${String(params['missingProperty'])}`];
  if (about === null) return [message ?? 'is wrong'];
  return /^[A-Z].*\.$/s.test(about) ? [message ?? 'is wrong', about] : [`must be ${about}`];
}
