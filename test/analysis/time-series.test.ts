// Time series against statsmodels; see test/fixtures/analysis/make_time_series.py.

import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {autocorrelation, ljungBox, partialAutocorrelation} from '../../src/analysis/time-series/autocorrelation.ts';
import {changePoints} from '../../src/analysis/time-series/change-points.ts';
import {type Decomposition, decompose, noiseOf, strengths} from '../../src/analysis/time-series/decompose.ts';
import {stl} from '../../src/analysis/time-series/stl.ts';
import {augmentedDickeyFuller, kpss} from '../../src/analysis/time-series/unit-root.ts';
import {columnOf, expectClose} from './golden.ts';

type Parts = Record<'trend' | 'seasonal' | 'remainder', (number | null)[]>;
type Tests = {
  adf: {statistic: number; p: number; lags: number; n: number; criticalValues: number[]};
  kpss: {statistic: number; p: number; lags: number};
};
type Case = {
  name: string;
  period: number | null;
  values: (number | null)[];
  lags: number;
  acf: number[];
  acfLow: number[];
  pacf: number[];
  pacfHigh: number[];
  ljungBox: {lags: number; statistic: number; p: number};
  tests: Record<'constant' | 'trend', Tests>;
  penalty: number;
  changes: number[];
  additive?: Parts;
  stl?: Parts;
  robust?: Parts;
  multiplicative?: Parts;
};
const {cases}: {cases: Case[]} = JSON.parse(
  readFileSync('test/fixtures/analysis/time-series-statsmodels.json', 'utf8'),
);

/** Relative to the size of the series, since a season may be anything near 0. */
function expectParts(ours: Decomposition, theirs: Parts, size: number): void {
  for (const part of ['trend', 'seasonal', 'remainder'] as const) {
    expect(ours[part]).toHaveLength(theirs[part].length);
    theirs[part].forEach((value, i) => {
      if (value === null) expect(ours[part][i]).toBeNaN();
      else expectClose(ours[part][i] ?? Number.NaN, value, 1e-9, 1e-9 * size);
    });
  }
}

describe.each(cases.map(each => [each.name, each] as const))('%s', (_, wanted) => {
  const values = columnOf(wanted.values);
  const size = values.reduce((most, value) => Math.max(most, Math.abs(value - (values[0] ?? 0))), 0);

  it('autocorrelation, partial autocorrelation and Ljung-Box', () => {
    const near = (found: number | undefined, expected: number | undefined) =>
      expectClose(found ?? Number.NaN, expected ?? 0, 1e-9, 1e-10);
    autocorrelation(values, wanted.lags).forEach(({value, low}, i) => {
      near(value, wanted.acf[i]);
      near(low, wanted.acfLow[i]);
    });
    partialAutocorrelation(values, wanted.lags).forEach(({value, high}, i) => {
      near(value, wanted.pacf[i]);
      near(high, wanted.pacfHigh[i]);
    });
    const box = ljungBox(values, wanted.ljungBox.lags);
    expectClose(box.statistic, wanted.ljungBox.statistic, 1e-9);
    expectClose(box.p, wanted.ljungBox.p, 1e-6, 0);
  });

  it.each(['constant', 'trend'] as const)('ADF and KPSS around a %s', around => {
    const {adf, kpss: expected} = wanted.tests[around];
    const found = augmentedDickeyFuller(values, around);
    expect([found.lags, found.n]).toEqual([adf.lags, adf.n]);
    expectClose(found.statistic, adf.statistic, 1e-9);
    expectClose(found.p, adf.p, 1e-6, 0);
    adf.criticalValues.forEach((value, i) => {
      expectClose(found.criticalValues[i] ?? 0, value, 1e-12);
    });
    const other = kpss(values, around);
    expect(other.lags).toBe(expected.lags);
    expectClose(other.statistic, expected.statistic, 1e-9);
    expectClose(other.p, expected.p, 1e-6, 0);
    expect(other.atLimit).toBe(expected.p === 0.1 ? 'above' : expected.p === 0.01 ? 'below' : null);
  });

  it('change points are those of the exhaustive search, with the penalty of the noise', () => {
    expectClose(2 * Math.log(values.length) * noiseOf(values) ** 2, wanted.penalty, 1e-9);
    const found = changePoints(values, wanted.penalty);
    expect(found).toMatchObject({at: wanted.changes, method: 'PELT'});
  });

  if (wanted.period !== null) {
    const {period} = wanted;
    it('classical decomposition and STL', () => {
      if (wanted.additive) expectParts(decompose(values, period, 'additive'), wanted.additive, size);
      if (wanted.multiplicative) expectParts(decompose(values, period, 'multiplicative'), wanted.multiplicative, 1);
      if (wanted.stl) expectParts(stl(values, {period}), wanted.stl, size);
      if (wanted.robust) expectParts(stl(values, {period, robust: true}), wanted.robust, size);
    });
  }
});

it('a pure season has strength 1 and no trend, a straight line the opposite', () => {
  const season = Float64Array.from({length: 60}, (_, i) => [0, 5, 2][i % 3] ?? 0);
  expect(strengths(stl(season, {period: 3})).seasonal).toBeGreaterThan(0.999);
  const noise = (i: number) => Math.sin(i * i) / 10;
  const line = Float64Array.from({length: 60}, (_, i) => i + noise(i));
  const found = strengths(stl(line, {period: 3}));
  expect(found.trend).toBeGreaterThan(0.99);
  expect(found.seasonal).toBeLessThan(0.5);
});

it('long series are cut in two again and again, at the same cost and penalty', () => {
  const noise = (i: number) => Math.sin(i * 12.9898) * 0.3;
  const values = Float64Array.from({length: 50_000}, (_, i) => (i < 20_000 ? 0 : i < 35_000 ? 3 : -1) + noise(i));
  expect(changePoints(values, 50)).toEqual({at: [20_000, 35_000], method: 'binary segmentation', penalty: 50});
});
