import type { Streams, Writable } from './streams.ts';

type Paint = (text: string) => string;

export interface Palette {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly green: Paint;
  readonly red: Paint;
  readonly yellow: Paint;
}

const same: Paint = (text) => text;
export const PLAIN: Palette = { bold: same, dim: same, green: same, red: same, yellow: same };

function paint(on: number, off: number): Paint {
  return (text) => `\u001b[${on}m${text}\u001b[${off}m`;
}

const COLOURED: Palette = {
  bold: paint(1, 22),
  dim: paint(2, 22),
  green: paint(32, 39),
  red: paint(31, 39),
  yellow: paint(33, 39),
};

/** `auto`: colour on a terminal, unless NO_COLOR is set (no-color.org) or the terminal is dumb. */
export function choosePalette(
  when: 'auto' | 'always' | 'never',
  stream: Writable,
  env: Streams['env'],
): Palette {
  const isWanted = stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  return when === 'always' || (when === 'auto' && isWanted) ? COLOURED : PLAIN;
}
