// From columns as they are to features: learnt from training rows only, and kept with the model.

import {z} from 'zod';
import {allRows, type RawColumn, rowsOf, type TextColumn} from './raw-columns.ts';
import {crossFitted, encodedFeatures, encodedStepSchema, fitEncoding, type Goal} from './target-encoding.ts';
import {fitText, textFeatures, textStepSchema} from './text-features.ts';

const mostLevels = 20;
/** Dense columns of terms: so many cells, and no more terms than a quarter of the rows. */
const mostTermCells = 20_000_000;
const mostTerms = 200;
const fewestTerms = 20;

const stepSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('number'),
    name: z.string(),
    median: z.number(),
    mean: z.number(),
    sd: z.number().positive(),
    flagsMissing: z.boolean(),
    /** Set for models that take a missing value as it is: then it stays NaN. */
    keepsMissing: z.boolean().optional(),
  }),
  z.object({kind: z.literal('category'), name: z.string(), levels: z.array(z.string())}),
  encodedStepSchema,
  textStepSchema,
]);
export const recipeSchema = z.object({steps: z.array(stepSchema)});

/**
 * A number becomes (value − mean) / sd with the median where it is missing, and a 0/1 feature that says so when any was
 * missing in training. A category of up to 20 levels becomes one 0/1 feature a level; one of more levels the target's mean
 * within the level, or, without a target, 0/1 features of its 20 most frequent levels. A level that training did not have,
 * or none, is 0 in all. A text becomes the TF-IDF of its most frequent terms.
 */
export type Recipe = z.output<typeof recipeSchema>;
type NumberStep = Extract<Recipe['steps'][number], {kind: 'number'}>;

/** Learns from the chosen rows only. Columns without two different values there teach nothing and are left out. */
export function fitRecipe(
  columns: readonly RawColumn[],
  {rows: chosen, goal}: {rows?: Uint32Array; goal?: Goal} = {},
): Recipe {
  const [first] = columns;
  const rows = chosen ?? allRows(first ? rowsOf(first) : 0);
  return {
    steps: columns.flatMap((column): Recipe['steps'] => {
      if (column.kind === 'number') return numberStep(column.name, column.values, rows);
      if (column.kind === 'category') return categoryStep(column, rows, goal);
      const room = Math.floor(mostTermCells / Math.max(1, rows.length));
      const step = fitText(column, rows, Math.min(mostTerms, Math.max(fewestTerms, Math.min(room, rows.length >> 2))));
      return step ? [step] : [];
    }),
  };
}

function numberStep(name: string, values: Float64Array, rows: Uint32Array): NumberStep[] {
  const present = Float64Array.from(rows, row => values[row] ?? Number.NaN)
    .filter(value => !Number.isNaN(value))
    .sort();
  const [smallest] = present;
  const largest = present.at(-1);
  const flagsMissing = present.length < rows.length;
  if (smallest === undefined || largest === undefined || (smallest === largest && !flagsMissing)) return [];
  const middle = present.length >> 1;
  const upper = present[middle] ?? smallest;
  const median = present.length % 2 === 1 ? upper : ((present[middle - 1] ?? upper) + upper) / 2;
  const {mean, sd} = meanAndSd(present, smallest, 1);
  const isLost = !Number.isFinite(mean) || !(sd > 0 && sd < Number.POSITIVE_INFINITY);
  const unit = Math.max(-smallest, largest);
  const moments = isLost && smallest < largest ? meanAndSd(present, smallest, unit) : {mean, sd: sd || 1};
  return [{kind: 'number', name, median, ...moments, flagsMissing}];
}

/** In a unit of their size, values near 1e300 and near 1e-300 have squares too. */
function meanAndSd(values: Float64Array, smallest: number, unit: number): {mean: number; sd: number} {
  const first = smallest / unit;
  const shift = values.reduce((sum, value) => sum + (value / unit - first), 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value / unit - first - shift) ** 2, 0);
  return {mean: (first + shift) * unit, sd: Math.sqrt(squares / values.length) * unit};
}

