// Charts that summarise raw rows in the engine: histogram, box, violin, heatmap, distribution function, Q-Q.

import {boxDensities, ecdfSeries, normalQuantiles} from '../../analysis/chart-curves.ts';
import {boxRows, heatmapCells} from '../../analysis/chart-points.ts';
import {binByGroup, binColumn} from '../../analysis/histogram.ts';
import {ToolError} from '../../core/errors.ts';
import {formatCell, formatCount, formatNumber} from '../../core/text.ts';
import type {ChartSpec} from '../../render/chart-spec.ts';
import {tableOf} from '../result-table.ts';
import {tableText} from '../sql.ts';
import {category, type Draw, neededX, numberAxis} from './drawn.ts';
import {qqSpec} from './qq-spec.ts';

const common = {nullCount: 0, sampled: false};

export const drawHistogram: Draw = async (engine, args, signal) => {
  const {sql, title, facet} = args;
  const x = neededX(args);
  const {bins, n, nullCount, binRule, sql: statements, datasets} = await binColumn(engine, {sql, column: x}, signal);
  const base = {...common, x: numberAxis(x), y: numberAxis('rows'), totalRows: n + nullCount, nullCount};
  const whole: ChartSpec = {...base, mark: 'histogram', title: title ?? `Distribution of ${x}`, points: bins};
  const left = nullCount > 0 ? ` Rows without a finite value, left out: ${formatCount(nullCount)}.` : '';
  const head = `${formatCount(n)} values; bin rule: ${binRule}.${left}`;
  if (facet === undefined || bins.length === 0) {
    return {spec: whole, datasets, statement: statements.join(';\n'), text: [head, ...binLines(bins)].join('\n'), n};
  }
  const parts = await binByGroup(engine, {sql, column: x, by: facet, bins}, signal);
  const most = Math.max(...parts.groups.flatMap(({bins: counted}) => counted.map(({y}) => y)));
  const y = numberAxis('rows', [0, most]);
  const panels = parts.groups.map(({name, bins: points}) => ({
    ...whole,
    title: formatCell(name),
    y,
    points,
    nullCount: 0,
  }));
  const lines = parts.groups.map(
    ({name, bins: counted}) => `${formatCell(name)}: n = ${formatCount(counted.reduce((sum, bin) => sum + bin.y, 0))}`,
  );
  return {
    spec: {...whole, mark: 'facets', title: `${whole.title} for each ${facet}`, points: [], panels},
    datasets,
    statement: [...statements, parts.sql].join(';\n'),
    text: [head, ...lines].join('\n'),
    n: Math.min(...parts.groups.flatMap(({bins: counted}) => counted.map(bin => bin.y).filter(count => count > 0))),
  };
};

/** Lines that a person reads; the drawing has every bin. */
const mostLines = 20;

/** One line a bin, or for as many neighbours together as it takes. */
function binLines(bins: readonly {x: number; x1: number; y: number}[]): string[] {
  const each = Math.max(1, Math.ceil(bins.length / mostLines));
  const lines: string[] = each > 1 ? [`${each} bins a line:`] : [];
  for (let at = 0; at < bins.length; at += each) {
    const part = bins.slice(at, at + each);
    const rows = part.reduce((sum, {y}) => sum + y, 0);
    lines.push(`${formatCell(part[0]?.x ?? null)} to ${formatCell(part.at(-1)?.x1 ?? null)}: ${formatCount(rows)}`);
  }
  return lines;
}

/** Without y, x is the number itself and there is one box. */
export const drawBoxes: Draw = async (engine, args, signal) => {
  const {sql, y, title, mark} = args;
  const x = neededX(args);
  const [value, by] = y === undefined ? [x, undefined] : [y, x];
  const {rows, datasets, sql: statement, leftOut} = await boxRows(engine, {sql, value, by, signal});
  const isViolin = mark === 'violin' && rows.length > 0;
  const {densities, sql: more} = isViolin
    ? await boxDensities(engine, {sql, value, by, boxes: rows, signal})
    : {densities: [], sql: ''};
  const spec: ChartSpec = {
    ...common,
    mark,
    title: title ?? (by === undefined ? value : `${value} by ${by}`),
    x: category(by ?? ''),
    y: numberAxis(value),
    points: rows.map(({group, median, beyond, ...box}, index) => ({
      x: by === undefined ? 'all' : group === null ? null : String(group),
      y: median,
      box: {...box, ...(!isViolin && beyond.length > 0 && {beyond})},
      ...(isViolin && {density: densities[index] ?? []}),
    })),
    totalRows: rows.length,
    nullCount: leftOut,
    ...(isViolin && {notes: ['Gaussian density, Silverman’s bandwidth']}),
  };
  const figures = ['n', 'min', 'low', 'q1', 'median', 'q3', 'high', 'max', 'outliers'];
  const table = tableOf(
    [[by ?? 'all', 'text'], ...figures.map(name => [name, 'number'] as const)],
    rows.map(each => [
      each.group,
      each.n,
      each.min,
      each.low,
      each.q1,
      each.median,
      each.q3,
      each.high,
      each.max,
      each.outliers,
    ]),
  );
  return {
    spec,
    datasets,
    statement: [statement, ...(more === '' ? [] : [more])].join(';\n'),
    text: `Whiskers (low, high) end within 1.5 IQR.\n${tableText(table)}`,
    n: Math.min(...rows.map(each => Number(each.n))),
  };
};

