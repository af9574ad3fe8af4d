// Tests on counts: chi² of a table and of one row of counts, Fisher's exact test.

import {ToolError} from '../../core/errors.ts';
import {logFactorial} from '../distributions/gamma-log.ts';
import {chiSquaredUpperTail} from '../distributions/tails.ts';
import {effect, type TestResult} from './result.ts';
import {noVariation, requireCount} from './sample.ts';

export type Counts = readonly (readonly number[])[];

/**
 * Chi² test of independence of rows and columns, with Yates' correction when there is one degree of freedom
 * (scipy.stats.chi2_contingency). Rows and columns without any count are left out.
 */
export function chiSquaredIndependence(table: Counts, {yates = true} = {}): TestResult & {expected: number[][]} {
  const counts = withoutEmpty(checkedCounts(table));
  const rowSums = counts.map(row => row.reduce((sum, n) => sum + n, 0));
  const columnSums = (counts[0] ?? []).map((_, j) => counts.reduce((sum, row) => sum + (row[j] ?? 0), 0));
  requireCount(rowSums, 2, 'the list of rows with counts');
  requireCount(columnSums, 2, 'the list of columns with counts');
  const n = rowSums.reduce((sum, count) => sum + count, 0);
  const expected = rowSums.map(row => columnSums.map(column => (row * column) / n));
  const df = (rowSums.length - 1) * (columnSums.length - 1);
  const corrected = yates && df === 1;
  let [statistic, plain] = [0, 0];
  counts.forEach((row, i) => {
    row.forEach((observed, j) => {
      const wanted = expected[i]?.[j] ?? 1;
      const distance = Math.abs(observed - wanted);
      statistic += (distance - (corrected ? Math.min(0.5, distance) : 0)) ** 2 / wanted;
      plain += distance ** 2 / wanted;
    });
  });
  const smallest = Math.min(...expected.flat());
  return {
    test: 'chi² test of independence',
    statisticName: 'chi²',
    statistic,
    df: [df],
    p: chiSquaredUpperTail(statistic, df),
    effects: [effect("Cramér's V", Math.sqrt(plain / n / Math.min(rowSums.length - 1, columnSums.length - 1)))],
    n: [n],
    dropped: 0,
    method: corrected ? "with Yates' correction" : 'without correction',
    assumes: `independent rows, expected counts of 5 or more (smallest here ${smallest.toPrecision(3)})`,
    expected,
  };
}

/** Chi² test of counts against expected shares, equal ones unless given (scipy.stats.chisquare). */
export function chiSquaredFit(observed: readonly number[], shares?: readonly number[]): TestResult {
  checkedCounts([observed]);
  requireCount(observed, 2, 'the list of counts');
  const n = observed.reduce((sum, count) => sum + count, 0);
  const total = (shares ?? observed.map(() => 1)).reduce((sum, share) => sum + share, 0);
  let statistic = 0;
  observed.forEach((count, i) => {
    const wanted = (n * (shares ? (shares[i] ?? Number.NaN) : 1)) / total;
    statistic += (count - wanted) ** 2 / wanted;
  });
  const df = observed.length - 1;
  return {
    test: 'chi² goodness-of-fit test',
    statisticName: 'chi²',
    statistic,
    df: [df],
    p: chiSquaredUpperTail(statistic, df),
    effects: [effect("Cohen's w", Math.sqrt(statistic / n))],
    n: [n],
    dropped: 0,
    method: shares ? 'against the given shares' : 'against equal shares',
    assumes: 'independent rows, expected counts of 5 or more',
  };
}

/**
 * Fisher's exact test of a 2 × 2 table, two-sided: all tables with the same margins that are no likelier than this one
 * (scipy.stats.fisher_exact). The statistic is the sample odds ratio.
 */
export function fisherExact(table: Counts): TestResult {
  if (table.length !== 2 || table.some(cells => cells.length !== 2))
    throw new ToolError(
      'test.not_two_by_two',
      `Fisher's test needs 2 rows and 2 columns, not ${table.length} and ${table[0]?.length ?? 0}`,
      {
        hint: 'For larger tables use the chi² test.',
      },
    );
  const [[a = 0, b = 0] = [], [c = 0, d = 0] = []] = checkedCounts(table);
  const [row, column, n] = [a + b, a + c, a + b + c + d];
  if (row === 0 || row === n || column === 0 || column === n) throw noVariation('a row or column of the table');
  const logChance = (x: number) => logChoose(row, x) + logChoose(n - row, column - x) - logChoose(n, column);
  const here = logChance(a);
  let p = 0;
  for (let x = Math.max(0, column - (n - row)); x <= Math.min(row, column); x++) {
    const chance = logChance(x);
    if (chance <= here + 1e-9) p += Math.exp(chance);
  }
  const odds = b > 0 && c > 0 ? (a * d) / (b * c) : Number.POSITIVE_INFINITY;
  return {
    test: "Fisher's exact test",
    statisticName: 'odds ratio',
    statistic: odds,
    df: [],
    p: Math.min(1, p),
    effects: [effect('odds ratio', odds, oddsInterval(a, b, c, d))],
    n: [n],
    dropped: 0,
    method: 'exact, two-sided',
    assumes: 'independent rows',
  };
}

/** Woolf's 95 % interval of the odds ratio; none where a count is zero, since its logarithm has no end there. */
function oddsInterval(a: number, b: number, c: number, d: number): [number, number] | undefined {
  if (Math.min(a, b, c, d) === 0) return undefined;
  const logOdds = Math.log((a * d) / (b * c));
  const reach = 1.959963984540054 * Math.sqrt(1 / a + 1 / b + 1 / c + 1 / d);
  return [Math.exp(logOdds - reach), Math.exp(logOdds + reach)];
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

function checkedCounts(table: Counts): Counts {
  const width = table[0]?.length ?? 0;
  for (const row of table) {
    if (row.length !== width)
      throw new RangeError(`the rows of a table need equal lengths, not ${width} and ${row.length}`);
    for (const count of row)
      if (!(count >= 0 && Number.isFinite(count)))
        throw new ToolError('test.bad_count', `a count is a number from 0, not ${count}`);
  }
  return table;
}

function withoutEmpty(table: Counts): number[][] {
  const rows = table.filter(row => row.some(count => count > 0));
  return rows.map(row => row.filter((_, j) => rows.some(other => (other[j] ?? 0) > 0)));
}
