import {describe, expect, it} from 'vitest';
import {findLeaks} from '../../src/models/leaks.ts';
import {Mt19937} from '../../src/models/mt19937.ts';
import {allRows, codeTexts, type RawColumn} from '../../src/models/raw-columns.ts';

const rows = 600;
const random = new Mt19937(3);
const draw = () => Float64Array.from({length: rows}, () => random.nextDouble());
const target = draw().map(value => +(value < 0.2));
const pick = draw();
const texts = (name: string, text: (i: number) => string | null) =>
  codeTexts(
    name,
    'category',
    Array.from({length: rows}, (_, i) => text(i)),
  );
const found = (column: RawColumn, moments: string[] = []) => {
  const data = {columns: [column], target, classCount: 2, seed: 1, moments};
  const {leaks, suspects} = findLeaks(data, allRows(rows));
  return [leaks.length, suspects.length];
};
const nth = (i: number, many: number) => Math.floor((pick[i] ?? 0) * many);

describe('a column that is filled in once the target is known', () => {
  it('is a leak as a day of leaving, which a moment otherwise never is', () => {
    const left = target.map((each, i) => (each === 1 ? 19_000 + nth(i, 60) : Number.NaN));
    expect(found({name: 'left (days)', kind: 'number', values: left}, ['left (days)'])).toEqual([1, 0]);
    const joined = target.map((_, i) => (i % 7 === 0 ? Number.NaN : 18_000 + nth(i, 900)));
    expect(found({name: 'joined (days)', kind: 'number', values: joined}, ['joined (days)'])).toEqual([0, 0]);
  });

  it('is a leak as one of many reasons, none of which tells much alone', () => {
    expect(found(texts('reason', i => (target[i] === 1 ? `reason ${nth(i, 15)}` : null)))).toEqual([1, 0]);
    expect(found(texts('mood', i => (i % 3 === 0 ? null : `mood ${nth(i, 15)}`)))).toEqual([0, 0]);
  });
});

it('a category of many levels, each of one class only, is a leak', () => {
  expect(found(texts('status', i => `${target[i] === 1 ? 'gone' : 'here'} ${nth(i, 9)}`))).toEqual([1, 0]);
  expect(found(texts('colour', i => `colour ${nth(i, 18)}`))).toEqual([0, 0]);
});
