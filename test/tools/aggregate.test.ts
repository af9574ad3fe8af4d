import {readFileSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {Cell} from '../../src/core/dataset.ts';
import {openToolBench, success, type ToolBench} from './bench.ts';

const price = 'price "€"';
const {cases}: {cases: Record<string, Cell[][]>} = JSON.parse(
  readFileSync('test/fixtures/analysis/aggregate-pandas.json', 'utf8'),
);

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  await bench.data('sales', readFileSync('test/fixtures/analysis/aggregate.csv', 'utf8'));
});
afterAll(() => bench.close());

const ask = (args: object) => bench.run('aggregate', {dataset: 'sales', ...args});
const rowsOf = async (args: object): Promise<Cell[][]> => success(await ask(args)).table?.rows ?? [];
const sum = {function: 'sum', column: price};

function expectRows(got: readonly Cell[][], wanted: readonly Cell[][]): void {
  expect(got.length).toBe(wanted.length);
  wanted.forEach((row, i) => {
    row.forEach((value, j) => {
      const ours = got[i]?.[j] ?? null;
      if (typeof value !== 'number') expect([i, j, ours]).toEqual([i, j, value]);
      else
        expect(Math.abs(Number(ours) - value), `row ${i}, column ${j}: ${ours} is not ${value}`).toBeLessThanOrEqual(
          1e-9 * Math.max(1, Math.abs(value)),
        );
    });
    expect(got[i]).toHaveLength(row.length);
  });
}

describe('every figure is the one of pandas', () => {
  it.each([price, 'units', 'big', 'paid'])('groupby of %s by two columns, one with a missing key', async column => {
    const names = ['count', 'sum', 'mean', 'median', 'min', 'max', 'std', 'var', 'nunique', 'q1', 'q3'];
    const measures = names.map(name => ({function: name, column}));
    const rows = await rowsOf({measures, group_by: ['region', 'kind']});
    const asNumbers = rows.map(row => row.map(cell => (typeof cell === 'boolean' ? Number(cell) : cell)));
    expectRows(asNumbers, cases[`group ${column}`] ?? []);
  });

  it('a spread keeps its digits around 1e9, in groups, in a pivot and of some rows', async () => {
    const rows = Array.from({length: 1000}, (_, i) => `${1e9 + i / 1024},${i % 2 ? 'odd' : 'even'},x`);
    await bench.data('far', ['v,g,p', ...rows].join('\n'));
    // Of 500 values in steps of 2/1024: step² · n(n + 1)/12.
    const variance = ((2 / 1024) ** 2 * 500 * 501) / 12;
    const asked = [{group_by: ['g']}, {group_by: ['p'], pivot: 'g'}, {group_by: ['p'], where: "g = 'odd'"}];
    for (const args of asked) {
      const measures = [{function: 'var', column: 'v'}];
      const {table} = success(await bench.run('aggregate', {dataset: 'far', measures, ...args}));
      const found = Number(table?.rows[0]?.[1]);
      expect(Math.abs(found / variance - 1), `${found} is not ${variance}`).toBeLessThan(1e-12);
    }
  });

  it('the largest groups with their share and running total', async () => {
    const rows = await rowsOf({measures: [sum], group_by: ['region'], top: 4, add: ['share', 'running']});
    expectRows(rows, cases.pareto ?? []);
  });

  it.each(['day', 'week', 'month', 'quarter', 'year'])('resample by %s lists periods without rows', async unit => {
    const measures = [{function: 'count'}, sum, {function: 'mean', column: price}];
    expectRows(await rowsOf({measures, time_column: 'day', unit}), cases[`resample ${unit}`] ?? []);
  });

  it('resample by hour', async () => {
    const measures = [{function: 'count'}, sum];
    const rows = await rowsOf({measures, time_column: 'at', unit: 'hour', where: '"at" < DATE \'2023-01-08\''});
    const wanted = (cases['resample hour'] ?? []).map(([at, ...rest]) => [
      String(at).includes('T') ? String(at) : `${at}T00:00:00`,
      ...rest,
    ]);
    expectRows(rows, wanted as Cell[][]);
  });

  it('running total, difference and percentage to the period before, in each group', async () => {
    const rows = await rowsOf({
      measures: [sum],
      group_by: ['region'],
      time_column: 'day',
      unit: 'month',
      add: ['running', 'change'],
    });
    expectRows(rows, cases.change ?? []);
  });

  it.each(['sum', 'mean', 'median', 'count'])('pivot_table of %s with totals computed from the rows', async name => {
    const rows = await rowsOf({
      measures: [{function: name, column: price}],
      group_by: ['region'],
      pivot: 'kind',
      totals: true,
      where: `kind IS NOT NULL AND "price ""€""" IS NOT NULL`,
    });
    expectRows(rows, cases[`pivot ${name}`] ?? []);
  });
});

