// The points of charts that summarise rows, computed in the engine: boxes, cells of a heatmap, the dots of a crowded scatter.

import type {Cell} from '../core/dataset.ts';
import {formatNumber} from '../core/text.ts';
import type {SqlEngine} from '../engine/sql-engine.ts';
import {quoteName} from '../engine/sql-text.ts';
import {
  type ChartQuery,
  columnOf,
  mostCategories,
  options,
  type Points,
  requireNumber,
  type SourceRows,
  sourceOf,
  textOrNull,
  tooMany,
} from './chart-source.ts';

export type BoxRow = {
  group: Cell;
  n: number;
  min: number;
  low: number;
  q1: number;
  median: number;
  q3: number;
  high: number;
  max: number;
  outliers: number;
  /** The outliers in order, one of those within a 200th of the axis, and the ends of all. */
  beyond: number[];
};

const mostBoxes = 200;
const binsOfAxis = 12;

/**
 * Tukey's box of `value` for each value of `by` (or one box), in the order of `by`. Quartiles are linear (type 7); a whisker
 * ends at the last value within 1.5 IQR of its quartile (matplotlib's boxplot). NULL, NaN and infinite values are left out.
 * @throws ToolError `chart.unknown_column`, `chart.y_not_number`, `chart.too_many_categories`
 */
export async function boxRows(
  engine: SqlEngine,
  {sql, value, by, signal}: ChartQuery & {value: string; by?: string | undefined},
): Promise<Points<BoxRow> & {leftOut: number}> {
  const source = await sourceOf(engine, {sql, signal});
  requireNumber(columnOf(source.columns, value));
  const group = by === undefined ? 'NULL' : quoteName(columnOf(source.columns, by).name);
  const statement = `WITH raw AS (SELECT ${group} AS g, ${quoteName(value)}::DOUBLE AS x FROM ${source.from}),
v AS (SELECT g, x FROM raw WHERE isfinite(x)),
q AS (SELECT g, count(*) AS n, min(x) AS lo, max(x) AS hi, quantile_cont(x, 0.25) AS q1, median(x) AS q2, quantile_cont(x, 0.75) AS q3 FROM v GROUP BY g),
o AS (SELECT v.g, x, lo, hi, floor((x - min(lo) OVER ()) / nullif(max(hi) OVER () - min(lo) OVER (), 0) * 200) AS place
  FROM v JOIN q ON v.g IS NOT DISTINCT FROM q.g WHERE x < q1 - 1.5 * (q3 - q1) OR x > q3 + 1.5 * (q3 - q1)),
d AS (SELECT g, min(x) AS x FROM o GROUP BY g, place UNION SELECT g, x FROM o WHERE x = hi),
f AS (SELECT g, string_agg(x::VARCHAR, ',' ORDER BY x) AS xs FROM d GROUP BY g)
SELECT q.g, n, lo, least(q1, coalesce(min(x) FILTER (x >= q1 - 1.5 * (q3 - q1)), q1)), q1, q2, q3,
  greatest(q3, coalesce(max(x) FILTER (x <= q3 + 1.5 * (q3 - q1)), q3)), hi,
  count(*) FILTER (x < q1 - 1.5 * (q3 - q1) OR x > q3 + 1.5 * (q3 - q1)), (SELECT count(*) FROM raw) - sum(n) OVER (),
  any_value(f.xs)
FROM v JOIN q ON v.g IS NOT DISTINCT FROM q.g LEFT JOIN f ON v.g IS NOT DISTINCT FROM f.g GROUP BY q.g, n, lo, hi, q1, q2, q3 ORDER BY q.g NULLS LAST LIMIT ${mostBoxes + 1}`;
  const {table, datasets} = await engine.query(statement, options(signal, mostBoxes + 1));
  if (table.rows.length > mostBoxes) throw tooMany(by ?? '');
  const rows = table.rows.map(([g = null, ...numbers]): BoxRow => {
    const far = numbers[10];
    const [n = 0, min = 0, low = 0, q1 = 0, median = 0, q3 = 0, high = 0, max = 0, outliers = 0] = numbers
      .slice(0, 9)
      .map(Number);
    return {
      group: g,
      n,
      min,
      low,
      q1,
      median,
      q3,
      high,
      max,
      outliers,
      beyond: typeof far === 'string' ? far.split(',').map(Number) : [],
    };
  });
  return {rows, columns: source.columns, datasets, sql: statement, leftOut: Number(table.rows[0]?.[10] ?? 0)};
}

/** `n` rows have a value. */
export type CellRow = {x: string | null; group: string | null; value: number | null; n: number};

/**
 * One cell for each pair of values of `x` and `by`: the mean of `value`, or the number of rows. A number column with more than
 * 25 different values is cut into 12 equal bins, named by their ends. `total` counts the rows.
 * @throws ToolError `chart.unknown_column`, `chart.y_not_number`, `chart.too_many_categories`
 */
