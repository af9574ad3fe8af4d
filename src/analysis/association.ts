// How strongly columns go together, from aggregates the engine computes in one pass and that can be merged: Pearson from
// centred sums, Cramér's V from counts, the correlation ratio from sums per group.

import type {TableColumn} from '../core/dataset.ts';
import {quoteName} from '../engine/sql-text.ts';
import {fromSql, numberSql, type Reader, type Selection} from './column-values.ts';
import {fUpperTail, tTwoSided} from './distributions/tails.ts';
import {chiSquaredIndependence} from './hypothesis/contingency.ts';

export type Measure = 'pearson' | 'point_biserial' | 'phi' | 'spearman' | 'kendall' | 'cramers_v' | 'correlation_ratio';

/**
 * `low` and `high` are the 95 % interval, null where none is defined. `problem` says why there is no value. `corrected` is Cramér's V
 * without its bias upwards (Bergsma 2013), null for the other measures.
 */
export type Association = {
  a: string;
  b: string;
  measure: Measure;
  value: number | null;
  low: number | null;
  high: number | null;
  n: number;
  p: number | null;
  problem: string | null;
  corrected?: number | null;
};

export type Pair = readonly [TableColumn, TableColumn];

const aggregatesInBatch = 1_000;
const mostLevels = 100;

/**
 * Pearson's r of each pair over the rows where both are finite (pandas' DataFrame.corr, p of scipy.stats.pearsonr).
 * Values are centred and scaled before they are squared, so an offset of 1e9 costs no digits.
 */
export async function pearsonPairs(
  reader: Reader,
  selection: Selection,
  pairs: readonly Pair[],
): Promise<Association[]> {
  const columns = [...new Map(pairs.flat().map(column => [column.name, column])).values()];
  const facts = await centres(reader, selection, columns);
  const found: Association[] = [];
  for (let start = 0; start < pairs.length; start += aggregatesInBatch)
    found.push(...(await pearsonBatch(reader, selection, pairs.slice(start, start + aggregatesInBatch), facts)));
  return found;
}

type Centre = {centred: string; complete: boolean; varies: boolean};

async function centres(
  reader: Reader,
  selection: Selection,
  columns: readonly TableColumn[],
): Promise<Map<string, Centre>> {
  const facts = new Map<string, Centre>();
  const batch = 200;
  for (let start = 0; start < columns.length; start += batch) {
    const part = columns.slice(start, start + batch);
    const sql = part.map(column => {
      const value = finiteSql(column);
      return `count(${value}), avg(${value}), min(${value}), max(${value})`;
    });
    const [[total, ...values] = []] = await reader.rows(`SELECT count(*), ${sql.join(', ')} ${fromSql(selection)}`);
    part.forEach((column, index) => {
      const [count, mean, low, high] = values.slice(index * 4, index * 4 + 4).map(cell => Number(cell ?? 0));
      const [middle, least, most] = [mean ?? 0, low ?? 0, high ?? 0];
      const scale = Math.max(most - middle, middle - least) || 1;
      facts.set(column.name, {
        centred: `((${finiteSql(column)}) - ${literal(middle)}) / ${literal(scale)}`,
        complete: count === Number(total),
        varies: most > least,
      });
    });
  }
  return facts;
}

async function pearsonBatch(
  reader: Reader,
  selection: Selection,
  pairs: readonly Pair[],
  facts: ReadonlyMap<string, Centre>,
): Promise<Association[]> {
  const names = [...new Set(pairs.flatMap(pair => pair.map(column => column.name)))];
  const place = new Map(names.map((name, index) => [name, `c${index}`]));
  const inner = names.map(name => `${facts.get(name)?.centred} AS ${place.get(name)}`);
  const single = names.map(name => `sum(${place.get(name)}), sum(${place.get(name)} * ${place.get(name)})`);
  const isComplete = ([a, b]: Pair) => facts.get(a.name)?.complete === true && facts.get(b.name)?.complete === true;
  const both = pairs.map(pair => {
    const [x, y] = pair.map(column => place.get(column.name));
    return isComplete(pair) ? `sum(${x} * ${y}), NULL` : `corr(${x}, ${y}), regr_count(${x}, ${y})`;
  });
  const statement = `SELECT ${['count(*)', ...single, ...both].join(', ')} FROM (SELECT ${inner.join(', ')} ${fromSql(selection)})`;
  const [cells = []] = await reader.rows(statement);
  const values = cells.map(cell => (cell === null ? Number.NaN : Number(cell)));
  const total = values[0] ?? 0;
  const sums = new Map(names.map((name, i) => [name, {sum: values[1 + 2 * i] ?? 0, squares: values[2 + 2 * i] ?? 0}]));
  return pairs.map((pair, index) => {
    const [a, b] = pair;
    const [value = Number.NaN, count = Number.NaN] = values.slice(1 + 2 * (names.length + index));
    if (total === 0) return withoutValue(pair, 'pearson', 0, 'there are no rows');
    if (!facts.get(a.name)?.varies || !facts.get(b.name)?.varies) {
      const still = facts.get(a.name)?.varies ? b.name : a.name;
      return withoutValue(pair, 'pearson', isComplete(pair) ? total : count, `"${still}" does not vary`);
    }
    if (!isComplete(pair)) return fromPearson(pair, value, count);
    const [x, y] = [sums.get(a.name), sums.get(b.name)];
    if (!x || !y) return withoutValue(pair, 'pearson', 0, 'no rows');
    const products = value - (x.sum * y.sum) / total;
    const [sx, sy] = [x.squares - x.sum ** 2 / total, y.squares - y.sum ** 2 / total];
    return fromPearson(pair, a.name === b.name ? 1 : products / Math.sqrt(sx * sy), total);
  });
}

