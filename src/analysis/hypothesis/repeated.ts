// Several measurements of the same rows: Friedman's test.

import {chiSquaredUpperTail} from '../distributions/tails.ts';
import {effect, type TestResult} from './result.ts';
import {noVariation, present, rankValues, requireCount, tieTerm} from './sample.ts';

/** Friedman's chi² with correction for ties over the complete rows of k ≥ 3 columns (scipy.stats.friedmanchisquare). */
export function friedman(columns: readonly Float64Array[]): TestResult {
  requireCount(
    columns.map(() => 0),
    3,
    'the list of columns',
  );
  // For what it refuses: infinite values.
  columns.forEach(present);
  const length = columns[0]?.length ?? 0;
  const k = columns.length;
  const sums = new Float64Array(k);
  let [n, ties] = [0, 0];
  for (let row = 0; row < length; row++) {
    const values = Float64Array.from(columns, column => column[row] ?? Number.NaN);
    if (values.some(Number.isNaN)) continue;
    const ranked = rankValues(values);
    for (let j = 0; j < k; j++) sums[j] = (sums[j] ?? 0) + (ranked.ranks[j] ?? 0) - (k + 1) / 2;
    ties += tieTerm(ranked.ties);
    n++;
  }
  requireCount(Array.from({length: n}), 2, 'the set of complete rows');
  const correction = 1 - ties / (k * (k * k - 1) * n);
  if (!(correction > 1e-12)) throw noVariation('the value within each row');
  const between = sums.reduce((sum, each) => sum + each * each, 0);
  const statistic = ((12 / (k * n * (k + 1))) * between) / correction;
  return {
    test: "Friedman's test",
    statisticName: 'chi²',
    statistic,
    df: [k - 1],
    p: chiSquaredUpperTail(statistic, k - 1),
    effects: [effect("Kendall's W", statistic / (n * (k - 1)))],
    n: [n],
    dropped: length - n,
    method: 'chi² approximation, corrected for ties',
    assumes: 'independent rows, about 10 rows or more',
  };
}
