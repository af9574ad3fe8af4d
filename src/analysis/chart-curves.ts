// The points of charts about one column: its distribution function, its quantiles against the normal ones, its density.

import type {SqlEngine} from '../engine/sql-engine.ts';
import {quoteName} from '../engine/sql-text.ts';
import type {BoxRow} from './chart-points.ts';
import {
  type ChartQuery,
  columnOf,
  finiteSql,
  options,
  type Points,
  requireNumber,
  sourceOf,
  tooMany,
} from './chart-source.ts';
import {normalQuantile} from './distributions/normal.ts';
import {literal} from './profile-sql.ts';

const quantileSteps = 200;
const mostSeries = 12;

export type EcdfSeries = {group: string | null; n: number; values: number[]};

/**
 * The empirical distribution function of `value`, for each value of `by`: `values[i]` is the smallest value at or below which
 * at least i / 200 of the rows lie (numpy's `inverted_cdf`). NULL, NaN and infinite values are left out.
 * @throws ToolError `chart.unknown_column`, `chart.y_not_number`, `chart.too_many_categories`
 */
export async function ecdfSeries(
  engine: SqlEngine,
  {sql, value, by, signal}: ChartQuery & {value: string; by?: string | undefined},
): Promise<Points<EcdfSeries> & {leftOut: number}> {
  const source = await sourceOf(engine, {sql, signal});
  requireNumber(columnOf(source.columns, value));
  const group = by === undefined ? 'NULL' : `${quoteName(columnOf(source.columns, by).name)}::VARCHAR`;
  const shares = Array.from({length: quantileSteps + 1}, (_, i) => i / quantileSteps);
  const statement = `SELECT g, count(x) AS n, count(*) - count(x) AS left_out, quantile_disc(x, [${shares.join(', ')}])::VARCHAR
FROM (SELECT ${group} AS g, ${finiteSql(value)} AS x FROM ${source.from}) GROUP BY g ORDER BY g NULLS LAST LIMIT ${mostSeries + 1}`;
  const {table, datasets} = await engine.query(statement, options(signal, mostSeries + 1));
  if (table.rows.length > mostSeries) throw tooMany(by ?? '', mostSeries);
  const rows = table.rows.flatMap(([g = null, n, , values]) =>
    Number(n) === 0 ? [] : [{group: g === null ? null : String(g), n: Number(n), values: numbersOf(String(values))}],
  );
  const leftOut = table.rows.reduce((sum, row) => sum + Number(row[2] ?? 0), 0);
  return {rows, columns: source.columns, datasets, sql: statement, leftOut};
}

const mostQuantiles = 100;

export type QqPoints = {
  points: {normal: number; value: number}[];
  /** Through the quartiles of both, as R's `qqline` draws it. */
  line: {slope: number; intercept: number};
};

/** (i − 0.5) / m for i = 1 … m, with m = n but 100 at most. */
export function qqShares(n: number): number[] {
  const m = Math.min(n, mostQuantiles);
  return Array.from({length: m}, (_, i) => (i + 0.5) / m);
}

/** `values` are the quantiles at `shares`; beside those of the standard normal distribution. */
export function qqAgainstNormal(
  shares: readonly number[],
  values: readonly number[],
  [q1, q3]: readonly [number, number],
): QqPoints {
  const slope = (q3 - q1) / (normalQuantile(0.75) - normalQuantile(0.25));
  const points = shares.map((p, i) => ({normal: normalQuantile(p), value: values[i] ?? 0}));
  return {points, line: {slope, intercept: (q1 + q3) / 2}};
}

export type NormalQuantiles = QqPoints & {n: number; leftOut: number};

/**
 * Quantiles (type 7) of `value` at `qqShares` beside those of the standard normal distribution.
 * @throws ToolError `chart.unknown_column`, `chart.y_not_number`
 */
