/** A JSON value as kubectl reads it from YAML. Integers beyond 2^53 are bigint. */
export type Value = null | boolean | number | bigint | string | readonly Value[] | ValueMap;
export interface ValueMap {
  readonly [key: string]: Value;
}

/** Where a field stands in an object: `['spec', 'containers', 1, 'image']`. */
export type FieldPath = readonly (string | number)[];

export function startsWith(path: FieldPath, prefix: FieldPath): boolean {
  return prefix.length <= path.length && prefix.every((step, index) => step === path[index]);
}

/** Which Kubernetes object a manifest is. `name` is '' when the manifest has only a generateName or none. */
export interface ObjectId {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
}

/** Prints `spec.containers[1].image`; a key that is no plain word is quoted: `metadata.annotations['a/b']`. */
export function printPath(path: FieldPath): string {
  return path
    .map((step, at) => {
      if (typeof step === 'number') return `[${step}]`;
      if (!/^[\w-]+$/.test(step)) return `['${step}']`;
      return at === 0 ? step : `.${step}`;
    })
    .join('');
}

/** Prints `CronJob reports/nightly`. */
export function printId(id: ObjectId): string {
  const name = id.name || '(no name)';
  return `${id.kind} ${id.namespace === null ? '' : `${id.namespace}/`}${name}`;
}

/** Prints `cronjob.batch/nightly`, as kubectl names an object. */
export function printKubectlName(id: ObjectId): string {
  const group = id.apiVersion.includes('/') ? `.${id.apiVersion.split('/')[0]}` : '';
  return `${id.kind.toLowerCase()}${group}/${id.name || '(no name)'}`;
}

export function isMap(value: Value | undefined): value is ValueMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}
