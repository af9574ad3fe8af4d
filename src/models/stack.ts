// Several models as one: a weighted mean of what they predict, with weights learnt from rows none of them had seen.

import {z} from 'zod';
import type {Columns} from '../core/least-squares.ts';
import {
  type Estimator,
  type FittedModel,
  likeliestClass,
  requireRows,
  rowCountOf,
  type Settings,
  type Task,
} from './estimator.ts';

export type Member = {estimator: Estimator; settings: Settings; weight: number};

export const stackParameters = z.object({
  /** What models that take no missing value see in its place, one a feature. */
  fills: z.array(z.number()),
  members: z
    .array(
      z.object({
        estimator: z.string(),
        weight: z.number().min(0),
        settings: z.record(z.string(), z.number()),
        parameters: z.unknown(),
      }),
    )
    .min(1),
});

type Part = {name: string; settings: Settings; weight: number; takesMissing: boolean; model: FittedModel};

/** An estimator that fits every member to the same rows and blends them by their weights, which sum to 1. */
export function stackOf(task: Task, members: readonly Member[]): Estimator {
  return {
    name: 'stack',
    task,
    describes: `a weighted mean of ${members.map(({estimator, weight}) => `${estimator.name} ${Math.round(100 * weight)} %`).join(', ')}`,
    baseline: false,
    takesMissing: true,
    random: true,
    fit(input) {
      requireRows(input);
      const fills = input.features.map(medianOf);
      const filled = fill(input.features, fills);
      const parts = members.map(({estimator, settings, weight}): Part => {
        const takesMissing = estimator.takesMissing === true;
        const model = estimator.fit({...input, features: takesMissing ? input.features : filled}, settings);
        return {name: estimator.name, settings, weight, takesMissing, model};
      });
      return stacked(fills, parts);
    },
    load: parameters =>
      loadStack(
        parameters,
        members.map(({estimator}) => estimator),
      ),
  };
}

/** @throws {ZodError | RangeError} when the parameters are not those of a stack of these estimators */
export function loadStack(parameters: unknown, known: readonly Estimator[]): FittedModel {
  const {fills, members} = stackParameters.parse(parameters);
  const parts = members.map(({estimator: name, weight, settings, parameters}): Part => {
    const estimator = known.find(each => each.name === name);
    if (!estimator) throw new RangeError(`there is no estimator ${name} to stack`);
    return {name, settings, weight, takesMissing: estimator.takesMissing === true, model: estimator.load(parameters)};
  });
  return stacked(fills, parts);
}

function stacked(fills: number[], parts: readonly Part[]): FittedModel {
  const blend = (features: Columns, of: (model: FittedModel, features: Columns) => Float64Array[]): Float64Array[] => {
    const filled = fill(features, fills);
    const sums: Float64Array[] = [];
    for (const {model, weight, takesMissing} of parts)
      of(model, takesMissing ? features : filled).forEach((values, k) => {
        sums[k] ??= new Float64Array(rowCountOf(features));
        const sum = sums[k] ?? new Float64Array();
        for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + weight * (values[i] ?? 0);
      });
    return sums;
  };
  // Some models pack their parameters only when asked.
  const kept = {
    width: fills.length,
    get parameters() {
      const members = parts.map(({name, weight, settings, model}) => ({
        estimator: name,
        weight,
        settings,
        parameters: model.parameters,
      }));
      return {fills, members};
    },
  };
  if (parts.every(({model}) => model.probabilities === undefined))
    return Object.assign(kept, {
      predict: (features: Columns) => blend(features, (model, x) => [model.predict(x)])[0] ?? new Float64Array(),
    });
  const probabilities = (features: Columns) => blend(features, (model, x) => model.probabilities?.(x) ?? []);
  return Object.assign(kept, {
    probabilities,
    predict: (features: Columns) => likeliestClass(probabilities(features)),
  });
}

/** Copies only of columns where something is missing. */
export function fill(features: Columns, fills: readonly number[]): Float64Array[] {
  return features.map((column, j) =>
    column.some(Number.isNaN) ? column.map(value => (Number.isNaN(value) ? (fills[j] ?? 0) : value)) : column,
  );
}

function medianOf(column: Float64Array): number {
  const sorted = column.filter(value => !Number.isNaN(value)).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

const rounds = 300;

/**
 * The weights (none below 0, summing to 1) with which the mean of several probabilities has the smallest log loss:
 * `likelihoods[m][i]` is what member m gave to what happened in row i. By expectation maximisation, from equal weights.
 */
export function mixtureWeights(likelihoods: readonly Float64Array[], rowWeights?: Float64Array): number[] {
  let weights = likelihoods.map(() => 1 / likelihoods.length);
  const rows = rowCountOf(likelihoods);
  for (let round = 0; round < rounds; round++) {
    const next = weights.map(() => 0);
    let total = 0;
    for (let i = 0; i < rows; i++) {
      const share = rowWeights?.[i] ?? 1;
      const sum = weights.reduce((all, weight, m) => all + weight * (likelihoods[m]?.[i] ?? 0), 0);
      if (!(sum > 0)) continue;
      total += share;
      weights.forEach((weight, m) => {
        next[m] = (next[m] ?? 0) + (share * weight * (likelihoods[m]?.[i] ?? 0)) / sum;
      });
    }
    if (total === 0) return weights;
    weights = next.map(each => each / total);
  }
  return weights;
}

/** The weights (none below 0, summing to 1) with which the mean of several predictions has the smallest squared error. */
export function leastSquaresWeights(errors: readonly Float64Array[]): number[] {
  const gram = errors.map(a => errors.map(b => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0)));
  const step = gram.reduce((sum, row, m) => sum + (row[m] ?? 0), 0);
  let weights = errors.map(() => 1 / errors.length);
  if (!(step > 0)) return weights;
  for (let round = 0; round < 20 * rounds; round++)
    weights = onSimplex(
      weights.map((weight, m) => weight - (gram[m] ?? []).reduce((sum, g, k) => sum + g * (weights[k] ?? 0), 0) / step),
    );
  return weights;
}

/** The nearest point whose parts are not negative and sum to 1 (Duchi et al. 2008). */
function onSimplex(values: readonly number[]): number[] {
  let [sum, shift] = [0, 0];
  values
    .toSorted((a, b) => b - a)
    .forEach((value, k) => {
      sum += value;
      if (value - (sum - 1) / (k + 1) > 0) shift = (sum - 1) / (k + 1);
    });
  return values.map(value => Math.max(0, value - shift));
}
