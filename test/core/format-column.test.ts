import {expect, it} from 'vitest';
import {formatColumn} from '../../src/core/text.ts';

it('the numbers of a column are written with equally many decimals, those of its largest at six digits', () => {
  expect(formatColumn([9470, 2481.36, null, 0])).toEqual(['9,470.00', '2,481.36', '∅', '0.00']);
  expect(formatColumn([11.16731, 6.790871, -0])).toEqual(['11.1673', '6.7909', '0.0000']);
  expect(formatColumn([106_328.214, 78_950.9, 936.5])).toEqual(['106,328.21', '78,950.90', '936.50']);
  expect(formatColumn([1_234_567.891, 12.5])).toEqual(['1,234,567.89', '12.50']);
});

it('no decimals are shown that no number of the column has', () => {
  expect(formatColumn([2.5, 3, 4.25])).toEqual(['2.50', '3.00', '4.25']);
  expect(formatColumn([2, 30, 1_000_000])).toEqual(['2', '30', '1,000,000']);
});

it('a small number among larger ones keeps three digits, and columns of very different sizes are written cell by cell', () => {
  expect(formatColumn([14.5, 0.00456])).toEqual(['14.50000', '0.00456']);
  expect(formatColumn([250_000.25, 0.000345])).toEqual(['250,000', '0.000345']);
  expect(formatColumn([1.5e-7, 2.25])).toEqual(['1.5e-7', '2.25']);
});

it('whole numbers beyond 2^53, texts and what is no number stay as they are', () => {
  expect(formatColumn([2n ** 60n, 1.5])).toEqual(['1,152,921,504,606,846,976', '1.5']);
  expect(formatColumn(['1.5', Number.NaN, 1.25, 2])).toEqual(['1.5', 'NaN', '1.25', '2.00']);
});
