// Kolmogorov and Smirnov's distance to the normal with the sample's own mean and sd, with Lilliefors' p.

import {normalLowerTail, polynomial} from '../distributions/normal.ts';
import {distanceTo} from './kolmogorov-smirnov.ts';
import type {TestResult} from './result.ts';
import {isConstant, momentsOf, noVariation, present, requireCount} from './sample.ts';

/**
 * Lilliefors' test (statistic: statsmodels' lilliefors). p by Dallal and Wilkinson (1986; statsmodels' pvalmethod='approx')
 * up to 0.1, above by Stephens' modified statistic, as R's nortest does. At least 5 values. NaN is dropped.
 */
export function lilliefors(sample: Float64Array): TestResult {
  const {values, dropped} = present(sample);
  requireCount(values, 5, 'the sample');
  const origin = values[0] ?? 0;
  const {mean, squares, n} = momentsOf(values, origin);
  if (isConstant(squares)) throw noVariation('the sample');
  const sd = Math.sqrt(squares / (n - 1));
  const d = distanceTo(values.map(value => (value - origin - mean) / sd).sort(), normalLowerTail);
  return {
    test: 'Lilliefors (Kolmogorov-Smirnov) test of normality',
    statisticName: 'D',
    statistic: d,
    df: [],
    p: pOf(d, n),
    effects: [],
    n: [n],
    dropped,
    method: "mean and sd from the sample, Dallal and Wilkinson's p",
    assumes: 'independent rows of a continuous quantity',
  };
}

function pOf(d: number, n: number): number {
  const [size, distance] = n > 100 ? [100, d * (n / 100) ** 0.49] : [n, d];
  const shifted = size + 2.78019;
  const near = Math.exp(
    -7.01256 * distance ** 2 * shifted +
      2.99587 * distance * Math.sqrt(shifted) -
      0.122119 +
      0.974598 / Math.sqrt(size) +
      1.67997 / size,
  );
  if (near <= 0.1) return near;
  const k = (Math.sqrt(n) - 0.01 + 0.85 / Math.sqrt(n)) * d;
  if (k <= 0.302) return 1;
  if (k <= 0.5) return polynomial([2.76773, -19.828315, 80.709644, -138.55152, 81.218052], k);
  if (k <= 0.9) return polynomial([-4.901232, 40.662806, -97.490286, 94.029866, -32.355711], k);
  return k <= 1.31 ? polynomial([6.198765, -19.558097, 23.186922, -12.234627, 2.423045], k) : 0;
}
