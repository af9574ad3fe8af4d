// Shapiro-Wilk against Royston's algorithm in 50 digits (make_shapiro.py): SciPy of Debian computes it in single precision.

import {readFileSync} from 'node:fs';
import {expect, it} from 'vitest';
import {shapiroWilk} from '../../src/analysis/hypothesis/normality.ts';
import {expectResult} from './golden.ts';

type Exact = {
  samples: {name: string; values: number[]; result: [number, number]; scipyError: number}[];
  recipes: {n: number; step: number; modulus: number; power: number; result: [number, number]}[];
};

const exact: Exact = JSON.parse(readFileSync('test/fixtures/analysis/shapiro-mpmath.json', 'utf8'));

it.each(exact.samples)('W and p of $name', ({values, result}) => {
  expectResult(shapiroWilk(Float64Array.from(values)), result);
});

it.each(exact.recipes)('W and p of $n values, x to the power of $power', ({n, step, modulus, power, result}) => {
  const values = Float64Array.from({length: n}, (_, i) => {
    const x = ((i * step) % modulus) / modulus;
    return Array.from({length: power}, () => x).reduce((product, each) => product * each, 1);
  });
  expectResult(shapiroWilk(values), result);
});

it('the SciPy it was compared with before misses 1e-9 on nearly all of them', () => {
  expect(exact.samples.filter(({scipyError}) => scipyError > 1e-9).length).toBeGreaterThan(25);
});
