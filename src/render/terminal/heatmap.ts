// The heatmap mark: a cell is a shade, and its number where there is room. Signs are written, so colour is never needed.

import {formatCell, formatNumber} from '../../core/text.ts';
import {isDrawable} from '../axis.ts';
import type {ChartPoint, ChartSpec} from '../chart-spec.ts';
import {clipToWidth, fitToWidth, textWidth, wrapped} from '../text-width.ts';
import {axisName, type PlotSize} from './frame.ts';

const shades = ['░', '▒', '▓', '█'] as const;
const mostLegendLines = 4;

/** Names at the top and at the left in the order of the points; `wide` columns of the terminal a cell. */
export type HeatmapGrid = {
  columns: string[];
  rows: string[];
  cells: ReadonlyMap<string, number>;
  shownColumns: number;
  shownRows: number;
  labels: number;
  wide: number;
  numbered: boolean;
  text(value: number): string;
};

export function heatmapGrid(spec: ChartSpec, {columns: width, rows: height}: PlotSize): HeatmapGrid {
  const columns = [...new Set(spec.points.map(nameOfX))];
  const rows = [...new Set(spec.points.map(nameOfGroup))];
  const cells = new Map<string, number>();
  for (const point of spec.points)
    if (isDrawable(point.y)) cells.set(keyOf(nameOfX(point), nameOfGroup(point)), point.y);
  const text = textFor([...cells.values()]);
  const labels = Math.min(Math.floor(width / 3), Math.max(1, ...[...rows, nameOfAxes(spec)].map(textWidth)));
  const room = Math.max(1, width - labels - 1);
  const valueWidth = Math.max(...[...cells.values()].map(value => textWidth(text(value))), 1) + 2;
  const named = Math.max(valueWidth, Math.min(14, Math.max(1, ...columns.map(textWidth)) + 1));
  const widths = [named, valueWidth, 3].filter(each => each * columns.length <= room);
  const wide = widths[0] ?? Math.min(3, room);
  const shownColumns = Math.max(1, Math.min(columns.length, Math.floor(room / wide)));
  const numbered = columns.some(name => textWidth(name) > wide - 1);
  return {columns, rows, cells, shownColumns, shownRows: Math.min(rows.length, height), labels, wide, numbered, text};
}

export function drawHeatmap(spec: ChartSpec, size: PlotSize): string[] {
  const grid = heatmapGrid(spec, size);
  const {columns, rows, cells, labels, wide, numbered, text} = grid;
  const shown = columns.slice(0, grid.shownColumns);
  const sizes = [...cells.values()].map(Math.abs);
  const isSigned = [...cells.values()].some(value => value < 0);
  const low = isSigned ? 0 : Math.min(...sizes);
  const high = Math.max(...sizes);
  const head = shown.map((name, index) => fitToWidth(numbered ? String(index + 1) : name, wide - 1, 'right'));
  const lines = rows.slice(0, grid.shownRows).map(row => {
    const drawn = shown.map(column => drawCell(cells.get(keyOf(column, row)), {low, high, wide, text}));
    return `${fitToWidth(row, labels)} ${drawn.join('')}`.trimEnd();
  });
  return [
    axisName(spec.y),
    `${fitToWidth(nameOfAxes(spec), labels)} ${head.map(each => ` ${each}`).join('')}`.trimEnd(),
    ...lines,
    ...(numbered ? columnLegend(shown, size.columns) : []),
    scaleLegend(low, high, isSigned),
  ].map(line => clipToWidth(line, size.columns));
}

type CellStyle = {low: number; high: number; wide: number; text(value: number): string};

/** A shade and the number, right-aligned; without room for the number the sign and the shade. Blank where nothing is. */
function drawCell(value: number | undefined, {low, high, wide, text}: CellStyle): string {
  if (value === undefined) return ' '.repeat(wide);
  const shade = shades[shadeOf(Math.abs(value), low, high)] ?? '█';
  const number = text(value);
  if (textWidth(number) + 2 <= wide) return `${shade.padStart(wide - textWidth(number))}${number}`;
  const sign = value < 0 ? '-' : '';
  return `${sign}${shade}`.padStart(wide);
}

function shadeOf(size: number, low: number, high: number): number {
  if (high <= low) return size === 0 ? 0 : shades.length - 1;
  return Math.min(shades.length - 1, Math.floor(((size - low) / (high - low)) * shades.length));
}

/** Numbers of one chart with as many decimals as three digits of the largest need. */
function textFor(values: readonly number[]): (value: number) => string {
  const high = Math.max(...values.map(Math.abs), 0);
  if (high >= 1e6 || (high > 0 && high < 1e-3)) return value => value.toExponential(1).replace('e+', 'e');
  const isWhole = values.every(Number.isInteger);
  const decimals = isWhole || high === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(high)));
  return value => value.toFixed(Math.min(2, decimals)).replace(/^-(0(\.0+)?)$/, '$1');
}

/** "░ 0 to 0.25  ▒ to 0.5  ▓ to 0.75  █ to 1"; of signed values the size. */
function scaleLegend(low: number, high: number, isSigned: boolean): string {
  if (high <= low) return `█ ${formatNumber(high)}`;
  const edge = (i: number) => formatNumber(Number((low + ((high - low) * i) / shades.length).toPrecision(3)));
  const parts = shades.map((shade, i) => `${shade} ${i === 0 ? `${edge(0)} to ` : 'to '}${edge(i + 1)}`);
  return `${isSigned ? 'size: ' : ''}${parts.join('  ')}`;
}

/** "1 price  2 quantity …", on a few lines. */
function columnLegend(names: readonly string[], width: number): string[] {
  const lines = wrapped(
    names.map((name, index) => `${index + 1} ${name}`),
    width,
  );
  return lines.length <= mostLegendLines ? lines : [...lines.slice(0, mostLegendLines - 1), '…'];
}

function nameOfAxes({x, group}: ChartSpec): string {
  const names = [group, x].flatMap(axis => (axis && axis.name !== '' ? [axisName(axis)] : []));
  return names.join(' \\ ');
}

function nameOfX({x}: ChartPoint): string {
  return typeof x === 'number' ? formatNumber(x) : formatCell(x);
}

function nameOfGroup({group}: ChartPoint): string {
  return formatCell(group ?? null);
}

function keyOf(column: string, row: string): string {
  return `${column}\u0000${row}`;
}
