// How good predicted classes are, as scikit-learn's sklearn.metrics measures it. Classes are the numbers 0 … classCount − 1.

export type ClassLabels = ArrayLike<number>;

function requirePairs(actual: ClassLabels, predicted: ArrayLike<number>): void {
  if (actual.length !== predicted.length)
    throw new RangeError(`${actual.length} actual classes but ${predicted.length} predicted ones`);
  if (actual.length === 0) throw new RangeError('a metric needs at least one row');
}

/**
 * `matrix[a][p]` counts the rows of class a that were predicted as p.
 * @throws {RangeError} if the lengths differ, there are no rows, or a class is outside 0 … classCount − 1.
 */
export function confusionMatrix(actual: ClassLabels, predicted: ClassLabels, classCount: number): Float64Array[] {
  requirePairs(actual, predicted);
  const matrix = Array.from({length: classCount}, () => new Float64Array(classCount));
  for (let i = 0; i < actual.length; i++) {
    const row = matrix[actual[i] ?? -1];
    const column = predicted[i] ?? -1;
    if (!row || !(column in row))
      throw new RangeError(`row ${i} has class ${actual[i]} or ${column}, outside 0 to ${classCount - 1}`);
    row[column] = (row[column] ?? 0) + 1;
  }
  return matrix;
}

/** The share of rows predicted right. */
export function accuracy(actual: ClassLabels, predicted: ClassLabels): number {
  requirePairs(actual, predicted);
  let right = 0;
  for (let i = 0; i < actual.length; i++) if (actual[i] === predicted[i]) right++;
  return right / actual.length;
}

export type ClassScores = {precision: number; recall: number; f1: number; support: number};

/** Precision, recall and F1 of every class; a share of nothing is 0, as scikit-learn's `zero_division=0`. */
export function classScores(matrix: readonly Float64Array[]): ClassScores[] {
  return matrix.map((row, k) => {
    const hits = row[k] ?? 0;
    const support = row.reduce((sum, count) => sum + count, 0);
    const claimed = matrix.reduce((sum, other) => sum + (other[k] ?? 0), 0);
    return {
      precision: claimed === 0 ? 0 : hits / claimed,
      recall: support === 0 ? 0 : hits / support,
      f1: support + claimed === 0 ? 0 : (2 * hits) / (support + claimed),
      support,
    };
  });
}

/** The mean recall over the classes that occur, so that a rare class counts as much as a common one. */
export function balancedAccuracy(matrix: readonly Float64Array[]): number {
  const present = classScores(matrix).filter(({support}) => support > 0);
  return present.reduce((sum, {recall}) => sum + recall, 0) / present.length;
}

/** The mean F1 over the classes that occur or were predicted. */
export function macroF1(matrix: readonly Float64Array[]): number {
  const seen = classScores(matrix).filter((_, k) =>
    matrix.some((row, a) => (row[k] ?? 0) > 0 || (a === k && row.some(n => n > 0))),
  );
  return seen.reduce((sum, {f1}) => sum + f1, 0) / seen.length;
}

const smallestProbability = 2 ** -52;

/**
 * Mean negative log-likelihood; `probabilities[k][i]` is the probability of class k for row i, clipped away from 0 and 1.
 * With `weights` it is the weighted mean.
 */
export function logLoss(actual: ClassLabels, probabilities: readonly Float64Array[], weights?: Float64Array): number {
  requirePairs(actual, probabilities[0] ?? []);
  let sum = 0;
  let total = 0;
  for (let i = 0; i < actual.length; i++) {
    const probability = probabilities[actual[i] ?? -1]?.[i] ?? Number.NaN;
    const weight = weights?.[i] ?? 1;
    sum -= weight * Math.log(Math.min(1 - smallestProbability, Math.max(smallestProbability, probability)));
    total += weight;
  }
  return sum / total;
}

/** Mean squared distance between the probability of class 1 and what happened. */
export function brierScore(actual: ClassLabels, probability: Float64Array): number {
  requirePairs(actual, probability);
  let sum = 0;
  for (let i = 0; i < actual.length; i++) sum += ((probability[i] ?? 0) - (actual[i] ?? 0)) ** 2;
  return sum / actual.length;
}

/**
 * Area under the ROC curve of the scores of class 1: the chance that a random row of class 1 scores above one of class 0,
 * ties counting half. Null unless both classes occur.
 */
export function rocAuc(actual: ClassLabels, score: Float64Array): number | null {
  requirePairs(actual, score);
  let wins = 0;
  let positives = 0;
  let negatives = 0;
  for (const {positive, negative} of tiedGroups(actual, score)) {
    // Best scores come first: every positive seen earlier beats the negatives of this group.
    wins += (positives + positive / 2) * negative;
    positives += positive;
    negatives += negative;
  }
  return positives === 0 || negatives === 0 ? null : wins / (positives * negatives);
}

/** Average precision (area under the precision-recall curve without interpolation). Null when class 1 does not occur. */
export function averagePrecision(actual: ClassLabels, score: Float64Array): number | null {
  requirePairs(actual, score);
  let area = 0;
  let positives = 0;
  let seen = 0;
  for (const {positive, negative} of tiedGroups(actual, score)) {
    positives += positive;
    seen += positive + negative;
    area += positive * (positives / seen);
  }
  return positives === 0 ? null : area / positives;
}

/**
 * How many rows of class 1 and of class 0 share each score, from the highest score down. The scores of all rows and those of
 * class 1 are sorted as numbers, which takes a tenth of a sort of the rows by a comparison.
 */
export function tiedGroups(actual: ClassLabels, score: Float64Array): {positive: number; negative: number}[] {
  const all = score.slice().sort();
  const found = score.filter((_, row) => actual[row] === 1).sort();
  const groups: {positive: number; negative: number}[] = [];
  let [left, leftFound] = [all.length, found.length];
  while (left > 0) {
    const value = all[left - 1];
    const [end, endFound] = [left, leftFound];
    do left -= 1;
    while (left > 0 && all[left - 1] === value);
    while (leftFound > 0 && found[leftFound - 1] === value) leftFound -= 1;
    const positive = endFound - leftFound;
    groups.push({positive, negative: end - left - positive});
  }
  return groups;
}
