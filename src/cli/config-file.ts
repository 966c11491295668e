import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv, type ErrorObject } from 'ajv';
import { parseContainerOptions } from '../kube/annotations.ts';
import { parseKubeVersion } from '../kube/version.ts';
import { parseSeconds } from '../model/duration.ts';
import { invariant } from '../model/invariant.ts';
import { nearestWord } from '../model/nearest.ts';
import { type FieldPath, printPath } from '../model/object.ts';
import type { ContainerOptions, Options, WorkloadRule } from '../model/options.ts';
import { SHELL_CHOICES } from '../supervisor/shells.ts';
import { positionIn } from '../text/lines.ts';
import { type Parsed, parseDocument, spanOfPath } from '../yaml/parse.ts';
import type { Config } from './config.ts';
import { UsageError } from './streams.ts';

type Duration = string | number;

/** The file as it is written, once the schema holds. */
interface ConfigFile {
  readonly spec?: {
    readonly strategy?: string;
    readonly kubeVersion?: string;
    readonly onError?: 'fail' | 'leave';
    readonly workloads?: readonly RuleInFile[];
    readonly shell?: { readonly source?: string; readonly image?: string };
    readonly volume?: { readonly name?: string; readonly mountPath?: string };
    readonly grace?: Duration;
    readonly poll?: Duration;
  };
}
interface RuleInFile extends Omit<WorkloadRule, 'options'> {
  readonly options?: Readonly<Record<string, unknown>>;
}

const SCHEMA: object = createRequire(import.meta.url)('../../../schemas/config.schema.json');

/** Reads and checks a config file. Throws a UsageError that names the file, the line and the key. */
export function readConfigFile(path: string): Config {
  const parsed = parseDocument(readText(path));
  if ('reason' in parsed) {
    throw new UsageError(
      `${path}: ${parsed.reason === 'invalid' ? parsed.why : 'it cannot be read as YAML'}`,
    );
  }
  const [duplicate] = parsed.duplicateKeys;
  if (duplicate !== undefined) {
    throw new UsageError(
      `${locate(path, parsed, duplicate.span.start)}: the key "${duplicate.key}" stands twice`,
    );
  }
  const isValid = new Ajv({ allowUnionTypes: true, verbose: true }).compile(SCHEMA);
  if (!isValid(parsed.value)) throw describeError(path, parsed, isValid.errors?.[0] as ErrorObject);
  return toConfig(parsed.value as unknown as ConfigFile);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(`${path}: ${code === 'ENOENT' ? 'no such file' : message}`);
  }
}

function locate(path: string, parsed: Parsed, offset: number): string {
  const { line, column } = positionIn(parsed.text, offset);
  return `${path}:${line}:${column}`;
}

function describeError(path: string, parsed: Parsed, error: ErrorObject): UsageError {
  const field: FieldPath = error.instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  const at = (steps: FieldPath, of?: 'key'): string =>
    locate(path, parsed, spanOfPath(parsed, steps, of).start);
  if (error.keyword === 'additionalProperties') {
    const key = String(error.params['additionalProperty']);
    const known = Object.keys((error.parentSchema?.['properties'] ?? {}) as object);
    const nearest = nearestWord(key, known);
    const hint = nearest === null ? `known here: ${known.join(', ')}` : `did you mean ${nearest}?`;
    return new UsageError(
      `${at([...field, key], 'key')}: ${printPath([...field, key])} is no setting of guillotine`,
      hint,
    );
  }
  return new UsageError(`${at(field)}: ${printPath(field) || 'the file'} ${explain(error)}`);
}

function explain({ keyword, params, message, parentSchema }: ErrorObject): string {
  if (keyword === 'enum') return `must be one of ${(params['allowedValues'] as string[]).join(', ')}`;
  if (keyword === 'const') return `must be ${String(params['allowedValue'])}`;
  if (keyword === 'required') return `has no ${String(params['missingProperty'])}`;
  const about = parentSchema?.['description'];
  return typeof about === 'string' ? `must be ${about}` : (message ?? 'is wrong');
}

function toConfig({ spec = {} }: ConfigFile): Config {
  const { strategy, kubeVersion, workloads, shell, volume, grace, poll } = spec;
  const options: { -readonly [K in keyof Options]?: Options[K] } = {};
  if (strategy !== undefined) options.strategy = strategy;
  if (kubeVersion !== undefined) options.kubeVersion = parseKubeVersion(kubeVersion);
  if (workloads !== undefined) options.workloads = workloads.map(toRule);
  if (shell?.source !== undefined) options.shell = shell.source;
  if (shell?.image !== undefined) options.shellImage = shell.image;
  if (volume?.name !== undefined) options.volume = volume.name;
  if (volume?.mountPath !== undefined) options.mountPath = volume.mountPath;
  if (grace !== undefined) options.grace = toSeconds(grace);
  if (poll !== undefined) options.poll = toSeconds(poll);
  return { options, keepGoing: spec.onError === 'leave' };
}

function toRule({ options, ...rule }: RuleInFile): WorkloadRule {
  if (options === undefined) return rule;
  const entries = Object.entries(options).map(([name, written]): [string, ContainerOptions] => {
    const read = parseContainerOptions(written, SHELL_CHOICES);
    invariant('options' in read, 'the schema lets pass what the annotation would not');
    return [name, read.options];
  });
  return { ...rule, options: Object.fromEntries(entries) };
}

/** The schema has checked the form. */
function toSeconds(duration: Duration): number {
  return parseSeconds(String(duration)) ?? 0;
}
