// Where SciPy and statsmodels are themselves less exact than 1e-9: against 50 digits (mpmath).

import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {studentizedRangeUpperTail} from '../../src/analysis/distributions/studentized-range.ts';
import {ksTwoSamples} from '../../src/analysis/hypothesis/kolmogorov-smirnov.ts';
import {andersonDarling, dagostinoPearson} from '../../src/analysis/hypothesis/normality.ts';
import {gamesHowell} from '../../src/analysis/hypothesis/pairwise.ts';
import {groupSize, meansPlan} from '../../src/analysis/hypothesis/power.ts';
import {oneSampleT, welchT} from '../../src/analysis/hypothesis/t-tests.ts';
import {welchAnova} from '../../src/analysis/hypothesis/variance-tests.ts';
import {columnOf, expectClose, expectResult, type Pair} from './golden.ts';

type Exact = {
  samples: {
    x: number[];
    y: number[];
    dagostino: Pair;
    anderson: number;
    welch: [number, number, number];
    scipyError: Record<string, number>;
  }[];
  ranges: [q: number, df: number, tail: number][];
  sizes: {effect: number; alpha: number; power: number; n: number}[];
  scales: {
    groups: number[][];
    welchAnova: number;
    difference: number;
    small: number[];
    expected: number;
    oneSample: number;
  };
};

const exact: Exact = JSON.parse(readFileSync('test/fixtures/analysis/exact-mpmath.json', 'utf8'));

describe.each(exact.samples)('samples around 1e9 (case %#)', ({x, y, dagostino, anderson, welch, scipyError}) => {
  const [first, second] = [columnOf(x), columnOf(y)];
  it("D'Agostino-Pearson", () => expectResult(dagostinoPearson(first), dagostino));
  it('Anderson-Darling', () => expectClose(andersonDarling(first).statistic, anderson, 1e-9));
  it("Welch's t with its degrees of freedom", () => {
    const result = welchT(first, second);
    expectResult(result, [welch[0], welch[2]]);
    expectClose(result.df[0] ?? Number.NaN, welch[1], 1e-9);
  });
  it('SciPy misses 1e-9 on at least two of them, so it is no reference here', () => {
    expect(Object.values(scipyError).filter(error => error > 1e-9).length).toBeGreaterThanOrEqual(2);
  });
});

describe('values of very different sizes keep their digits', () => {
  const {groups, welchAnova: f, difference, small, expected, oneSample} = exact.scales;
  it('in groups beside one that is 1e12 times as wide', () => {
    expectClose(welchAnova(groups.map(columnOf)).statistic, f, 1e-9);
    const narrow = gamesHowell(groups.map(columnOf)).find(({first}) => first === 1);
    expectClose(narrow?.difference ?? Number.NaN, difference, 1e-9);
  });
  it('when values near 1e-12 are tested against a mean of 1', () => {
    expectClose(oneSampleT(columnOf(small), expected).statistic, oneSample, 1e-9);
  });
});

describe('the studentized range', () => {
  it.each(exact.ranges)('of two means beyond %d with %d df keeps its digits', (q, df, tail) => {
    expectClose(studentizedRangeUpperTail(q, 2, df), tail, 1e-11, 0);
  });

  it('Games-Howell compares all 45 pairs of ten groups with few evaluations of its tail', () => {
    const groups = Array.from({length: 10}, (_, g) =>
      Float64Array.from({length: 40}, (__, i) => Math.sin(i * 12.9898 + g) * (1 + g / 5) + g / 10),
    );
    const start = process.cpuUsage();
    expect(gamesHowell(groups)).toHaveLength(45);
    // It took 13 s before the tail and its root were made for it; a tenth is enough to notice a way back.
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(2.5);
  });
});

it('the exact two-sample Kolmogorov-Smirnov p of 2 × 9,000 values looks only at paths near the diagonal', () => {
  const values = (step: number) => Float64Array.from({length: 9000}, (_, i) => (i * step) % 1);
  const start = process.cpuUsage();
  const {p, method} = ksTwoSamples(values(0.6180339887), values(0.7548776662));
  expect(method).toBe('exact');
  expect(p).toBeGreaterThan(0.99);
  // All 81 million places take a second.
  expect(process.cpuUsage(start).user / 1e6).toBeLessThan(0.4);
});

describe('rows of each group that a power needs', () => {
  it.each(exact.sizes)('$effect at alpha $alpha', ({effect, alpha, power, n}) => {
    expectClose(groupSize(meansPlan(alpha), effect, power), n, 1e-12);
  });
});
