import type * as V1 from 'kubernetes-types/core/v1.js';

/** How one container ends another by hand. */
export interface Ending {
  /** The index of the container that gives the sign, of the one that ends; null: not seen. */
  readonly from: number | null;
  readonly to: number | null;
  readonly by: 'file' | 'kill' | 'kubexit' | 'quit' | 'time' | 'watch' | 'guillotine';
  /** For `to`: "it is ended …". */
  readonly why: string;
  /** Why it does not work; null when both halves are there and work whatever main's end. */
  readonly flaw: string | null;
}

export function variable({ env }: V1.Container, name: string): string | null {
  const row = (env ?? []).find((candidate) => candidate.name === name);
  return row === undefined ? null : String(row.value ?? '');
}