export async function heatmapCells(
  engine: SqlEngine,
  {sql, x, by, value, signal}: ChartQuery & {x: string; by: string; value?: string | undefined},
): Promise<Points<CellRow>> {
  const source = await sourceOf(engine, {sql, signal});
  if (value !== undefined) requireNumber(columnOf(source.columns, value));
  const axes = [await axisSql(engine, source, x, signal), await axisSql(engine, source, by, signal)];
  const cell = value === undefined ? 'count(*)' : `avg(${quoteName(value)})`;
  const count = value === undefined ? 'count(*)' : `count(${quoteName(value)})`;
  const [left, top] = [axes[1], axes[0]];
  const statement = `SELECT x, g, value, n
FROM (SELECT ${top?.label} AS x, ${left?.label} AS g, ${cell} AS value, ${count} AS n, ${left?.place} AS down, ${top?.place} AS across
  FROM ${source.from} GROUP BY ALL) ORDER BY down NULLS LAST, across NULLS LAST`;
  const most = mostCategories * mostCategories;
  const {table, datasets} = await engine.query(statement, options(signal, most));
  const rows = table.rows.map(([a, b, c, n]): CellRow => {
    const mean = c === null || c === undefined ? null : Number(c);
    return {x: textOrNull(a), group: textOrNull(b), value: mean, n: Number(n ?? 0)};
  });
  return {rows, columns: source.columns, datasets, sql: statement};
}

/** The least-squares line of y on x over all rows with both values; null where x or y does not vary. */
export type Trend = {slope: number; intercept: number; r2: number; lowX: number; highX: number};

/**
 * Every occupied dot of a `wide` × `high` grid over all rows, at its middle, with the `n` rows on it; `total` rows have both
 * values. The trend is that of all rows.
 */
export async function scatterDots(
  engine: SqlEngine,
  {sql, x, y, wide, high, signal}: ChartQuery & {x: string; y: string; wide: number; high: number},
): Promise<Points<{x: number; y: number; n: number}> & {total: number; leftOut: number; trend: Trend | null}> {
  const source = await sourceOf(engine, {sql, signal});
  for (const name of [x, y]) requireNumber(columnOf(source.columns, name));
  const place = (name: string, cells: number) =>
    `least(floor((${name} - min_${name}) / nullif(max_${name} - min_${name}, 0) * ${cells}), ${cells - 1})`;
  const middle = (name: string, cells: number) =>
    `min_${name} + (coalesce(${place(name, cells)}, 0) + 0.5) * (max_${name} - min_${name}) / ${cells}`;
  const statement = `WITH raw AS (SELECT ${quoteName(x)}::DOUBLE AS x, ${quoteName(y)}::DOUBLE AS y FROM ${source.from}),
v AS (SELECT x, y FROM raw WHERE isfinite(x) AND isfinite(y)),
r AS (SELECT min(x) AS min_x, max(x) AS max_x, min(y) AS min_y, max(y) AS max_y,
  regr_slope(y, x) AS slope, regr_intercept(y, x) AS intercept, regr_r2(y, x) AS r2 FROM v)
SELECT ${middle('x', wide)} AS x, ${middle('y', high)} AS y, count(*) AS here, sum(count(*)) OVER () AS n,
  (SELECT count(*) FROM raw), any_value(slope), any_value(intercept), any_value(r2), any_value(min_x), any_value(max_x)
FROM v, r GROUP BY 1, 2 ORDER BY 1, 2`;
  const {table, datasets} = await engine.query(statement, options(signal, wide * high));
  const rows = table.rows.map(row => ({x: Number(row[0]), y: Number(row[1]), n: Number(row[2])}));
  const [first = []] = table.rows;
  const total = Number(first[3] ?? 0);
  const line = first.slice(5, 10).map(cell => (typeof cell === 'number' ? cell : Number.NaN));
  const [slope = Number.NaN, intercept = Number.NaN, r2 = Number.NaN, lowX = Number.NaN, highX = Number.NaN] = line;
  const trend = line.every(Number.isFinite) ? {slope, intercept, r2, lowX, highX} : null;
  return {
    rows,
    columns: source.columns,
    datasets,
    sql: statement,
    total,
    leftOut: Number(first[4] ?? 0) - total,
    trend,
  };
}

/** `label` names the cell's place on the axis, `place` orders it. */
async function axisSql(engine: SqlEngine, {from, columns}: SourceRows, name: string, signal: AbortSignal | undefined) {
  const column = columnOf(columns, name);
  const quoted = quoteName(column.name);
  const isNumber = column.kind === 'number';
  const rows = `FROM ${from}${isNumber ? ` WHERE isfinite(${quoted}::DOUBLE)` : ''}`;
  const ask = async (sql: string) => ((await engine.query(sql, options(signal, 1))).table.rows[0] ?? []).map(Number);
  // Counting millions of different numbers costs more than the chart, and the first rows tell that there are many.
  const [early = 0] = await ask(`SELECT count(DISTINCT v) FROM (SELECT ${quoted} AS v ${rows} LIMIT 10000)`);
  const isMany = isNumber && early > 25;
  const count = isMany ? early.toString() : `count(DISTINCT ${quoted})`;
  const ends = isNumber ? `, min(${quoted})::DOUBLE, max(${quoted})::DOUBLE` : '';
  const [distinct = 0, low = 0, high = 0] = await ask(`SELECT ${count}${ends} ${rows}`);
  if (column.kind !== 'number' || distinct <= 25) {
    if (distinct > mostCategories) throw tooMany(name);
    return {label: `${quoted}::VARCHAR`, place: quoted};
  }
  const width = (high - low) / binsOfAxis;
  const place = `least(floor((${quoted}::DOUBLE - (${low})) / ${width}), ${binsOfAxis - 1})`;
  const names = Array.from({length: binsOfAxis}, (_, i) => shortNumber(low + i * width, width));
  const list = names.map(each => `'${each}+'`).join(', ');
  return {label: `list_extract([${list}], (${place})::INTEGER + 1)`, place: `(${place})`};
}

function shortNumber(value: number, step: number): string {
  const digits = Math.max(1, Math.ceil(Math.log10(Math.max(Math.abs(value), step) / step)) + 2);
  return formatNumber(Number(value.toPrecision(Math.min(15, digits))));
}
