// How much worse a model gets when a column's values are dealt out anew among the rows.

import {Mt19937} from '../mt19937.ts';
import {type RawColumn, takeRawRows} from '../raw-columns.ts';

/** The rise of the error: its mean over the shuffles with a 95 % t interval for that mean. */
export type PermutationImportance = {column: string; mean: number; low: number; high: number};

const shuffles = 10;
/** Student's t for 9 degrees of freedom, two-sided 95 %. */
const t975 = 2.2621571628540993;

/**
 * Permutation importance (Breiman 2001; scikit-learn: `permutation_importance(n_repeats=10)`), largest first. `groups` are
 * the columns whose values are moved together, such as the parts of a date. `errorOf` is what is to be small.
 */
export async function permutationImportance(
  columns: readonly RawColumn[],
  rows: number,
  {
    groups,
    errorOf,
    seed,
    pause,
  }: {
    groups: readonly {column: string; inputs: ReadonlySet<string>}[];
    errorOf(columns: readonly RawColumn[]): Promise<number>;
    seed: number;
    pause(): Promise<void>;
  },
): Promise<PermutationImportance[]> {
  const base = await errorOf(columns);
  const random = new Mt19937(seed);
  const found: PermutationImportance[] = [];
  for (const {column, inputs} of groups) {
    const rises: number[] = [];
    for (let shuffle = 0; shuffle < shuffles; shuffle++) {
      await pause();
      const order = random.permutation(rows);
      const dealt = columns.map(each => (inputs.has(each.name) ? (takeRawRows([each], order)[0] ?? each) : each));
      rises.push((await errorOf(dealt)) - base);
    }
    const mean = rises.reduce((sum, rise) => sum + rise, 0) / shuffles;
    const squares = rises.reduce((sum, rise) => sum + (rise - mean) ** 2, 0);
    const half = t975 * Math.sqrt(squares / (shuffles - 1) / shuffles);
    found.push({column, mean, low: mean - half, high: mean + half});
  }
  return found.sort((a, b) => b.mean - a.mean);
}
