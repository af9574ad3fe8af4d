// What a chart is, as data: one spec that every way of drawing reads. A spec holds few points, never a whole dataset.

import {z} from 'zod';
import type {Cell, Table, TableColumn} from '../core/dataset.ts';
import {ToolError} from '../core/errors.ts';
import {nearest} from '../core/text.ts';
import {unitOfName} from './units.ts';

export const chartMarks = [
  'bar',
  'histogram',
  'line',
  'area',
  'scatter',
  'box',
  'violin',
  'heatmap',
  'correlation',
  'missing',
  'pairs',
  'facets',
  'ecdf',
  'qq',
  'roc',
  'precision_recall',
  'calibration',
  'residuals',
  'importance',
  'partial_dependence',
  'clusters',
  'forecast',
] as const;
export type ChartMark = (typeof chartMarks)[number];

const axis = z.object({
  name: z.string(),
  /** `time` values are ISO-8601 text; everything that is neither number nor time is a category. */
  kind: z.enum(['number', 'time', 'category']),
  unit: z.string().optional(),
  /** Powers of ten at equal distances; values of zero and below cannot stand there and are counted as left out. */
  log: z.boolean().optional(),
  /** The axis reaches at least from the first to the second number (for time epoch ms). */
  range: z.tuple([z.number(), z.number()]).optional(),
});

/**
 * Tukey's box: quartiles (type 7), whiskers at the last values within 1.5 IQR of them, and how many of the `n` values lie
 * further out (seaborn's boxplot).
 */
const box = z.object({
  n: z.number().int(),
  min: z.number(),
  low: z.number(),
  q1: z.number(),
  q3: z.number(),
  high: z.number(),
  max: z.number(),
  outliers: z.number().int(),
  /** The outliers in order, of those that lie closer together than a drawing can show one. */
  beyond: z.array(z.number()).optional(),
});

/**
 * A point of `histogram` is one bin: `x` to `x1` with `y` rows in it; bins are equally wide, adjacent and in order (the last
 * one includes its upper edge). For the other marks `x1` is absent. A null is counted and said, never drawn as 0. `group`
 * is the series of a point, or the row of a cell. A point of `box` or `violin` is one box; its `y` is the median.
 * `low` to `high` is an interval around `y`; `n` are the rows that one point stands for.
 */
const point = z.object({
  x: z.union([z.number(), z.string(), z.null()]),
  x1: z.number().optional(),
  y: z.number().nullable(),
  low: z.number().optional(),
  high: z.number().optional(),
  n: z.number().int().optional(),
  group: z.string().nullable().optional(),
  box: box.optional(),
  /** Of a violin: the density at equally distant values from `box.min` to `box.max`, per unit of the value. */
  density: z.array(z.number()).optional(),
});

/** A straight line that helps to read the points, such as the diagonal of a ROC curve; dashed. */
const guide = z.object({x0: z.number(), y0: z.number(), x1: z.number(), y1: z.number(), name: z.string()});

const panelSpec = z.object({
  mark: z.enum(chartMarks),
  title: z.string(),
  x: axis,
  y: axis,
  /** Of the points' `group`: the series, or what stands at the left of a heatmap. */
  group: axis.optional(),
  /** All series in their order, where the points may lack some: those of a panel look as they do in the other panels. */
  series: z.array(z.string()).optional(),
  points: z.array(point),
  guides: z.array(guide).optional(),
  /** Series of bars or areas stand on each other, so that their sum can be read. */
  stacked: z.boolean().optional(),
  /** Said below the chart: figures that belong to it ("AUC 0.91"), with the method where there is a choice. */
  notes: z.array(z.string()).optional(),
  /** Rows the points were taken from, null when unknown; more than `points` means that only the first are drawn. */
  totalRows: z.number().int().nullable(),
  /** Rows that were left out before the points were made because their value is null. */
  nullCount: z.number().int().default(0),
  sampled: z.boolean().default(false),
});

/**
 * `panels` are the charts of `facets` (same axes, one title each) and of `pairs` (as many rows as columns, row by row);
 * such a chart has no points of its own.
 */
export const chartSpec = panelSpec.extend({panels: z.array(panelSpec).optional()});

export type ChartSpec = z.output<typeof chartSpec>;
export type ChartAxis = ChartSpec['x'];
export type ChartPoint = ChartSpec['points'][number];
export type ChartBox = z.output<typeof box>;
export type ChartGuide = z.output<typeof guide>;

export type ChartRequest = {
  mark: ChartMark;
  table: Table;
  x: string;
  y: string;
  group?: string | undefined;
  title?: string | undefined;
};

/**
 * A chart of two columns of a query result.
 * @throws ToolError `chart.unknown_column` (with the nearest names), `chart.y_not_number`.
 */
export function chartFromTable({mark, table, x, y, group, title}: ChartRequest): ChartSpec {
  const xIndex = columnIndex(table, x);
  const yIndex = columnIndex(table, y);
  const groupIndex = group === undefined ? null : columnIndex(table, group);
  const xColumn = table.columns[xIndex];
  const yColumn = table.columns[yIndex];
  if (yColumn?.kind !== 'number')
    throw new ToolError(
      'chart.y_not_number',
      `"${y}" is ${yColumn?.type ?? 'unknown'}, not a number; y must be a number`,
      {
        hint: 'Count or average something in the SELECT, for example count(*) AS n.',
      },
    );
  return {
    mark,
    title: title ?? `${y} by ${x}${group === undefined ? '' : ` and ${group}`}`,
    x: axisOf(x, axisKind(xColumn)),
    y: axisOf(y, 'number'),
    ...(group === undefined ? {} : {group: {name: group, kind: 'category' as const}}),
    points: table.rows.map(row => ({
      x: xColumn?.kind === 'number' ? toNumber(row[xIndex] ?? null) : toText(row[xIndex] ?? null),
      y: toNumber(row[yIndex] ?? null),
      ...(groupIndex === null ? {} : {group: toText(row[groupIndex] ?? null)}),
    })),
    totalRows: table.totalRows,
    nullCount: 0,
    sampled: false,
  };
}

function columnIndex(table: Table, name: string): number {
  const found = table.columns.findIndex(column => column.name === name);
  if (found >= 0) return found;
  const names = table.columns.map(column => column.name);
  const near = nearest(name, names);
  throw new ToolError('chart.unknown_column', `the query result has no column "${name}"`, {
    hint: `It has: ${(near.length > 0 ? near : names.slice(0, 20)).join(', ')}.`,
  });
}

function axisOf(name: string, kind: ChartAxis['kind']): ChartAxis {
  const unit = kind === 'number' ? unitOfName(name) : null;
  return {name, kind, ...(unit !== null && {unit})};
}

function axisKind(column: TableColumn | undefined): ChartAxis['kind'] {
  return column?.kind === 'number' ? 'number' : column?.kind === 'time' ? 'time' : 'category';
}

function toNumber(cell: Cell): number | null {
  return cell === null ? null : Number(cell);
}

function toText(cell: Cell): string | null {
  return cell === null ? null : String(cell);
}
