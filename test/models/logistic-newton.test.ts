import {expect, it} from 'vitest';
import {fitLogistic} from '../../src/models/logistic.ts';
import {derive, type Problem} from '../../src/models/logistic-fit.ts';
import {Mt19937} from '../../src/models/mt19937.ts';

const rows = 24_000;

function tableOf(width: number, classOf: (score: number, noise: number, row: number) => number, classCount = 2) {
  const random = new Mt19937(5);
  const features = Array.from({length: width}, (_, j) =>
    Float64Array.from({length: rows}, () => 10 ** (j % 3) * (random.nextDouble() + random.nextDouble() - 1)),
  );
  const target = Float64Array.from({length: rows}, (_, i) => {
    const score = features.reduce((sum, column, j) => sum + ((column[i] ?? 0) / 10 ** (j % 3)) * (j - 1), 0);
    return classOf(score, random.nextDouble(), i);
  });
  return {features, target, classCount, seed: 0};
}

/** Where the loss is least its gradient is zero; this is the largest part of it a row, in the unit of each column. */
function slopeAt(input: ReturnType<typeof tableOf> & {weights?: Float64Array}): number {
  const {features, target, classCount, weights: rowWeights} = input;
  const {sums} = fitLogistic(input);
  const problem: Problem = {features, target, classCount, penalty: 1, rowWeights};
  const weights = Float64Array.from(sums.flatMap(sum => [...sum.coefficients, sum.intercept]));
  const gradient = new Float64Array(weights.length);
  derive(problem, weights, gradient);
  const width = features.length + 1;
  return Math.max(...gradient.map((part, at) => Math.abs(part) / rows / 10 ** ((at % width) % 3)));
}

const sigmoid = (score: number) => 1 / (1 + Math.exp(-score));
const likely = (score: number, noise: number) => (noise < sigmoid(score) ? 1 : 0);
const ofThree = (score: number, noise: number) => (noise < 0.2 ? 2 : noise < 0.2 + 0.8 * sigmoid(score) ? 1 : 0);
const weights = Float64Array.from({length: rows}, (_, i) => 0.5 + (i % 4));

it.each([
  ['two classes', tableOf(5, likely)],
  ['three classes', tableOf(5, ofThree, 3)],
  ['rows of different weight', {...tableOf(5, likely), weights}],
  [
    'a class that every tenth row never has',
    tableOf(3, (score, noise, row) => (row % 10 === 0 ? 0 : likely(score, noise))),
  ],
  ['a rare class', tableOf(3, (score, _, row) => (score > 2.2 || row === 7 ? 1 : 0))],
  ['classes that a line parts', tableOf(3, score => (score > 0 ? 1 : 0))],
])('many rows with %s are fitted to where the gradient of the penalised loss is zero', (_, input) => {
  expect(slopeAt(input)).toBeLessThan(1e-9);
});
