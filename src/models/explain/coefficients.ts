// What a linear model says of each feature, in the units of the data instead of the recipe's standard deviations.

import {z} from 'zod';
import type {Recipe} from '../recipe.ts';

const weightedSum = z.object({intercept: z.number(), coefficients: z.array(z.number())});
const linearParameters = weightedSum;
const logisticParameters = z.object({sums: z.array(weightedSum).min(1)});

export type WeightedSum = z.output<typeof weightedSum>;

/**
 * The weighted sums of a linear or logistic model over the features of its recipe: one for a number or for class 1 of two,
 * else one a class. Null for the parameters of any other model.
 */
export function weightedSums(parameters: unknown): WeightedSum[] | null {
  const logistic = logisticParameters.safeParse(parameters);
  if (logistic.success) return logistic.data.sums;
  const linear = linearParameters.safeParse(parameters);
  return linear.success ? [linear.data] : null;
}

/** Where the recipe moved feature j by `shift` and divided it by `scale`; 0 and 1 where it did not. */
export type FeatureScale = {name: string; column: string; shift: number; scale: number};

/** `features` are the names and columns that the recipe gives, in their order. */
export function featureScales({steps}: Recipe, features: {names: string[]; columns: string[]}): FeatureScale[] {
  return features.names.map((name, j) => {
    const column = features.columns[j] ?? name;
    const step = steps.find(each => each.name === column);
    const isValue = step?.kind === 'number' && name === step.name;
    return {name, column, shift: isValue ? step.mean : 0, scale: isValue ? step.sd : 1};
  });
}

/** The same sum over the features as they were: a coefficient is the change per unit of the data. */
export function inRawUnits({intercept, coefficients}: WeightedSum, scales: readonly FeatureScale[]): WeightedSum {
  let moved = intercept;
  const raw = coefficients.map((coefficient, j) => {
    const {shift = 0, scale = 1} = scales[j] ?? {};
    moved -= (coefficient * shift) / scale;
    return coefficient / scale;
  });
  return {intercept: moved, coefficients: raw};
}
