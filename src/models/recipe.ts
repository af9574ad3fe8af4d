// From columns as they are to features: learnt from training rows only, and kept with the model.

import {z} from 'zod';

/** One column, NaN or null where a value is missing; n values in the same row order as all the others. */
export type RawColumn =
  | {name: string; kind: 'number'; values: Float64Array}
  | {name: string; kind: 'category'; values: (string | null)[]};

const mostLevels = 20;

const stepSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('number'),
    name: z.string(),
    median: z.number(),
    mean: z.number(),
    sd: z.number().positive(),
    flagsMissing: z.boolean(),
  }),
  z.object({kind: z.literal('category'), name: z.string(), levels: z.array(z.string())}),
]);
export const recipeSchema = z.object({steps: z.array(stepSchema)});

/**
 * A number becomes (value − mean) / sd with the median where it is missing, and a 0/1 feature that says so when any was
 * missing in training. A category becomes one 0/1 feature for each of its 20 most frequent levels; what was not among
 * them, or missing, is 0 in all.
 */
export type Recipe = z.output<typeof recipeSchema>;

/** Columns without two different values teach nothing and are left out. */
export function fitRecipe(columns: readonly RawColumn[]): Recipe {
  return {steps: columns.flatMap(column => (column.kind === 'number' ? numberStep(column) : categoryStep(column)))};
}

function numberStep({name, values}: RawColumn & {kind: 'number'}): Recipe['steps'] {
  const present = values.filter(value => !Number.isNaN(value)).sort();
  const [smallest] = present;
  const largest = present.at(-1);
  const flagsMissing = present.length < values.length;
  if (smallest === undefined || largest === undefined || (smallest === largest && !flagsMissing)) return [];
  const middle = present.length >> 1;
  const upper = present[middle] ?? smallest;
  const median = present.length % 2 === 1 ? upper : ((present[middle - 1] ?? upper) + upper) / 2;
  const shift = present.reduce((sum, value) => sum + (value - smallest), 0) / present.length;
  const squares = present.reduce((sum, value) => sum + (value - smallest - shift) ** 2, 0);
  const sd = Math.sqrt(squares / present.length) || 1;
  return [{kind: 'number', name, median, mean: smallest + shift, sd, flagsMissing}];
}

function categoryStep({name, values}: RawColumn & {kind: 'category'}): Recipe['steps'] {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  const levels = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([level]) => level);
  if (levels.length === 0 || (levels.length === 1 && !values.includes(null))) return [];
  return [{kind: 'category', name, levels: levels.slice(0, mostLevels)}];
}

/** Each feature with the column it comes from. */
export type Features = {names: string[]; columns: string[]; values: Float64Array[]};

/** @throws {RangeError} when a column of the recipe is not among `raw`, or is of another kind. */
export function applyRecipe({steps}: Recipe, raw: readonly RawColumn[], rows: number): Features {
  const features: Features = {names: [], columns: [], values: []};
  const add = (name: string, column: string, valueAt: (row: number) => number) => {
    features.names.push(name);
    features.columns.push(column);
    features.values.push(Float64Array.from({length: rows}, (_, row) => valueAt(row)));
  };
  for (const step of steps) {
    const column = raw.find(each => each.name === step.name);
    if (!column || column.kind !== step.kind) throw new RangeError(`the data has no ${step.kind} column ${step.name}`);
    if (step.kind === 'number' && column.kind === 'number') {
      const {median, mean, sd} = step;
      const at = (row: number) => column.values[row] ?? Number.NaN;
      add(step.name, step.name, row => ((Number.isNaN(at(row)) ? median : at(row)) - mean) / sd);
      if (step.flagsMissing) add(`${step.name} is missing`, step.name, row => (Number.isNaN(at(row)) ? 1 : 0));
    }
    if (step.kind === 'category' && column.kind === 'category')
      for (const level of step.levels)
        add(`${step.name} = ${level}`, step.name, row => (column.values[row] === level ? 1 : 0));
  }
  return features;
}

/** The rows of every column, in the order given. */
export function takeRawRows(columns: readonly RawColumn[], rows: Uint32Array): RawColumn[] {
  return columns.map(column =>
    column.kind === 'number'
      ? {...column, values: Float64Array.from(rows, row => column.values[row] ?? Number.NaN)}
      : {...column, values: Array.from(rows, row => column.values[row] ?? null)},
  );
}
