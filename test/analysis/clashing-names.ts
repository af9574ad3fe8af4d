// Tables whose columns are called as SQL of ours calls its own results, and the same tables under names that mean nothing.

/** Aliases, tables, lambdas and window names of our SQL, words of SQL itself, and the same in capitals. */
const names = `
  v n x g t h c a b r p w
  col row rows value level place at bin count unit whole low
  high lo hi iqr newest stale z u s m l i
  k q d o e ident near norm idf texts others score
  raw sd slope intercept xs here min max mid median rank sum
  order group select rowid index date year filename table left end limit
  V N T G Row Count Level Value count_star() place_1 column all
  v0 v1 c0 c1 k0 k1 p0 p1 n0 n1 l1 m0
  s1 s2 w1 f f0 y pattern row_count distinct_count outliers_0 distinct_rows hashes
  before after step moments usual docs counts weights scores totals sums ahead
  forecast lower upper data label average total percent missing bin_from bin_to column_a
  hash length lower_fence above below name file_row_number new_0 old_0 change share running
  min_x max_x min_y max_y r2 last first block left_out ra rb va
  lists parts cluster anomaly_score orphan other distinct lambda rest reason rule failed
`
  .trim()
  .split('\n')
  .map(line => line.trim().split(/\s+/));

/** A name that nothing else is part of: a result is compared after each has been replaced. */
export const neutral = (index: number) => `qz${index + 1}zq`;

const spread = (i: string, seed: number) => `(hash(${i} * 7 + ${seed}) % 1000)`;

/** Numbers with ties and gaps, few and many texts, days, truths, a straight line with noise; the last rows repeat the first. */
const values = [
  `CASE WHEN i % 11 = 0 THEN NULL ELSE i % 7 END`,
  `CASE WHEN i % 13 = 0 THEN NULL ELSE ${spread('i', 1)} / 8.0::DOUBLE + i END`,
  `['red', 'green', 'blue', NULL][1 + (${spread('i', 2)} % 4)::BIGINT]`,
  `CASE WHEN ${spread('i', 3)} < 400 THEN 'yes' ELSE 'no' END`,
  `${spread('i', 4)} < 300 + i`,
  `DATE '2024-01-01' + i::INTEGER`,
  `CASE WHEN i = 17 THEN 9999.5 ELSE ${spread('i', 5)} / 16.0::DOUBLE END`,
  `['the cat sat on 12 mats', 'a dog ran to a@b.org', 'the dog sat', 'red cats ran 5 kg', NULL][1 + (${spread('i', 6)} % 5)::BIGINT]`,
  `(${spread('i', 7)} % 2)::INTEGER`,
  `i * 2.5::DOUBLE + ${spread('i', 8)} / 100.0`,
  `TIMESTAMP '2024-01-01 00:00:00' + to_hours(i::INTEGER * 5)`,
  `['Berlin', 'berlin ', 'Paris', 'Pariss', 'Rome'][1 + least(${spread('i', 9)} % 9, 4)::BIGINT]`,
];

/** One SELECT for a table of these columns; `rows` differ, and `repeated` more are equal to the first ones. */
export function tableOf(columns: readonly string[], rows = 60, repeated = 6): string {
  const list = columns.map((name, index) => `${values[index]} AS "${name.replaceAll('"', '""')}"`);
  return `SELECT ${list.join(', ')} FROM (SELECT j % ${rows} AS i FROM range(${rows + repeated}) r(j))`;
}

export const neutralNames = values.map((_, index) => neutral(index));

/** The names of each table, one for every column. */
export const clashingTables: readonly (readonly string[])[] = names;
