import {describe, expect, it} from 'vitest';
import type {Cell, Table, TableColumn} from '../../src/core/dataset.ts';
import {renderMarkdownTable, renderTable} from '../../src/render/table.ts';
import {textWidth} from '../../src/render/text-width.ts';

const text = (name: string): TableColumn => ({name, type: 'VARCHAR', kind: 'text'});
const number = (name: string, type = 'DOUBLE'): TableColumn => ({name, type, kind: 'number'});
const tableOf = (columns: TableColumn[], rows: Cell[][], totalRows: number | null = rows.length): Table => ({
  columns,
  rows,
  totalRows,
});

describe('renderTable', () => {
  it('draws names, types, right-aligned numbers with points below each other, and ∅ for null', () => {
    const table = tableOf(
      [text('region'), number('price'), number('n', 'BIGINT')],
      [
        ['North', 18.42, 1200],
        ['South', 21, 7],
        [null, null, 12000],
      ],
    );
    expect(renderTable(table, {width: 60}).split('\n')).toEqual([
      'region    price       n',
      'varchar  double  bigint',
      'North     18.42   1,200',
      'South     21.00       7',
      '∅             ∅  12,000',
      '3 rows',
    ]);
  });

  it('shows as many columns as fit and says how many were left out', () => {
    const columns = Array.from({length: 84}, (_, i) => number(`column_${i}`));
    const rows = Array.from({length: 100}, () => columns.map((_, i) => i));
    const drawn = renderTable(tableOf(columns, rows, 1200), {width: 120, maxRows: 20}).split('\n');
    expect(drawn.at(-1)).toBe('12 of 84 columns, 20 of 1,200 rows');
    expect(drawn).toHaveLength(23);
    for (const line of drawn) expect(textWidth(line)).toBeLessThanOrEqual(120);
  });

  it('says "more than" when the number of rows is not known', () => {
    expect(renderTable(tableOf([number('x')], [[1], [2]], null), {width: 40})).toContain('2 of more than 2 rows');
  });

  it('writes years and ids without thousands separators', () => {
    const table = tableOf([number('year'), number('user_id'), number('sales')], [[2023, 1234567, 1234567]]);
    expect(renderTable(table, {width: 60}).split('\n')[2]).toBe('  2023  1234567  1,234,567');
  });

  it('keeps columns straight with wide characters, emoji and combining marks', () => {
    const table = tableOf(
      [text('名前'), text('b')],
      [
        ['漢字かな', 'x'],
        ['e\u0301a', 'x'],
        ['👩‍👩‍👧', 'x'],
        ['plain', 'x'],
      ],
    );
    const ends = renderTable(table, {width: 40}).split('\n').slice(2, 6).map(textWidth);
    expect(new Set(ends).size).toBe(1);
  });

  it('never exceeds the width, even with one column that is far too wide', () => {
    const table = tableOf([text('t'), text('u')], [['漢'.repeat(200), 'x'.repeat(200)]]);
    for (const width of [1, 2, 5, 20, 33, 80])
      for (const line of renderTable(table, {width}).split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(width);
  });

  it('shows hostile cells and column names as escapes', () => {
    const table = tableOf([text('a\u001b]0;owned\u0007')], [['x\u001b[2J\r\u202egnp']]);
    const drawn = renderTable(table, {width: 80});
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
    expect(drawn).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(drawn).toContain('x\\x1b[2J\\x0d\\u202egnp');
  });

  it('a table without rows or columns says so', () => {
    expect(
      renderTable(tableOf([number('x')], []), {width: 40})
        .split('\n')
        .at(-1),
    ).toBe('0 rows');
    expect(renderTable(tableOf([], []), {width: 40})).toBe('0 rows');
  });

  it('a table that no engine made has no type row', () => {
    const table = tableOf([{name: 'a', type: '', kind: 'text'}], [['x']]);
    expect(renderTable(table, {width: 20})).toBe('a\nx\n1 row');
  });

  it('the last text column is cut to the room there is rather than left out, a number never', () => {
    const words = tableOf([number('n'), text('words')], [[1, 'many words that do not fit here']]);
    expect(renderTable(words, {width: 22}).split('\n')[2]).toBe('     1  many words th…');
    const digits = tableOf([text('word'), number('digits')], [['words', 1234567890123456]]);
    expect(renderTable(digits, {width: 22})).toContain('1 of 2 columns');
  });

  it('hands each part to paint with its role', () => {
    const drawn = renderTable(tableOf([text('a')], [['x']]), {width: 20, paint: (role, part) => `<${role}>${part}`});
    expect(drawn.split('\n')).toEqual(['<header>a', '<type>varchar', 'x', '<footer>1 row']);
  });
});

describe('renderMarkdownTable', () => {
  it('is a Markdown table with pipes escaped, and names what was left out', () => {
    const table = tableOf(
      [text('a|b'), number('n')],
      [
        ['x|y\nz', 1.5],
        ['second', null],
      ],
      9,
    );
    expect(renderMarkdownTable(table, {maxRows: 1}).split('\n')).toEqual([
      '| a\\|b | n |',
      '| --- | ---: |',
      '| x\\|y\\\\nz | 1.5 |',
      '',
      '1 of 9 rows',
    ]);
  });

  it('says nothing more when all rows are there', () => {
    expect(renderMarkdownTable(tableOf([number('n')], [[1]]))).toBe('| n |\n| ---: |\n| 1 |');
  });
});
