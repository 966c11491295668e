/** Each has its row in STRATEGIES; by themselves here, so that the command line need not load them. */
export const STRATEGY_NAMES = ['sentinel', 'native', 'binary'] as const;

export type StrategyName = (typeof STRATEGY_NAMES)[number];

/** What a user can ask for. */
export const STRATEGY_CHOICES: readonly string[] = ['auto', ...STRATEGY_NAMES];
