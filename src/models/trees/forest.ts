// Single trees, random forests and extremely randomised trees, for numbers and for classes.

import {z} from 'zod';
import type {Columns} from '../../core/least-squares.ts';
import {
  type Estimator,
  type FitInput,
  type FittedModel,
  likeliestClass,
  requireRows,
  rowCountOf,
  type Task,
} from '../estimator.ts';
import {Mt19937} from '../mt19937.ts';
import {binFeatures} from './bins.ts';
import {type DeepOptions, growDeepTree} from './grow-deep.ts';
import {leafSummer} from './sum-leaves.ts';
import {TreeBuilder, type Trees} from './tree.ts';
import {packTrees, unpackTrees} from './tree-file.ts';

/** Each tree of a forest learns from so many rows at most, so that time, memory and the file don't grow with the data without end. */
const mostRowsPerTree = 100_000;

/** Of more rows, trees for numbers stop at five rows a leaf (R's randomForest always does): else every leaf has a value of its own. */
const rowsForWholeTrees = 20_000;
const largeLeafRows = 5;

type ForestOptions = Omit<DeepOptions, 'featuresPerNode'> & {
  trees: number;
  /** Each tree sees as many rows as there are, drawn with replacement; of more than 100,000 rows so many, but others. */
  bootstrap: boolean;
  features: 'all' | 'sqrt';
  mostBins: number;
};

const deep = {minLeafRows: 1, maxDepth: Number.POSITIVE_INFINITY, randomThreshold: false, halfway: false};
const forest: ForestOptions = {...deep, trees: 100, bootstrap: true, features: 'sqrt', mostBins: 255};
const extra: ForestOptions = {...forest, bootstrap: false, randomThreshold: true};
/** Shallow enough to be read as rules; one tree can afford to look between all values. */
const readable: ForestOptions = {
  ...deep,
  trees: 1,
  bootstrap: false,
  features: 'all',
  mostBins: 65_000,
  halfway: true,
  maxDepth: 4,
  minLeafRows: 5,
};

/**
 * Close to scikit-learn's `RandomForestClassifier()` and `RandomForestRegressor()`: 100 full trees on bootstrap samples, √ of
 * the features a node for classes, all for numbers. Differs in that splits lie at no more than 254 places a feature, and that
 * each tree draws no more than 100,000 rows, and that of more than 20,000 rows trees for numbers keep five rows a leaf.
 */
export const randomForestClassifier = estimator('random_forest', 'classification', forest, 'the mean of 100 trees');
export const randomForestRegressor = estimator(
  'random_forest',
  'regression',
  {...forest, features: 'all'},
  'the mean of 100 trees',
);
/** Close to scikit-learn's `ExtraTreesClassifier()` and `ExtraTreesRegressor()`, with the same difference. */
export const extraTreesClassifier = estimator(
  'extra_trees',
  'classification',
  extra,
  'the mean of 100 trees with random thresholds',
);
export const extraTreesRegressor = estimator(
  'extra_trees',
  'regression',
  {...extra, features: 'all'},
  'the mean of 100 trees with random thresholds',
);
/** As scikit-learn's `DecisionTree…(max_depth=4, min_samples_leaf=5)`. */
export const treeClassifier = estimator('tree', 'classification', readable, 'a few rules, at most four questions deep');
export const treeRegressor = estimator('tree', 'regression', readable, 'a few rules, at most four questions deep');

function estimator(name: string, task: Task, options: ForestOptions, describes: string): Estimator {
  const tunes =
    options.trees > 1 ? [{min_samples_leaf: 3}, {min_samples_leaf: 10}] : [{max_depth: 2}, {min_samples_leaf: 20}];
  return {
    name,
    task,
    describes,
    baseline: false,
    tunes,
    takesMissing: true,
    takesWeights: true,
    slow: options.trees > 1,
    random: options.bootstrap || options.randomThreshold,
    fit(input, {min_samples_leaf: minLeafRows = options.minLeafRows, max_depth: maxDepth = options.maxDepth} = {}) {
      const trees = fitForest(input, {...options, minLeafRows, maxDepth});
      return forestModel(trees, input.features.length, input.classCount);
    },
    load: parameters => {
      const {classCount, trees: packed} = forestParameters.parse(parameters);
      const {trees, featureCount} = unpackTrees(packed);
      return forestModel(trees, featureCount, classCount);
    },
  };
}

