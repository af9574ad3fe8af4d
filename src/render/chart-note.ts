// The line that says how many rows a chart shows and what it leaves out. No chart is drawn without it.

import {formatCount} from '../core/text.ts';
import {isDrawable, xPosition} from './axis.ts';
import {familyOf, markKinds} from './chart-marks.ts';
import type {ChartAxis, ChartPoint, ChartSpec} from './chart-spec.ts';

/** `drawn` counts rows where they are known, else points; `marks` the points that are drawn. */
export type PointCounts = {drawn: number; marks: number; nulls: number; notDrawable: number; notPositive: number};

export function countPoints(spec: ChartSpec): PointCounts {
  const counts: PointCounts = {drawn: 0, marks: 0, nulls: spec.nullCount, notDrawable: 0, notPositive: 0};
  const kind = markKinds[spec.mark];
  if (kind.family === 'panels') {
    for (const panel of spec.panels ?? []) counts.drawn += countPoints(panel).drawn;
    return counts;
  }
  const isDots = kind.family === 'xy' && kind.style === 'dots';
  // A missing category is a category of its own.
  const byName = kind.family === 'bars' || kind.family === 'cells';
  spec.points.forEach((point, index) => {
    const {x, y, box} = point;
    const rows = point.n ?? 1;
    // A bar or a point of a line that is missing is one result, however many rows stand behind it.
    const n = isDots ? rows : 1;
    if (kind.family === 'bins') counts.drawn += y ?? 0;
    else if (kind.family === 'boxes') counts.drawn += box?.n ?? 0;
    else if (y === null || (x === null && !byName)) counts.nulls += n;
    else if (!isDrawable(y) || (!byName && xPosition(spec.x, point, index) === null)) counts.notDrawable += n;
    else if (isBelowLog(spec.y, y) || isBelowLog(spec.x, x)) counts.notPositive += n;
    else {
      counts.drawn += rows;
      counts.marks += 1;
    }
  });
  if (kind.family === 'xy' && kind.isCurve && counts.drawn > 0 && spec.totalRows !== null)
    counts.drawn = spec.totalRows - spec.nullCount;
  return counts;
}

function isBelowLog(axis: ChartAxis, value: ChartPoint['x']): boolean {
  return axis.log === true && typeof value === 'number' && value <= 0;
}

/** Why there is no plot. */
export function nothingToDraw(spec: ChartSpec, {nulls}: PointCounts): string {
  if (spec.points.length === 0 && nulls === 0) return 'Nothing to draw: there are no rows.';
  const rows = Math.max(nulls, spec.points.length);
  return `Nothing to draw: ${rows === 1 ? 'the only row has' : `all ${formatCount(rows)} rows have`} no value to show.`;
}

/** How much of the spec a drawing had room for: bars or boxes, or columns and rows of cells. */
export type Shown = {bars?: number; columns?: [shown: number, of: number]; rows?: [shown: number, of: number]};

/** "n = 480", "n = 480 in 5 bars", or "5 bars · showing 20 of 500 · 3 nulls left out". */
export function chartNote(spec: ChartSpec, counts: PointCounts, shown: Shown = {}): string {
  const {drawn, marks, nulls, notDrawable, notPositive} = counts;
  const family = familyOf(spec.mark);
  const total = spec.totalRows;
  const points = spec.points.length;
  const parts: string[] = [];
  if (family === 'cells') {
    parts.push(cellsText(spec, counts));
    for (const [name, part] of Object.entries({columns: shown.columns, rows: shown.rows}))
      if (part && part[0] < part[1]) parts.push(`showing ${part[0]} of ${formatCount(part[1])} ${name}`);
  } else if (family === 'panels') parts.push(panelsText(spec, drawn));
  else if (!drawsResults(spec)) parts.push(`n = ${formatCount(drawn)}`);
  else parts.push(`${isCounted(spec) ? `n = ${formatCount(drawn)} in ` : ''}${marksText(family, marks)}`);
  if (shown.bars !== undefined && shown.bars < points)
    parts.push(`showing ${shown.bars} of ${formatCount(Math.max(total ?? 0, points))}`);
  else if (isOfRows(spec) && total === null) parts.push(`first ${formatCount(points)} rows, there are more`);
  else if (isOfRows(spec) && total !== null && points < total)
    parts.push(`${spec.sampled ? '' : 'first '}${formatCount(points)} of ${formatCount(total)} rows`);
  if (spec.sampled) parts.push('SAMPLE, not all rows');
  if (nulls > 0) parts.push(`${formatCount(nulls)} ${nulls === 1 ? 'null' : 'nulls'} left out`);
  if (notDrawable > 0) parts.push(`${formatCount(notDrawable)} not finite or not a number, left out`);
  if (notPositive > 0) parts.push(`${formatCount(notPositive)} not above zero, left out on the log axis`);
  return [...parts, ...(spec.notes ?? [])].join(' · ');
}

/** Facets share the rows among them; the pairs of columns each have those in which both are present. */
function panelsText({mark, panels = []}: ChartSpec, drawn: number): string {
  if (mark !== 'pairs')
    return `n = ${formatCount(drawn)} in ${panels.length} ${panels.length === 1 ? 'panel' : 'panels'}`;
  const counts = panels.map(panel => countPoints(panel).drawn);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  return `n = ${formatCount(fewest)}${most > fewest ? ` to ${formatCount(most)}` : ''} a panel`;
}

/** Rows behind each cell; pairs of columns have those in which both are present, and blocks of rows are the same in each column. */
function cellsText({mark, points}: ChartSpec, {drawn, marks}: PointCounts): string {
  const cells = `${formatCount(marks)} ${marks === 1 ? 'cell' : 'cells'}`;
  if (!isCounted({points})) return cells;
  if (mark === 'missing') {
    const [first] = points;
    const rows = points.reduce((sum, {group, n = 0}) => (group === first?.group ? sum + n : sum), 0);
    return `n = ${formatCount(rows)}`;
  }
  if (mark !== 'correlation') return `n = ${formatCount(drawn)} in ${cells}`;
  const pairs = points.flatMap(({x, group, y, n}) => (x === group || y === null || n === undefined ? [] : [n]));
  const [fewest, most] = [Math.min(...pairs), Math.max(...pairs)];
  if (pairs.length === 0) return cells;
  return `n = ${formatCount(fewest)}${most > fewest ? ` to ${formatCount(most)}` : ''} a pair`;
}

function isCounted({points}: Pick<ChartSpec, 'points'>): boolean {
  return points.some(({n}) => n !== undefined);
}

/** Bars, lines and areas mostly draw aggregates: a row of the result may stand for any number of rows of data. */
function drawsResults({mark}: ChartSpec): boolean {
  const kind = markKinds[mark];
  return kind.family === 'bars' || (kind.family === 'xy' && !kind.isCurve && kind.style !== 'dots');
}

/** Then only the marks can be counted, if no `n` came with them. */
function marksText(family: string, drawn: number): string {
  const word = family === 'bars' ? 'bar' : 'point';
  return `${formatCount(drawn)} ${word}${drawn === 1 ? '' : 's'}`;
}

/** The points are rows of a result that may have been cut. */
function isOfRows(spec: ChartSpec): boolean {
  if (drawsResults(spec)) return true;
  const kind = markKinds[spec.mark];
  return !isCounted(spec) && (kind.family === 'cells' || (kind.family === 'xy' && !kind.isCurve));
}
