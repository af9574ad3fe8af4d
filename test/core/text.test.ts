// Counts and sizes in words.

import {expect, it} from 'vitest';
import {counted, sizeWords} from '../../src/core/text.ts';

it('one row is a row, two are rows, and so are columns', () => {
  expect(sizeWords(1, 1)).toBe('1 row × 1 column');
  expect(sizeWords(4_000, 9)).toBe('4,000 rows × 9 columns');
  expect(counted(0, 'row')).toBe('0 rows');
  expect(counted(1n, 'row')).toBe('1 row');
});
