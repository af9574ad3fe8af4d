// Metrics as functions of how often each row counts, so that one definition serves the figure and its bootstrap interval.

/** `weights[i]` says how often row i counts. Null where the metric is not defined for these rows. */
export type Metric = {name: string; smallerIsBetter: boolean; of(weights: Float64Array): number | null};

/** Predicted numbers beside the actual ones, in the same row order; n ≥ 1, none missing. */
export type Numbers = {actual: Float64Array; predicted: Float64Array};

/**
 * Classes 0 … K − 1: `predicted[i]`, and `probabilities[k][i]`, the probability of class k for row i; n ≥ 1.
 */
export type Classes = {actual: Float64Array; predicted: Float64Array; probabilities: readonly Float64Array[]};

/**
 * RMSE, MAE, R² and MAPE as scikit-learn's `sklearn.metrics`. MAPE is a share (0.1 is 10 %) and left out where an actual value
 * is 0 or they differ in sign, since it means nothing there. R² is null when the rows that count have one value only.
 */
export function numberMetrics({actual, predicted}: Numbers): Metric[] {
  const errors = actual.map((value, i) => value - (predicted[i] ?? 0));
  const squares = errors.map(error => error * error);
  const sizes = errors.map(Math.abs);
  const metrics: Metric[] = [
    {name: 'rmse', smallerIsBetter: true, of: weights => Math.sqrt(meanOf(squares, weights))},
    {name: 'mae', smallerIsBetter: true, of: weights => meanOf(sizes, weights)},
    {name: 'r2', smallerIsBetter: false, of: weights => explained(actual, squares, weights)},
  ];
  const [first = 0] = actual;
  if (actual.every(value => value * first > 0)) {
    const shares = sizes.map((size, i) => size / Math.abs(actual[i] ?? 1));
    metrics.push({name: 'mape', smallerIsBetter: true, of: weights => meanOf(shares, weights)});
  }
  return metrics;
}

const smallestProbability = 2 ** -52;
const rounding = 1e-12;

/**
 * Accuracy, balanced accuracy, F1 (of class 1 of two; else the mean over the classes), ROC AUC, average precision, log loss
 * and Brier score, as scikit-learn's `sklearn.metrics`; for more than two classes the areas are the means of one class
 * against the rest, and the Brier score sums over the classes.
 */
export function classMetrics({actual, predicted, probabilities}: Classes): Metric[] {
  const classCount = probabilities.length;
  const right = actual.map((value, i) => (value === predicted[i] ? 1 : 0));
  const losses = actual.map((value, i) => {
    const p = probabilities[value]?.[i] ?? Number.NaN;
    return -Math.log(Math.min(1 - smallestProbability, Math.max(smallestProbability, p)));
  });
  const brier = actual.map((value, i) => {
    if (classCount === 2) return ((probabilities[1]?.[i] ?? 0) - value) ** 2;
    return probabilities.reduce((sum, p, k) => sum + ((p[i] ?? 0) - (value === k ? 1 : 0)) ** 2, 0);
  });
  const scored = classCount === 2 ? [1] : probabilities.map((_, k) => k);
  const ranked = scored.map(k => rankedBy(probabilities[k] ?? new Float64Array(), actual, k));
  const confusion = (weights: Float64Array) => confusionOf(actual, predicted, weights, classCount);
  const meanArea = (area: (of: Ranked, weights: Float64Array) => number | null) => (weights: Float64Array) => {
    const areas = ranked.map(each => area(each, weights));
    return areas.reduce<number | null>(
      (sum, each) => (sum === null || each === null ? null : sum + each / areas.length),
      0,
    );
  };
  return [
    {name: 'log_loss', smallerIsBetter: true, of: weights => meanOf(losses, weights)},
    {name: 'accuracy', smallerIsBetter: false, of: weights => meanOf(right, weights)},
    {name: 'balanced_accuracy', smallerIsBetter: false, of: weights => balanced(confusion(weights))},
    {name: classCount === 2 ? 'f1' : 'macro_f1', smallerIsBetter: false, of: weights => f1(confusion(weights))},
    {name: 'roc_auc', smallerIsBetter: false, of: meanArea(rocArea)},
    {name: 'pr_auc', smallerIsBetter: false, of: meanArea(precisionArea)},
    {name: 'brier', smallerIsBetter: true, of: weights => meanOf(brier, weights)},
  ];
}

