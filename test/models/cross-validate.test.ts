import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {compareEstimators} from '../../src/models/cross-validate.ts';
import type {FitInput, Task} from '../../src/models/estimator.ts';
import {ESTIMATORS} from '../../src/models/estimators.ts';
import {Mt19937} from '../../src/models/mt19937.ts';

type Case = {name: string; features: number[][]; target: number[]; classCount?: number};
type Expected = Record<string, Record<string, number[]>>;
const golden: Record<Task, Case[]> & {crossValidation: Record<Task, Expected>} = JSON.parse(
  readFileSync('test/fixtures/models/models-sklearn.json', 'utf8'),
);

function inputOf(task: Task): FitInput {
  const [first] = golden[task];
  if (!first) throw new Error('the fixture is empty');
  const features = first.features.map(column => Float64Array.from(column));
  return {features, target: Float64Array.from(first.target), classCount: first.classCount ?? 0, seed: 42};
}
/** Trees have golden values of their own. */
const of = (task: Task) => ESTIMATORS.filter(({name}) => name in golden.crossValidation[task]);

describe.each(['regression', 'classification'] as const)('%s', task => {
  const scores = compareEstimators(of(task), inputOf(task), {folds: 5});

  it('every fold of every model scores as in scikit-learn', () => {
    const expected = golden.crossValidation[task];
    expect(scores.map(score => score.estimator).sort()).toEqual(Object.keys(expected).sort());
    for (const {estimator, metrics} of scores)
      for (const [name, folds] of Object.entries(expected[estimator] ?? {})) {
        const ours = metrics.find(metric => metric.name === name)?.folds ?? [];
        folds.forEach((value, i) => {
          expect(Math.abs((ours[i] ?? Number.NaN) - value), `${estimator} ${name} fold ${i}`).toBeLessThan(
            1e-6 * Math.max(1, value),
          );
        });
      }
  });

  it('the baseline is in the table, and models that learn stand above it', () => {
    const place = scores.findIndex(score => score.baseline);
    expect(place).toBe(scores.length - 1);
  });

  it('with a shuffled target nothing beats the baseline by much', () => {
    const input = inputOf(task);
    const target = Float64Array.from(new Mt19937(1).permutation(input.target.length), i => input.target[i] ?? 0);
    const [best, ...others] = compareEstimators(of(task), {...input, target});
    const all = best ? [best, ...others] : others;
    const baseline = all.find(score => score.baseline)?.metrics[0]?.mean ?? 0;
    expect(best?.metrics[0]?.mean ?? 0).toBeGreaterThan(0.95 * baseline);
  });
});

it('stops between fits when its signal fires', () => {
  expect(() => compareEstimators(of('regression'), inputOf('regression'), {signal: AbortSignal.abort()})).toThrow();
});
