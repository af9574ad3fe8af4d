import {describe, expect, it} from 'vitest';
import {shortFigures} from '../../../src/cli/report/short-figures.ts';

describe('figures of a report', () => {
  it.each([
    ['pearson 0.693053 [0.676594, 0.70882]', 'pearson 0.6931 [0.6766, 0.7088]'],
    ['F = 52.3431, df = 4, 1,983.37, eta squared 0.0330087', 'F = 52.34, df = 4, 1,983, eta squared 0.03301'],
    ['-0.0953126 and -27.3120', '-0.09531 and -27.31'],
    ['sd 2.07704e-16', 'sd 2.077e-16'],
    ['12345.678', '12,346'],
    ['It is 0.693053.', 'It is 0.6931.'],
  ])('%s is %s', (long, short) => {
    expect(shortFigures(long)).toBe(short);
  });

  it.each([
    'p = 5.7e-42',
    '4,000 rows',
    '18.42',
    '2023-01-01T10:00:00.12345',
    'v1.23456',
    '10.123456.7',
    'x_0.123456',
    '123456789',
  ])('%s stays as it is', text => {
    expect(shortFigures(text)).toBe(text);
  });
});
