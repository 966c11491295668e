/** A stretch of bytes (in a source) or of UTF-16 units (in a document's text); half open. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One input as it came in. `name` is a path or `<stdin>`. */
export interface Source {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** One `---` part of a source, or one value of a JSON stream. The documents of a source tile its bytes. */
export interface Document {
  readonly source: Source;
  /** In bytes of the source. */
  readonly span: Span;
  /** Counted from 0 within the source. */
  readonly index: number;
  /** False when what is looked for (a workload, a record to undo) cannot stand in it: it is never decoded. */
  readonly candidate: boolean;
}

/** Replaces the characters of `span` by `text`; nearly always a pure insertion, so an empty span. */
export interface Splice {
  readonly span: Span;
  readonly text: string;
  /** Comes behind the text: a stretch from elsewhere, where a splice with an empty text takes it out. */
  readonly moved?: Moved;
}

/** A stretch that goes to another place, and what changes in it on the way. */
export interface Moved {
  readonly span: Span;
  /** Sorted, inside of the span. */
  readonly splices: readonly Splice[];
  /** How its lines are indented; null: as before. */
  readonly shift: Shift | null;
  /** With it ends a block list that is ours, whose dashes stand in this column; null: not so. */
  readonly closes: number | null;
}

/** Lines that are indented by `from` columns or more go to the left or right, as from column `from` to `to`. */
export interface Shift {
  readonly from: number;
  readonly to: number;
}