function categoryStep(column: TextColumn, rows: Uint32Array, goal: Goal | undefined): Recipe['steps'] {
  const counts = new Map<number, number>();
  for (const row of rows) {
    const code = column.codes[row] ?? -1;
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  const hasMissing = counts.delete(-1);
  const levelOf = (code: number) => column.levels[code] ?? '';
  const levels = [...counts].sort(([a, m], [b, n]) => n - m || (levelOf(a) < levelOf(b) ? -1 : 1));
  if (levels.length === 0 || (levels.length === 1 && !hasMissing)) return [];
  if (levels.length > mostLevels && goal) return [fitEncoding(column, rows, goal)];
  return [{kind: 'category', name: column.name, levels: levels.slice(0, mostLevels).map(([code]) => levelOf(code))}];
}

/** The same recipe for a model that takes missing values as they are. */
export function keepingMissing({steps}: Recipe): Recipe {
  return {steps: steps.map(step => (step.kind === 'number' ? {...step, keepsMissing: true} : step))};
}

/** What the features that keep NaN hold there for a model that doesn't take it; 0 where none is ever missing. */
export function fillsOf({steps}: Recipe): number[] {
  return steps.flatMap(step => {
    if (step.kind !== 'number') return namesOf(step).map(() => 0);
    const fill = (step.median - step.mean) / step.sd;
    return step.flagsMissing ? [fill, 0] : [fill];
  });
}

/** Each feature with the column it comes from. */
export type Features = {names: string[]; columns: string[]; values: Float64Array[]};

/**
 * The features of the chosen rows (a number: the first so many), in their order. `fittedTo` is given for the very rows that
 * the recipe was fitted to, whose own targets must not show in them.
 * @throws {RangeError} when a column of the recipe is not among `raw`, or is of another kind.
 */
export function applyRecipe(
  {steps}: Recipe,
  raw: readonly RawColumn[],
  chosen: number | Uint32Array,
  fittedTo?: Goal,
): Features {
  const rows = typeof chosen === 'number' ? allRows(chosen) : chosen;
  const features: Features = {names: [], columns: [], values: []};
  for (const step of steps) {
    const wanted = step.kind === 'encoded' ? 'category' : step.kind;
    const column = raw.find(each => each.name === step.name);
    if (!column || column.kind !== wanted) throw new RangeError(`the data has no ${wanted} column ${step.name}`);
    const names = namesOf(step);
    features.names.push(...names);
    features.columns.push(...names.map(() => step.name));
    features.values.push(...valuesOf(step, column, rows, fittedTo));
  }
  return features;
}

/** How many columns `featuresOf` gives. */
export function widthOf({steps}: Recipe): number {
  return Math.max(
    1,
    steps.reduce((sum, step) => sum + namesOf(step).length, 0),
  );
}

/** A model needs a column to know how many rows there are, so without any feature there is one of zeros. */
export function featuresOf(recipe: Recipe, columns: readonly RawColumn[], rows: number): Float64Array[] {
  const {values} = applyRecipe(recipe, columns, rows);
  return values.length > 0 ? values : [new Float64Array(rows)];
}

function namesOf(step: Recipe['steps'][number]): string[] {
  switch (step.kind) {
    case 'number':
      return step.flagsMissing ? [step.name, `${step.name} is missing`] : [step.name];
    case 'category':
      return step.levels.map(level => `${step.name} = ${level}`);
    case 'encoded':
      return step.outputs.map(({label}) => `${step.name} (${label})`);
    case 'text':
      return step.terms.map(term => `${step.name} has ${term}`);
    default:
      return step satisfies never;
  }
}

function valuesOf(
  step: Recipe['steps'][number],
  column: RawColumn,
  rows: Uint32Array,
  fittedTo: Goal | undefined,
): Float64Array[] {
  if (step.kind === 'number') return column.kind === 'number' ? numberValues(step, column.values, rows) : [];
  if (column.kind === 'number') return [];
  if (step.kind === 'text') return textFeatures(step, column, rows);
  if (step.kind === 'encoded')
    return fittedTo ? crossFitted(step, column, rows, fittedTo) : encodedFeatures(step, column, rows);
  const codes = step.levels.map(level => column.levels.indexOf(level));
  return codes.map(code => {
    const values = new Float64Array(rows.length);
    if (code >= 0) for (let i = 0; i < rows.length; i++) values[i] = column.codes[rows[i] ?? 0] === code ? 1 : 0;
    return values;
  });
}

function numberValues(
  {median, mean, sd, flagsMissing, keepsMissing}: NumberStep,
  raw: Float64Array,
  rows: Uint32Array,
) {
  const values = new Float64Array(rows.length);
  const flags = new Float64Array(flagsMissing ? rows.length : 0);
  const fill = keepsMissing ? Number.NaN : (median - mean) / sd;
  for (let i = 0; i < rows.length; i++) {
    const value = raw[rows[i] ?? 0] ?? Number.NaN;
    const isMissing = Number.isNaN(value);
    values[i] = isMissing ? fill : (value - mean) / sd;
    if (flagsMissing) flags[i] = isMissing ? 1 : 0;
  }
  return flagsMissing ? [values, flags] : [values];
}
