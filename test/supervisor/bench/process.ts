import { readFileSync, readlinkSync } from 'node:fs';
import { constants } from 'node:os';

/** The first child of a process; null when it has none. */
export function firstChild(parent: number): number | null {
  try {
    const [child = ''] = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').split(' ');
    return child === '' ? null : Number(child);
  } catch {
    return null;
  }
}

/** Has it a handler for this signal? */
export function catchesSignal(pid: number | null, name: NodeJS.Signals): boolean {
  try {
    const [, mask = '0'] = /^SigCgt:\s*(\w+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return (BigInt(`0x${mask}`) & (1n << BigInt(constants.signals[name] - 1))) !== 0n;
  } catch {
    return false;
  }
}

/** Is this folder what it sees as `/`? */
export function hasRoot(pid: number | null, root: string): boolean {
  try {
    return pid !== null && readlinkSync(`/proc/${pid}/root`) === root;
  } catch {
    return false;
  }
}
