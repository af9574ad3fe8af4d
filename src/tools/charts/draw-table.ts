// Charts whose points are the rows of the statement: bar, line, area, scatter, also as small multiples.

import {scatterDots} from '../../analysis/chart-points.ts';
import type {Table} from '../../core/dataset.ts';
import {ToolError} from '../../core/errors.ts';
import {formatCell, formatCount} from '../../core/text.ts';
import type {ChartAxis, ChartPoint, ChartSpec} from '../../render/chart-spec.ts';
import {tableText} from '../sql.ts';
import {type Draw, type Drawn, neededX, trendLine} from './drawn.ts';

const mostPoints = 2_000;
const mostPanels = 20;
/** Dots of a crowded scatter: as fine as the drawing needs, as few as a file can hold. */
const grid = {wide: 200, high: 80};

/** The rows as they are; more of a scatter than a chart can hold are put on dots, all of them. */
export const drawTable: Draw = async (engine, args, signal) => {
  const {mark, sql, y, group, facet, title, stacked} = args;
  const x = neededX(args);
  if (y === undefined)
    throw new ToolError('chart.y_missing', `A ${mark} chart needs y, a number column of the result.`);
  const {table, datasets} = await engine.query(sql, {maxRows: mostPoints, signal});
  const {chartFromTable} = await import('../../render/chart-spec.ts');
  const isStacked = stacked === true && group !== undefined && (mark === 'bar' || mark === 'area');
  const drawn = chartFromTable({mark, table, x, y, group, title});
  const points = mark === 'scatter' ? drawn.points : counted(drawn.points, table, [x, y, group, facet]);
  const spec: ChartSpec = {...drawn, points, ...(isStacked && {stacked: true})};
  const isWhole = mark !== 'scatter' || table.totalRows !== null;
  if (facet !== undefined) {
    const byFacet = chartFromTable({mark, table, x, y, group: facet, title}).points.map(point => point.group ?? null);
    return {spec: inPanels(spec, byFacet, facet), datasets, text: tableText(table), statement: sql, table};
  }
  if (isWhole || spec.x.kind !== 'number' || group !== undefined) {
    const trend = mark === 'scatter' && isWhole && group === undefined ? trendOf(spec) : {};
    return {spec: {...spec, ...trend}, datasets, text: tableText(table), statement: sql, table};
  }
  return crowded(await scatterDots(engine, {sql, x, y, ...grid, signal}), {spec, x, y});
};

/** A column "n" that is not drawn says how many rows each point is of. */
function counted(points: ChartPoint[], table: Table, drawn: readonly (string | undefined)[]): ChartPoint[] {
  const at = table.columns.findIndex(({name, kind}) => name === 'n' && kind === 'number' && !drawn.includes(name));
  const counts = table.rows.map(row => Number(row[at] ?? Number.NaN));
  if (at < 0 || !counts.every(each => Number.isSafeInteger(each) && each >= 0)) return points;
  return points.map((point, row) => ({...point, n: counts[row] ?? 0}));
}

function crowded(
  found: Awaited<ReturnType<typeof scatterDots>>,
  {spec, x, y}: {spec: ChartSpec; x: string; y: string},
): Drawn {
  const rows = formatCount(found.total);
  const points = {points: found.rows, totalRows: found.total, nullCount: found.leftOut};
  const trend = found.trend ? trendLine(found.trend, {x, y}) : {};
  return {
    spec: {...spec, ...points, ...trend, title: `${spec.title} (${rows} rows)`},
    datasets: found.datasets,
    text: `${rows} rows, all drawn; they cover ${formatCount(found.rows.length)} dots.`,
    statement: found.sql,
  };
}

function trendOf({points, x, y}: ChartSpec): {guides?: ChartSpec['guides']; notes?: string[]} {
  if (x.kind !== 'number') return {};
  const pairs = points.flatMap(point =>
    typeof point.x === 'number' && Number.isFinite(point.x) && point.y !== null && Number.isFinite(point.y)
      ? [[point.x, point.y] as const]
      : [],
  );
  if (pairs.length < 3) return {};
  const n = pairs.length;
  const meanX = pairs.reduce((sum, [a]) => sum + a, 0) / n;
  const meanY = pairs.reduce((sum, [, b]) => sum + b, 0) / n;
  let [sxx, sxy, syy] = [0, 0, 0];
  for (const [a, b] of pairs) {
    sxx += (a - meanX) ** 2;
    sxy += (a - meanX) * (b - meanY);
    syy += (b - meanY) ** 2;
  }
  if (!(sxx > 0) || !(syy > 0) || !Number.isFinite(sxx * syy)) return {};
  const slope = sxy / sxx;
  const xs = pairs.map(([a]) => a);
  const line = {slope, intercept: meanY - slope * meanX, r2: sxy ** 2 / (sxx * syy)};
  return trendLine({...line, lowX: Math.min(...xs), highX: Math.max(...xs)}, {x: x.name, y: y.name});
}

/** One panel a value of the facet, all with the same axes. @throws ToolError `chart.too_many_categories` */
function inPanels(spec: ChartSpec, facets: readonly (string | null)[], name: string): ChartSpec {
  const byName = new Map<string, ChartPoint[]>();
  spec.points.forEach((point, index) => {
    const title = facets[index] ?? '∅';
    const points = byName.get(title) ?? [];
    byName.set(title, points);
    points.push(point);
  });
  if (byName.size > mostPanels)
    throw new ToolError(
      'chart.too_many_categories',
      `"${name}" has ${formatCount(byName.size)} values; ${mostPanels} panels fit.`,
      {
        hint: 'Keep the most frequent ones with a WHERE.',
      },
    );
  const x = withRange(
    spec.x,
    spec.points.map(point => (typeof point.x === 'number' ? point.x : null)),
  );
  const y = spec.stacked
    ? spec.y
    : withRange(
        spec.y,
        spec.points.map(point => point.y),
      );
  const series = spec.group && [...new Set(spec.points.map(({group = null}) => formatCell(group)))];
  const common = {...spec, x, y, ...(series && {series})};
  const panels = [...byName].map(([title, points]) => ({...common, title, points, totalRows: points.length}));
  return {...spec, mark: 'facets', title: `${spec.title} for each ${name}`, points: [], panels};
}

function withRange(axis: ChartAxis, values: readonly (number | null)[]): ChartAxis {
  const finite = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (axis.kind !== 'number' || finite.length === 0) return axis;
  const low = finite.reduce((a, b) => Math.min(a, b));
  const high = finite.reduce((a, b) => Math.max(a, b));
  return {...axis, range: [low, high]};
}
