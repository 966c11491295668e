import { SENTINEL } from './sentinel.ts';
import type { Strategy } from './strategy.ts';

/** In order of preference for `auto`. */
export const STRATEGIES: readonly Strategy[] = [SENTINEL];

/** What a user can ask for. */
export const STRATEGY_CHOICES: readonly string[] = ['auto', ...STRATEGIES.map(({ id }) => id)];
