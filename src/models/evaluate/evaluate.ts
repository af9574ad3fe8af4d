// How good predictions are: each figure with a bootstrap interval, and beside it what the best constant would reach.

import {Mt19937} from '../mt19937.ts';
import {type Classes, classMetrics, type Metric, type Numbers, numberMetrics} from './weighted.ts';

/**
 * `low` to `high` is a 95 % interval; null where the metric is not defined. `baseline` is that of the best constant, null where
 * all rows have one value: the constant would be the answer itself.
 */
export type Estimate = {
  name: string;
  smallerIsBetter: boolean;
  value: number | null;
  low: number | null;
  high: number | null;
  baseline: number | null;
};

/** Fewer for many rows, where the interval is narrow anyway. */
const replicatesFor = (rows: number) => Math.round(Math.min(1_000, Math.max(100, 20_000_000 / rows)));

/** The constant is the mean of these very rows, which no constant known beforehand can beat in RMSE. */
export function evaluateNumbers({actual, predicted}: Numbers, seed: number): Estimate[] {
  const mean = actual.reduce((sum, value) => sum + value / actual.length, 0);
  const constant = hasOneValue(actual)
    ? []
    : numberMetrics({actual, predicted: new Float64Array(actual.length).fill(mean)});
  return estimates(numberMetrics({actual, predicted}), constant, actual.length, seed);
}

/** The constant is the shares of the classes in these very rows, which none known beforehand can beat in log loss. */
export function evaluateClasses(classes: Classes, seed: number): Estimate[] {
  const constant = hasOneValue(classes.actual) ? [] : classMetrics(constantClasses(classes));
  return estimates(classMetrics(classes), constant, classes.actual.length, seed);
}

function hasOneValue(actual: Float64Array): boolean {
  return actual.every(value => value === actual[0]);
}

function constantClasses({actual, probabilities}: Classes): Classes {
  const shares = probabilities.map(
    (_, k) => actual.reduce((sum, each) => sum + (each === k ? 1 : 0), 0) / actual.length,
  );
  const likeliest = shares.indexOf(Math.max(...shares));
  return {
    actual,
    predicted: new Float64Array(actual.length).fill(likeliest),
    probabilities: shares.map(share => new Float64Array(actual.length).fill(share)),
  };
}

function estimates(metrics: readonly Metric[], constant: readonly Metric[], rows: number, seed: number): Estimate[] {
  const once = new Float64Array(rows).fill(1);
  const random = new Mt19937(seed);
  const draws = metrics.map((): number[] => []);
  const weights = new Float64Array(rows);
  for (let replicate = 0; replicate < replicatesFor(rows); replicate++) {
    weights.fill(0);
    for (let i = 0; i < rows; i++) {
      const row = random.nextInterval(rows - 1);
      weights[row] = (weights[row] ?? 0) + 1;
    }
    metrics.forEach((metric, m) => {
      const value = metric.of(weights);
      if (value !== null) draws[m]?.push(value);
    });
  }
  return metrics.map((metric, m) => {
    const sorted = Float64Array.from(draws[m] ?? []).sort();
    return {
      name: metric.name,
      smallerIsBetter: metric.smallerIsBetter,
      value: metric.of(once),
      low: quantile(sorted, 0.025),
      high: quantile(sorted, 0.975),
      baseline: constant.find(({name}) => name === metric.name)?.of(once) ?? null,
    };
  });
}

/** Of sorted values, by linear interpolation (numpy's default); null without any. */
export function quantile(sorted: Float64Array, share: number): number | null {
  if (sorted.length === 0) return null;
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? 0;
  return low + (at - Math.floor(at)) * ((sorted[Math.ceil(at)] ?? 0) - low);
}

/** Actual minus predicted: their mean (the bias), sample standard deviation, and quantiles. */
export type Residuals = {mean: number; sampleStdDev: number; quantiles: [share: number, value: number][]};

export function residualsOf({actual, predicted}: Numbers): Residuals {
  const errors = actual.map((value, i) => value - (predicted[i] ?? 0)).sort();
  const mean = errors.reduce((sum, error) => sum + error / errors.length, 0);
  const squares = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0);
  const shares = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1];
  const sampleStdDev = Math.sqrt(squares / (errors.length - 1));
  return {
    // Least squares leave none; so small a mean is that of rounded sums.
    mean: Math.abs(mean) < 1e-12 * sampleStdDev ? 0 : mean,
    sampleStdDev,
    quantiles: shares.map(share => [share, quantile(errors, share) ?? Number.NaN]),
  };
}