export const drawHeatmap: Draw = async (engine, args, signal) => {
  const {sql, y, group, title} = args;
  const x = neededX(args);
  if (group === undefined)
    throw new ToolError('chart.group_missing', 'A heatmap needs group, the column whose values are its rows.');
  const {rows, datasets, sql: statement} = await heatmapCells(engine, {sql, x, by: group, value: y, signal});
  // A value that stands alone in each cell was summed up by the statement already.
  const isMean = y !== undefined && rows.some(({n}) => n > 1);
  const name = y === undefined ? 'rows' : isMean ? `mean of ${y}` : y;
  const spec: ChartSpec = {
    ...common,
    mark: 'heatmap',
    title: title ?? `${name} by ${x} and ${group}`,
    x: category(x),
    y: numberAxis(name),
    group: category(group),
    points: rows.map(({x: top, group: left, value, n}) => ({
      x: top,
      group: left,
      y: value,
      ...((isMean || y === undefined) && {n}),
    })),
    totalRows: rows.length,
  };
  const table = tableOf(
    [
      [x, 'text'],
      [group, 'text'],
      [name, 'number'],
    ],
    rows.map(({x: top, group: left, value}) => [top, left, value]),
  );
  return {spec, datasets, statement, text: tableText(table)};
};

export const drawEcdf: Draw = async (engine, args, signal) => {
  const {sql, group, title} = args;
  const x = neededX(args);
  const {rows, datasets, sql: statement, leftOut} = await ecdfSeries(engine, {sql, value: x, by: group, signal});
  const n = rows.reduce((sum, each) => sum + each.n, 0);
  const spec: ChartSpec = {
    ...common,
    mark: 'ecdf',
    title: title ?? `Share of rows at or below each value of ${x}`,
    x: numberAxis(x),
    y: numberAxis('share of rows', [0, 1]),
    ...(group !== undefined && {group: category(group)}),
    points: rows.flatMap(each =>
      each.values.map((value, i) => ({
        x: value,
        y: i / (each.values.length - 1),
        ...(group !== undefined && {group: each.group}),
      })),
    ),
    totalRows: n + leftOut,
    nullCount: leftOut,
  };
  const shown = [0, 5, 25, 50, 75, 95, 100];
  const quantile = (values: readonly number[], percent: number) =>
    values[Math.round(((values.length - 1) * percent) / 100)] ?? null;
  const table = tableOf(
    [[group ?? 'all', 'text'], ['n', 'number'], ...shown.map(percent => [`${percent}%`, 'number'] as const)],
    rows.map(each => [each.group, each.n, ...shown.map(percent => quantile(each.values, percent))]),
  );
  return {spec, datasets, statement, text: tableText(table), n: Math.min(...rows.map(each => each.n))};
};

export const drawQq: Draw = async (engine, args, signal) => {
  const x = neededX(args);
  const {
    points,
    n,
    leftOut,
    line,
    datasets,
    sql: statement,
  } = await normalQuantiles(engine, {sql: args.sql, value: x, signal});
  const at = (normal: number) => line.intercept + line.slope * normal;
  const title = args.title ?? `${x} against the normal distribution`;
  const spec = qqSpec({points, line}, {title, name: x, n, nullCount: leftOut});
  const far = points.reduce<{distance: number; text: string}>(
    (most, {normal, value}) => {
      const distance = Math.abs(value - at(normal));
      const text = `${formatNumber(value)} where the line has ${formatNumber(Number(at(normal).toPrecision(6)))}`;
      return distance > most.distance ? {distance, text} : most;
    },
    {distance: 0, text: 'none'},
  );
  const text = `${formatCount(points.length)} quantiles of ${formatCount(n)} values; furthest from the line through the quartiles: ${far.text}.`;
  return {spec, datasets, statement, text, n};
};
