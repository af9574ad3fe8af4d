import {describe, expect, it} from 'vitest';
import type {FitInput} from '../../../src/models/estimator.ts';
import {ESTIMATORS} from '../../../src/models/estimators.ts';
import {Mt19937} from '../../../src/models/mt19937.ts';
import {type TreeEnsemble, treesOf} from '../../../src/models/trees/ensemble.ts';

/** Four columns with holes, of which two decide. */
function sample(classCount: number): FitInput {
  const random = new Mt19937(8);
  const rows = 200;
  const features = Array.from({length: 4}, () =>
    Float64Array.from({length: rows}, () => (random.nextDouble() < 0.1 ? Number.NaN : random.nextDouble() * 4)),
  );
  const target = Float64Array.from({length: rows}, (_, i) => {
    const value = (features[0]?.[i] || 3) + (features[1]?.[i] || 0) + random.nextDouble();
    return classCount === 0 ? value : Math.min(classCount - 1, Math.floor(value / 2));
  });
  return {features, target, classCount, seed: 3};
}

/** The raw scores of a row, by nothing but what the docstring of the view says. */
function scoresOf(ensemble: TreeEnsemble, row: readonly number[]): number[] {
  const {roots, feature, threshold, left, right, missingLeft, value, outputs, start, scale} = ensemble;
  const sums = start.map(() => 0);
  roots.forEach((root, t) => {
    let node = root;
    while ((feature[node] ?? -1) >= 0) {
      const cell = row[feature[node] ?? 0] ?? Number.NaN;
      const goesLeft = Number.isNaN(cell) ? missingLeft[node] === 1 : cell <= (threshold[node] ?? 0);
      node = (goesLeft ? left[node] : right[node]) ?? 0;
    }
    for (let c = 0; c < outputs; c++) {
      const k = outputs > 1 ? c : t % start.length;
      sums[k] = (sums[k] ?? 0) + (value[node * outputs + c] ?? 0);
    }
  });
  return sums.map((sum, k) => (start[k] ?? 0) + scale * sum);
}

function answerOf({link}: TreeEnsemble, scores: number[]): number[] {
  const [first = 0] = scores;
  const odds = scores.map(score => Math.exp(score));
  switch (link) {
    case 'identity':
    case 'shares':
      return scores;
    case 'share':
      return [1 - first, first];
    case 'logistic':
      return [1 / (1 + Math.exp(first)), 1 / (1 + Math.exp(-first))];
    case 'softmax':
      return odds.map(each => each / odds.reduce((sum, value) => sum + value, 0));
    default:
      return link satisfies never;
  }
}

const names = ['tree', 'random_forest', 'extra_trees', 'boosting'];
const cases = ESTIMATORS.filter(({name}) => names.includes(name)).flatMap(estimator =>
  (estimator.task === 'regression' ? [0] : [2, 3]).map(classCount => [estimator.name, classCount, estimator] as const),
);

describe.each(cases)('the trees of %s, %i classes', (_, classCount, estimator) => {
  const input = sample(classCount);
  const model = estimator.fit(input);
  const ensemble = treesOf(JSON.parse(JSON.stringify(model.parameters)));

  it('give the prediction when walked as documented', () => {
    const wanted = model.probabilities?.(input.features) ?? [model.predict(input.features)];
    for (let i = 0; i < 200; i++) {
      const row = input.features.map(column => column[i] ?? 0);
      answerOf(ensemble, scoresOf(ensemble, row)).forEach((value, k) => {
        expect(value).toBeCloseTo(wanted[k]?.[i] ?? Number.NaN, 9);
      });
    }
  });

  it('have children after their parent whose covers add up, and one parent each', () => {
    const {feature, left, right, cover, roots} = ensemble;
    const parents = new Map<number, number>();
    feature.forEach((j, node) => {
      const children = [left[node] ?? -1, right[node] ?? -1];
      if (j < 0) expect(children).toEqual([-1, -1]);
      else {
        expect(Math.min(...children)).toBeGreaterThan(node);
        expect(children.reduce((sum, child) => sum + (cover[child] ?? 0), 0)).toBeCloseTo(cover[node] ?? 0, 9);
        for (const child of children) parents.set(child, (parents.get(child) ?? 0) + 1);
      }
    });
    expect(parents.size).toBe(feature.length - roots.length);
    expect([...parents.values()].every(count => count === 1)).toBe(true);
  });
});

it('parameters of other estimators are refused', () => {
  const linear = ESTIMATORS.find(({name}) => name === 'linear');
  for (const parameters of [null, {}, {classCount: 2}, linear?.fit(sample(0)).parameters])
    expect(() => treesOf(parameters)).toThrow();
});
