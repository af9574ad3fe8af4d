// Families on the whole line: normal, uniform, logistic, Student's t. Values are shifted to their median first, so that an
// offset of 1e9 costs no digits.

import {digamma} from '../distributions/digamma.ts';
import {logGamma} from '../distributions/gamma-log.ts';
import {normalLowerTail, normalQuantile} from '../distributions/normal.ts';
import {decreasingRoot, tTwoSided, tUpperTail} from '../distributions/tails.ts';
import {shapeOf} from '../hypothesis/normality.ts';
import {momentsOf, quantileOfSorted} from '../hypothesis/sample.ts';
import type {Family, Fit} from './family.ts';
import {maximise} from './maximise.ts';

type Standard = {lower(z: number): number; quantile(p: number): number};

/** A fit of location and scale: `shift` is measured from `origin`. */
function located(
  {origin, shift, scale}: {origin: number; shift: number; scale: number},
  standard: Standard,
  logLikelihood: number,
  further: Record<string, number> = {},
): Fit {
  return {
    parameters: {...further, loc: origin + shift, scale},
    logLikelihood,
    cdf: x => standard.lower((x - origin - shift) / scale),
    quantile: p => origin + shift + scale * standard.quantile(p),
  };
}

const normal: Family = {
  name: 'normal',
  counts: false,
  free: 2,
  convention: 'norm: loc the mean, scale the sd with n',
  fit(sorted) {
    const origin = quantileOfSorted(sorted, 0.5);
    const {mean, squares, n} = momentsOf(sorted, origin);
    const scale = Math.sqrt(squares / n);
    const logLikelihood = -n * (Math.log(scale) + Math.log(2 * Math.PI) / 2 + 0.5);
    return located({origin, shift: mean, scale}, {lower: normalLowerTail, quantile: normalQuantile}, logLikelihood);
  },
};

const uniform: Family = {
  name: 'uniform',
  counts: false,
  free: 2,
  convention: 'uniform: loc the smallest value, scale the range',
  fit(sorted) {
    const origin = sorted[0] ?? 0;
    const scale = (sorted[sorted.length - 1] ?? 0) - origin;
    const standard = {lower: (z: number) => Math.min(1, Math.max(0, z)), quantile: (p: number) => p};
    return located({origin, shift: 0, scale}, standard, -sorted.length * Math.log(scale));
  },
};

type Scaled = {values: Float64Array; origin: number; unit: number};

/** Values around their median in units of their spread, so that all parameters are of the size of 1. */
function scaled(sorted: Float64Array): Scaled {
  const origin = quantileOfSorted(sorted, 0.5);
  const spread = (quantileOfSorted(sorted, 0.75) - quantileOfSorted(sorted, 0.25)) / 1.349;
  const {squares, n} = momentsOf(sorted, origin);
  const unit = spread > 0 ? spread : Math.sqrt(squares / n);
  return {values: sorted.map(value => (value - origin) / unit), origin, unit};
}

const logistic: Family = {
  name: 'logistic',
  counts: false,
  free: 2,
  convention: 'logistic: loc, scale',
  fit(sorted) {
    const {values, origin, unit} = scaled(sorted);
    const found = maximise(
      ([mean = 0, logScale = 0]) => {
        const scale = Math.exp(logScale);
        let [value, byMean, byScale] = [0, 0, 0];
        for (const x of values) {
          const z = (x - mean) / scale;
          const lean = Math.tanh(z / 2);
          value -= Math.abs(z) + 2 * Math.log1p(Math.exp(-Math.abs(z))) + logScale;
          byMean += lean / scale;
          byScale += z * lean - 1;
        }
        return {value, gradient: [byMean, byScale]};
      },
      [0, Math.log(0.6)],
    );
    if (!found) return 'its likelihood has no maximum that could be found';
    const [shift = 0, logScale = 0] = found;
    const scale = Math.exp(logScale);
    let logLikelihood = -values.length * Math.log(scale * unit);
    for (const x of values) {
      const z = Math.abs((x - shift) / scale);
      logLikelihood -= z + 2 * Math.log1p(Math.exp(-z));
    }
    const standard = {
      lower: (z: number) => (z < 0 ? Math.exp(z) / (1 + Math.exp(z)) : 1 / (1 + Math.exp(-z))),
      quantile: (p: number) => Math.log(p) - Math.log1p(-p),
    };
    return located({origin, shift: shift * unit, scale: scale * unit}, standard, logLikelihood);
  },
};

/** Beyond, no data tell the t distribution from the normal. */
const mostFreedom = 1e5;

const studentT: Family = {
  name: 'student_t',
  counts: false,
  free: 3,
  convention: 't: df, loc, scale',
  fit(sorted) {
    // With lighter tails than the normal's the likelihood rises with df for ever: its derivative by 1/df is n·(kurtosis − 3)/4 there.
    if (shapeOf(sorted).kurtosis <= 3) return 'no finite df fits best: the tails are not heavier than the normal ones';
    const {values, origin, unit} = scaled(sorted);
    const start = [0, 0, Math.log(5)];
    const found = maximise(
      ([shift = 0, logScale = 0, logDf = 0]) => tLikelihood(values, shift, logScale, logDf),
      start,
    );
    const [shift = 0, logScale = 0, logDf = Number.POSITIVE_INFINITY] = found ?? [];
    const [scale, df] = [Math.exp(logScale), Math.exp(logDf)];
    if (!found || df > mostFreedom || df < 0.05)
      return 'no finite df fits best: the tails are nearly normal, or the values are tied at one point';
    const standard = {
      lower: (z: number) => tUpperTail(-z, df),
      quantile: (p: number) => (p < 0.5 ? -1 : 1) * decreasingRoot(t => tTwoSided(t, df), 2 * Math.min(p, 1 - p)),
    };
    const {value} = tLikelihood(values, shift, logScale, logDf);
    const logLikelihood = value - values.length * Math.log(unit);
    return located({origin, shift: shift * unit, scale: scale * unit}, standard, logLikelihood, {df});
  },
};

function tLikelihood(values: Float64Array, shift: number, logScale: number, logDf: number) {
  const [scale, df, n] = [Math.exp(logScale), Math.exp(logDf), values.length];
  let [logs, shares, pull] = [0, 0, 0];
  for (const x of values) {
    const z = (x - shift) / scale;
    const square = z * z;
    logs += Math.log1p(square / df);
    shares += square / (df + square);
    pull += z / (df + square);
  }
  const constant = logGamma((df + 1) / 2) - logGamma(df / 2) - Math.log(df * Math.PI) / 2 - logScale;
  const byDf = (n / 2) * (digamma((df + 1) / 2) - digamma(df / 2) - 1 / df) - logs / 2 + ((df + 1) / (2 * df)) * shares;
  return {
    value: n * constant - ((df + 1) / 2) * logs,
    gradient: [((df + 1) / scale) * pull, (df + 1) * shares - n, df * byDf],
  };
}

export const locationFamilies: readonly Family[] = [normal, uniform, logistic, studentT];
