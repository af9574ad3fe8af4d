import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {binColumn} from '../../src/analysis/histogram.ts';
import {openTempEngine, type TempEngine} from './temp-engine.ts';

let temp: TempEngine;
beforeAll(async () => {
  temp = await openTempEngine();
});
afterAll(() => temp.close());

const bin = (select: string, bins?: number) => binColumn(temp.engine, {sql: select, column: 'v', bins});
const counts = async (select: string, bins?: number) => (await bin(select, bins)).bins.map(each => each.y);

describe('binColumn', () => {
  it('counts as numpy.histogram: edges open a bin, the last one includes its upper edge', async () => {
    expect(await counts('SELECT unnest([0, 1, 2, 2.5, 3, 4]::DOUBLE[]) AS v', 4)).toEqual([1, 1, 2, 2]);
  });

  it('bins are adjacent, cover all values and hold every one of them', async () => {
    const {bins, n, nullCount} = await bin('SELECT sqrt(i) + 1e9 AS v FROM range(5000) r(i)');
    expect([n, nullCount]).toEqual([5000, 0]);
    expect(bins.reduce((sum, {y}) => sum + y, 0)).toBe(5000);
    bins.slice(1).forEach(({x}, i) => {
      expect(x).toBe(bins[i]?.x1);
    });
  });

  it('a few whole numbers get one bin each', async () => {
    const {bins, binRule} = await bin('SELECT unnest([1, 1, 2, 5, 5, 5]) AS v');
    expect(bins.map(({y}) => y)).toEqual([2, 1, 0, 0, 3]);
    expect(binRule).toBe('one bin per whole number');
  });

  it('nulls, NaN and infinities are counted, not binned', async () => {
    const result = await bin("SELECT unnest(['1.5', '2.5', NULL, 'NaN', 'inf']::DOUBLE[]) AS v");
    expect([result.n, result.nullCount]).toEqual([2, 3]);
  });

  it('no rows, all null and one value', async () => {
    expect(await counts('SELECT 1.5::DOUBLE AS v WHERE false')).toEqual([]);
    expect(await counts('SELECT NULL::DOUBLE AS v FROM range(3)')).toEqual([]);
    expect(await bin('SELECT 7.25::DOUBLE AS v FROM range(3)')).toMatchObject({bins: [{x: 6.75, x1: 7.75, y: 3}]});
  });

  it('a skewed column gets at most 60 bins, and a statement that ends in a comment still works', async () => {
    const {bins} = await bin('SELECT exp(i / 100.0) AS v FROM range(3000) r(i); -- all of it');
    expect(bins.length).toBeLessThanOrEqual(60);
  });

  it('a column that is not there or not a number is refused', async () => {
    await expect(binColumn(temp.engine, {sql: 'SELECT 1 AS value', column: 'valu'})).rejects.toMatchObject({
      code: 'chart.unknown_column',
      hint: 'It has: value.',
    });
    await expect(bin("SELECT 'a' AS v")).rejects.toMatchObject({code: 'chart.x_not_number'});
  });
});
