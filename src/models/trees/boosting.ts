// Gradient boosting on histograms: each tree corrects what the ones before it got wrong.

import {z} from 'zod';
import type {Columns} from '../../core/least-squares.ts';
import {
  type Estimator,
  type FitInput,
  type FittedModel,
  likeliestClass,
  requireRows,
  rowCountOf,
  type Settings,
  type Task,
} from '../estimator.ts';
import {prepareGround} from './boosting-ground.ts';
import {growBoostedTree} from './grow-boosted.ts';
import {leafSummer} from './sum-leaves.ts';
import {TreeBuilder, type Trees} from './tree.ts';
import {packTrees, unpackTrees} from './tree-file.ts';

export type BoostingOptions = {
  rounds: number;
  learningRate: number;
  maxLeaves: number;
  minLeafRows: number;
  l2: number;
};

export const boostingDefaults: BoostingOptions = {
  rounds: 100,
  learningRate: 0.1,
  maxLeaves: 31,
  minLeafRows: 20,
  l2: 0,
};

/** By the names of scikit-learn's parameters. */
const tunes: readonly Settings[] = [
  {learning_rate: 0.05, max_leaf_nodes: 8},
  {learning_rate: 0.03, max_leaf_nodes: 4},
  {learning_rate: 0.05, max_iter: 300, l2_regularization: 1},
  {max_leaf_nodes: 15, l2_regularization: 10},
];

function optionsOf(settings: Settings = {}): BoostingOptions {
  return {
    rounds: settings.max_iter ?? boostingDefaults.rounds,
    learningRate: settings.learning_rate ?? boostingDefaults.learningRate,
    maxLeaves: settings.max_leaf_nodes ?? boostingDefaults.maxLeaves,
    minLeafRows: settings.min_samples_leaf ?? boostingDefaults.minLeafRows,
    l2: settings.l2_regularization ?? boostingDefaults.l2,
  };
}

/** `start[k]` is the score of class k (or of the number) before any tree; tree t belongs to score t mod start.length. */
export type Boosted = {classCount: number; start: number[]; trees: Trees; featureCount: number};

/**
 * As scikit-learn's `HistGradientBoostingClassifier(early_stopping=False)`: log loss, by softmax for more than two classes.
 */
export const boostingClassifier = estimator('classification');
/** As scikit-learn's `HistGradientBoostingRegressor(early_stopping=False)`: squared error. */
export const boostingRegressor = estimator('regression');

function estimator(task: Task): Estimator {
  return {
    name: 'boosting',
    task,
    describes: 'small trees, each correcting the ones before it',
    baseline: false,
    takesMissing: true,
    tunes,
    fit: (input, settings) => boostedModel(fitBoosted(input, optionsOf(settings))),
    load: parameters => {
      const {classCount, start, trees: packed} = boostedParameters.parse(parameters);
      return boostedModel({classCount, start, ...unpackTrees(packed)});
    },
  };
}

const boostedParameters = z.object({
  classCount: z.int().min(0),
  start: z.array(z.number()).min(1),
  trees: z.unknown(),
});

export function fitBoosted(input: FitInput, options: BoostingOptions = boostingDefaults): Boosted {
  requireRows(input);
  const {features, target, classCount} = input;
  const rows = target.length;
  const ground = prepareGround(features, rows, options.maxLeaves);
  const builder = new TreeBuilder(1);
  const start = startScores(target, classCount);
  const scores = start.map(value => new Float64Array(rows).fill(value));
  for (let round = 0; round < options.rounds; round++) {
    // The trees of one round see the same probabilities.
    const probabilities = classCount > 2 ? softmax(scores) : [];
    scores.forEach((score, k) => {
      derive({score, target, probability: probabilities[k], k, classCount}, ground.pairs);
      growBoostedTree(ground, rows, builder, score, options);
    });
  }
  return {classCount, start, trees: builder.finish(), featureCount: features.length};
}

type Derived = {
  score: Float64Array;
  target: Float64Array;
  probability: Float64Array | undefined;
  k: number;
  classCount: number;
};

/** First and second derivative of the loss, row by row in turn. */
function derive({score, target, probability, k, classCount}: Derived, pairs: Float64Array) {
  for (let i = 0; i < target.length; i++) {
    const actual = target[i] ?? 0;
    if (classCount === 0) {
      pairs[2 * i] = (score[i] ?? 0) - actual;
      pairs[2 * i + 1] = 1;
    } else {
      const p = probability ? (probability[i] ?? 0) : sigmoid(score[i] ?? 0);
      pairs[2 * i] = p - (classCount > 2 ? (actual === k ? 1 : 0) : actual);
      pairs[2 * i + 1] = p * (1 - p);
    }
  }
}

function sigmoid(score: number): number {
  return 1 / (1 + Math.exp(-score));
}

/** The mean, the log-odds, or the logs of the shares, so that a class that never occurs stays finite. */
function startScores(target: Float64Array, classCount: number): number[] {
  const share = (k: number) => {
    const count = target.reduce((sum, each) => sum + (each === k ? 1 : 0), 0);
    return Math.min(1 - 1e-15, Math.max(1e-15, count / target.length));
  };
  if (classCount === 0) {
    const first = target[0] ?? 0;
    return [first + target.reduce((sum, value) => sum + (value - first), 0) / target.length];
  }
  if (classCount <= 2) return [Math.log(share(1) / (1 - share(1)))];
  return Array.from({length: classCount}, (_, k) => Math.log(share(k)));
}

function softmax(scores: readonly Float64Array[]): Float64Array[] {
  const result = scores.map(score => score.slice());
  for (let i = 0; i < rowCountOf(scores); i++) {
    const most = scores.reduce((best, score) => Math.max(best, score[i] ?? 0), Number.NEGATIVE_INFINITY);
    let total = 0;
    for (const score of result) {
      score[i] = Math.exp((score[i] ?? 0) - most);
      total += score[i] ?? 0;
    }
    for (const score of result) score[i] = (score[i] ?? 0) / total;
  }
  return result;
}

function boostedModel({classCount, start, trees, featureCount}: Boosted): FittedModel {
  const addTo = leafSummer(trees, featureCount);
  const raw = (features: Columns): Float64Array[] => {
    const sums = start.map(() => new Float64Array(rowCountOf(features)));
    addTo(sums, features);
    return sums.map((sum, k) => sum.map(value => value + (start[k] ?? 0)));
  };
  // Packed only when asked for, since most models are tried and left.
  const kept = {
    get parameters() {
      return {classCount, start, trees: packTrees(trees, featureCount)};
    },
  };
  if (classCount === 0)
    return Object.assign(kept, {predict: (features: Columns) => raw(features)[0] ?? new Float64Array()});
  const probabilities = (features: Columns): Float64Array[] => {
    const scores = raw(features);
    const [first] = scores;
    if (classCount > 2 || !first) return softmax(scores);
    const likely = first.map(sigmoid);
    return [likely.map(p => 1 - p), likely];
  };
  return Object.assign(kept, {
    probabilities,
    predict: (features: Columns) => likeliestClass(probabilities(features)),
  });
}
