/** A place as people count: both from 1; the column in characters. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Counts lines of many offsets in one pass over the content. */
export interface LineIndex {
  /** How many line feeds stand before an offset. */
  readonly before: (offset: number) => number;
}

export function indexLines(content: Uint8Array | string): LineIndex {
  const next = (from: number): number =>
    typeof content === 'string' ? content.indexOf('\n', from) : content.indexOf(0x0a, from);
  const feeds: number[] = [];
  for (let at = next(0); at !== -1; at = next(at + 1)) feeds.push(at);
  return { before: (offset) => countBelow(feeds, offset) };
}

function countBelow(sorted: readonly number[], bound: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** The offset of the line's end: of its LF or CRLF, or of the end of the text. */
export function lineEnd(text: string, offset: number): number {
  const feed = text.indexOf('\n', offset);
  if (feed === -1) return text.length;
  return feed > offset && text[feed - 1] === '\r' ? feed - 1 : feed;
}

export function positionIn(text: string, offset: number, lines: LineIndex = indexLines(text)): Position {
  const column = [...text.slice(lineStart(text, offset), offset)].length + 1;
  return { line: lines.before(offset) + 1, column };
}

/** Makes text of a manifest safe to print: control characters and the like become `\u001b`, a tab one space. */
export function escapeControls(text: string): string {
  return text
    .replace(/\t/g, ' ')
    .replace(
      /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu,
      (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
}
