import {describe, expect, it} from 'vitest';
import {applyRecipe, fitRecipe, type RawColumn} from '../../src/models/recipe.ts';

const number = (name: string, ...values: number[]): RawColumn => ({
  name,
  kind: 'number',
  values: Float64Array.from(values),
});
const category = (name: string, ...values: (string | null)[]): RawColumn => ({name, kind: 'category', values});
const rowsOf = (columns: RawColumn[], recipe = fitRecipe(columns)) => {
  const {names, values} = applyRecipe(recipe, columns, columns[0]?.values.length ?? 0);
  return Object.fromEntries(names.map((name, j) => [name, Array.from(values[j] ?? [])]));
};

describe('a recipe', () => {
  it('centres and scales numbers by the training rows', () => {
    expect(rowsOf([number('a', 1, 3)])).toEqual({a: [-1, 1]});
  });

  it('fills a missing number with the median of training and says that it was missing', () => {
    const {a, 'a is missing': flag} = rowsOf([number('a', 1, 2, 9, Number.NaN)]);
    expect(a?.[3]).toBe(a?.[1]);
    expect(flag).toEqual([0, 0, 0, 1]);
  });

  it('gives each of the 20 most frequent levels a feature, and nothing to levels it has not seen', () => {
    const levels = Array.from({length: 25}, (_, k) => `level ${String(k).padStart(2, '0')}`);
    const recipe = fitRecipe([category('c', ...levels, ...levels.slice(5))]);
    const features = rowsOf([category('c', 'level 24', 'level 00', 'new', null)], recipe);
    expect(Object.keys(features)).toHaveLength(20);
    expect(features['c = level 24']).toEqual([1, 0, 0, 0]);
    expect(Object.values(features).every(([, ...rest]) => rest.every(value => value === 0))).toBe(true);
  });

  it('leaves out columns that are the same in every row', () => {
    expect(fitRecipe([number('a', 7, 7), category('c', 'x', 'x')]).steps).toEqual([]);
  });

  it('keeps numbers near 1e9 apart', () => {
    const {a = []} = rowsOf([number('a', 1e9, 1e9 + 1, 1e9 + 2)]);
    expect(a[2]).toBeCloseTo(Math.sqrt(1.5), 9);
  });

  it('refuses data without a column it needs', () => {
    const recipe = fitRecipe([number('a', 1, 2)]);
    expect(() => applyRecipe(recipe, [number('b', 1)], 1)).toThrow(/no number column a/);
    expect(() => applyRecipe(recipe, [category('a', 'x')], 1)).toThrow(/no number column a/);
  });
});
