import { type FieldPath, isList, isMap, type Value } from '../model/object.ts';

/** The type of a field, as far as we rely on it. null counts as absent, as for kubectl; other fields are free. */
export type Shape =
  | 'string'
  | 'integer'
  | { readonly list: Shape }
  | { readonly map: Readonly<Record<string, Shape>> };

const HOOK: Shape = { map: { exec: { map: { command: { list: 'string' } } } } };

const CONTAINER: Shape = {
  map: {
    name: 'string',
    image: 'string',
    command: { list: 'string' },
    args: { list: 'string' },
    env: { list: { map: { name: 'string' } } },
    volumeMounts: { list: { map: { name: 'string', mountPath: 'string' } } },
    resources: { map: { limits: { map: {} }, requests: { map: {} } } },
    lifecycle: { map: { postStart: HOOK, preStop: HOOK } },
    securityContext: { map: { runAsUser: 'integer' } },
  },
};

export const POD_SPEC: Shape = {
  map: {
    restartPolicy: 'string',
    terminationGracePeriodSeconds: 'integer',
    containers: { list: CONTAINER },
    initContainers: { list: CONTAINER },
    volumes: { list: { map: { name: 'string' } } },
    nodeSelector: { map: {} },
    os: { map: {} },
    securityContext: { map: { runAsUser: 'integer' } },
  },
};

/** Of the workload and of its pod template. */
export const METADATA: Shape = { map: { labels: { map: {} }, annotations: { map: {} } } };

export interface WrongType {
  readonly path: FieldPath;
  readonly expected: string;
  readonly found: string;
}

/** The first field that has another type than we rely on; null when all is well. */
export function findWrongType(
  value: Value | undefined,
  shape: Shape,
  path: FieldPath,
  isItem = false,
): WrongType | null {
  if (value === undefined || (value === null && !isItem)) return null;
  if (shape === 'string' || shape === 'integer') {
    const matches = shape === 'string' ? typeof value === 'string' : Number.isInteger(value);
    return matches ? null : { path, expected: describeShape(shape), found: describeValue(value) };
  }
  if ('list' in shape) {
    if (!isList(value)) return { path, expected: describeShape(shape), found: describeValue(value) };
    return first(value.map((item, index) => () => findWrongType(item, shape.list, [...path, index], true)));
  }
  if (!isMap(value)) return { path, expected: describeShape(shape), found: describeValue(value) };
  return first(
    Object.entries(shape.map).map(([key, field]) => () => {
      return findWrongType(Object.hasOwn(value, key) ? value[key] : undefined, field, [...path, key]);
    }),
  );
}

function first(checks: readonly (() => WrongType | null)[]): WrongType | null {
  for (const check of checks) {
    const found = check();
    if (found !== null) return found;
  }
  return null;
}

function describeShape(shape: Shape): string {
  if (shape === 'string') return 'a string';
  if (shape === 'integer') return 'a whole number';
  return 'list' in shape ? 'a list' : 'a map';
}

function describeValue(value: Value): string {
  if (value === null) return 'null';
  if (isList(value)) return 'a list';
  if (isMap(value)) return 'a map';
  return typeof value === 'string'
    ? `the string ${JSON.stringify(value)}`
    : `the ${typeof value} ${String(value)}`;
}
