import type { Edit, PlacedEdit } from '../model/edit.ts';
import type { FieldPath, Value, ValueMap } from '../model/object.ts';
import { applyMoves, applyPlaced, copyValue, type Draft, valueAt } from '../yaml/oracle.ts';

/** One operation of a JSON patch (RFC 6902). */
export type Operation = { readonly op: 'add' | 'move' } & ValueMap;

/** The operations that do to the object what the edits say; each holds where the ones before it were applied. */
export function toOperations(object: Value, edits: readonly Edit[]): Operation[] {
  const draft = copyValue(object);
  const operations: Operation[] = [];
  const moves = edits.filter((edit) => edit.op === 'move');
  for (const edit of edits) {
    if (edit.op === 'move') continue;
    operations.push(...printPlaced(draft, edit));
    applyPlaced(draft, edit);
  }
  for (const { to } of moves) {
    if (isAbsent(draft, to)) operations.push(addAt(draft, to, []));
    applyPlaced(draft, { op: 'append', path: to, values: [] });
  }
  const steps = applyMoves(draft, moves);
  return [
    ...operations,
    ...steps.map(({ from, to }) => print('move', { from: pointer(from), path: pointer(to) })),
  ];
}

function printPlaced(draft: Draft, edit: PlacedEdit): Operation[] {
  const { path } = edit;
  if (edit.op === 'set') return [addAt(draft, path, edit.value)];
  if (isAbsent(draft, path)) return [addAt(draft, path, edit.values)];
  return edit.values.map((value, index) => add([...path, edit.op === 'prepend' ? index : '-'], value));
}

/** What is absent or null on the way comes with it: `add` makes no parents, but it replaces what a key has. */
function addAt(draft: Draft, path: FieldPath, value: Value): Operation {
  const present = path.findIndex((_, index) => isAbsent(draft, path.slice(0, index + 1)));
  const end = present < 0 ? path.length : present + 1;
  const missing = path.slice(end);
  return add(
    path.slice(0, end),
    missing.reduceRight<Value>((inner, step) => ({ [step]: inner }), value),
  );
}

function isAbsent(draft: Draft, path: FieldPath): boolean {
  return (valueAt(draft, path) ?? null) === null;
}

function add(path: FieldPath, value: Value): Operation {
  return print('add', { path: pointer(path), value });
}

function print(op: Operation['op'], rest: ValueMap): Operation {
  return { op, ...rest };
}

/** A JSON pointer (RFC 6901). */
function pointer(path: FieldPath): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
