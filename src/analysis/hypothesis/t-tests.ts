// Tests of means: Welch's and Student's two-sample t, paired t, one-sample t.

import {ToolError} from '../../core/errors.ts';
import {noncentralTShift} from '../distributions/noncentral-t.ts';
import {tCritical, tTwoSided} from '../distributions/tails.ts';
import {effect, type TestResult} from './result.ts';
import {isConstant, momentsOf, noVariation, present, presentPairs, requireCount, varianceOf} from './sample.ts';

const alpha = 0.05;

/** Welch's t-test for two independent groups, unequal variances (scipy.stats.ttest_ind(equal_var=False)). NaN is dropped. */
export function welchT(first: Float64Array, second: Float64Array): TestResult {
  return twoSampleT(first, second, false);
}

/** Student's t-test for two independent groups, equal variances (scipy.stats.ttest_ind). NaN is dropped. */
export function studentT(first: Float64Array, second: Float64Array): TestResult {
  return twoSampleT(first, second, true);
}

function twoSampleT(first: Float64Array, second: Float64Array, equalVariances: boolean): TestResult {
  const [x, y] = [present(first), present(second)];
  requireCount(x.values, 2, 'the first group');
  requireCount(y.values, 2, 'the second group');
  const origin = x.values[0] ?? 0;
  const [a, b] = [momentsOf(x.values, origin), momentsOf(y.values, origin)];
  const difference = a.mean - b.mean;
  const [sa, sb] = [varianceOf(a) / a.n, varianceOf(b) / b.n];
  const pooled = (a.squares + b.squares) / (a.n + b.n - 2);
  if (isConstant(a.squares + b.squares)) throw noVariation('each group');
  const error = Math.sqrt(equalVariances ? pooled * (1 / a.n + 1 / b.n) : sa + sb);
  const df = equalVariances ? a.n + b.n - 2 : (sa + sb) ** 2 / (sa ** 2 / (a.n - 1) + sb ** 2 / (b.n - 1));
  const t = difference / error;
  const reach = tCritical(alpha, df) * error;
  return {
    test: equalVariances ? "Student's t-test" : "Welch's t-test",
    statisticName: 't',
    statistic: t,
    df: [df],
    p: tTwoSided(t, df),
    effects: [
      effect('difference of means', difference, [difference - reach, difference + reach]),
      effect(
        "Cohen's d",
        difference / Math.sqrt(pooled),
        cohensInterval(difference / Math.sqrt(pooled), a.n + b.n - 2, Math.sqrt(1 / a.n + 1 / b.n)),
      ),
    ],
    n: [a.n, b.n],
    dropped: x.dropped + y.dropped,
    method: equalVariances ? 'equal variances' : 'unequal variances',
    assumes: `independent rows${equalVariances ? ', equal variances' : ''}, means that are nearly normal (n ≥ 30 a group, or normal values)`,
  };
}

/** Paired t-test (scipy.stats.ttest_rel). Pairs with a NaN are dropped. */
export function pairedT(before: Float64Array, after: Float64Array): TestResult {
  const {x, y, dropped} = presentPairs(before, after);
  const result = oneSampleT(
    x.map((value, i) => value - (y[i] ?? 0)),
    0,
  );
  return {
    ...result,
    test: 'paired t-test',
    dropped,
    effects: result.effects.map(each => (each.name === 'mean − expected' ? {...each, name: 'mean difference'} : each)),
    assumes: 'independent pairs, differences whose mean is nearly normal',
  };
}

/** One-sample t-test of the mean against `expected` (scipy.stats.ttest_1samp). NaN is dropped. */
export function oneSampleT(sample: Float64Array, expected: number): TestResult {
  if (!Number.isFinite(expected))
    throw new ToolError('test.bad_expected', `the expected mean must be a number, not ${expected}`);
  const {values, dropped} = present(sample);
  requireCount(values, 2, 'the sample');
  const moments = momentsOf(values, expected);
  if (isConstant(moments.squares)) throw noVariation('the sample');
  const error = Math.sqrt(varianceOf(moments) / moments.n);
  const df = moments.n - 1;
  const t = moments.mean / error;
  const reach = tCritical(alpha, df) * error;
  return {
    test: 'one-sample t-test',
    statisticName: 't',
    statistic: t,
    df: [df],
    p: tTwoSided(t, df),
    effects: [
      effect('mean − expected', moments.mean, [moments.mean - reach, moments.mean + reach]),
      effect(
        "Cohen's d",
        t / Math.sqrt(moments.n),
        cohensInterval(t / Math.sqrt(moments.n), df, 1 / Math.sqrt(moments.n)),
      ),
    ],
    n: [moments.n],
    dropped,
    method: 'two-sided',
    assumes: 'independent rows, a mean that is nearly normal',
  };
}

/** Exact 95 % interval of Cohen's d: the shifts of the noncentral t that put the statistic d / scale at 2.5 and 97.5 %. */
function cohensInterval(d: number, df: number, scale: number): [number, number] | undefined {
  const t = d / scale;
  // Far out the integral has no digits left, and no one needs the interval of such an effect.
  if (!(Math.abs(t) < 35)) return undefined;
  return [noncentralTShift(t, df, 0.025) * scale, noncentralTShift(t, df, 0.975) * scale];
}
