// Logistic regression for understanding: odds ratios with standard errors, nothing penalised.

import {ToolError} from '../core/errors.ts';
import {factorQr, leastSquares, type QrFactors, rElement} from '../core/least-squares.ts';
import {normalTwoSided} from './distributions/normal.ts';
import {chiSquaredUpperTail} from './distributions/tails.ts';
import {isConstant, momentsOf, noVariation, requireCount} from './hypothesis/sample.ts';
import {lossWithout, slopesOf} from './slopes.ts';

const normal95 = 1.959963984540054;
const mostIterations = 50;

/** `low` and `high` are the 95 % interval of the coefficient; exp() of all three gives the odds ratio with its interval. */
export type LogitCoefficient = {
  name: string;
  value: number;
  standardError: number;
  z: number;
  p: number;
  low: number;
  high: number;
};

/** `pseudoR2` is McFadden's; `likelihoodRatio` tests all features together against the intercept alone. */
export type LogitResult = {
  coefficients: LogitCoefficient[];
  n: number;
  positives: number;
  dropped: number;
  logLikelihood: number;
  pseudoR2: number;
  likelihoodRatio: number;
  likelihoodRatioP: number;
  /** One value a group: the Wald χ² of its coefficients together, with as many degrees of freedom (statsmodels' wald_test_terms). */
  wald: number[];
};

export type LogitInput = {
  target: Float64Array;
  features: readonly {name: string; values: Float64Array}[];
  /** Places of features that belong together, such as the values of a category. */
  groups?: readonly (readonly number[])[];
};

/**
 * The log-odds of target 1 against 0 as intercept + Σ coefficient · feature over the complete rows, by maximum likelihood
 * (statsmodels' Logit with `add_constant`).
 * @throws ToolError `logit.not_binary`, `logit.separated` when the features tell the classes apart without error, be it for some
 *   of the rows only (then no finite coefficients exist), `ols.dependent_features`, `test.too_few_values`, `test.no_variation`.
 */
export function logit({target, features, groups = []}: LogitInput): LogitResult {
  const isComplete = (_: number, i: number) =>
    !Number.isNaN(target[i]) && features.every(({values}) => !Number.isNaN(values[i]));
  const y = target.filter(isComplete);
  requireCount(y, features.length + 2, 'the set of complete rows');
  const wrong = y.find(value => value !== 0 && value !== 1);
  if (wrong !== undefined)
    throw new ToolError('logit.not_binary', `the target must be 0 or 1, but one value is ${wrong}`);
  const positives = y.reduce((sum, value) => sum + value, 0);
  if (positives === 0 || positives === y.length) throw noVariation('the target');
  const x = features.map(({name, values}) => standardise(name, values.filter(isComplete)));
  const design = [new Float64Array(y.length).fill(1), ...x.map(column => column.values)];
  const rank = factorQr(design, {tolerance: 1e-11});
  if (rank.rank < design.length) throw dependent(features[(rank.order[rank.rank] ?? 1) - 1]?.name ?? 'intercept');
  const weights = maximise(design, y);
  const covariance = inverseOfGram(factorQr(weighted(design, probabilitiesOf(design, weights)), {pivot: false}));
  const share = positives / y.length;
  const nullLikelihood = y.length * (share * Math.log(share) + (1 - share) * Math.log(1 - share));
  const logLikelihood = likelihood(design, y, weights);
  const ratio = 2 * (logLikelihood - nullLikelihood);
  // Back from standardised features: every coefficient is a weighted sum of the fitted ones.
  const rows = [interceptRow(x), ...x.map(({sd}, j) => design.map((_, k) => (k === j + 1 ? 1 / sd : 0)))];
  return {
    coefficients: rows.map((row, k) =>
      describe(k === 0 ? 'intercept' : (features[k - 1]?.name ?? ''), row, weights, covariance),
    ),
    n: y.length,
    positives,
    dropped: target.length - y.length,
    logLikelihood,
    pseudoR2: 1 - logLikelihood / nullLikelihood,
    likelihoodRatio: ratio,
    likelihoodRatioP: features.length === 0 ? Number.NaN : chiSquaredUpperTail(ratio, features.length),
    wald: groups.length === 0 ? [] : waldOf(groups, design, weights),
  };
}

type Standardised = {values: Float64Array; mean: number; sd: number};

function standardise(name: string, values: Float64Array): Standardised {
  const origin = values[0] ?? 0;
  const {mean, squares, n} = momentsOf(values, origin);
  if (isConstant(squares)) throw dependent(name);
  const sd = Math.sqrt(squares / n);
  return {values: values.map(value => (value - origin - mean) / sd), mean: origin + mean, sd};
}

function dependent(name: string): ToolError {
  return new ToolError(
    'ols.dependent_features',
    `"${name}" is constant or follows from the other features, so it has no effect of its own`,
    {
      hint: `Leave out "${name}" or one of the features it goes with.`,
    },
  );
}

