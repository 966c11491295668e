import type { FieldPath, Value } from './object.ts';

/**
 * One change in Kubernetes words, at a field of the object as it was read; lists and maps on the way that are
 * absent, null or empty are made. A field that already has a value is never replaced. Moves come last.
 */
export type Edit =
  | {
      readonly op: 'set';
      readonly path: FieldPath;
      readonly value: Value;
      /** Where a new key goes: in front of this sibling, if it is there; else last. */
      readonly before?: string;
    }
  | { readonly op: 'append' | 'prepend'; readonly path: FieldPath; readonly values: readonly Value[] }
  /** The item at `path` goes to the list `to`, in front of its item `before` (null: last). Other edits name its old place. */
  | {
      readonly op: 'move';
      readonly path: FieldPath;
      readonly to: FieldPath;
      readonly before: number | null;
    };

export type MoveEdit = Edit & { readonly op: 'move' };
/** An edit that stays at its place. */
export type PlacedEdit = Exclude<Edit, MoveEdit>;
