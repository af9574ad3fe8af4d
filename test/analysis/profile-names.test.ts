// What the columns of a table are called changes no figure of its profile, not even where they are called as our SQL calls its own.

import {afterAll, beforeAll, expect, it} from 'vitest';
import {profileDataset} from '../../src/analysis/profile.ts';
import {clashingTables, neutralNames, tableOf} from './clashing-names.ts';
import {openTempEngine, type TempEngine} from './temp-engine.ts';

let temp: TempEngine;
/** The sizes take every way of measuring: values listed one by one, values in fine bins, and no row that repeats. */
const sizes = [
  {size: 'small', rows: 60, repeated: 6, largeFrom: 1_000},
  {size: 'large', rows: 60, repeated: 6, largeFrom: 0},
  {size: 'large and full of different values', rows: 11_000, repeated: 1, largeFrom: 0},
];
const wanted = new Map<string, unknown>();

async function figures(name: string, columns: readonly string[], {rows, repeated, largeFrom}: (typeof sizes)[number]) {
  const dataset = await temp.dataset(name, tableOf(columns, rows, repeated));
  const {sql: _sql, ms: _ms, dataset: _name, ...profile} = await profileDataset(temp.engine, dataset, {largeFrom});
  const text = JSON.stringify(
    {...profile, columns: profile.columns.map(column => ({...column, name: ''}))},
    (_, each) => (typeof each === 'number' && !Number.isSafeInteger(each) ? Number(each.toPrecision(9)) : each),
  );
  return JSON.parse(text) as unknown;
}

beforeAll(async () => {
  temp = await openTempEngine();
  for (const each of sizes) wanted.set(each.size, await figures('neutral', neutralNames, each));
});
afterAll(() => temp.close());

it.each(sizes.flatMap(each => clashingTables.map(columns => ({...each, columns: columns.join(' ')}))))(
  'a table that is $size has the same profile with the columns $columns',
  async ({columns, ...each}) => {
    expect(await figures('clashing', columns.split(' '), each)).toEqual(wanted.get(each.size));
  },
);
