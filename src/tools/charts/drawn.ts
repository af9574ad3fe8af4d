// What a way of preparing a chart is asked, and what it gives.

import type {Table} from '../../core/dataset.ts';
import {ToolError} from '../../core/errors.ts';
import {formatNumber} from '../../core/text.ts';
import type {SqlEngine} from '../../engine/sql-engine.ts';
import type {ChartAxis, ChartGuide, ChartMark, ChartSpec} from '../../render/chart-spec.ts';
import {unitOfName} from '../../render/units.ts';

/** `x` is there for every mark that `needsX`. */
export type ChartArgs = {
  mark: ChartMark;
  sql: string;
  x?: string | undefined;
  y?: string | undefined;
  group?: string | undefined;
  facet?: string | undefined;
  stacked?: boolean | undefined;
  title?: string | undefined;
};

/** `table` holds the points where they are the result of the statement itself; else each of them is of at least `n` rows. */
export type Drawn = {spec: ChartSpec; datasets: string[]; text: string; statement: string; table?: Table; n?: number};

export type Draw = (engine: SqlEngine, args: ChartArgs, signal: AbortSignal) => Promise<Drawn>;

/** @throws ToolError `chart.x_missing` */
export function neededX({mark, x}: ChartArgs): string {
  if (x !== undefined) return x;
  throw new ToolError('chart.x_missing', `A ${mark} chart needs x, a column of the result.`);
}

export function category(name: string): ChartAxis {
  return {name, kind: 'category'};
}

/** With the unit that its name tells. */
export function numberAxis(name: string, range?: [number, number]): ChartAxis {
  const unit = unitOfName(name);
  return {name, kind: 'number', ...(unit !== null && {unit}), ...(range && {range})};
}

/** The least-squares line as a guide, and its r² as a note. */
export function trendLine(
  {slope, intercept, r2, lowX, highX}: {slope: number; intercept: number; r2: number; lowX: number; highX: number},
  {x, y}: {x: string; y: string},
): {guides: ChartGuide[]; notes: string[]} {
  const short = (value: number) => formatNumber(Number(value.toPrecision(3)));
  const sign = slope < 0 ? '−' : '+';
  const name = `least squares: ${y} = ${short(intercept)} ${sign} ${short(Math.abs(slope))} × ${x}`;
  const at = (value: number) => intercept + slope * value;
  return {guides: [{x0: lowX, y0: at(lowX), x1: highX, y1: at(highX), name}], notes: [`r² = ${short(r2)}`]};
}
