// What every forecasting method is: a series in, the next values and how far off they may be out.

/** The expected value of each step ahead, and the standard deviation of its error. */
export type Ahead = {mean: Float64Array; sds: Float64Array};

/** `says` tells which form was chosen, with its parameters. */
export type FittedForecaster = {says: string; ahead(steps: number): Ahead};

/** `period` is the number of steps of a season, 1 for none. All values of the series are finite. */
export interface Forecaster {
  readonly name: string;
  readonly describes: string;
  readonly baseline: boolean;
  /** Null where the series is too short for the method. */
  fit(series: Float64Array, period: number): FittedForecaster | null;
}

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0;
  return sum / values.length;
}

/** The sum of the squares. */
export function squares(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] ?? 0) ** 2;
  return sum;
}