/** `matrix[a][p]`: how many rows of class a were predicted as p. */
export function confusionOf(
  actual: Float64Array,
  predicted: Float64Array,
  weights: Float64Array,
  classCount: number,
): Float64Array[] {
  const matrix = Array.from({length: classCount}, () => new Float64Array(classCount));
  for (let i = 0; i < actual.length; i++) {
    const row = matrix[actual[i] ?? -1];
    const p = predicted[i] ?? -1;
    if (row) row[p] = (row[p] ?? 0) + (weights[i] ?? 0);
  }
  return matrix;
}

function meanOf(values: Float64Array, weights: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    sum += (weights[i] ?? 0) * (values[i] ?? 0);
    total += weights[i] ?? 0;
  }
  return sum / total;
}

function explained(actual: Float64Array, squares: Float64Array, weights: Float64Array): number | null {
  const mean = meanOf(actual, weights);
  let total = 0;
  let left = 0;
  for (let i = 0; i < actual.length; i++) {
    total += (weights[i] ?? 0) * ((actual[i] ?? 0) - mean) ** 2;
    left += (weights[i] ?? 0) * (squares[i] ?? 0);
  }
  if (total === 0) return null;
  const share = 1 - left / total;
  // What the mean leaves is all of the variance; that its sums are rounded differently is no fact about the rows.
  return Math.abs(share) < rounding ? 0 : share;
}

function balanced(matrix: readonly Float64Array[]): number {
  const recalls = matrix.flatMap((row, k) => {
    const support = row.reduce((sum, count) => sum + count, 0);
    return support > 0 ? [(row[k] ?? 0) / support] : [];
  });
  return recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length;
}

/** Of class 1 of two; else the mean over the classes that occur or were predicted. */
function f1(matrix: readonly Float64Array[]): number {
  const scores = matrix.map((row, k) => {
    const both = row.reduce((sum, count) => sum + count, 0) + matrix.reduce((sum, other) => sum + (other[k] ?? 0), 0);
    return both > 0 ? (2 * (row[k] ?? 0)) / both : null;
  });
  if (matrix.length === 2) return scores[1] ?? 0;
  const seen = scores.filter(score => score !== null);
  return seen.reduce((sum, score) => sum + score, 0) / seen.length;
}

/** Rows from the highest score down; `ends[i]` is 1 where the next row has another score. */
type Ranked = {rows: Uint32Array; ends: Uint8Array; isPositive: Uint8Array};

function rankedBy(score: Float64Array, actual: Float64Array, k: number): Ranked {
  const rows = Uint32Array.from(score, (_, i) => i).sort((a, b) => (score[b] ?? 0) - (score[a] ?? 0));
  const ends = Uint8Array.from(rows, (row, at) => (score[row] === score[rows[at + 1] ?? -1] ? 0 : 1));
  return {rows, ends, isPositive: Uint8Array.from(rows, row => (actual[row] === k ? 1 : 0))};
}

/** The chance that a random row of the class scores above one of another, ties counting half. */
function rocArea({rows, ends, isPositive}: Ranked, weights: Float64Array): number | null {
  let [wins, positives, negatives, tiedPositives, tiedNegatives] = [0, 0, 0, 0, 0];
  for (let at = 0; at < rows.length; at++) {
    const weight = weights[rows[at] ?? 0] ?? 0;
    if (isPositive[at] === 1) tiedPositives += weight;
    else tiedNegatives += weight;
    if (ends[at] !== 1) continue;
    wins += (positives + tiedPositives / 2) * tiedNegatives;
    positives += tiedPositives;
    negatives += tiedNegatives;
    tiedPositives = 0;
    tiedNegatives = 0;
  }
  return positives === 0 || negatives === 0 ? null : wins / (positives * negatives);
}

/** Average precision: the area under the precision-recall curve without interpolation. */
function precisionArea({rows, ends, isPositive}: Ranked, weights: Float64Array): number | null {
  let [area, positives, seen, tied] = [0, 0, 0, 0];
  for (let at = 0; at < rows.length; at++) {
    const weight = weights[rows[at] ?? 0] ?? 0;
    seen += weight;
    if (isPositive[at] === 1) tied += weight;
    if (ends[at] !== 1) continue;
    positives += tied;
    if (seen > 0) area += tied * (positives / seen);
    tied = 0;
  }
  return positives === 0 ? null : area / positives;
}
