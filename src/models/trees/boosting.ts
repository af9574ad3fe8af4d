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
import {createWatch, fewestRowsToHold, heldLoss, holdTenth} from './early-stopping.ts';
import {growBoostedTree} from './grow-boosted.ts';
import {leafSummer} from './sum-leaves.ts';
import {firstTrees, TreeBuilder, type Trees} from './tree.ts';
import {packTrees, unpackTrees} from './tree-file.ts';

export type BoostingOptions = {
  rounds: number;
  learningRate: number;
  maxLeaves: number;
  minLeafRows: number;
  l2: number;
  /** A tenth of the rows is held out, and after so many rounds in a row that did not help there the best are kept; 0 for never. */
  patience: number;
};

export const boostingDefaults: BoostingOptions = {
  rounds: 100,
  learningRate: 0.1,
  maxLeaves: 31,
  minLeafRows: 20,
  l2: 0,
  patience: 0,
};

/** By the names of scikit-learn's parameters. */
const tunes: readonly Settings[] = [
  {learning_rate: 0.05, max_leaf_nodes: 8},
  {learning_rate: 0.03, max_leaf_nodes: 4},
  {learning_rate: 0.05, max_iter: 500, l2_regularization: 1, n_iter_no_change: 10},
  {max_leaf_nodes: 15, l2_regularization: 10},
];

function optionsOf(settings: Settings = {}): BoostingOptions {
  return {
    rounds: settings.max_iter ?? boostingDefaults.rounds,
    learningRate: settings.learning_rate ?? boostingDefaults.learningRate,
    maxLeaves: settings.max_leaf_nodes ?? boostingDefaults.maxLeaves,
    minLeafRows: settings.min_samples_leaf ?? boostingDefaults.minLeafRows,
    l2: settings.l2_regularization ?? boostingDefaults.l2,
    patience: settings.n_iter_no_change ?? boostingDefaults.patience,
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
    takesWeights: true,
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
  const {features, target, classCount, weights} = input;
  const rows = target.length;
  const ground = prepareGround(features, rows, options.maxLeaves);
  const holds = options.patience > 0 && rows >= fewestRowsToHold;
  const {train: grown, test: held} = holds ? holdTenth(target, classCount, input.seed) : {train: null, test: null};
  if (grown) ground.order.set([...grown, ...held]);
  const builder = new TreeBuilder(1);
  const start = startScores(target, classCount, weights, grown ?? ground.order);
  const scores = start.map(value => new Float64Array(rows).fill(value));
  const watch = createWatch(options.patience);
  for (let round = 0; round < options.rounds && !(held && watch.isOver()); round++) {
    // The trees of one round see the same probabilities.
    const probabilities = classCount > 2 ? softmax(scores) : [];
    scores.forEach((score, k) => {
      derive({score, target, probability: probabilities[k], k, classCount}, ground.pairs);
      if (weights) weighPairs(ground.pairs, weights);
      growBoostedTree(ground, grown?.length ?? rows, builder, score, options);
    });
    if (held) watch.note(heldLoss(scores, target, classCount, held));
  }
  const all = builder.finish();
  const trees = held ? firstTrees(all, watch.bestRounds() * start.length) : all;
  return {classCount, start, trees, featureCount: features.length};
}

function weighPairs(pairs: Float64Array, weights: Float64Array): void {
  for (let i = 0; i < pairs.length; i++) pairs[i] = (pairs[i] ?? 0) * (weights[i >> 1] ?? 1);
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

/** The mean of `rows`, the log-odds, or the logs of the shares, so that a class that never occurs stays finite. */
function startScores(
  target: Float64Array,
  classCount: number,
  weights: Float64Array | undefined,
  rows: Uint32Array,
): number[] {
  const first = target[0] ?? 0;
  let [total, shift] = [0, 0];
  const perClass = new Float64Array(classCount);
  for (const row of rows) {
    const weight = weights?.[row] ?? 1;
    const actual = target[row] ?? 0;
    total += weight;
    shift += weight * (actual - first);
    if (classCount > 0) perClass[actual] = (perClass[actual] ?? 0) + weight;
  }
  if (classCount === 0) return [first + shift / total];
  const share = (k: number) => Math.min(1 - 1e-15, Math.max(1e-15, (perClass[k] ?? 0) / total));
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
    width: featureCount,
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