export async function normalQuantiles(
  engine: SqlEngine,
  {sql, value, signal}: ChartQuery & {value: string},
): Promise<NormalQuantiles & {datasets: string[]; sql: string}> {
  const source = await sourceOf(engine, {sql, signal});
  requireNumber(columnOf(source.columns, value));
  const raw = `SELECT ${finiteSql(value)} AS x FROM ${source.from}`;
  const counted = await engine.query(`SELECT count(x), count(*) - count(x) FROM (${raw})`, options(signal, 1));
  const [n = 0, leftOut = 0] = (counted.table.rows[0] ?? []).map(Number);
  const shares = qqShares(n);
  const statement = `SELECT quantile_cont(x, [${[...shares, 0.25, 0.75].join(', ')}])::VARCHAR FROM (${raw}) WHERE x IS NOT NULL`;
  const base = {n, leftOut, datasets: counted.datasets, sql: statement};
  if (n === 0) return {...base, points: [], line: {slope: 0, intercept: 0}};
  const {table} = await engine.query(statement, options(signal, 1));
  const values = numbersOf(String(table.rows[0]?.[0] ?? ''));
  const [q1 = 0, q3 = 0] = values.slice(shares.length);
  return {...base, ...qqAgainstNormal(shares, values, [q1, q3])};
}

const densityBins = 256;
const densityPoints = 64;

/**
 * Gaussian kernel density of `value` for each of the `boxes`, at 64 values from its least to its greatest, with the bandwidth
 * 0.9 · min(sd, IQR / 1.34) · n^(−1/5) of Silverman (R's `bw.nrd0`). The engine counts 256 bins a group, so that no row leaves it.
 */
export async function boxDensities(
  engine: SqlEngine,
  {sql, value, by, boxes, signal}: ChartQuery & {value: string; by?: string | undefined; boxes: readonly BoxRow[]},
): Promise<{densities: number[][]; sql: string}> {
  const source = await sourceOf(engine, {sql, signal});
  const group = by === undefined ? 'NULL' : quoteName(by);
  const low = Math.min(...boxes.map(({min}) => min));
  const high = Math.max(...boxes.map(({max}) => max));
  const width = (high - low) / densityBins;
  if (!(width > 0)) return {densities: boxes.map(() => []), sql: ''};
  const statement = `WITH v AS (SELECT ${group} AS g, ${finiteSql(value)} AS x FROM ${source.from})
SELECT g, least(floor((x - ${literal(low)}) / ${literal(high - low)} * ${densityBins}), ${densityBins - 1})::INTEGER AS bin, count(*) AS n, any_value(sd)
FROM v JOIN (SELECT g AS s, stddev_samp(x) AS sd FROM v GROUP BY g) ON g IS NOT DISTINCT FROM s
WHERE x IS NOT NULL GROUP BY g, bin`;
  const {table} = await engine.query(statement, options(signal, densityBins * (boxes.length + 1)));
  const counted = new Map<string, {bins: [at: number, n: number][]; sd: number}>();
  for (const [g = null, bin, n, sd] of table.rows) {
    const key = `${typeof g} ${g}`;
    const found = counted.get(key) ?? {bins: [], sd: Number(sd ?? 0)};
    counted.set(key, found);
    found.bins.push([low + (Number(bin) + 0.5) * width, Number(n)]);
  }
  const densities = boxes.map(box => {
    const found = counted.get(`${typeof box.group} ${box.group}`);
    return found ? density(found.bins, box, found.sd) : [];
  });
  return {densities, sql: statement};
}

function density(bins: readonly [at: number, n: number][], {n, min, max, q1, q3}: BoxRow, sd: number): number[] {
  const iqr = q3 - q1;
  const spread = iqr > 0 ? Math.min(sd, iqr / 1.34) : sd;
  const bandwidth = 0.9 * spread * n ** -0.2;
  if (n < 2 || !(bandwidth > 0) || !(max > min)) return [];
  const scale = 1 / (n * bandwidth * Math.sqrt(2 * Math.PI));
  return Array.from({length: densityPoints}, (_, i) => {
    const at = min + ((max - min) * i) / (densityPoints - 1);
    const sum = bins.reduce((total, [x, count]) => total + count * Math.exp(-0.5 * ((at - x) / bandwidth) ** 2), 0);
    return Number((sum * scale).toPrecision(6));
  });
}

/** The numbers of a list that the engine wrote as text. */
function numbersOf(list: string): number[] {
  return list
    .replace(/[[\]\s]/g, '')
    .split(',')
    .filter(text => text !== '')
    .map(Number);
}
