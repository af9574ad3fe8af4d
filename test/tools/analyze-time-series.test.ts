// The time-series tool from a dataset to its words and table.

import {afterAll, beforeAll, expect, it} from 'vitest';
import {failure, openToolBench, success, type ToolBench} from './bench.ts';

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  const months = Array.from({length: 60}, (_, i) => {
    const date = new Date(Date.UTC(2019, i, 1)).toISOString().slice(0, 10);
    return [20, 21].includes(i)
      ? ''
      : `${date},${(100 + i + 15 * Math.sin((i * Math.PI) / 6) + ((i * 7919) % 13) / 4).toFixed(3)}`;
  });
  await bench.data('sales', ['month,amount', ...months.filter(Boolean), ',7', '2020-01-01,'].join('\n'));
  const events = Array.from({length: 400}, (_, i) => `2024-01-01 0${i % 8}:${10 + (i % 50)}:00,${i % 17}`);
  await bench.data('events', ['at,size', ...events].join('\n'));
  await bench.data(
    'years',
    ['year,value', ...Array.from({length: 12}, (_, i) => `${2001 + i},${10 + i ** 1.5}`)].join('\n'),
  );
});
afterAll(() => bench.close());

const run = async (args: object) => success(await bench.run('analyze_time_series', args));
const numberAt = ({table}: Awaited<ReturnType<typeof run>>, part: string, at: string) =>
  table?.rows.find(row => row[0] === part && row[1] === at)?.[2];

it('finds months, their gaps, the season and the growth, and says what was left out', async () => {
  const result = await run({dataset: 'sales', time: 'month', value: 'amount'});
  expect(result.summary).toContain('58 times from 60 rows, 2019-01-01 to 2023-12-01, frequency month');
  expect(result.summary).toContain('1 row without a time left out; 1 without a value left out');
  expect(result.summary).toContain('2 steps missing (2020-09-01, 2020-10-01), filled by straight lines');
  expect(result.summary).toContain('Season of 12 steps (STL): highest');
  expect(result.summary).toMatch(/Around a trend: ADF -[\d.]+ \(\d+ lags by AIC\)/);
  expect(numberAt(result, 'axis', 'steps')).toBe(60);
  expect(numberAt(result, 'strength', 'seasonal')).toBeGreaterThan(0.9);
  expect(result.table?.rows.filter(row => row[0] === 'trend')).toHaveLength(60);
  expect(result.table?.rows.filter(row => row[0] === 'gap').map(row => row[1])).toEqual(['2020-09-01', '2020-10-01']);
});

it('combines events by a unit of time, and counts rows without a value', async () => {
  const counted = await run({dataset: 'events', time: 'at', every: 'hour'});
  expect(counted.summary).toContain('rows over at: 8 times from 400 rows');
  expect(numberAt(counted, 'value', '2024-01-01T03:00:00')).toBe(50);
  const summed = await run({dataset: 'events', time: 'at', value: 'size', every: 'hour', combine: 'sum'});
  const sql = 'SELECT sum(size) FROM events WHERE hour("at") = 3';
  const expected = success(await bench.run('run_sql', {sql})).table?.rows[0]?.[0];
  expect(numberAt(summed, 'value', '2024-01-01T03:00:00')).toBe(expected);
});

it('takes years as numbers for an axis, with growth a year', async () => {
  const result = await run({dataset: 'years', time: 'year', value: 'value'});
  expect(result.summary).toContain('2001 to 2012, frequency year');
  expect(numberAt(result, 'growth', 'annual')).toBeCloseTo(((10 + 11 ** 1.5) / 10) ** (1 / 11) - 1, 12);
});

it('a model and a period that do not fit are left out with a note', async () => {
  const negative = await run({
    dataset: 'sales',
    time: 'month',
    value: 'amount',
    model: 'multiplicative',
    where: 'amount > 90',
  });
  expect(negative.summary).toContain('moving averages, multiplicative');
  const long = await run({dataset: 'sales', time: 'month', value: 'amount', period: 40});
  expect(long.summary).toContain('Not decomposed: two periods of 40 are needed, there are 60 steps.');
});

it.each<[string, object, string]>([
  ['a text as time', {dataset: 'sales', time: 'amount', every: 'day'}, 'series.not_a_time'],
  ['two times', {dataset: 'years', time: 'year', where: 'year < 2003'}, 'series.too_few'],
  ['no column', {dataset: 'years', time: 'yeer'}, 'analysis.unknown_column'],
  ['values that are no numbers', {dataset: 'sales', time: 'month', value: 'month'}, 'analysis.not_numeric'],
])('refuses %s with a typed failure', async (_, args, code) => {
  expect(failure(await bench.run('analyze_time_series', args)).code).toBe(code);
});

it('two periods give a season but no strength of it, and no changes of level less the noise', async () => {
  const months = Array.from({length: 24}, (_, i) => {
    const date = new Date(Date.UTC(2022, i, 1)).toISOString().slice(0, 10);
    return `${date},${10 * Math.sin((i * Math.PI) / 6) + i + ((i * 7919) % 13) / 4}`;
  });
  await bench.data('two_years', ['month,amount', ...months].join('\n'));
  const {summary, table} = await run({dataset: 'two_years', time: 'month', value: 'amount'});
  expect(summary).toContain('Season of 12 steps (STL)');
  expect(summary).toContain("Fewer than 3 periods can't tell season from noise");
  expect(summary).not.toContain('Strength from 0 to 1');
  expect(summary).not.toContain('without the season');
  expect(table?.rows.filter(([part]) => part === 'strength')).toEqual([]);
});

it('says why a partial autocorrelation lies beyond 1, which statsmodels gives too', async () => {
  // statsmodels 0.13.5: pacf(values, nlags=4)[4].
  const values = [2, 0, 6, 7, 4, 1, 1, 3, 6, 2];
  const days = values.map((value, i) => `2024-01-${10 + i},${value}`);
  await bench.data('few_days', ['day,v', ...days].join('\n'));
  const result = await run({dataset: 'few_days', time: 'day', value: 'v'});
  expect(result.summary).toContain('Partial autocorrelations beyond ±1');
  expect(numberAt(result, 'pacf', '4')).toBeCloseTo(-1.358907907554, 9);
  // It is no memory, and what follows is computed from it: neither is named among the largest.
  expect(result.summary).toContain('Partial (up to 3 lags): ');
  expect(result.summary).not.toContain('-1.35');
});

it('gives no rate of growth from a value that is not above 0, and says so', async () => {
  await bench.data('loss', 'y,v\n2001,-10\n2002,-5\n2003,5\n2004,10\n2005,0\n2006,20\n');
  const result = await run({dataset: 'loss', time: 'y', value: 'v'});
  expect(result.summary).toContain('Growth: first -10, last 20. From a value that is not above 0 there is no rate.');
  expect(numberAt(result, 'growth', 'total')).toBeNull();
  expect(numberAt(result, 'growth', 'meanStep')).toBeNull();
});
