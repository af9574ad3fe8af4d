import {expect, it} from 'vitest';
import {codeTexts, type RawColumn} from '../../src/models/raw-columns.ts';
import {applyRecipe, fitRecipe, keepingMissing} from '../../src/models/recipe.ts';
import {treeRules} from '../../src/models/tree-rules.ts';
import {treeClassifier, treeRegressor} from '../../src/models/trees/forest.ts';

const rows = 40;
const size = Float64Array.from({length: rows}, (_, i) => (i % 10 === 9 ? Number.NaN : 10 * (i % 10)));
const kinds = Array.from({length: rows}, (_, i) => (i < 20 ? 'house' : 'flat'));
const columns: RawColumn[] = [{name: 'size', kind: 'number', values: size}, codeTexts('kind', 'category', kinds)];
const recipe = keepingMissing(fitRecipe(columns));
const features = applyRecipe(recipe, columns, rows).values;

it('the questions of a tree are in the units of the columns, and its answers in the classes', () => {
  const target = Float64Array.from(kinds, (kind, i) => (kind === 'house' && !((size[i] ?? 0) <= 40) ? 1 : 0));
  const {parameters} = treeClassifier.fit({features, target, classCount: 2, seed: 1});
  const lines = treeRules(parameters, recipe, ['cheap', 'dear']);
  expect(lines).toEqual([
    'size ≤ 45: cheap, 100 % of 20 rows',
    'size > 45 or missing',
    '  kind is not house: cheap, 100 % of 10 rows',
    '  kind is house: dear, 100 % of 10 rows',
  ]);
});

it('a number is told with the rows behind it', () => {
  const target = Float64Array.from(kinds, kind => (kind === 'house' ? 1234.5 : 20));
  const {parameters} = treeRegressor.fit({features, target, classCount: 0, seed: 1});
  expect(treeRules(parameters, recipe, [])).toEqual([
    'kind is not flat: 1234.5 (20 rows)',
    'kind is flat: 20 (20 rows)',
  ]);
});
