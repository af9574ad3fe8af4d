import {expect, it} from 'vitest';
import {type Arma, filtered, multiplied} from '../../../src/models/forecasting/arma.ts';
import {Mt19937} from '../../../src/models/mt19937.ts';

const plain = (...coefficients: number[]) => Float64Array.from(coefficients);
const none = plain();

/** γ(0) … γ(lags − 1) for errors of variance 1, from so many psi weights: none of our recursions is in it. */
function autocovariances({ar, ma}: Arma, lags: number, weights: number): Float64Array {
  const psi = new Float64Array(weights);
  for (let j = 0; j < weights; j++) {
    psi[j] = j === 0 ? 1 : (ma[j - 1] ?? 0);
    for (let i = 0; i < Math.min(ar.length, j); i++) psi[j] = (psi[j] ?? 0) + (ar[i] ?? 0) * (psi[j - 1 - i] ?? 0);
  }
  return Float64Array.from({length: lags}, (_, lag) => {
    let sum = 0;
    for (let j = weights - 1 - lag; j >= 0; j--) sum += (psi[j] ?? 0) * (psi[j + lag] ?? 0);
    return sum;
  });
}

/** −2 times the normal log-likelihood at the best variance, from the Cholesky factor of the whole covariance matrix. */
function dense(series: Float64Array, arma: Arma, weights: number): number {
  const n = series.length;
  const gamma = autocovariances(arma, n, weights);
  const L: number[][] = [];
  const z: number[] = [];
  let logs = 0;
  for (let i = 0; i < n; i++) {
    const row: number[] = [];
    L.push(row);
    for (let j = 0; j <= i; j++) {
      let sum = gamma[i - j] ?? 0;
      for (let k = 0; k < j; k++) sum -= (row[k] ?? 0) * (L[j]?.[k] ?? 0);
      row.push(i === j ? Math.sqrt(sum) : sum / (L[j]?.[j] ?? 1));
    }
    const before = z.reduce((sum, each, k) => sum + each * (row[k] ?? 0), 0);
    z.push(((series[i] ?? 0) - arma.mean - before) / (row[i] ?? 1));
    logs += 2 * Math.log(row[i] ?? 1);
  }
  const variance = z.reduce((sum, each) => sum + each * each, 0) / n;
  return n * Math.log(2 * Math.PI * variance) + logs + n;
}

const random = new Mt19937(3);
const series = Float64Array.from({length: 80}, (_, i) => 3 * Math.sin(i / 5) + 4 * random.nextDouble());

it.each<[string, Arma, number]>([
  ['white noise', {ar: none, ma: none, mean: 1}, 10],
  ['AR(1)', {ar: plain(0.6), ma: none, mean: 2}, 500],
  ['MA(1) whose root is 1', {ar: none, ma: plain(-1), mean: 0}, 100],
  ['ARMA(2,2)', {ar: plain(0.5, 0.3), ma: plain(0.4, -0.3), mean: 1}, 2_000],
  ['the airline model', {ar: none, ma: multiplied(plain(-0.4), plain(-0.6), 12, 1), mean: 0}, 100],
  [
    'seasonal on both sides',
    {ar: multiplied(plain(0.3), plain(0.7), 12, -1), ma: multiplied(plain(0.5), plain(-0.4), 12, 1), mean: 2},
    3_000,
  ],
  ['AR(1) of variance 500', {ar: plain(0.999), ma: none, mean: 2}, 40_000],
  ['AR(1) of variance 50,000, by the whole covariance', {ar: plain(0.99999), ma: plain(0.3), mean: 2}, 2_500_000],
])('the likelihood of a filter equals that of the covariance matrix of the whole series: %s', (_, arma, weights) => {
  expect(filtered(series, arma)?.deviance).toBeCloseTo(dense(series, arma, weights), 6);
});
