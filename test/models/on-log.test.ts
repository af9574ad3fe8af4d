import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {z} from 'zod';
import {linearRegression, ridgeRegression} from '../../src/models/linear.ts';
import {Mt19937} from '../../src/models/mt19937.ts';
import {insideLog, isHeavyTailed, onLog, onLogNote, usesLog, withoutLog} from '../../src/models/on-log.ts';
import {r2} from '../../src/models/regression-metrics.ts';
import {train} from '../../src/models/train.ts';
import type {TrainingData} from '../../src/models/training-data.ts';

const numbers = z.array(z.number());
const said = z.object({learnt: numbers, unseen: numbers});
const file = new URL('../fixtures/models/on-log-sklearn.json', import.meta.url);
const golden = z
  .object({
    features: z.array(numbers),
    target: numbers,
    unseen: z.array(numbers),
    skewness: numbers,
    linear: said,
    ridge: said,
  })
  .parse(JSON.parse(readFileSync(file, 'utf8')));
const columns = (rows: number[][]) => rows.map(each => Float64Array.from(each));
const target = Float64Array.from(golden.target);
const input = {features: columns(golden.features), target, classCount: 0, seed: 1};
const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

describe.each([
  ['linear', linearRegression, golden.linear],
  ['ridge', ridgeRegression, golden.ridge],
] as const)('%s on a logarithm', (_, of, expected) => {
  const model = onLog(of).fit(input);

  it("says what scikit-learn's TransformedTargetRegressor says, times one factor and within the range learnt from", () => {
    const [low, high] = [Math.min(...target), Math.max(...target)];
    const kept = (value: number) => Math.min(high, Math.max(low, value));
    const factor = sum(target) / sum(expected.learnt.map(kept));
    expect(factor).toBeGreaterThan(1.02);
    const found = model.predict(columns(golden.unseen));
    found.forEach((value, i) => {
      expect(value / (factor * kept(expected.unseen[i] ?? 0))).toBeCloseTo(1, 9);
    });
    expect(expected.unseen.slice(-2).map(value => value / kept(value) === 1)).toEqual([false, false]);
  });

  it('answers means: over the rows learnt from their sum is that of the targets', () => {
    expect(sum(model.predict(input.features)) / sum(target)).toBeCloseTo(1, 12);
  });
});

it('learns and answers in any unit: a target times 1000 gives answers times 1000', () => {
  const of = onLog(ridgeRegression);
  const plain = of.fit(input).predict(input.features);
  const thousands = of.fit({...input, target: target.map(value => 1000 * value)}).predict(input.features);
  thousands.forEach((value, i) => {
    expect(value / (plain[i] ?? 0)).toBeCloseTo(1000, 6);
  });
});

it('a long tail is a skewness above 1 (as SciPy counts it) that the logarithm more than halves, of numbers above 0', () => {
  const [before = 0, after = 0] = golden.skewness;
  expect(onLogNote(target)).toContain(`skewness ${before.toPrecision(6)}, of its logarithm ${after.toPrecision(6)}`);
  expect(isHeavyTailed(target)).toBe(true);
  expect(isHeavyTailed(target.map(Math.log))).toBe(false);
  expect(isHeavyTailed(Float64Array.of(0, ...target))).toBe(false);
  expect(isHeavyTailed(target.map(value => -value))).toBe(false);
  expect(isHeavyTailed(new Float64Array(50).fill(7))).toBe(false);
  // The logarithm of numbers so far from 0 has as long a tail as they have.
  expect(isHeavyTailed(target.map(value => 1e7 + value))).toBe(false);
});

it('is found in what is kept, alone and within a stack, and nowhere else', () => {
  const {parameters} = onLog(ridgeRegression).fit(input);
  expect(insideLog(parameters)?.onLog.factor).toBeGreaterThan(1);
  expect([usesLog(parameters), usesLog({fills: [], members: [{parameters: {}}, {parameters}]})]).toEqual([true, true]);
  expect([usesLog(ridgeRegression.fit(input).parameters), usesLog({members: [{parameters: {}}]})]).toEqual([
    false,
    false,
  ]);
  expect(['log_ridge', 'logistic', 'ridge'].map(withoutLog)).toEqual(['ridge', 'logistic', 'ridge']);
});

describe('in a training', () => {
  const rows = 300;
  const random = new Mt19937(12);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
  const [area, age] = [0, 1].map(() => Float64Array.from({length: rows}, () => 4 * random.nextDouble()));
  const price = Float64Array.from({length: rows}, (_, i) =>
    Math.exp(10 + (area?.[i] ?? 0) - 0.4 * (age?.[i] ?? 0) + 0.4 * normal()),
  );
  const data: TrainingData = {
    columns: [
      {name: 'area', kind: 'number', values: area ?? new Float64Array()},
      {name: 'age', kind: 'number', values: age ?? new Float64Array()},
    ],
    target: price,
    classCount: 0,
    seed: 42,
    budgetMs: Number.POSITIVE_INFINITY,
    keepLeaks: false,
  };

  it('wins on prices that grow by factors, by the same folds and error as all, and says what was done', () => {
    const {leaderboard, notes, parameters, holdout, heldOut} = train(data, () => 0);
    const errorOf = (name: string) => leaderboard.find(each => each.estimator === name)?.error ?? Number.NaN;
    expect(errorOf('log_ridge')).toBeLessThan(0.95 * errorOf('ridge'));
    expect(usesLog(parameters)).toBe(true);
    expect(holdout.winner.r2).toBeCloseTo(r2(heldOut.actual, heldOut.predicted), 12);
    expect(notes.join(' ')).toContain('learnt on its logarithm too');
    expect(leaderboard.find(each => each.estimator === 'log_ridge')?.describes).toContain('logarithm of the target');
  });

  it('takes no part where there is no long tail, nor where a target is 0', () => {
    for (const other of [price.map(Math.log), price.map((value, i) => (i === 7 ? 0 : value))]) {
      const {leaderboard, skipped, notes} = train({...data, target: other, budgetMs: -1}, () => 0);
      const all = [...leaderboard.map(({estimator}) => estimator), ...skipped.map(({name}) => name)];
      expect(all.filter(name => name.startsWith('log_'))).toEqual([]);
      expect(notes.join(' ')).not.toContain('logarithm');
    }
  });

  it('asked for by name it is tried on any target above 0, and else says why not', () => {
    const only = ['log_ridge'];
    const mild = train({...data, target: price.map(value => 1 + Math.log(value)), only}, () => 0);
    expect(mild.leaderboard.map(({estimator}) => estimator)).toContain('log_ridge');
    const {skipped} = train({...data, target: price.map(value => value - 50_000), only}, () => 0);
    expect(skipped).toContainEqual({name: 'log_ridge', why: 'the target is not above 0 everywhere'});
  });
});