/** A correlation coefficient with the p of Student's t and Fisher's interval (scipy.stats.pearsonr). */
function fromPearson(pair: Pair, coefficient: number, n: number): Association {
  if (n < 3) return withoutValue(pair, 'pearson', n, `${n} complete rows, 3 needed`);
  if (Number.isNaN(coefficient))
    return withoutValue(pair, 'pearson', n, 'a column does not vary over the complete rows');
  const r = Math.max(-1, Math.min(1, coefficient));
  const reach = 1.959963984540054 / Math.sqrt(n - 3);
  const z = Math.atanh(r);
  return {
    a: pair[0].name,
    b: pair[1].name,
    measure: 'pearson',
    value: r,
    low: n > 3 ? Math.tanh(z - reach) : null,
    high: n > 3 ? Math.tanh(z + reach) : null,
    n,
    p: tTwoSided(r * Math.sqrt((n - 2) / ((1 - r) * (1 + r))), n - 2),
    problem: null,
  };
}

/** Cramér's V of two categories, not bias-corrected (scipy.stats.contingency.association), p by chi². */
export async function cramersV(reader: Reader, selection: Selection, pair: Pair): Promise<Association> {
  const [a, b] = pair.map(column => quoteName(column.name));
  const cells = `SELECT a, b, count(*) AS n FROM (SELECT ${a}::VARCHAR AS a, ${b}::VARCHAR AS b ${fromSql(selection)}) WHERE a IS NOT NULL AND b IS NOT NULL GROUP BY a, b`;
  const rows = await reader.rows(`${cells} ORDER BY a, b LIMIT ${mostLevels ** 2 + 1}`, mostLevels ** 2 + 1);
  const [left, right] = [0, 1].map(side => [...new Set(rows.map(row => String(row[side])))]);
  const n = rows.reduce((sum, row) => sum + Number(row[2]), 0);
  if (!left || !right || left.length < 2 || right.length < 2)
    return withoutValue(pair, 'cramers_v', n, 'a column does not vary');
  if (left.length > mostLevels || right.length > mostLevels)
    return withoutValue(pair, 'cramers_v', n, `more than ${mostLevels} different values`);
  const counts = left.map(() => right.map(() => 0));
  const [rowOf, columnOf] = [left, right].map(side => new Map(side.map((level, index) => [level, index])));
  for (const [x, y, count] of rows) {
    const row = counts[rowOf?.get(String(x)) ?? -1];
    if (row) row[columnOf?.get(String(y)) ?? 0] = Number(count);
  }
  const {effects, p} = chiSquaredIndependence(counts);
  const value = effects[0]?.value ?? null;
  const corrected = value === null ? null : withoutBias(value, n, [left.length, right.length]);
  const shared = {a: pair[0].name, b: pair[1].name, measure: 'cramers_v' as const, low: null, high: null, n, p};
  return {...shared, value, problem: null, corrected};
}

/** Bergsma's correction: what independent columns of these sizes would show on average is taken off. Null where nothing is left. */
function withoutBias(v: number, n: number, [r, c]: readonly [number, number]): number | null {
  const square = v ** 2 * Math.min(r - 1, c - 1) - ((r - 1) * (c - 1)) / (n - 1);
  const size = Math.min(r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)) - 1;
  return size > 0 ? Math.sqrt(Math.max(0, square) / size) : null;
}

/** The correlation ratio η of a number by a category: the root of eta squared, p by one-way ANOVA (scipy.stats.f_oneway). */
export async function correlationRatio(
  reader: Reader,
  selection: Selection,
  [category, measure]: Pair,
): Promise<Association> {
  const pair: Pair = [category, measure];
  const centre = (await centres(reader, selection, [measure])).get(measure.name);
  const inner = `SELECT ${quoteName(category.name)}::VARCHAR AS g, ${centre?.centred} AS c ${fromSql(selection)}`;
  const groups = `SELECT g, count(c), sum(c), sum(c * c) FROM (${inner}) WHERE g IS NOT NULL AND c IS NOT NULL GROUP BY g`;
  const rows = (await reader.rows(groups, 1_000_000)).map(row => row.slice(1).map(Number));
  const [n, sum, squares] = [0, 1, 2].map(at => rows.reduce((total, row) => total + (row[at] ?? 0), 0));
  if (n === undefined || sum === undefined || squares === undefined || rows.length < 2 || !centre?.varies)
    return withoutValue(pair, 'correlation_ratio', n ?? 0, 'a column does not vary');
  const [df1, df2] = [rows.length - 1, n - rows.length];
  if (df2 < 1) return withoutValue(pair, 'correlation_ratio', n, 'every group has one row');
  const between = rows.reduce((total, [count = 1, part = 0]) => total + part ** 2 / count, 0) - sum ** 2 / n;
  const total = squares - sum ** 2 / n;
  const share = Math.min(1, Math.max(0, between / total));
  const p = fUpperTail(share / df1 / ((1 - share) / df2), df1, df2);
  const value = Math.sqrt(share);
  return {
    a: category.name,
    b: measure.name,
    measure: 'correlation_ratio',
    value,
    low: null,
    high: null,
    n,
    p: Number.isNaN(p) ? null : p,
    problem: null,
  };
}

export function withoutValue(pair: Pair, measure: Measure, n: number, problem: string): Association {
  const count = Number.isNaN(n) ? 0 : n;
  return {a: pair[0].name, b: pair[1].name, measure, value: null, low: null, high: null, n: count, p: null, problem};
}

function finiteSql(column: TableColumn): string {
  const value = numberSql(column);
  return column.type === 'DOUBLE' || column.type === 'FLOAT' ? `CASE WHEN isfinite(${value}) THEN ${value} END` : value;
}

function literal(value: number): string {
  return `(${value}::DOUBLE)`;
}
