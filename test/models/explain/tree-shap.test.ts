import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {z} from 'zod';
import type {FitInput} from '../../../src/models/estimator.ts';
import {ESTIMATORS} from '../../../src/models/estimators.ts';
import {treeShap} from '../../../src/models/explain/tree-shap.ts';
import {Mt19937} from '../../../src/models/mt19937.ts';
import {type TreeEnsemble, treesOf} from '../../../src/models/trees/ensemble.ts';

const nodeSchema = z.object({
  feature: z.int(),
  threshold: z.number(),
  left: z.int(),
  right: z.int(),
  missing_left: z.boolean(),
  cover: z.number(),
  value: z.array(z.number()),
});
const fixture = z.object({
  cases: z.array(
    z.object({
      name: z.string(),
      start: z.array(z.number()),
      scale: z.number(),
      outputs: z.int(),
      trees: z.array(z.array(nodeSchema)),
      explained: z.array(
        z.object({
          row: z.array(z.number().nullable()),
          base: z.array(z.number()),
          values: z.array(z.array(z.number())),
        }),
      ),
    }),
  ),
});
const file = new URL('../../fixtures/models/shap-bruteforce.json', import.meta.url);
const {cases} = fixture.parse(JSON.parse(readFileSync(file, 'utf8')));

type Case = (typeof cases)[number];

function ensembleOf({trees, start, scale, outputs, explained}: Case): TreeEnsemble {
  const offsets = trees.map((_, t) => trees.slice(0, t).reduce((sum, tree) => sum + tree.length, 0));
  const nodes = trees.flatMap((tree, t) =>
    tree.map(node => ({
      ...node,
      left: node.feature < 0 ? -1 : node.left + (offsets[t] ?? 0),
      right: node.feature < 0 ? -1 : node.right + (offsets[t] ?? 0),
    })),
  );
  return {
    classCount: 0,
    featureCount: explained[0]?.row.length ?? 0,
    outputs,
    start,
    scale,
    link: 'identity',
    roots: Uint32Array.from(offsets),
    feature: Int32Array.from(nodes, node => node.feature),
    threshold: Float64Array.from(nodes, node => node.threshold),
    left: Int32Array.from(nodes, node => node.left),
    right: Int32Array.from(nodes, node => node.right),
    missingLeft: Uint8Array.from(nodes, node => (node.missing_left ? 1 : 0)),
    cover: Float64Array.from(nodes, node => node.cover),
    value: Float64Array.from(nodes.flatMap(node => node.value)),
  };
}

describe.each(cases.map(each => [each.name, each] as const))('the Shapley values of a %s', (_, each) => {
  it('are those of going through all subsets of features, to 1e-12', () => {
    const ensemble = ensembleOf(each);
    for (const {row, base, values} of each.explained) {
      const found = treeShap(
        ensemble,
        Float64Array.from(row, cell => cell ?? Number.NaN),
      );
      const largest = Math.max(1, ...values.flat().map(Math.abs));
      base.forEach((value, k) => {
        expect(Math.abs((found.base[k] ?? Number.NaN) - value)).toBeLessThan(1e-12 * largest);
      });
      values.forEach((column, k) => {
        column.forEach((value, j) => {
          expect(Math.abs((found.values[k]?.[j] ?? Number.NaN) - value)).toBeLessThan(1e-12 * largest);
        });
      });
    }
  });
});

const names = ['tree', 'random_forest', 'extra_trees', 'boosting'];
const fitted = ESTIMATORS.filter(({name}) => names.includes(name)).flatMap(estimator =>
  (estimator.task === 'regression' ? [0] : [2, 3]).map(classCount => [estimator.name, classCount, estimator] as const),
);

function sample(classCount: number): FitInput {
  const random = new Mt19937(5);
  const features = Array.from({length: 8}, () => Float64Array.from({length: 300}, () => random.nextDouble() * 4));
  const target = Float64Array.from({length: 300}, (_, i) => {
    const value = (features[0]?.[i] ?? 0) * (features[1]?.[i] ?? 0) + (features[2]?.[i] ?? 0) + random.nextDouble();
    return classCount === 0 ? 1000 + value : Math.min(classCount - 1, Math.floor(value / 5));
  });
  return {features, target, classCount, seed: 3};
}

describe.each(fitted)('%s of %i classes', (_, classCount, estimator) => {
  it('has Shapley values that sum to what it predicts, to 1e-9', () => {
    const input = sample(classCount);
    const model = estimator.fit(input);
    const ensemble = treesOf(model.parameters);
    for (const i of [0, 17, 123]) {
      const row = Float64Array.from(input.features, column => column[i] ?? 0);
      const {base, values} = treeShap(ensemble, row);
      const raw = values.map((column, k) => column.reduce((sum, value) => sum + value, base[k] ?? 0));
      const one = Array.from(row, value => Float64Array.of(value));
      if (classCount === 0) {
        expect(Math.abs((raw[0] ?? 0) - (model.predict(one)[0] ?? 0))).toBeLessThan(1e-9);
        continue;
      }
      const odds = raw.map(Math.exp);
      const total = odds.reduce((sum, value) => sum + value, 0);
      const expected = {
        identity: raw,
        share: [1 - (raw[0] ?? 0), raw[0] ?? 0],
        shares: raw,
        logistic: [1 / (1 + (odds[0] ?? 0)), 1 / (1 + 1 / (odds[0] ?? 0))],
        softmax: odds.map(each => each / total),
      }[ensemble.link];
      model.probabilities?.(one).forEach((column, k) => {
        expect(Math.abs((column[0] ?? 0) - (expected[k] ?? 0))).toBeLessThan(1e-9);
      });
    }
  });
});
