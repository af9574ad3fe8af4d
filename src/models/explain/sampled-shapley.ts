// Shapley values of any model by sampling: columns of a row take the place of another row's, one after another.

import {Mt19937} from '../mt19937.ts';
import {type RawColumn, takeRawRows} from '../raw-columns.ts';

/** `base` + Σ `values` is the answer for the row, exactly; `errors` are the standard errors of the values. */
export type SampledShapley = {base: number; values: Map<string, number>; errors: Map<string, number>};

const permutations = 200;

/**
 * Monte-Carlo Shapley values of row `row` (Štrumbelj & Kononenko 2014): in each of 200 draws a random other row is turned
 * into this one, column by column in random order. `groups` are the inputs that change together.
 */
export async function sampledShapley(
  columns: readonly RawColumn[],
  rows: number,
  {
    row,
    groups,
    answerOf,
    seed,
  }: {
    row: number;
    groups: readonly {column: string; inputs: ReadonlySet<string>}[];
    answerOf(columns: readonly RawColumn[], rows: number): Promise<Float64Array>;
    seed: number;
  },
): Promise<SampledShapley> {
  const random = new Mt19937(seed);
  const steps = groups.length + 1;
  const orders = Array.from({length: permutations}, () => random.permutation(groups.length));
  const others = orders.map(() => random.nextInterval(rows - 1));
  const places = groups.map(() => new Uint32Array(permutations * steps));
  orders.forEach((order, d) => {
    const changedAt = new Map(Array.from(order, (group, at) => [group, at + 1]));
    groups.forEach((_, g) => {
      for (let s = 0; s < steps; s++) {
        const place = places[g];
        if (place) place[d * steps + s] = s >= (changedAt.get(g) ?? 0) ? row : (others[d] ?? 0);
      }
    });
  });
  const mixed = columns.map(column => {
    const g = groups.findIndex(({inputs}) => inputs.has(column.name));
    return takeRawRows([column], places[g] ?? new Uint32Array(permutations * steps).fill(row))[0] ?? column;
  });
  const answers = await answerOf(mixed, permutations * steps);
  const sums = groups.map(() => ({sum: 0, squares: 0}));
  let base = 0;
  orders.forEach((order, d) => {
    base += (answers[d * steps] ?? 0) / permutations;
    order.forEach((g, at) => {
      const change = (answers[d * steps + at + 1] ?? 0) - (answers[d * steps + at] ?? 0);
      const found = sums[g];
      if (!found) return;
      found.sum += change;
      found.squares += change * change;
    });
  });
  const values = new Map<string, number>();
  const errors = new Map<string, number>();
  groups.forEach(({column}, g) => {
    const {sum = 0, squares = 0} = sums[g] ?? {};
    const mean = sum / permutations;
    values.set(column, mean);
    errors.set(column, Math.sqrt(Math.max(0, squares / permutations - mean * mean) / (permutations - 1)));
  });
  return {base, values, errors};
}
