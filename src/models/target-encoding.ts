// A category of many levels as the target's mean within each level, in training from rows other than the row itself.

import {z} from 'zod';
import {Mt19937} from './mt19937.ts';
import type {TextColumn} from './raw-columns.ts';

/** `target[row]` is a number, or a class when `classCount` is not 0; row numbers are those of the raw columns. */
export type Goal = {target: Float64Array; classCount: number; seed: number};

export const encodedStepSchema = z.object({
  kind: z.literal('encoded'),
  name: z.string(),
  levels: z.array(z.string()),
  /** One entry an output: the number, class 1 of two, or every class of more. `means[k]` belongs to `levels[k]`. */
  outputs: z.array(
    z.object({label: z.string(), prior: z.number(), sd: z.number().positive(), means: z.array(z.number())}),
  ),
});
export type EncodedStep = z.output<typeof encodedStepSchema>;

/** A level counts as if it had so many rows more, of the mean over all rows. */
const priorRows = 10;
const mostLevels = 20_000;
const folds = 5;

type Output = {label: string; valueAt(row: number): number};

function outputsOf({target, classCount}: Goal): Output[] {
  if (classCount === 0) return [{label: 'mean target', valueAt: row => target[row] ?? 0}];
  const classes = classCount === 2 ? [1] : Array.from({length: classCount}, (_, k) => k);
  return classes.map(k => ({label: `share of class ${k}`, valueAt: row => (target[row] === k ? 1 : 0)}));
}

/** Sums and counts by code over the rows that `isSeen` accepts. */
function tally({codes, levels}: TextColumn, rows: Uint32Array, {valueAt}: Output, isSeen: (i: number) => boolean) {
  const sums = new Float64Array(levels.length);
  const counts = new Float64Array(levels.length);
  let [total, seen] = [0, 0];
  rows.forEach((row, i) => {
    if (!isSeen(i)) return;
    const value = valueAt(row);
    total += value;
    seen++;
    const code = codes[row] ?? -1;
    if (code < 0) return;
    sums[code] = (sums[code] ?? 0) + value;
    counts[code] = (counts[code] ?? 0) + 1;
  });
  const prior = total / Math.max(1, seen);
  const meanOf = (code: number) => {
    const count = code < 0 ? 0 : (counts[code] ?? 0);
    return count === 0 ? prior : ((sums[code] ?? 0) + priorRows * prior) / (count + priorRows);
  };
  return {prior, counts, meanOf};
}

/**
 * The mean of a level is drawn towards the mean of all rows (m-estimate with m = 10; Micci-Barreca 2001). Features are
 * (mean − prior) / sd of the target. An unseen or missing level is 0.
 */
export function fitEncoding(column: TextColumn, rows: Uint32Array, goal: Goal): EncodedStep {
  const outputs = outputsOf(goal).map(output => ({output, ...tally(column, rows, output, () => true)}));
  const counts = outputs[0]?.counts ?? new Float64Array();
  const kept = [...counts.keys()]
    .filter(code => (counts[code] ?? 0) > 0)
    .sort(
      (a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || ((column.levels[a] ?? '') < (column.levels[b] ?? '') ? -1 : 1),
    )
    .slice(0, mostLevels);
  return {
    kind: 'encoded',
    name: column.name,
    levels: kept.map(code => column.levels[code] ?? ''),
    outputs: outputs.map(({output, prior, meanOf}) => {
      const squares = rows.reduce((sum, row) => sum + (output.valueAt(row) - prior) ** 2, 0);
      const sd = Math.sqrt(squares / rows.length) || 1;
      return {label: output.label, prior, sd, means: kept.map(meanOf)};
    }),
  };
}

/** For rows that took no part in the fit. */
export function encodedFeatures({levels, outputs}: EncodedStep, column: TextColumn, rows: Uint32Array): Float64Array[] {
  const places = new Map(levels.map((level, k) => [level, k]));
  const placeOf = Int32Array.from(column.levels, level => places.get(level) ?? -1);
  return outputs.map(({prior, sd, means}) =>
    Float64Array.from(rows, row => {
      const place = placeOf[column.codes[row] ?? -1] ?? -1;
      return ((means[place] ?? prior) - prior) / sd;
    }),
  );
}

/** For the rows of the fit itself: each fifth of them by the means of the other four, so that no row sees its own target. */
export function crossFitted({outputs}: EncodedStep, column: TextColumn, rows: Uint32Array, goal: Goal): Float64Array[] {
  const order = new Mt19937(goal.seed).permutation(rows.length);
  const foldOf = new Uint8Array(rows.length);
  order.forEach((i, place) => {
    foldOf[i] = place % folds;
  });
  return outputsOf(goal).map((output, k) => {
    const {prior = 0, sd = 1} = outputs[k] ?? {};
    const values = new Float64Array(rows.length);
    for (let fold = 0; fold < folds; fold++) {
      const {meanOf} = tally(column, rows, output, i => foldOf[i] !== fold);
      for (let i = 0; i < rows.length; i++)
        if (foldOf[i] === fold) values[i] = (meanOf(column.codes[rows[i] ?? 0] ?? -1) - prior) / sd;
    }
    return values;
  });
}
