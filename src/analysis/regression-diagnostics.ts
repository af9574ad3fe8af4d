// What a linear fit leaves unexplained, and whether its features can be told apart. Complete rows in, numbers out.

import {ToolError} from '../core/errors.ts';
import {chiSquaredUpperTail} from './distributions/tails.ts';
import {type OlsResult, ols} from './ols.ts';
import {centre, inflationOf, slopesOf} from './slopes.ts';

export type Feature = {name: string; values: Float64Array};

/** `durbinWatson` is about 2 without autocorrelation of neighbouring rows. A small `breuschPagan.p` means unequal variance. */
export type Diagnostics = {durbinWatson: number; breuschPagan: {statistic: number; df: number; p: number} | null};

/** Durbin-Watson (statsmodels' durbin_watson) and Breusch-Pagan in Koenker's form (statsmodels' het_breuschpagan). */
export function diagnose(target: Float64Array, features: readonly Feature[], {coefficients}: OlsResult): Diagnostics {
  const residuals = residualsOf(
    target,
    features,
    coefficients.slice(1).map(each => each.value),
  );
  let [steps, squares] = [0, 0];
  residuals.forEach((value, i) => {
    squares += value * value;
    if (i > 0) steps += (value - (residuals[i - 1] ?? 0)) ** 2;
  });
  return {durbinWatson: steps / squares, breuschPagan: breuschPagan(residuals, features)};
}

function breuschPagan(residuals: Float64Array, features: readonly Feature[]): Diagnostics['breuschPagan'] {
  const r2 = explained(
    residuals.map(value => value * value),
    features,
  );
  if (r2 === null) return null;
  // What is left of a perfect line is rounding, of which R² can come out just below 0.
  const statistic = Math.max(0, residuals.length * r2);
  return {statistic, df: features.length, p: chiSquaredUpperTail(statistic, features.length)};
}

/** 1 / (1 − R²) of each feature on the others (statsmodels' variance_inflation_factor with a constant); NaN where one follows from others. */
export function varianceInflation(features: readonly Feature[]): number[] {
  const columns = features.map(({values}) => centre(values).values);
  const slopes = slopesOf(columns);
  return 'dependent' in slopes ? columns.map(() => Number.NaN) : inflationOf(columns, slopes);
}

/** R² of an auxiliary regression; null where it can't be fitted, such as squared residuals that are all equal. */
function explained(target: Float64Array, features: readonly Feature[]): number | null {
  try {
    return ols({target, features}).r2;
  } catch (error) {
    if (error instanceof ToolError) return null;
    throw error;
  }
}

/** Around the means, since an intercept far from zero has no digits left for the residuals. */
function residualsOf(target: Float64Array, features: readonly Feature[], slopes: readonly number[]): Float64Array {
  const residuals = centred(target);
  features.forEach(({values}, j) => {
    const slope = slopes[j] ?? 0;
    centred(values).forEach((value, i) => {
      residuals[i] = (residuals[i] ?? 0) - slope * value;
    });
  });
  return residuals;
}

function centred(values: Float64Array): Float64Array {
  const origin = values[0] ?? 0;
  const mean = values.reduce((sum, value) => sum + (value - origin), 0) / values.length;
  return values.map(value => value - origin - mean);
}
