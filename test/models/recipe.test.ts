import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {Mt19937} from '../../src/models/mt19937.ts';
import {codeTexts, rowsOf as countOf, type RawColumn} from '../../src/models/raw-columns.ts';
import {applyRecipe, fillsOf, fitRecipe, keepingMissing} from '../../src/models/recipe.ts';
import type {Goal} from '../../src/models/target-encoding.ts';
import {fitText, textFeatures} from '../../src/models/text-features.ts';

const number = (name: string, ...values: number[]): RawColumn => ({
  name,
  kind: 'number',
  values: Float64Array.from(values),
});
const category = (name: string, ...values: (string | null)[]): RawColumn => codeTexts(name, 'category', values);
const rowsOf = (columns: RawColumn[], recipe = fitRecipe(columns)) => {
  const {names, values} = applyRecipe(recipe, columns, columns[0] ? countOf(columns[0]) : 0);
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

  it.each([1e300, 1.7e308 / 3, 1e-300])('scales numbers near %d, whose squares are none any more', unit => {
    const {a = []} = rowsOf([number('a', -3 * unit, -unit, unit, 3 * unit)]);
    const sd = Math.sqrt(5);
    [-3, -1, 1, 3].forEach((value, i) => {
      expect(a[i]).toBeCloseTo(value / sd, 12);
    });
    const [constant] = fitRecipe([number('a', 0, Number.NaN, 0)]).steps;
    expect(constant).toMatchObject({mean: 0, sd: 1});
  });

  it('refuses data without a column it needs', () => {
    const recipe = fitRecipe([number('a', 1, 2)]);
    expect(() => applyRecipe(recipe, [number('b', 1)], 1)).toThrow(/no number column a/);
    expect(() => applyRecipe(recipe, [category('a', 'x')], 1)).toThrow(/no number column a/);
  });
});

describe('a recipe for models that take missing values', () => {
  it('keeps them missing, and knows what others have there', () => {
    const columns = [number('a', 1, 2, 9, Number.NaN)];
    const recipe = fitRecipe(columns);
    const [kept, filled] = [rowsOf(columns, keepingMissing(recipe)), rowsOf(columns, recipe)];
    expect(kept.a?.slice(0, 3)).toEqual(filled.a?.slice(0, 3));
    expect(kept.a?.[3]).toBeNaN();
    expect(fillsOf(recipe)).toEqual([filled.a?.[3], 0]);
  });
});

describe('a category of many levels', () => {
  const rows = 400;
  const texts = Array.from({length: rows}, (_, i) => `shop ${i % 100}`);
  const column = codeTexts('shop', 'category', texts);
  const random = new Mt19937(3);
  const noise: Goal = {target: Float64Array.from({length: rows}, () => random.nextDouble()), classCount: 0, seed: 1};
  const correlation = (x: ArrayLike<number>, y: ArrayLike<number>) => {
    const mean = (v: ArrayLike<number>) => Array.from(v).reduce((a, b) => a + b, 0) / v.length;
    const [mx, my] = [mean(x), mean(y)];
    const sum = (f: (i: number) => number) => Array.from(x, (_, i) => f(i)).reduce((a, b) => a + b, 0);
    const [dx, dy] = [(i: number) => (x[i] ?? 0) - mx, (i: number) => (y[i] ?? 0) - my];
    return sum(i => dx(i) * dy(i)) / Math.sqrt(sum(i => dx(i) ** 2) * sum(i => dy(i) ** 2));
  };

  it('becomes the mean of the target, without telling a training row its own', () => {
    const recipe = fitRecipe([column], {goal: noise});
    const [learnt] = applyRecipe(recipe, [column], rows, noise).values;
    const [naive] = applyRecipe(recipe, [column], rows).values;
    expect(correlation(naive ?? [], noise.target)).toBeGreaterThan(0.4);
    expect(correlation(learnt ?? [], noise.target)).toBeLessThan(0.1);
  });

  it('is 0 for a level that training did not have, and near the truth for the others', () => {
    const goal = {...noise, target: Float64Array.from(texts, text => Number(text.slice(5)))};
    const recipe = fitRecipe([column], {goal});
    const [values = []] = applyRecipe(recipe, [category('shop', 'new', null, 'shop 99', 'shop 0')], 4).values;
    expect([values[0], values[1]]).toEqual([0, 0]);
    expect(values[2]).toBeCloseTo(-(values[3] ?? 0), 9);
    // Four rows of 99 among ten of the mean, 49.5, over the standard deviation.
    expect(values[2]).toBeCloseTo((4 * 49.5) / 14 / Math.sqrt((100 ** 2 - 1) / 12), 9);
  });

  it('has a feature for each class of more than two', () => {
    const goal = {...noise, classCount: 3, target: noise.target.map((_, i) => i % 3)};
    expect(applyRecipe(fitRecipe([column], {goal}), [column], rows, goal).names).toHaveLength(3);
  });
});

describe('a text', () => {
  const {tfidf} = JSON.parse(readFileSync('test/fixtures/models/training-sklearn.json', 'utf8'));
  const texts: string[] = tfidf.texts;
  const column = codeTexts('said', 'text', [...texts, 'rows that take no part']);
  const rows = Uint32Array.from(texts, (_, i) => i);

  it("becomes scikit-learn's TfidfVectorizer(max_features=5), learnt from the chosen rows only", () => {
    const step = fitText(column, rows, 5);
    expect(step?.terms).toEqual(tfidf.terms);
    step?.idf.forEach((value, k) => {
      expect(value).toBeCloseTo(tfidf.idf[k], 12);
    });
    const values = step ? textFeatures(step, column, rows) : [];
    values.forEach((column, k) => {
      column.forEach((value, i) => {
        expect(value).toBeCloseTo(tfidf.values[k][i], 12);
      });
    });
    expect(values).toHaveLength(5);
  });

  it('without any word has no feature', () => {
    expect(fitRecipe([codeTexts('said', 'text', ['!', '?', null])]).steps).toEqual([]);
  });
});
