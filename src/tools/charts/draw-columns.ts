// Charts of many columns at once: correlation matrix, map of missing values, pairs.

import {correlationCells, missingBlocks, numberColumns} from '../../analysis/chart-columns.ts';
import {scatterDots} from '../../analysis/chart-points.ts';
import {sourceOf} from '../../analysis/chart-source.ts';
import {binColumn} from '../../analysis/histogram.ts';
import {formatCount} from '../../core/text.ts';
import type {ChartSpec} from '../../render/chart-spec.ts';
import {tableOf} from '../result-table.ts';
import {tableText} from '../sql.ts';
import {category, type Draw, numberAxis, trendLine} from './drawn.ts';

const common = {nullCount: 0, sampled: false};

export const drawCorrelation: Draw = async (engine, {sql, title}, signal) => {
  const {rows, datasets, sql: statement} = await correlationCells(engine, {sql, signal});
  const spec: ChartSpec = {
    ...common,
    mark: 'correlation',
    title: title ?? 'Correlation of all pairs of number columns',
    x: category(''),
    y: numberAxis("Pearson's r", [-1, 1]),
    group: category(''),
    points: rows.map(({a, b, r, n}) => ({x: b, group: a, y: r, n})),
    totalRows: rows.length,
  };
  const once = rows.filter(({a, b}, index) => index < rows.findIndex(each => each.a === b && each.b === a));
  const strongest = once.sort((p, q) => Math.abs(q.r ?? 0) - Math.abs(p.r ?? 0));
  const table = tableOf(
    {a: 'text', b: 'text', r: 'number', n: 'number'},
    strongest.map(({a, b, r, n}) => [a, b, r, n]),
  );
  return {
    spec,
    datasets,
    statement,
    text: `Strongest first, rows complete for each pair.\n${tableText(table)}`,
    n: Math.min(...rows.map(each => each.n)),
  };
};

export const drawMissing: Draw = async (engine, {sql, title}, signal) => {
  const {rows, names, total, columns, datasets, sql: statement} = await missingBlocks(engine, {sql, signal});
  const label = ({first, last}: {first: number; last: number}) =>
    first === last ? String(first) : `${formatCount(first)} to ${formatCount(last)}`;
  const left = columns.length - names.length;
  const spec: ChartSpec = {
    ...common,
    mark: 'missing',
    title: title ?? 'Missing values in the order of the rows',
    x: category('rows'),
    y: numberAxis('share of nulls', [0, 1]),
    group: category('column'),
    points: names.flatMap((group, index) =>
      rows.map(block => ({
        x: label(block),
        group,
        y: block.shares[index] ?? null,
        n: block.last - block.first + 1,
      })),
    ),
    totalRows: names.length * rows.length,
    ...(left > 0 && {notes: [`${formatCount(left)} more columns are not shown`]}),
  };
  const sums = names.map(
    (name, index) =>
      [
        name,
        Math.round(rows.reduce((sum, {first, last, shares}) => sum + (shares[index] ?? 0) * (last - first + 1), 0)),
      ] as const,
  );
  const missing = sums.filter(([, count]) => count > 0).sort(([, a], [, b]) => b - a);
  const table = tableOf(
    {column: 'text', nulls: 'number', percent: 'number'},
    missing.map(([name, count]) => [name, count, Number(((100 * count) / total).toPrecision(3))]),
  );
  const text = missing.length === 0 ? `No nulls in ${formatCount(total)} rows.` : tableText(table);
  return {spec, datasets, statement, text, n: Math.min(...rows.map(({first, last}) => last - first + 1))};
};

const mostPaired = 5;
const grid = {wide: 48, high: 36};

/** On the diagonal how each column is distributed; off it every pair, the column of the row upwards. */
export const drawPairs: Draw = async (engine, {sql, title}, signal) => {
  const {columns} = await sourceOf(engine, {sql, signal});
  const names = numberColumns(columns, {least: 2, most: mostPaired});
  const statements: string[] = [];
  const lines: string[] = [];
  const panels: ChartSpec[] = [];
  let datasets: string[] = [];
  for (const down of names)
    for (const across of names) {
      if (across === down) {
        const {
          bins,
          n,
          nullCount,
          sql: run,
          datasets: used,
        } = await binColumn(engine, {sql, column: down, bins: 20}, signal);
        datasets = used;
        statements.push(...run);
        const counts = {totalRows: n + nullCount, nullCount};
        panels.push({
          ...common,
          mark: 'histogram',
          title: down,
          x: numberAxis(down),
          y: numberAxis('rows'),
          points: bins,
          ...counts,
        });
        continue;
      }
      const found = await scatterDots(engine, {sql, x: across, y: down, ...grid, signal});
      statements.push(found.sql);
      const trend = found.trend ? trendLine(found.trend, {x: across, y: down}) : {notes: ['r² unknown']};
      if (names.indexOf(down) > names.indexOf(across))
        lines.push(`${down} by ${across}: ${trend.notes.join(', ')}, n = ${formatCount(found.total)}`);
      panels.push({
        ...common,
        mark: 'scatter',
        title: `${down} by ${across}`,
        x: numberAxis(across),
        y: numberAxis(down),
        points: found.rows,
        totalRows: found.total,
        nullCount: found.leftOut,
        ...(found.trend && {guides: trendLine(found.trend, {x: across, y: down}).guides}),
      });
    }
  const spec: ChartSpec = {
    ...common,
    mark: 'pairs',
    title: title ?? `Pairs of ${names.join(', ')}`,
    x: category(''),
    y: category(''),
    points: [],
    panels,
    totalRows: null,
  };
  return {spec, datasets, statement: statements.join(';\n'), text: lines.join('\n')};
};
