// Tables of tools whose columns are named by data: each title stands above its own cells.

import {afterAll, beforeAll, expect, it} from 'vitest';
import {tableOf} from '../../src/tools/result-table.ts';
import {openToolBench, success, type ToolBench} from './bench.ts';

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  const rows = Array.from({length: 12}, (_, i) => `${i},${(i * 7) % 12},${-i},${i % 3}`);
  await bench.data('wide', ['land,2010,2000,n', ...rows].join('\n'));
});
afterAll(() => bench.close());

it('names of columns keep their order and may repeat', () => {
  const {columns} = tableOf(
    [
      ['feature', 'text'],
      ['1', 'number'],
      ['feature', 'number'],
    ],
    [],
  );
  expect(columns.map(({name}) => name)).toEqual(['feature', '1', 'feature']);
});

it('a correlation matrix of columns that are years has its names above their figures', async () => {
  const {summary} = success(await bench.run('correlate', {dataset: 'wide', columns: ['2010', '2000', 'land']}));
  expect(summary).toContain('|  | 2010 | 2000 | land |');
  expect(summary).toMatch(/^\| land \| .* \| -1\.0* \| 1\.0* \|$/m);
});

it('boxes by a column called n show the group and the count', async () => {
  const sql = 'SELECT n, land FROM wide';
  const {summary} = success(await bench.run('draw_chart', {mark: 'box', sql, x: 'n', y: 'land'}));
  expect(summary).toContain('| n | n | min |');
});

it('a heatmap of a column called rows keeps the counts beside it', async () => {
  const sql = "SELECT 'r' || (i % 2) AS rows, i % 12 AS k FROM range(24) r(i)";
  const {summary} = success(await bench.run('draw_chart', {mark: 'heatmap', sql, x: 'rows', group: 'k'}));
  expect(summary).toMatch(/\| r0 +\| 0 +\| +2 \|/);
});

it('totals stand below groups in the order of their numbers, 2 before 10', async () => {
  const args = {dataset: 'wide', measures: [{function: 'count'}], group_by: ['land'], pivot: 'n', totals: true};
  const {table} = success(await bench.run('aggregate', args));
  expect(table?.rows.map(([key]) => key)).toEqual([...Array.from({length: 12}, (_, k) => String(k)), 'Total']);
});
