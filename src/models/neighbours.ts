// The nearest rows answer: k nearest neighbours, for numbers and for classes.

import {z} from 'zod';
import type {Columns} from '../core/least-squares.ts';
import {formatCount} from '../core/text.ts';
import {
  type Estimator,
  type FitInput,
  type FittedModel,
  likeliestClass,
  requireRows,
  rowCountOf,
  type Task,
} from './estimator.ts';

const usualNeighbours = 5;
/** Each prediction looks at every row that was learnt. */
const mostRows = 10_000;
const mostFeatures = 100;

/** Close to scikit-learn's `KNeighborsRegressor()`: the mean of the 5 nearest rows by Euclidean distance. */
export const neighboursRegressor = estimator('regression');
/** Close to scikit-learn's `KNeighborsClassifier()`: the shares of the classes among the 5 nearest rows. */
export const neighboursClassifier = estimator('classification');

/** Rows one after another, as base64 of 64-bit numbers. */
const knnParameters = z.object({
  k: z.int().min(1),
  width: z.int().min(1),
  classCount: z.int().min(0),
  rows: z.string(),
  target: z.string(),
});
type Learnt = {k: number; width: number; classCount: number; rows: Float64Array; target: Float64Array};

function estimator(task: Task): Estimator {
  return {
    name: 'knn',
    task,
    describes: 'the mean of the nearest rows',
    baseline: false,
    tunes: [{n_neighbors: 15}, {n_neighbors: 40}],
    unfit(rows, features) {
      if (rows > mostRows) return `more than ${formatCount(mostRows)} rows`;
      return features > mostFeatures ? `more than ${mostFeatures} features` : null;
    },
    fit(input, {n_neighbors: k = usualNeighbours} = {}) {
      requireRows(input);
      return model(learn(input, k));
    },
    load(parameters) {
      const {rows, target, ...rest} = knnParameters.parse(parameters);
      const learnt = {...rest, rows: numbersOf(rows), target: numbersOf(target)};
      if (learnt.rows.length !== learnt.width * learnt.target.length || learnt.target.length === 0)
        throw new RangeError('the rows of the neighbours are not whole');
      return model(learnt);
    },
  };
}

function learn({features, target, classCount}: FitInput, k: number): Learnt {
  const width = Math.max(1, features.length);
  const rows = new Float64Array(target.length * width);
  features.forEach((column, j) => {
    for (let i = 0; i < target.length; i++) rows[i * width + j] = column[i] ?? 0;
  });
  return {k: Math.min(k, target.length), width, classCount, rows, target};
}

function model(learnt: Learnt): FittedModel {
  const {k, width, classCount, rows, target} = learnt;
  const parameters = {k, width, classCount, rows: textOf(rows), target: textOf(target)};
  if (classCount === 0) {
    const predict = (features: Columns) =>
      answers(
        learnt,
        features,
        1,
        () => 0,
        row => target[row] ?? 0,
      )[0];
    return {width, parameters, predict: features => predict(features) ?? new Float64Array()};
  }
  const probabilities = (features: Columns) =>
    answers(
      learnt,
      features,
      classCount,
      row => target[row] ?? 0,
      () => 1,
    );
  return {width, parameters, probabilities, predict: features => likeliestClass(probabilities(features))};
}

/** For each row the mean over its neighbours of what they give to each of the outputs; of equally near ones the first. */
function answers(
  {k, width, rows, target}: Learnt,
  features: Columns,
  outputs: number,
  outputOf: (row: number) => number,
  valueOfRow: (row: number) => number,
): Float64Array[] {
  const asked = rowCountOf(features);
  const result = Array.from({length: outputs}, () => new Float64Array(asked));
  const point = new Float64Array(width);
  const near = new Int32Array(k);
  const far = new Float64Array(k);
  for (let i = 0; i < asked; i++) {
    for (let j = 0; j < width; j++) point[j] = features[j]?.[i] ?? 0;
    let found = 0;
    for (let row = 0; row < target.length; row++) {
      const limit = found < k ? Number.POSITIVE_INFINITY : (far[k - 1] ?? 0);
      let distance = 0;
      const at = row * width;
      for (let j = 0; j < width && distance < limit; j++) {
        const off = (rows[at + j] ?? 0) - (point[j] ?? 0);
        distance += off * off;
      }
      if (!(distance < limit)) continue;
      if (found < k) found++;
      let place = found - 1;
      for (; place > 0 && (far[place - 1] ?? 0) > distance; place--) {
        far[place] = far[place - 1] ?? 0;
        near[place] = near[place - 1] ?? 0;
      }
      far[place] = distance;
      near[place] = row;
    }
    for (const row of near.subarray(0, found)) {
      const column = result[outputOf(row)];
      if (column) column[i] = (column[i] ?? 0) + valueOfRow(row) / found;
    }
  }
  return result;
}

function textOf(values: Float64Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}

function numbersOf(text: string): Float64Array {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length % Float64Array.BYTES_PER_ELEMENT !== 0) throw new RangeError('no whole number of values');
  return new Float64Array(new Uint8Array(bytes).buffer);
}
