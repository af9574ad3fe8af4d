// What each column adds to the answer for one row: exactly where the model allows it, else by sampling.

import {weightedSums} from '../../models/explain/coefficients.ts';
import {sampledShapley} from '../../models/explain/sampled-shapley.ts';
import {treeShap} from '../../models/explain/tree-shap.ts';
import {insideLog, type OnLog} from '../../models/on-log.ts';
import {type RawColumn, rawRowsBetween} from '../../models/raw-columns.ts';
import {applyRecipe} from '../../models/recipe.ts';
import {type TreeEnsemble, treesOf} from '../../models/trees/ensemble.ts';
import type {KeptModel, LoadedModel} from '../training/model-file.ts';
import {type Scores, scoresInParts, scoresOf} from './scores.ts';

/**
 * `base` + Σ `add` is `total`, the answer in `unit`. `base` is the mean answer over the rows that `over` names. `error` is a
 * standard error, of sampled values only.
 */
export type Contributions = {
  method: 'trees' | 'sum' | 'sampled';
  unit: 'value' | 'log' | 'probability' | 'log_odds' | 'score';
  over: 'training' | 'dataset';
  /** The probability that the model gives is a calibrated one of the answer explained here. */
  isCalibrated: boolean;
  base: number;
  total: number;
  parts: {column: string; add: number; error: number | null}[];
};

export type ModelOnRows = {loaded: LoadedModel; columns: readonly RawColumn[]; rows: number};

/** Columns with the inputs made of them, which change together. */
export function inputGroups({content}: KeptModel): {column: string; inputs: Set<string>}[] {
  const groups = new Map<string, Set<string>>();
  for (const {name, column} of content.inputs) groups.set(column, (groups.get(column) ?? new Set()).add(name));
  return [...groups].map(([column, inputs]) => ({column, inputs}));
}

/** The number the model is asked for: its prediction, or the probability of class `k`. */
export function answerOf({predicted, probabilities}: Scores, k: number): Float64Array {
  return probabilities ? (probabilities[k] ?? new Float64Array()) : predicted;
}

/** For classes of class `k`. An exact way is only taken when it sums to what the model itself says. */
export async function contributionsOf(
  applied: ModelOnRows,
  row: number,
  k: number,
  seed: number,
): Promise<Contributions> {
  const {loaded, columns, rows} = applied;
  const single = rawRowsBetween(columns, row, row + 1);
  const said = answerOf(scoresOf(loaded, single, 1), k)[0] ?? Number.NaN;
  const inside = insideLog(loaded.content.parameters);
  const parameters = inside ? inside.parameters : loaded.content.parameters;
  const trees = ensembleOf(parameters);
  const plain = (trees && fromTrees(applied, trees, row, k)) ?? fromSums(applied, parameters, row, k);
  const exact = plain && inside ? onLogScale(plain, inside.onLog) : plain;
  if (exact) {
    const bare = {...loaded, model: loaded.bare};
    const own = answerOf(scoresOf(bare, single, 1), k)[0] ?? Number.NaN;
    const isCalibrated = Math.abs(own - said) > 1e-9;
    if (Math.abs(exact.answer - own) <= 1e-9 * Math.max(1, Math.abs(own))) return {...exact.found, isCalibrated};
  }
  const sampled = await sampledShapley(columns, rows, {
    row,
    groups: inputGroups(loaded),
    answerOf: async (mixed, count) => answerOf(scoresInParts(loaded, mixed, count), k),
    seed,
  });
  const parts = [...sampled.values].map(([column, add]) => ({column, add, error: sampled.errors.get(column) ?? null}));
  return {
    method: 'sampled',
    unit: loaded.content.classes.length > 0 ? 'probability' : 'value',
    over: 'dataset',
    isCalibrated: false,
    base: sampled.base,
    total: said,
    parts: largestFirst(parts),
  };
}

/** `answer` is the prediction or probability that `found` comes to. */
type Exact = {found: Contributions; answer: number} | null;