describe('aggregate', () => {
  it('keeps its SQL in the receipt, and the SQL gives the same table again', async () => {
    const {receipt, table} = success(
      await ask({measures: [sum], group_by: ['region'], having: '"sum_price ""€""" > 1000'}),
    );
    expect(receipt).toMatchObject({rowsRead: 400, sampled: false});
    const statement = receipt.sql?.split(';\n').at(-1) ?? '';
    expect(success(await bench.run('run_sql', {sql: statement})).table?.rows).toEqual(table?.rows);
  });

  it('orders as asked and gives groups that tie in the order of their keys', async () => {
    const measures = [{function: 'max', column: 'units'}];
    const rows = await rowsOf({
      measures,
      group_by: ['kind'],
      order_by: 'max_units',
      ascending: true,
      where: 'kind IS NOT NULL',
    });
    expect(rows.map(([kind]) => kind)).toEqual(['a', 'b', 'c']);
  });

  it('names columns apart that would be the same, and several measures of a pivot', async () => {
    await bench.data('names', 'month,rows,day\nx,1,2024-01-01\ny,2,2024-02-01');
    const named = success(
      await bench.run('aggregate', {
        dataset: 'names',
        measures: [{function: 'count'}],
        group_by: ['month', 'rows'],
        time_column: 'day',
        unit: 'month',
      }),
    );
    expect(named.table?.columns.map(({name}) => name)).toEqual(['month_2', 'month', 'rows', 'rows_2']);
    const pivoted = success(
      await bench.run('aggregate', {
        dataset: 'names',
        measures: [{function: 'count'}, {function: 'sum', column: 'rows'}],
        pivot: 'month',
      }),
    );
    expect(pivoted.table?.columns.map(({name}) => name)).toEqual(
      ['x rows_1', 'x sum_rows', 'y rows_1', 'y sum_rows'].map(name => name.replace('_1', '')),
    );
  });

  it('a pivot has no sum where no row is, 0 where rows have no value, and counts 0 in both', async () => {
    await bench.data('holes', 'g,k,v\na,x,1\na,y,\nb,x,2\n');
    const of = async (name: string) => {
      const measures = [{function: name, column: 'v'}];
      return success(await bench.run('aggregate', {dataset: 'holes', measures, group_by: ['g'], pivot: 'k'})).table
        ?.rows;
    };
    expect(await of('sum')).toEqual([
      ['a', 1, 0],
      ['b', 2, null],
    ]);
    expect(await of('count')).toEqual([
      ['a', 1, 0],
      ['b', 1, 0],
    ]);
  });

  it('says that a percentage of a value below 0 has its sign turned, as in pandas', async () => {
    await bench.data('loss', 'y,v\n2021-01-01,-10\n2022-01-01,-5\n2023-01-01,5\n');
    const time = {dataset: 'loss', measures: [{function: 'sum', column: 'v'}], time_column: 'y', unit: 'year'};
    const all = success(await bench.run('aggregate', {...time, add: ['change']}));
    expect(all.table?.rows.map(row => row[3])).toEqual([null, -0.5, -2]);
    expect(all.summary).toContain('Where the value before is below 0');
    const later = success(await bench.run('aggregate', {...time, add: ['change'], where: 'v > 0'}));
    expect(later.summary).not.toContain('below 0');
  });

  it('says how many rows have no time', async () => {
    await bench.data('gaps', 'day,v\n2024-01-01,1\n,2\n2024-03-01,3');
    const {summary, table} = success(
      await bench.run('aggregate', {dataset: 'gaps', measures: [{function: 'sum', column: 'v'}], time_column: 'day'}),
    );
    expect(summary).toContain('Left out: 1 rows without day.');
    expect(table?.rows).toEqual([
      ['2024-01-01', 1],
      ['2024-02-01', 0],
      ['2024-03-01', 3],
    ]);
  });

  it.each<[string, object, string]>([
    ['an unknown column', {measures: [{function: 'sum', column: 'prise'}]}, 'analysis.unknown_column'],
    ['the mean of a text', {measures: [{function: 'mean', column: 'region'}]}, 'analysis.not_numeric'],
    ['a mean of rows', {measures: [{function: 'mean'}]}, 'aggregate.needs_column'],
    ['periods of a text', {measures: [{function: 'count'}], time_column: 'region'}, 'aggregate.not_time'],
    ['a change without periods', {measures: [{function: 'count'}], add: ['change']}, 'aggregate.needs_time'],
    ['shares of means', {measures: [{function: 'mean', column: 'units'}], add: ['share']}, 'aggregate.not_additive'],
    ['a pivot with shares', {measures: [{function: 'count'}], pivot: 'kind', add: ['share']}, 'aggregate.not_together'],
    ['a pivot of too many values', {measures: [{function: 'count'}], pivot: 'big'}, 'aggregate.too_many_columns'],
    [
      'minutes over a year in every group',
      {measures: [{function: 'count'}], time_column: 'at', unit: 'minute'},
      'aggregate.too_many_periods',
    ],
    [
      'an order by what is not there',
      {measures: [{function: 'count'}], group_by: ['kind'], order_by: 'row'},
      'aggregate.unknown_result',
    ],
    ['a condition that is no SQL', {measures: [{function: 'count'}], where: 'units >'}, 'sql.syntax'],
  ])('refuses %s', async (_, args, code) => {
    expect(await ask(args)).toMatchObject({ok: false, code});
  });
});
