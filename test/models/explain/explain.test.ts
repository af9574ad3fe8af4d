import {describe, expect, it} from 'vitest';
import {featureScales, inRawUnits, weightedSums} from '../../../src/models/explain/coefficients.ts';
import {gridOf, partialDependence} from '../../../src/models/explain/partial-dependence.ts';
import {permutationImportance} from '../../../src/models/explain/permutation-importance.ts';
import {sampledShapley} from '../../../src/models/explain/sampled-shapley.ts';
import {linearRegression, linearSum} from '../../../src/models/linear.ts';
import {Mt19937} from '../../../src/models/mt19937.ts';
import {codeTexts, type RawColumn} from '../../../src/models/raw-columns.ts';
import {applyRecipe, fitRecipe} from '../../../src/models/recipe.ts';

const rows = 400;
const random = new Mt19937(4);
const draw = () => Float64Array.from({length: rows}, () => random.nextDouble() * 10);
const number = (name: string, values: Float64Array): RawColumn => ({name, kind: 'number', values});
const [a, b, noise] = [draw(), draw(), draw()];
const kinds = Array.from({length: rows}, (_, i) => (i % 4 === 0 ? 'big' : 'small'));
const columns = [number('a', a), number('b', b), number('noise', noise), codeTexts('kind', 'category', kinds)];
/** 3a − 2b, and 5 more for what is big: what each column does is known. */
const valueAt = (each: readonly RawColumn[], count: number) => {
  const values = (name: string) => {
    const found = each.find(column => column.name === name);
    return found?.kind === 'number' ? found.values : new Float64Array(count);
  };
  const kind = each.find(({name}) => name === 'kind');
  return Float64Array.from({length: count}, (_, i) => {
    const isBig = kind?.kind === 'category' && kind.levels[kind.codes[i] ?? -1] === 'big';
    return 3 * (values('a')[i] ?? 0) - 2 * (values('b')[i] ?? 0) + (isBig ? 5 : 0);
  });
};
const groups = columns.map(({name}) => ({column: name, inputs: new Set([name])}));
const pause = async () => {};

describe('permutation importance', () => {
  it('is the rise of the error: zero for a column that is not used, the largest for the one that matters most', async () => {
    const target = valueAt(columns, rows);
    const errorOf = async (dealt: readonly RawColumn[]) => {
      const predicted = valueAt(dealt, rows);
      return Math.sqrt(target.reduce((sum, value, i) => sum + (value - (predicted[i] ?? 0)) ** 2, 0) / rows);
    };
    const found = await permutationImportance(columns, rows, {groups, errorOf, seed: 1, pause});
    expect(found.map(({column}) => column)).toEqual(['a', 'b', 'kind', 'noise']);
    expect(found.at(-1)).toEqual({column: 'noise', mean: 0, low: 0, high: 0});
    // Two independent draws of 3a differ by 3 · √2 · sd(a).
    const spread = 3 * Math.SQRT2 * Math.sqrt(100 / 12);
    expect(Math.abs((found[0]?.mean ?? 0) / spread - 1)).toBeLessThan(0.06);
    for (const {mean, low, high} of found) expect(low <= mean && mean <= high).toBe(true);
  });
});

describe('partial dependence', () => {
  it('of a sum is a straight line with the slope of its column, and the single curves all rise with it', async () => {
    const answerOf = async (each: readonly RawColumn[]) => valueAt(each, rows);
    const {points, rising, falling} = await partialDependence(columns, 'a', {answerOf, pause});
    expect(points).toHaveLength(11);
    const [first, last] = [points[0], points.at(-1)];
    expect(((last?.mean ?? 0) - (first?.mean ?? 0)) / (Number(last?.value) - Number(first?.value))).toBeCloseTo(3, 10);
    expect([rising, falling]).toEqual([1, 0]);
    for (const {low, mean, high} of points) expect(low < mean && mean < high).toBe(true);
    const {points: levels} = await partialDependence(columns, 'kind', {answerOf, pause});
    expect(levels.map(({value}) => value)).toEqual(['big', 'small']);
    expect((levels[0]?.mean ?? 0) - (levels[1]?.mean ?? 0)).toBeCloseTo(5, 10);
  });

  it('looks at every value of a column of few, and at none of one that is all missing', () => {
    expect(gridOf(number('few', Float64Array.of(3, 1, Number.NaN, 1)))).toEqual([1, 3]);
    expect(gridOf(number('none', Float64Array.of(Number.NaN)))).toEqual([]);
  });
});

describe('sampled Shapley values', () => {
  it('sum exactly to the answer, and are within their errors of the exact ones', async () => {
    const answerOf = async (each: readonly RawColumn[], count: number) => valueAt(each, count);
    const {base, values, errors} = await sampledShapley(columns, rows, {row: 8, groups, answerOf, seed: 3});
    const answer = valueAt(columns, rows)[8] ?? 0;
    expect([...values.values()].reduce((sum, value) => sum + value, base)).toBeCloseTo(answer, 9);
    const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value / rows, 0);
    const exact = {a: 3 * ((a[8] ?? 0) - mean(a)), b: -2 * ((b[8] ?? 0) - mean(b)), noise: 0, kind: 5 * 0.75};
    for (const [column, wanted] of Object.entries(exact)) {
      const off = Math.abs((values.get(column) ?? 0) - wanted);
      expect(off).toBeLessThanOrEqual(4 * (errors.get(column) ?? 0) + 1e-12);
    }
    expect(errors.get('noise')).toBe(0);
  });
});

describe('coefficients', () => {
  it('in the units of the data give the same predictions, and the slopes the data were made with', () => {
    const recipe = fitRecipe(columns);
    const features = applyRecipe(recipe, columns, rows);
    const target = valueAt(columns, rows);
    const {parameters} = linearRegression.fit({features: features.values, target, classCount: 0, seed: 1});
    const [sum] = weightedSums(parameters) ?? [];
    if (!sum) throw new Error('no weighted sum');
    const raw = inRawUnits(sum, featureScales(recipe, features));
    expect(raw.coefficients[0]).toBeCloseTo(3, 8);
    expect(raw.coefficients[1]).toBeCloseTo(-2, 8);
    const isBig = Float64Array.from(kinds, kind => (kind === 'big' ? 1 : 0));
    const order = features.names.slice(3).map(name => (name.endsWith('big') ? isBig : isBig.map(value => 1 - value)));
    const predicted = linearSum([a, b, noise, ...order], raw);
    predicted.forEach((value, i) => {
      expect(value).toBeCloseTo(target[i] ?? 0, 8);
    });
    expect(weightedSums({trees: []})).toBeNull();
  });
});
