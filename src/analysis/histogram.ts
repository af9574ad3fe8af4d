// Bins one column of a query result for a histogram, in the engine: the rows never leave it.

import type {Cell} from '../core/dataset.ts';
import {ToolError} from '../core/errors.ts';
import {nearest} from '../core/text.ts';
import type {SqlEngine} from '../engine/sql-engine.ts';
import {quoteName, statementBody} from '../engine/sql-text.ts';
import {columnOf, tooMany} from './chart-source.ts';
import {literal} from './profile-sql.ts';

/** `x` to `x1` with `y` values in it; a value on an edge belongs to the bin it opens, the last bin includes both edges. */
export type HistogramBin = {x: number; x1: number; y: number};

/** `n` finite values are in the bins; `nullCount` counts NULL, NaN and infinite ones. `sql` are the statements used. */
export type Histogram = {
  bins: HistogramBin[];
  n: number;
  nullCount: number;
  binRule: string;
  sql: string[];
  datasets: string[];
  ms: number;
};

const mostBins = 60;

/**
 * Equally wide bins over the finite values of `column` in the result of `sql` (one SELECT). Without `bins` their number
 * follows numpy's `bins='auto'` (the larger of Freedman-Diaconis and Sturges), at most 60, one bin a value for few whole numbers.
 * @throws ToolError `chart.unknown_column`, `chart.x_not_number`, and what the engine throws.
 */
export async function binColumn(
  engine: SqlEngine,
  {sql, column, bins}: {sql: string; column: string; bins?: number | undefined},
  signal?: AbortSignal,
): Promise<Histogram> {
  const source = `(\n${statementBody(sql)}\n)`;
  const options = {maxRows: mostBins + 1, ...(signal && {signal})};
  const shape = await engine.query(`SELECT * FROM ${source} LIMIT 0`, options);
  requireNumber(shape.table.columns, column);
  const value = `CASE WHEN isfinite(${quoteName(column)}::DOUBLE) THEN ${quoteName(column)}::DOUBLE END`;
  const rangeSql = `SELECT count(*) AS row_count, count(v) AS n, min(v) AS low, max(v) AS high,
  quantile_cont(v, 0.75) - quantile_cont(v, 0.25) AS iqr, coalesce(bool_and(v = floor(v)), false) AS whole
FROM (SELECT ${value} AS v FROM ${source})`;
  const range = await engine.query(rangeSql, options);
  const [rowCount, n, low, high, iqr, whole] = range.table.rows[0] ?? [];
  const found = {
    n: Number(n ?? 0),
    low: Number(low ?? 0),
    high: Number(high ?? 0),
    iqr: Number(iqr ?? 0),
    whole: whole === true,
  };
  const base = {n: found.n, nullCount: Number(rowCount ?? 0) - found.n, datasets: range.datasets};
  if (found.n === 0) return {...base, bins: [], binRule: 'no values', sql: [rangeSql], ms: range.ms};
  const {edges, rule} = chooseEdges(found, bins);
  const countSql = binSql(value, source, edges);
  const counted = await engine.query(countSql, options);
  const counts = new Map(counted.table.rows.map(([bin, count]) => [Number(bin), Number(count)]));
  return {
    ...base,
    bins: edges.slice(0, -1).map((x, index) => ({x, x1: edges[index + 1] ?? x, y: counts.get(index) ?? 0})),
    binRule: rule,
    sql: [rangeSql, countSql],
    ms: range.ms + counted.ms,
  };
}

const mostGroups = 20;

/** The counts of `bins` for each value of `by`, in the order of `by`. @throws ToolError `chart.too_many_categories` */
export async function binByGroup(
  engine: SqlEngine,
  {sql, column, by, bins}: {sql: string; column: string; by: string; bins: readonly HistogramBin[]},
  signal?: AbortSignal,
): Promise<{groups: {name: Cell; bins: HistogramBin[]}[]; sql: string}> {
  const source = `(\n${statementBody(sql)}\n)`;
  const shape = await engine.query(`SELECT * FROM ${source} LIMIT 0`, {maxRows: 1, ...(signal && {signal})});
  const group = quoteName(columnOf(shape.table.columns, by).name);
  const value = `CASE WHEN isfinite(${quoteName(column)}::DOUBLE) THEN ${quoteName(column)}::DOUBLE END`;
  const statement = binSql(value, source, [...bins.map(({x}) => x), bins.at(-1)?.x1 ?? 1], group);
  const most = (mostGroups + 1) * (bins.length + 1);
  const {table} = await engine.query(statement, {maxRows: most, ...(signal && {signal})});
  const counts = new Map<Cell, Map<number, number>>();
  for (const [name = null, bin, count] of table.rows) {
    const found = counts.get(name) ?? new Map<number, number>();
    counts.set(name, found.set(Number(bin), Number(count)));
  }
  if (counts.size > mostGroups) throw tooMany(by, mostGroups);
  const groups = [...counts].map(([name, counted]) => ({
    name,
    bins: bins.map(({x, x1}, index) => ({x, x1, y: counted.get(index) ?? 0})),
  }));
  return {groups, sql: statement};
}

function requireNumber(columns: readonly {name: string; type: string; kind: string}[], name: string): void {
  const found = columns.find(column => column.name === name);
  const names = columns.map(column => column.name);
  if (!found)
    throw new ToolError('chart.unknown_column', `the query result has no column "${name}"`, {
      hint: `It has: ${(nearest(name, names).length > 0 ? nearest(name, names) : names.slice(0, 20)).join(', ')}.`,
    });
  if (found.kind !== 'number')
    throw new ToolError('chart.x_not_number', `"${name}" is ${found.type}; a histogram needs a number`, {
      hint: 'For categories draw a bar chart of count(*) by this column.',
    });
}

type Range = {n: number; low: number; high: number; iqr: number; whole: boolean};

function chooseEdges({n, low, high, iqr, whole}: Range, wanted: number | undefined): {edges: number[]; rule: string} {
  if (low === high) return {edges: [low - 0.5, low + 0.5], rule: 'one value'};
  if (wanted === undefined && whole && high - low < 25) {
    const edges = Array.from({length: high - low + 2}, (_, i) => low + i - 0.5);
    return {edges, rule: 'one bin per whole number'};
  }
  const span = high - low;
  const sturges = Math.log2(n) + 1;
  const freedmanDiaconis = iqr > 0 ? span / ((2 * iqr) / Math.cbrt(n)) : 0;
  const count = Math.max(1, Math.min(mostBins, wanted ?? Math.ceil(Math.max(sturges, freedmanDiaconis))));
  const edges = Array.from({length: count + 1}, (_, i) => (i === count ? high : low + (span * i) / count));
  const rule =
    wanted === undefined
      ? `${freedmanDiaconis > sturges ? 'Freedman-Diaconis' : 'Sturges'}, ${count} bins`
      : `${count} bins`;
  return {edges, rule};
}

function binSql(value: string, source: string, edges: readonly number[], group?: string): string {
  const low = edges[0] ?? 0;
  const high = edges.at(-1) ?? 1;
  const count = edges.length - 1;
  const by = group === undefined ? '' : `${group} AS g, `;
  const order = group === undefined ? 'bin' : 'g NULLS LAST, bin';
  return `SELECT ${group === undefined ? '' : 'g, '}least(floor((v - ${literal(low)}) / ${literal(high - low)} * ${count}), ${count - 1})::INTEGER AS bin, count(*) AS n
FROM (SELECT ${by}${value} AS v FROM ${source}) WHERE v IS NOT NULL GROUP BY ${group === undefined ? 'bin' : 'g, bin'} ORDER BY ${order}`;
}
