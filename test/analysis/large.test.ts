// Samples so large that an approximation or the order of additions shows (make_large.py).

import {readFileSync} from 'node:fs';
import {it} from 'vitest';
import {kolmogorovUpperTail} from '../../src/analysis/distributions/kolmogorov.ts';
import {andersonDarling} from '../../src/analysis/hypothesis/normality.ts';
import {expectClose} from './golden.ts';

const large: {
  tails: [d: number, n: number, p: number][];
  anderson: {n: number; modulus: number; steps: number[]; statistic: number};
} = JSON.parse(readFileSync('test/fixtures/analysis/large-scipy.json', 'utf8'));

it.each(large.tails)("Kolmogorov's tail beyond %d of %d values", (d, n, p) => {
  expectClose(kolmogorovUpperTail(d, n), p, 1e-7, 0);
});

it('Anderson-Darling of 100,000 values keeps its digits', () => {
  const {n, modulus, steps, statistic} = large.anderson;
  const values = Float64Array.from({length: n}, (_, i) =>
    steps.reduce((sum, step) => sum + ((i * step) % modulus) / modulus, 0),
  );
  // Added without what addition rounds away, it would be off by 4e-11.
  expectClose(andersonDarling(values).statistic, statistic, 1e-11);
});
