import { NATIVE } from './native.ts';
import { SENTINEL } from './sentinel.ts';
import type { Strategy } from './strategy.ts';

export const STRATEGIES: readonly Strategy[] = [SENTINEL, NATIVE];

/** What a user can ask for. */
export const STRATEGY_CHOICES: readonly string[] = ['auto', ...STRATEGIES.map(({ id }) => id)];
