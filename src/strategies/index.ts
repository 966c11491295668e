import { SENTINEL } from './sentinel.ts';
import type { Strategy } from './strategy.ts';

/** In order of preference for `auto`. */
export const STRATEGIES: readonly Strategy[] = [SENTINEL];
