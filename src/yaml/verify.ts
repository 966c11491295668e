import { invariant } from '../model/invariant.ts';
import { printPath, type Value } from '../model/object.ts';
import { undoText } from '../text/undo.ts';
import { firstDifference } from './oracle.ts';
import { parseDocument } from './parse.ts';

/**
 * Reads the edited text again: it must be the oracle's object, and undo must give the input back. A mismatch is a
 * bug of ours, so it throws, and nothing is written.
 */
export function verify(input: string, output: string, expected: Value): void {
  verifyObject(output, expected);
  const undone = undoText(output, { allowCopies: true });
  invariant('text' in undone && undone.text === input, 'undo would not give the document back');
}

/** The same for a text without an undo record. */
export function verifyObject(output: string, expected: Value): void {
  const parsed = parseDocument(output);
  invariant('value' in parsed, 'the rewritten document cannot be read');
  const difference = firstDifference(parsed.value, expected);
  invariant(
    difference === null,
    `the rewritten document differs from its plan at ${printPath(difference ?? [])}`,
  );
}
