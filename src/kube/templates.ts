import type { Kind } from '../model/kind.ts';
import { type FieldPath, isList, isMap, type Value, type ValueMap } from '../model/object.ts';

/** What stands where a kind keeps a pod template. */
export interface Template {
  readonly kind: Kind;
  readonly value: ValueMap;
  readonly path: FieldPath;
  /** Which one it is: the name of its item, else `#INDEX`; the path where a kind has several; null: there can be only one. */
  readonly part: string | null;
}

/** Every pod template of an object, by the rows of its kind. */
export function findTemplates(object: ValueMap, root: FieldPath, rows: readonly Kind[]): Template[] {
  return rows.flatMap((kind) => {
    const found = follow({ value: object, path: root, names: [] }, kind.podTemplate);
    return found.flatMap(({ value, path, names }) => {
      const name = names.length > 0 ? names.join('/') : kind.podTemplate;
      const part = rows.length > 1 || names.length > 0 ? name : null;
      return isMap(value) ? [{ kind, value, path, part }] : [];
    });
  });
}

interface Place {
  readonly value: Value;
  readonly path: FieldPath;
  /** Of the items of lists on the way. */
  readonly names: readonly string[];
}

function follow(start: Place, podTemplate: string): readonly Place[] {
  let places: readonly Place[] = [start];
  for (const step of podTemplate.split('.').filter((word) => word !== '')) {
    const key = step.replace('[]', '');
    const fields = places.flatMap(({ value, path, names }): Place[] => {
      if (!isMap(value) || !Object.hasOwn(value, key)) return [];
      return [{ value: value[key] ?? null, path: [...path, key], names }];
    });
    places = key === step ? fields : fields.flatMap(itemsAt);
  }
  return places;
}

function itemsAt({ value, path, names }: Place): Place[] {
  if (!isList(value)) return [];
  return value.map((item, index) => {
    const name =
      isMap(item) && typeof item['name'] === 'string' && item['name'] !== '' ? item['name'] : `#${index}`;
    return { value: item, path: [...path, index], names: [...names, name] };
  });
}
