import {describe, expect, it} from 'vitest';
import {kendall, pearson, spearman} from '../../src/analysis/correlate.ts';
import {columnOf, expectClose, expectResult, golden} from './golden.ts';

describe.each(golden.pairs.map(each => [each.name, each] as const))('%s', (_, expected) => {
  const [x, y] = [columnOf(expected.x), columnOf(expected.y)];

  it('Pearson, Spearman and Kendall are those of SciPy', () => {
    const r = pearson(x, y);
    expectResult(r, expected.pearson);
    expectClose(r.effects[0]?.low ?? 0, expected.pearsonCi[0] ?? 0, 1e-9);
    expectClose(r.effects[0]?.high ?? 0, expected.pearsonCi[1] ?? 0, 1e-9);
    expectResult(spearman(x, y), expected.spearman);
    expectResult(kendall(x, y), expected.kendall);
  });

  it('the order of the columns does not matter, the direction only changes the sign', () => {
    for (const correlate of [pearson, spearman, kendall]) {
      expectClose(correlate(y, x).p, correlate(x, y).p, 1e-9, 0);
      expectClose(
        correlate(
          x.map(value => -value),
          y,
        ).statistic,
        -correlate(x, y).statistic,
        1e-12,
      );
    }
  });
});

it('n and the rows left out are said', () => {
  const result = pearson(Float64Array.of(1, 2, 3, Number.NaN, 5), Float64Array.of(1, 3, Number.NaN, 4, 4));
  expect([result.n, result.dropped]).toEqual([[3], 2]);
});

it('a perfect line has r = 1 and p = 0', () => {
  const x = Float64Array.of(1, 2, 3, 4, 5);
  expect(
    pearson(
      x,
      x.map(value => 2 * value + 1),
    ),
  ).toMatchObject({statistic: 1, p: 0});
});

it('a constant column and too few rows are refused', () => {
  const constant = new Float64Array(5).fill(3);
  const x = Float64Array.of(1, 2, 3, 4, 5);
  for (const correlate of [pearson, spearman, kendall]) {
    expect(() => correlate(constant, x)).toThrow(expect.objectContaining({code: 'test.no_variation'}));
    expect(() => correlate(x, constant)).toThrow(expect.objectContaining({code: 'test.no_variation'}));
    expect(() => correlate(Float64Array.of(1), Float64Array.of(1))).toThrow(
      expect.objectContaining({code: 'test.too_few_values'}),
    );
  }
});
