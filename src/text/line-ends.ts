/** LF for CRLF: the record does not mind a conversion of line ends. */
export function unifyLineEnds(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

/** Gives text from a record the line ends that most lines have of the text that it goes back into. */
export function fitLineEnds(text: string): (part: string) => string {
  const feeds = text.split('\n').length;
  const pairs = text.split('\r\n').length;
  return 2 * pairs > feeds ? (part) => part.replace(/\r?\n/g, '\r\n') : unifyLineEnds;
}

/** Maps offsets of the text with unified line ends to offsets of the text; a line feed that was CRLF to its CR. */
export function mapToOriginal(text: string, normal: string): (offset: number) => number {
  if (text.length === normal.length) return (offset) => offset;
  const original = new Uint32Array(normal.length + 1);
  for (let from = 0, to = 0; to <= normal.length; to++, from++) {
    original[to] = from;
    if (text[from] === '\r' && text[from + 1] === '\n') from++;
  }
  return (offset) => original[offset] as number;
}
