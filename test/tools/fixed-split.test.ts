// One model on one split: the measures of a few lines of scikit-learn (make_fixed_split.py).

import {readFileSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openToolBench, success, type ToolBench} from './bench.ts';

type Case = {
  model: string;
  target: string;
  share: number;
  seed: number;
  balanced: boolean;
  measures: Record<string, number>;
};
const {cases}: {cases: Case[]} = JSON.parse(readFileSync('test/fixtures/models/fixed-split-sklearn.json', 'utf8'));
const features = ['x', 'size', 'member', 'region'];

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  await bench.data('rows', readFileSync('test/fixtures/models/fixed-split.csv', 'utf8'));
});
afterAll(() => bench.close());

const train = (args: object) =>
  bench.run('train_model', {dataset: 'rows', target: 'y', features, test_share: 0.3, ...args});

it.each(cases)(
  '$model of $target, $share of the rows by seed $seed',
  async ({model, target, share, seed, balanced, measures}) => {
    const {table} = success(await train({target, models: [model], test_share: share, seed, balanced}));
    const [row = []] = table?.rows ?? [];
    const found = Object.fromEntries((table?.columns ?? []).map(({name}, i) => [name, row[i]]));
    for (const [name, value] of Object.entries(measures)) {
      // Logistic regression stops a little earlier than scikit-learn at its tightest.
      const allowed = (name === 'log_loss' && model === 'logistic' ? 1e-4 : 1e-9) * Math.abs(value);
      expect(Math.abs(Number(found[name]) - value), `${name}: ${found[name]} is not ${value}`).toBeLessThanOrEqual(
        allowed,
      );
    }
  },
);

it('says which rows it took and keeps no model', async () => {
  const {summary, table} = success(await train({}));
  expect(summary).toMatch(/225 complete rows \(15 with a missing number left out\): 157 to learn from, 68 to test/);
  expect(summary).toContain('region=east, region=north, region=south');
  expect(summary).toContain('not kept');
  expect(table?.rows.map(([model]) => model)).toEqual(['linear', 'dummy_mean']);
  expect(bench.tools.find(({name}) => name === 'predict')).toBeDefined();
  expect(await bench.run('predict', {dataset: 'rows', model: 'latest'})).toMatchObject({ok: false});
});

describe('refuses', () => {
  it.each<[string, object, string]>([
    ['a share that is none', {test_share: 1.5}, 'model.split'],
    ['two models', {models: ['linear', 'ridge']}, 'model.split'],
    ['a model that takes longer', {models: ['boosting']}, 'model.unknown_estimator'],
    ['no features', {features: []}, 'model.bad_feature'],
    ['the target as a feature', {features: ['y']}, 'model.bad_feature'],
    ['a column that is not there', {features: ['sise']}, 'analysis.unknown_column'],
    ['weights where there are no classes', {balanced: true}, 'model.split'],
    ['no rows', {where: 'x > 100'}, 'model.too_few_rows'],
    ['a text as a number', {target: 'region', models: ['linear']}, 'model.bad_target'],
  ])('%s', async (_, args, code) => {
    expect(await train(args)).toMatchObject({ok: false, code});
  });
});
