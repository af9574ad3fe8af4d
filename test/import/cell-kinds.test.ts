import {describe, expect, it} from 'vitest';
import {kindOfCell} from '../../src/import/cell-kinds.ts';

describe('kinds of cells', () => {
  it.each([
    ['', 'empty'],
    ['NA', 'empty'],
    ['12', 'number'],
    ['-1.234,56', 'number'],
    ['1 234.5', 'number'],
    ['$5', 'number'],
    ['5 €', 'number'],
    ['USD 5', 'number'],
    ['(3.5%)', 'number'],
    ['1e-5', 'number'],
    ['2024-01-31', 'moment'],
    ['31.12.2024 10:00', 'moment'],
    ['5 Jan 2024', 'moment'],
    ['10:00 PM', 'moment'],
    ['true', 'boolean'],
    ['https://a.b/c?d=1,2', 'code'],
    ['a@b.co', 'code'],
    ['10.0.0.1', 'code'],
    ['A-12', 'code'],
    ['New York', 'word'],
    ['Zoë', 'word'],
    ['東京', 'word'],
    ['a; b', 'text'],
    ['"x"', 'text'],
  ])('%j is %s', (cell, kind) => {
    expect(kindOfCell(cell)).toBe(kind);
  });

  it.each([
    'a-'.repeat(199),
    '1,'.repeat(199),
    'a.b@'.repeat(99),
    '9'.repeat(399),
    '1 2:'.repeat(99),
    `${'a/'.repeat(190)}!`,
  ])('a long cell is judged at once (%#)', cell => {
    const started = performance.now();
    kindOfCell(cell);
    expect(performance.now() - started).toBeLessThan(200);
  });
});
