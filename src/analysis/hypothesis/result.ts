// What every test gives back.

/** `low` and `high` are the 95 % confidence interval, null where none is computed. */
export type Effect = {name: string; value: number; low: number | null; high: number | null};

/**
 * `statistic` is named by `statisticName` ("t", "U", "H"). `df` holds the degrees of freedom, none for rank and exact tests.
 * `p` is two-sided unless the test has only one side. `n` is the number of values used (per group where there are groups),
 * `dropped` the missing values left out, `leftOut` what else the test does not use, in words. `method` says how p was found, `assumes` what must hold for it to mean anything.
 */
export type TestResult = {
  test: string;
  statisticName: string;
  statistic: number;
  df: number[];
  p: number;
  /** One-sided p where it does not follow from the statistic and df: that the first group, or the relation, is less or greater. */
  tails?: {less: number; greater: number};
  effects: Effect[];
  n: number[];
  dropped: number;
  leftOut?: string;
  method: string;
  assumes: string;
};

export function effect(name: string, value: number, interval?: readonly [number, number]): Effect {
  return {name, value, low: interval?.[0] ?? null, high: interval?.[1] ?? null};
}
