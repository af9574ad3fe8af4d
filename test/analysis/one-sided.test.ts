// One-sided p of the rank tests against SciPy; see test/fixtures/analysis/make_one_sided.py.

import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {kendall} from '../../src/analysis/correlate.ts';
import {oneSided} from '../../src/analysis/hypothesis/one-sided.ts';
import {mannWhitney, wilcoxonSignedRank} from '../../src/analysis/hypothesis/rank-tests.ts';
import type {TestResult} from '../../src/analysis/hypothesis/result.ts';
import {expectClose} from './golden.ts';

type Tails = {less: number; greater: number};
type Case = {name: string; x: number[]; y: number[]};
const golden: {
  samples: (Case & {mann_whitney: Tails})[];
  pairs: (Case & {wilcoxon: Tails; kendall: Tails})[];
} = JSON.parse(readFileSync('test/fixtures/analysis/one-sided-scipy.json', 'utf8'));

function expectTails(result: TestResult, name: string, wanted: Tails): void {
  for (const side of ['less', 'greater'] as const) {
    const found = oneSided(result, name, side);
    expectClose(found.p, wanted[side], 1e-9);
    expect(found.method).toContain(`one-sided (${side})`);
  }
}

it.each(golden.samples)('Mann-Whitney of $name', ({x, y, mann_whitney}) => {
  expectTails(mannWhitney(Float64Array.from(x), Float64Array.from(y)), 'mann_whitney', mann_whitney);
});

describe.each(golden.pairs)('$name', ({x, y, wilcoxon, kendall: tau}) => {
  const [first, second] = [Float64Array.from(x), Float64Array.from(y)];

  it('Wilcoxon', () => {
    expectTails(wilcoxonSignedRank(first, second), 'wilcoxon', wilcoxon);
  });

  it('Kendall', () => {
    expectTails(kendall(first, second), 'kendall', tau);
  });
});

it('a test of more than two groups has no sides', () => {
  const result = mannWhitney(Float64Array.of(1, 2, 3), Float64Array.of(4, 5, 6));
  const {tails: _, ...without} = result;
  expect(() => oneSided(without, 'kruskal_wallis', 'less')).toThrow(
    expect.objectContaining({code: 'test.one_sided_unavailable'}),
  );
});