const forestParameters = z.object({classCount: z.int().min(0), trees: z.unknown()});

export function fitForest(input: FitInput, options: ForestOptions): Trees {
  requireRows(input);
  const {features, target, classCount, seed} = input;
  const binned = binFeatures(features, target.length, options.mostBins);
  const random = new Mt19937(seed);
  // Differences from the mean keep their digits when all targets are near 1e9.
  const centre = classCount > 0 ? 0 : mean(target);
  const targets = classCount > 0 ? indicators(target, classCount) : [target.map(value => value - centre)];
  const builder = new TreeBuilder(targets.length);
  const isLarge = classCount === 0 && options.trees > 1 && target.length > rowsForWholeTrees;
  const minLeafRows = isLarge ? Math.max(largeLeafRows, options.minLeafRows) : options.minLeafRows;
  const featuresPerNode =
    options.features === 'sqrt' ? Math.max(1, Math.floor(Math.sqrt(features.length))) : features.length;
  for (let t = 0; t < options.trees; t++) {
    const weights = options.bootstrap
      ? drawWeights(target.length, random)
      : drawOnce(target.length, target.length > mostRowsPerTree && options.trees > 1, random);
    input.weights?.forEach((weight, i) => {
      weights[i] = (weights[i] ?? 0) * weight;
    });
    growDeepTree(binned, {targets, weights}, builder, random, {...options, minLeafRows, featuresPerNode});
  }
  const trees = builder.finish();
  return centre === 0 ? trees : {...trees, values: trees.values.map(value => value + centre)};
}

/** One column a class; two classes need one only, since the other is what is left. */
function indicators(target: Float64Array, classCount: number): Float64Array[] {
  const classes = classCount === 2 ? [1] : Array.from({length: classCount}, (_, k) => k);
  return classes.map(k => target.map(each => (each === k ? 1 : 0)));
}

function drawWeights(rows: number, random: Mt19937): Float64Array {
  const weights = new Float64Array(rows);
  for (let i = 0; i < Math.min(rows, mostRowsPerTree); i++) {
    const row = random.nextInterval(rows - 1);
    weights[row] = (weights[row] ?? 0) + 1;
  }
  return weights;
}

/** Each row once, or when there are too many, each with the same chance. */
function drawOnce(rows: number, isSample: boolean, random: Mt19937): Float64Array {
  const weights = new Float64Array(rows);
  if (!isSample) return weights.fill(1);
  const share = mostRowsPerTree / rows;
  return weights.map(() => (random.nextDouble() < share ? 1 : 0));
}

function mean(values: Float64Array): number {
  const first = values[0] ?? 0;
  return first + values.reduce((sum, value) => sum + (value - first), 0) / values.length;
}

function forestModel(trees: Trees, featureCount: number, classCount: number): FittedModel {
  const addTo = leafSummer(trees, featureCount);
  const average = (features: Columns): Float64Array[] => {
    const sums = Array.from({length: trees.outputs}, () => new Float64Array(rowCountOf(features)));
    addTo(sums, features);
    return sums.map(sum => sum.map(value => value / trees.roots.length));
  };
  // Packed only when asked for, since most models are tried and left.
  const kept = {
    width: featureCount,
    get parameters() {
      return {classCount, trees: packTrees(trees, featureCount)};
    },
  };
  if (classCount === 0)
    return Object.assign(kept, {predict: (features: Columns) => average(features)[0] ?? new Float64Array()});
  const probabilities = (features: Columns): Float64Array[] => {
    const shares = average(features);
    const [first] = shares;
    return classCount === 2 && first ? [first.map(p => 1 - p), first] : shares;
  };
  return Object.assign(kept, {
    probabilities,
    predict: (features: Columns) => likeliestClass(probabilities(features)),
  });
}