function interceptRow(x: readonly Standardised[]): number[] {
  return [1, ...x.map(({mean, sd}) => -mean / sd)];
}

function describe(name: string, row: number[], weights: Float64Array, covariance: Float64Array[]): LogitCoefficient {
  const value = row.reduce((sum, factor, k) => sum + factor * (weights[k] ?? 0), 0);
  let variance = 0;
  row.forEach((a, i) => {
    row.forEach((b, j) => {
      variance += a * b * (covariance[i]?.[j] ?? 0);
    });
  });
  const standardError = Math.sqrt(variance);
  const reach = normal95 * standardError;
  return {
    name,
    value,
    standardError,
    z: value / standardError,
    p: normalTwoSided(value / standardError),
    low: value - reach,
    high: value + reach,
  };
}

/** The covariance of the coefficients is that of the slopes of a fit on the weighted columns, the first of which is the intercept. */
function waldOf(
  groups: readonly (readonly number[])[],
  design: readonly Float64Array[],
  weights: Float64Array,
): number[] {
  const slopes = slopesOf(weighted(design, probabilitiesOf(design, weights)));
  if ('dependent' in slopes) return groups.map(() => Number.NaN);
  return groups.map(places =>
    lossWithout(
      places.map(place => place + 1),
      weights,
      slopes.weights,
    ),
  );
}

/** Newton's method as repeated weighted least squares, with halved steps where the likelihood would fall. */
function maximise(design: readonly Float64Array[], y: Float64Array): Float64Array {
  let weights = new Float64Array(design.length);
  let best = likelihood(design, y, weights);
  for (let iteration = 0; iteration < mostIterations; iteration++) {
    const p = probabilitiesOf(design, weights);
    const spread = p.map(value => Math.sqrt(value * (1 - value)));
    if (spread.every(value => value < 1e-6)) break;
    const scaled = design.map(column => column.map((value, i) => value * (spread[i] ?? 0)));
    const residuals = y.map((value, i) => (value - (p[i] ?? 0)) / Math.max(spread[i] ?? 0, 1e-300));
    const {coefficients: step, rank} = leastSquares(scaled, residuals);
    let scale = 1;
    const moved = () => weights.map((weight, k) => weight + scale * (step[k] ?? 0));
    while (scale > 1e-8 && !(likelihood(design, y, moved()) >= best - 1e-9 * Math.abs(best))) scale /= 2;
    weights = moved();
    best = likelihood(design, y, weights);
    if (step.some((change, k) => Math.abs(change) > 1e-11 * Math.max(1, Math.abs(weights[k] ?? 0)))) continue;
    // Rows told apart without error weigh nothing in the end; where only they carry a feature, it just seems to stand still.
    if (rank === design.length) return weights;
    break;
  }
  const isComplete = best > -1e-6 * y.length;
  throw new ToolError(
    'logit.separated',
    isComplete
      ? 'the features tell the two classes apart without error, so no finite coefficients exist'
      : 'some values of the features go with one class only, so no finite coefficients exist',
    {
      hint: 'Leave out the feature that gives the target away, or train a (penalised) logistic model instead.',
    },
  );
}

function scoresOf(design: readonly Float64Array[], weights: Float64Array): Float64Array {
  const [first = new Float64Array()] = design;
  return first.map((_, i) => design.reduce((sum, column, k) => sum + (column[i] ?? 0) * (weights[k] ?? 0), 0));
}

function probabilitiesOf(design: readonly Float64Array[], weights: Float64Array): Float64Array {
  return scoresOf(design, weights).map(score => 1 / (1 + Math.exp(-score)));
}

function likelihood(design: readonly Float64Array[], y: Float64Array, weights: Float64Array): number {
  // ln p for class 1 and ln(1 − p) for class 0, in a form that cannot overflow.
  return scoresOf(design, weights).reduce((sum, score, i) => {
    const signed = y[i] === 1 ? score : -score;
    return sum - (Math.max(-signed, 0) + Math.log1p(Math.exp(-Math.abs(signed))));
  }, 0);
}

function weighted(design: readonly Float64Array[], p: Float64Array): Float64Array[] {
  return design.map(column => column.map((value, i) => value * Math.sqrt((p[i] ?? 0) * (1 - (p[i] ?? 0)))));
}

/** (XᵀX)⁻¹ = R⁻¹·R⁻ᵀ from unpivoted factors of X. */
function inverseOfGram(factors: QrFactors): Float64Array[] {
  const size = factors.diagonal.length;
  const inverse = Array.from({length: size}, () => new Float64Array(size));
  for (let column = 0; column < size; column++)
    for (let i = column; i >= 0; i--) {
      let sum = i === column ? 1 : 0;
      for (let j = i + 1; j <= column; j++) sum -= rElement(factors, i, j) * (inverse[j]?.[column] ?? 0);
      const row = inverse[i];
      if (row) row[column] = sum / rElement(factors, i, i);
    }
  return inverse.map(a => Float64Array.from(inverse, b => a.reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0)));
}
