import type { Span } from '../model/source.ts';
import { concat, countLines, isEqual, LF, lengthOf, lineStart, nextLine, splitLines } from './byte-lines.ts';

/** What stands at `span` (in bytes) is replaced by `bytes`. */
export interface Change {
  readonly span: Span;
  readonly bytes: Uint8Array;
}

/** A line of a unified diff, with its end. */
export interface DiffLine {
  readonly kind: 'file' | 'hunk' | 'same' | 'old' | 'new';
  readonly bytes: Uint8Array;
}

const CONTEXT = 3;
const PREFIXES = { same: 0x20, old: 0x2d, new: 0x2b } as const;
const NO_NEWLINE = '\n\\ No newline at end of file\n';

const encoder = new TextEncoder();

/**
 * The unified diff that makes the changes, which are sorted and do not overlap, in a file; [] when there are none.
 * Nothing is searched for: we know what changes. Bytes stay bytes, whatever their encoding.
 */
export function diffFile(name: string, bytes: Uint8Array, changes: readonly Change[]): DiffLine[] {
  const blocks = toBlocks(bytes, changes);
  if (blocks.length === 0) return [];
  const heads = ['---', '+++'].map((mark) => encoder.encode(`${mark} ${quoteName(name)}\n`));
  const lines = heads.map((head): DiffLine => ({ kind: 'file', bytes: head }));
  // How many lines more the new file has so far.
  let shift = 0;
  for (const group of groupBlocks(blocks)) {
    for (const line of printHunk(bytes, group, shift)) lines.push(line);
    for (const block of group) shift += block.new.length - block.old.length;
  }
  return lines;
}

/** Whole lines that make place for others. */
interface Block {
  /** How many lines stand above. */
  readonly line: number;
  /** Of the old lines, in bytes. */
  readonly span: Span;
  readonly old: readonly Uint8Array[];
  readonly new: readonly Uint8Array[];
}

function toBlocks(bytes: Uint8Array, changes: readonly Change[]): Block[] {
  const blocks: Block[] = [];
  let counted = { at: 0, line: 0 };
  for (const { span, together } of joinLines(bytes, changes)) {
    const old = splitLines(bytes.subarray(span.start, span.end));
    const changed = splitLines(replaceIn(bytes, span, together));
    let [top, bottom] = [0, 0];
    const most = Math.min(old.length, changed.length);
    while (top < most && isEqual(old[top], changed[top])) top++;
    while (bottom < most - top && isEqual(old.at(-1 - bottom), changed.at(-1 - bottom))) bottom++;
    const gone = old.slice(top, old.length - bottom);
    const come = changed.slice(top, changed.length - bottom);
    const start = span.start + lengthOf(old.slice(0, top));
    counted = { at: start, line: counted.line + countLines(bytes, counted.at, start) };
    if (gone.length + come.length === 0) continue;
    blocks.push({ line: counted.line, span: { start, end: start + lengthOf(gone) }, old: gone, new: come });
  }
  return blocks;
}

interface ChangedLines {
  readonly span: Span;
  readonly together: readonly Change[];
}

/** The lines that hold a change; changes that have a line in common stay together. */
function joinLines(bytes: Uint8Array, changes: readonly Change[]): ChangedLines[] {
  const joined: { span: Span; together: Change[] }[] = [];
  for (const change of changes) {
    const start = lineStart(bytes, change.span.start);
    const end = nextLine(bytes, change.span.end);
    const last = joined.at(-1);
    if (last === undefined || start >= last.span.end)
      joined.push({ span: { start, end }, together: [change] });
    else {
      last.span = { start: last.span.start, end: Math.max(end, last.span.end) };
      last.together.push(change);
    }
  }
  return joined;
}

function replaceIn(bytes: Uint8Array, { start, end }: Span, changes: readonly Change[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = start;
  for (const { span, bytes: text } of changes) {
    parts.push(bytes.subarray(at, span.start), text);
    at = span.end;
  }
  return concat([...parts, bytes.subarray(at, end)]);
}

/** Blocks whose context would touch share a hunk. */
function groupBlocks(blocks: readonly Block[]): Block[][] {
  const groups: Block[][] = [];
  for (const block of blocks) {
    const last = groups.at(-1)?.at(-1);
    if (last !== undefined && block.line - (last.line + last.old.length) <= 2 * CONTEXT)
      groups.at(-1)?.push(block);
    else groups.push([block]);
  }
  return groups;
}

function printHunk(bytes: Uint8Array, blocks: readonly Block[], shift: number): DiffLine[] {
  const body: DiffLine[] = [];
  const push = (kind: keyof typeof PREFIXES, lines: readonly Uint8Array[]): void => {
    for (const line of lines) body.push(printLine(kind, line));
  };
  let at = linesAbove(bytes, blocks[0]?.span.start ?? 0);
  const line = (blocks[0]?.line ?? 0) - splitLines(bytes.subarray(at, blocks[0]?.span.start)).length;
  for (const block of blocks) {
    push('same', splitLines(bytes.subarray(at, block.span.start)));
    push('old', block.old);
    push('new', block.new);
    at = block.span.end;
  }
  push('same', splitLines(bytes.subarray(at, linesBelow(bytes, at))));
  const count = (kind: DiffLine['kind']): number =>
    body.filter((row) => row.kind === 'same' || row.kind === kind).length;
  const head = `@@ -${line + 1},${count('old')} +${line + shift + 1},${count('new')} @@\n`;
  return [{ kind: 'hunk', bytes: encoder.encode(head) }, ...body];
}

function printLine(kind: keyof typeof PREFIXES, line: Uint8Array): DiffLine {
  const end = line.at(-1) === LF ? '' : NO_NEWLINE;
  return { kind, bytes: concat([Uint8Array.of(PREFIXES[kind]), line, encoder.encode(end)]) };
}

function linesAbove(bytes: Uint8Array, at: number): number {
  let start = at;
  for (let left = CONTEXT; left > 0 && start > 0; left--) start = lineStart(bytes, start - 1);
  return start;
}

function linesBelow(bytes: Uint8Array, at: number): number {
  let end = at;
  for (let left = CONTEXT; left > 0 && end < bytes.length; left--) end = nextLine(bytes, end);
  return end;
}

/** As GNU diff and git write a name: in quotes where that is needed; a tab ends one that holds spaces. */
function quoteName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones meant
  if (!/[\u0000-\u001f\u007f"\\]/.test(name)) return name.includes(' ') ? `${name}\t` : name;
  const escaped = name.replace(/["\\]/g, '\\$&').replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones meant
    /[\u0000-\u001f\u007f]/g,
    (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`,
  );
  return `"${escaped}"`;
}
