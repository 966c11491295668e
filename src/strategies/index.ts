import { BINARY } from './binary.ts';
import type { StrategyName } from './names.ts';
import { NATIVE } from './native.ts';
import { SENTINEL } from './sentinel.ts';
import type { Strategy } from './strategy.ts';

export const STRATEGIES: Readonly<Record<StrategyName, Strategy>> = {
  sentinel: SENTINEL,
  native: NATIVE,
  binary: BINARY,
};

export function findStrategy(name: string): Strategy | undefined {
  return Object.values(STRATEGIES).find(({ id }) => id === name);
}