function fromTrees({loaded, columns}: ModelOnRows, trees: TreeEnsemble, row: number, k: number): Exact {
  const features = applyRecipe(loaded.content.recipe, columns, Uint32Array.of(row));
  const {base, values} = treeShap(
    trees,
    Float64Array.from(features.values, column => column[0] ?? Number.NaN),
  );
  // One score of two classes is that of class 1; class 0 is its mirror image.
  const isMirrored = base.length === 1 && trees.classCount === 2 && k === 0;
  const at = base.length === 1 ? 0 : k;
  const sign = isMirrored ? -1 : 1;
  const offset = isMirrored && trees.link === 'share' ? 1 : 0;
  const adds = Array.from(values[at] ?? [], value => sign * value);
  const start = offset + sign * (base[at] ?? 0);
  const total = adds.reduce((sum, add) => sum + add, start);
  const scores = values.map((column, c) => column.reduce((sum, value) => sum + value, base[c] ?? 0));
  const unit = {
    identity: 'value',
    share: 'probability',
    shares: 'probability',
    logistic: 'log_odds',
    softmax: 'score',
  } as const;
  const found: Contributions = {
    method: 'trees',
    unit: unit[trees.link],
    over: 'training',
    isCalibrated: false,
    base: start,
    total,
    parts: byColumn(loaded, features.columns, adds),
  };
  return {found, answer: linked(found, scores, k)};
}

function ensembleOf(parameters: unknown): TreeEnsemble | null {
  try {
    return treesOf(parameters);
  } catch {
    return null;
  }
}

/**
 * The parts sum to the logarithm of the answer, where the factor that makes means of medians belongs to the base. What lies
 * beyond the bounds is no such sum any more, so that its answer differs and it is left to sampling.
 */
function onLogScale({found, answer}: NonNullable<Exact>, {factor}: OnLog): Exact {
  const shift = Math.log(factor);
  const moved: Contributions = {...found, unit: 'log', base: found.base + shift, total: found.total + shift};
  return {found: moved, answer: factor * Math.exp(answer)};
}

/** A weighted sum: each feature adds its weight times its distance from the mean of the dataset. */
function fromSums({loaded, columns, rows}: ModelOnRows, parameters: unknown, row: number, k: number): Exact {
  const sums = weightedSums(parameters);
  if (!sums) return null;
  const {classes} = loaded.content;
  const features = applyRecipe(loaded.content.recipe, columns, rows);
  const at = sums.length === 1 ? 0 : k;
  const sign = classes.length === 2 && k === 0 ? -1 : 1;
  const sum = sums[at];
  if (!sum) return null;
  const means = features.values.map(column => column.reduce((total, value) => total + value / rows, 0));
  const base = sum.coefficients.reduce((total, weight, j) => total + weight * (means[j] ?? 0), sum.intercept) * sign;
  const adds = sum.coefficients.map(
    (weight, j) => sign * weight * ((features.values[j]?.[row] ?? 0) - (means[j] ?? 0)),
  );
  const scores = sums.map(each =>
    each.coefficients.reduce((total, weight, j) => total + weight * (features.values[j]?.[row] ?? 0), each.intercept),
  );
  const found: Contributions = {
    method: 'sum',
    unit: classes.length === 0 ? 'value' : classes.length === 2 ? 'log_odds' : 'score',
    over: 'dataset',
    isCalibrated: false,
    base,
    total: adds.reduce((total, add) => total + add, base),
    parts: byColumn(loaded, features.columns, adds),
  };
  return {found, answer: linked(found, scores, k)};
}

function linked({unit, total}: Contributions, scores: readonly number[], k: number): number {
  switch (unit) {
    case 'value':
    case 'probability':
      return total;
    case 'log':
      return Math.exp(total);
    case 'log_odds':
      return 1 / (1 + Math.exp(-total));
    case 'score': {
      const most = Math.max(...scores);
      return Math.exp((scores[k] ?? 0) - most) / scores.reduce((sum, score) => sum + Math.exp(score - most), 0);
    }
    default:
      return unit satisfies never;
  }
}

function byColumn({content}: LoadedModel, inputs: readonly string[], adds: readonly number[]): Contributions['parts'] {
  const sums = new Map<string, number>();
  inputs.forEach((input, j) => {
    const column = content.inputs.find(({name}) => name === input)?.column ?? input;
    sums.set(column, (sums.get(column) ?? 0) + (adds[j] ?? 0));
  });
  return largestFirst([...sums].map(([column, add]) => ({column, add, error: null})));
}

function largestFirst(parts: Contributions['parts']): Contributions['parts'] {
  return parts.sort((a, b) => Math.abs(b.add) - Math.abs(a.add));
}
