import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {Cell} from '../../src/core/dataset.ts';
import {currentVersion} from '../../src/core/dataset.ts';
import {openToolBench, success, type ToolBench} from './bench.ts';

let bench: ToolBench;
beforeEach(async () => {
  bench = await openToolBench();
  const rows = ['a,1,x ', 'b,,X', 'a,3,', 'a,3,', 'b,10,"y  z"', 'b,20,x', 'a,4,x', 'a,2,x', 'b,1000,x'];
  await bench.data('t', ['"the ""g""",n,label', ...rows].join('\n'));
});
afterEach(() => bench.close());

const g = 'the "g"';
const clean = (steps: object[], more: object = {}) => bench.run('clean_data', {dataset: 't', steps, ...more});
const rowsOf = async (sql: string): Promise<Cell[][]> => success(await bench.run('run_sql', {sql})).table?.rows ?? [];

describe('clean_data', () => {
  it('refuses a fence by MAD where half the values are the same, which would make outliers of all others', async () => {
    await bench.data('zeros', ['z', 0, 0, 0, 0, 0, 3, 4, 5, 6].join('\n'));
    const steps = [{do: 'cap_outliers', columns: ['z'], value: 'mad'}];
    const result = await bench.run('clean_data', {dataset: 'zeros', steps});
    expect(result).toMatchObject({ok: false, code: 'clean.no_variation'});
    expect(result.ok ? '' : result.message).toContain('Half or more of the values of "z" are 0');
  });

  it('keeps bins apart whose edges differ only far behind the point', async () => {
    const values = Array.from({length: 9}, (_, i) => 1_000_000_000 + i / 8192);
    await bench.data('far', ['x', ...values].join('\n'));
    const steps = [{do: 'bin', columns: ['x'], value: 'width 3'}];
    success(await bench.run('clean_data', {dataset: 'far', steps, apply: true}));
    expect(await rowsOf('SELECT count(*) FROM far GROUP BY x_bin')).toEqual([[3], [3], [3]]);
  });

  it('only counts until it is told to apply', async () => {
    const {summary, receipt} = success(await clean([{do: 'drop_duplicates'}, {do: 'drop_missing', columns: ['n']}]));
    expect(summary).toContain('1. keep the first row of each all columns: 9 → 8 rows');
    expect(summary).toContain('2. drop rows missing in n: 8 → 7 rows');
    expect(summary).toContain('Nothing is changed yet.');
    expect(receipt).toMatchObject({rowsRead: 9, sampled: false});
    expect(currentVersion(await bench.workspace.dataset('t')).version).toBe(1);
  });

  it('applies to a new version with its lineage, in the old order, and the old version can come back', async () => {
    const result = success(
      await clean([{do: 'drop_duplicates'}, {do: 'fill', columns: ['n'], value: 'median'}], {apply: true}),
    );
    expect(result.summary).toContain('Now t v2: 8 rows × 3 columns; it was t v1: 9 rows × 3 columns. /undo goes back.');
    const dataset = await bench.workspace.dataset('t');
    const {source, columns} = currentVersion(dataset);
    expect(source).toMatchObject({kind: 'query', parents: [{name: 't', version: 1}]});
    expect(columns.map(column => [column.name, column.nullCount])).toEqual([
      [g, 0],
      ['n', 0],
      ['label', 1],
    ]);
    expect((await rowsOf('SELECT n FROM t')).flat()).toEqual([1, 4, 3, 10, 20, 4, 2, 1000]);
    await bench.workspace.setCurrent('t', 1);
    expect(await rowsOf('SELECT count(*) FROM t')).toEqual([[9]]);
  });

  it.each<[string, object[], string, string, Cell[]]>([
    [
      'the mean of each group',
      [{do: 'fill', columns: ['n'], by: g, value: 'mean'}],
      '1 cells changed',
      'n',
      [1, 1030 / 3, 3, 3, 10, 20, 4, 2, 1000],
    ],
    [
      'the value before',
      [{do: 'fill', columns: ['n'], value: 'forward'}],
      '1 cells changed',
      'n',
      [1, 1, 3, 3, 10, 20, 4, 2, 1000],
    ],
    [
      'a constant',
      [{do: 'fill', columns: ['n'], value: '0'}],
      '1 cells changed',
      'n',
      [1, 0, 3, 3, 10, 20, 4, 2, 1000],
    ],
    [
      'the commonest text',
      [{do: 'fill', columns: ['label'], value: 'mode'}],
      '2 cells changed',
      "label = 'x'",
      [false, false, true, true, false, true, true, true, true],
    ],
    [
      'trimmed texts',
      [{do: 'trim'}, {do: 'case', columns: ['label'], value: 'upper'}],
      'cells changed',
      'label',
      ['X', 'X', null, null, 'Y Z', 'X', 'X', 'X', 'X'],
    ],
    [
      'another value',
      [{do: 'replace', columns: [g], value: 'a', to: 'c'}],
      '5 cells changed',
      '"the ""g"""',
      ['c', 'b', 'c', 'c', 'b', 'b', 'c', 'c', 'b'],
    ],
    [
      'capped outliers',
      [{do: 'cap_outliers', columns: ['n']}],
      '1 cells changed',
      'n',
      [1, null, 3, 3, 10, 20, 4, 2, 27.125],
    ],
    [
      'flagged outliers',
      [{do: 'flag_outliers', columns: ['n']}],
      '9 rows, no value changed',
      'n_outlier',
      [...Array(8).fill(false), true],
    ],
    [
      'a derived column',
      [{do: 'derive', to: 'double n', sql: 'n * 2 -- twice'}],
      'no value changed',
      '"double n"',
      [2, null, 6, 6, 20, 40, 8, 4, 2000],
    ],
    [
      'another type',
      [{do: 'cast', columns: ['label'], value: 'DOUBLE'}],
      'of them became missing',
      'label',
      Array(9).fill(null),
    ],
    [
      '0 and 1 for a category',
      [{do: 'one_hot', columns: [g]}],
      '2 columns of 0 and 1',
      '"the ""g""_a"',
      [1, 0, 1, 1, 0, 0, 1, 1, 0],
    ],
    [
      'a scale from 0 to 1',
      [
        {do: 'filter', sql: 'n < 20'},
        {do: 'scale', columns: ['n'], value: 'minmax'},
      ],
      '9 → 6 rows',
      'n',
      [0, 2 / 9, 2 / 9, 1, 3 / 9, 1 / 9],
    ],
    [
      'another name',
      [
        {do: 'rename', columns: ['n'], to: 'N2'},
        {do: 'drop_columns', columns: ['label']},
      ],
      '1. rename n to N2',
      'N2',
      [1, null, 3, 3, 10, 20, 4, 2, 1000],
    ],
    [
      'the value after',
      [{do: 'fill', columns: ['n'], value: 'backward'}],
      '1 cells changed',
      'n',
      [1, 3, 3, 3, 10, 20, 4, 2, 1000],
    ],
    [
      'merged spellings',
      [{do: 'merge_spellings', columns: ['label']}],
      '"X" → "x"',
      'label',
      ['x', 'x', null, null, 'y  z', 'x', 'x', 'x', 'x'],
    ],
    [
      'rare values as one',
      [{do: 'lump_rare', columns: ['label'], value: '2', to: 'rest'}],
      'below 2 rows become rest',
      'label',
      ['rest', 'rest', null, null, 'rest', 'x', 'x', 'x', 'x'],
    ],
    [
      'mapped values',
      [{do: 'map', columns: [g], map: [{from: 'a', to: 'A'}, {from: 'b'}]}],
      'a → A, b → missing',
      '"the ""g"""',
      ['A', null, 'A', 'A', null, null, 'A', 'A', null],
    ],
    [
      'names in snake case',
      [{do: 'rename', columns: ['n'], to: 'Unit Price (€)'}, {do: 'snake_names'}],
      'the "g" → the_g, Unit Price (€) → unit_price',
      'unit_price',
      [1, null, 3, 3, 10, 20, 4, 2, 1000],
    ],
    [
      'a date by its format, and its parts',
      [
        {
          do: 'derive',
          to: 'day',
          sql: "CASE WHEN n > 900 THEN 'none' ELSE '0' || (1 + n::INTEGER % 9) || '.02.2024' END",
        },
        {do: 'cast', columns: ['day'], value: 'DATE', to: '%d.%m.%Y'},
        {do: 'date_parts', columns: ['day'], value: 'month, weekday, is_weekend'},
      ],
      '1 of them became missing',
      "day_month || '/' || day_weekday || '/' || day_is_weekend || '/' || day",
      [
        '2/5/false/2024-02-02',
        null,
        '2/7/true/2024-02-04',
        '2/7/true/2024-02-04',
        '2/5/false/2024-02-02',
        '2/6/true/2024-02-03',
        '2/1/false/2024-02-05',
        '2/6/true/2024-02-03',
        null,
      ],
    ],
    [
      'bins with names',
      [{do: 'bin', columns: ['n'], value: '0, 3, 10'}],
      'n_bin with 2 bins at 0, 3, 10',
      'n_bin',
      ['[0, 3]', null, '[0, 3]', '[0, 3]', '(3, 10]', null, '(3, 10]', '[0, 3]', null],
    ],
    [
      'categories by an order of mine',
      [{do: 'ordinal', columns: [g], value: 'b, a'}],
      'by its order, from 0',
      '"the ""g"""',
      [1, 0, 1, 1, 0, 0, 1, 1, 0],
    ],
    [
      'rows without outliers',
      [{do: 'drop_outliers', columns: ['n']}],
      '9 → 8 rows',
      'n',
      [1, null, 3, 3, 10, 20, 4, 2],
    ],
  ])('gives %s', async (_, steps, said, column, wanted) => {
    expect(success(await clean(steps, {apply: true})).summary).toContain(said);
    const got = (await rowsOf(`SELECT ${column} FROM t`)).flat();
    expect(got).toHaveLength(wanted.length);
    wanted.forEach((value, i) => {
      if (typeof value === 'number') expect(got[i]).toBeCloseTo(value, 10);
      else expect(got[i]).toBe(value);
    });
  });

  it('tells after an apply what is different: rows, columns, cells, gaps and means', async () => {
    const steps = [
      {do: 'drop_duplicates'},
      {do: 'fill', columns: ['n'], value: '0'},
      {do: 'drop_columns', columns: [g]},
      {do: 'derive', to: 'twice', sql: 'n * 2'},
    ];
    const {summary} = success(await clean(steps, {apply: true}));
    expect(summary).toContain(
      'Difference: rows 9 → 8; 1 cells changed; columns added: twice; columns removed: the "g".',
    );
    expect(summary).toContain('  n: 1 cells, missing 1 → 0, mean 130.375 → 130');
    expect(summary).toContain('  label: missing 2 → 1');
  });

  it('refuses what would not come to an end', async () => {
    const sql = 'SELECT CASE WHEN i % 2 = 0 THEN NULL ELSE i END AS a, i AS b FROM range(60000) r(i)';
    success(await bench.run('run_sql', {sql, save_as: 'long'}));
    for (const value of ['knn', 'iterative'])
      expect(
        await bench.run('clean_data', {dataset: 'long', steps: [{do: 'fill', columns: ['a', 'b'], value}]}),
      ).toMatchObject({ok: false, code: 'clean.too_large', hint: expect.stringContaining('median')});
  });

  it.each<[string, object, string]>([
    ['kNN from one column', {do: 'fill', columns: ['n'], value: 'knn'}, 'clean.needs'],
    ['bins that do not rise', {do: 'bin', columns: ['n'], value: '3, 1'}, 'clean.bad_value'],
    ['parts of what is no date', {do: 'date_parts', columns: ['n']}, 'clean.not_date'],
    ['a scale that is none', {do: 'scale', columns: ['n'], value: 'log'}, 'clean.bad_value'],
    ['an order without a value of the column', {do: 'ordinal', columns: [g], value: 'a'}, 'clean.bad_value'],
    ['a map without pairs', {do: 'map', columns: [g]}, 'clean.needs'],
    ['an unknown column', {do: 'trim', columns: ['lable']}, 'analysis.unknown_column'],
    ['the mean of a text', {do: 'fill', columns: ['label'], value: 'mean'}, 'analysis.not_numeric'],
    ['a step without what it needs', {do: 'filter'}, 'clean.needs'],
    ['a name that is taken', {do: 'rename', columns: ['n'], to: 'LABEL'}, 'clean.column_exists'],
    ['no column left', {do: 'drop_columns', columns: [g, 'n', 'label']}, 'clean.no_columns'],
    ['a type that is SQL', {do: 'cast', columns: ['n'], value: 'INT) FROM t --'}, 'clean.bad_value'],
    ['a condition that is no SQL', {do: 'filter', sql: 'n >'}, 'sql.syntax'],
    ['a statement that writes', {do: 'filter', sql: 'true); DROP TABLE t; SELECT (1'}, 'sql.syntax'],
    ['a column only an earlier step had', {do: 'filter', sql: 'nn > 1'}, 'sql.unknown_column'],
  ])('refuses %s with a typed failure and keeps nothing', async (_, step, code) => {
    expect(await clean([step], {apply: true})).toMatchObject({ok: false, code});
    expect((await bench.workspace.dataset('t')).versions).toHaveLength(1);
  });
});

it('trims nothing in a table without texts, and goes on with the other steps', async () => {
  await bench.data('only_numbers', 'a,b\n1,2\n1,2\n3,4\n');
  const steps = [{do: 'trim'}, {do: 'drop_duplicates'}];
  const {summary} = success(await bench.run('clean_data', {dataset: 'only_numbers', steps}));
  expect(summary).toContain('1. no texts to trim: 3 rows, no value changed');
  expect(summary).toContain('3 → 2 rows');
});
