import { fullReference } from '../catalogue/published.ts';
import type { ImageConfig, Options } from '../model/options.ts';
import { positionIn } from '../text/lines.ts';
import { checkYaml, readText } from './checked-yaml.ts';
import { type ImagesInFile, toImages } from './config-file.ts';
import { UsageError } from './streams.ts';

type Json = Readonly<Record<string, unknown>>;

const HINT = 'kubectl guillotine images --help has a loop that makes such a file';

/** Reads the files of `--images`, of which later ones win. Throws a UsageError that names file and line. */
export function readImageIndexes(paths: readonly string[]): Options['images'] {
  return Object.assign({}, ...paths.map(readImageIndex));
}

function readImageIndex(path: string): Options['images'] {
  const text = readText(path).replace(/^\ufeff/, '');
  // PowerShell's `>` writes UTF-16.
  if (text.includes('\0')) throw new UsageError(`${path} is no UTF-8 text`, 'save it as UTF-8');
  if (/^\s*\[/.test(text) || isStream(text)) {
    return Object.fromEntries(splitValues(text).map((row) => toRow(row, path, text)));
  }
  const images = checkYaml(path, text, '#/definitions/images', true);
  return toImages((images ?? {}) as unknown as ImagesInFile);
}

/** JSON values, of which the first has an `image`: no map of images, which may be JSON as well. */
function isStream(text: string): boolean {
  if (!/^\s*\{/.test(text)) return false;
  const [first] = splitValues(text);
  const value = parseJson(first?.text ?? '');
  return value === undefined ? /^\s*\{\s*"image"/.test(text) : isObject(value) && 'image' in value;
}

interface Row {
  readonly start: number;
  readonly text: string;
}

const TOKEN = /"(?:[^"\\\n]|\\.)*"|[{}[\]]|[^\s"{}[\]]+|"/g;

/** The values of a JSON stream: one a line, or over several lines as `docker` prints them. */
function splitValues(text: string): Row[] {
  const rows: Row[] = [];
  let depth = 0;
  let start = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (depth === 0) start = index;
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth = Math.max(0, depth - 1);
    if (depth === 0) rows.push({ start, text: text.slice(start, index + token.length) });
  }
  return depth === 0 ? rows : [...rows, { start, text: text.slice(start) }];
}

/** undefined: it is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toRow(row: Row, path: string, text: string): [string, ImageConfig] {
  const place = `${path}:${positionIn(text, row.start).line}`;
  const value = parseJson(row.text);
  if (value === undefined) {
    const image = /^\{\s*"image"\s*:\s*"([^"\\]+)"\s*,\s*"config"\s*:\s*\}/.exec(row.text)?.[1];
    if (image === undefined) throw new UsageError(`${place}: this is no JSON`, HINT);
    throw new UsageError(
      `${place}: image ${image} has no config`,
      `what does crane config ${image} say? mend that, or take the line out`,
    );
  }
  const { image, config } = isObject(value) ? value : {};
  if (typeof image !== 'string' || image === '') {
    throw new UsageError(`${place}: this is no {"image": "…", "config": {…}}`, HINT);
  }
  const read = readImageConfig(config);
  if (typeof read === 'string') {
    const hint = `print it with: crane config ${image} (or docker image inspect, or skopeo inspect --config)`;
    throw new UsageError(`${place}: the config of image ${image} ${read}`, hint);
  }
  const full = fullReference(image);
  // What was asked of a registry is true of one tag only.
  return [/[:@][^/]*$/.test(full) ? full : `${full}:latest`, read];
}

/** What `crane config`, `docker image inspect` or `skopeo inspect --config` print; a string says what is wrong. */
function readImageConfig(printed: unknown): ImageConfig | string {
  if (Array.isArray(printed) && printed.length !== 1) return `is a list of ${printed.length} images`;
  const outer: unknown = Array.isArray(printed) ? printed[0] : printed;
  if (!isObject(outer)) return 'is no object';
  const inner = outer['config'] ?? outer['Config'] ?? ('rootfs' in outer ? {} : undefined);
  if (!isObject(inner)) return 'has no config (or Config) with Entrypoint and Cmd';
  // Of a manifest `config` is a descriptor.
  if ('mediaType' in inner && 'digest' in inner) return 'is a manifest';
  const { Entrypoint: entrypoint = null, Cmd: cmd = null, User: user } = inner;
  for (const [key, list] of Object.entries({ Entrypoint: entrypoint, Cmd: cmd })) {
    if (list !== null && !isWords(list)) return `has no list of strings as ${key}`;
  }
  return {
    entrypoint: (entrypoint ?? []) as readonly string[],
    cmd: (cmd ?? []) as readonly string[],
    ...(typeof user === 'string' && user !== '' ? { user } : {}),
  };
}

function isWords(value: unknown): boolean {
  return Array.isArray(value) && value.every((word) => typeof word === 'string');
}
