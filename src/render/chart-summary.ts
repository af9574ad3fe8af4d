// A chart in words: what it shows, extremes, trend and n. For screen readers, and for a model, which gets facts, not pixels.

import {formatCell, formatCount, formatNumber} from '../core/text.ts';
import {axisTitle, isDrawable} from './axis.ts';
import {familyOf, xyStyle} from './chart-marks.ts';
import {chartNote, countPoints, nothingToDraw} from './chart-note.ts';
import type {ChartMark, ChartPoint, ChartSpec} from './chart-spec.ts';
import {placedSeries, type XySeries} from './xy-series.ts';
import {areYears} from './years.ts';

const markNames: Record<ChartMark, string> = {
  bar: 'Bar chart',
  histogram: 'Histogram',
  line: 'Line chart',
  area: 'Area chart',
  scatter: 'Scatter plot',
  box: 'Box plot',
  violin: 'Violin plot',
  heatmap: 'Heatmap',
  correlation: 'Correlation matrix',
  missing: 'Map of missing values',
  pairs: 'Pairs of columns',
  facets: 'Small multiples',
  ecdf: 'Empirical distribution',
  qq: 'Normal Q-Q plot',
  roc: 'ROC curve',
  precision_recall: 'Precision-recall curve',
  calibration: 'Calibration curve',
  residuals: 'Residual plot',
  importance: 'Feature importance',
  partial_dependence: 'Partial dependence',
  clusters: 'Map of clusters',
  forecast: 'Forecast',
};

const mostSeries = 6;
const midnight = /^(\d{4,}-\d\d-\d\d)[T ]00:00:00(?:\.0+)?Z?$/;

/** A few sentences of facts, all computed from the spec. One line, not yet printable. */
export function summarizeChart(spec: ChartSpec): string {
  const counts = countPoints(spec);
  if (counts.drawn === 0) return `${markNames[spec.mark]}. ${nothingToDraw(spec, counts)}`;
  return `${markNames[spec.mark]}: ${factsOf(spec).join('; ')}. ${chartNote(spec, counts)}.`;
}

function factsOf(spec: ChartSpec): string[] {
  switch (familyOf(spec.mark)) {
    case 'bars':
      return barFacts(spec);
    case 'bins':
      return binFacts(spec);
    case 'boxes':
      return boxFacts(spec);
    case 'cells':
      return cellFacts(spec);
    case 'xy':
      return xyFacts(spec);
    case 'panels':
      return panelFacts(spec);
  }
}

/** Why the smaller ones are not told: the table of the result has them. */
function barFacts({points, x, y}: ChartSpec): string[] {
  const drawn = points.filter(point => isDrawable(point.y));
  const {least, most} = extremes(drawn);
  const bars = `${formatCount(drawn.length)} ${drawn.length === 1 ? 'bar' : 'bars'} of ${axisTitle(y)} by ${axisTitle(x)}`;
  if (!least || !most) return [bars];
  if (drawn.length === 1) return [bars, `${nameOf(most)} ${valueText(most)}`];
  return [bars, `highest ${nameOf(most)} ${valueText(most)}`, `lowest ${nameOf(least)} ${valueText(least)}`];
}

function binFacts({points, x}: ChartSpec): string[] {
  const {most} = extremes(points);
  const first = points[0];
  const last = points.at(-1);
  const facts = [`${formatCount(points.length)} bins of ${axisTitle(x)} from ${write(first?.x)} to ${write(last?.x1)}`];
  if (!most) return facts;
  const rows = `${valueText(most)} ${most.y === 1 ? 'row' : 'rows'}`;
  return [...facts, `fullest bin ${write(most.x)} to ${write(most.x1)} with ${rows}`];
}

function boxFacts({mark, points, x, y}: ChartSpec): string[] {
  const {least, most} = extremes(points);
  const outliers = points.reduce((sum, {box}) => sum + (box?.outliers ?? 0), 0);
  const beyond = `${formatCount(outliers)} ${outliers === 1 ? 'value' : 'values'} beyond the whiskers`;
  if (points.length === 1 && most) return [`${axisTitle(y)}, median ${valueText(most)}${quartiles(most)}`, beyond];
  const facts = [
    `${formatCount(points.length)} ${mark === 'violin' ? 'violins' : 'boxes'} of ${axisTitle(y)} by ${axisTitle(x)}`,
  ];
  if (most && least)
    facts.push(
      `highest median ${nameOf(most)} ${valueText(most)}`,
      `lowest median ${nameOf(least)} ${valueText(least)}`,
    );
  return [...facts, beyond];
}

function quartiles({box}: ChartPoint): string {
  return box ? `, quartiles ${write(box.q1)} and ${write(box.q3)}, from ${write(box.min)} to ${write(box.max)}` : '';
}

function cellFacts({mark, points, y, x, group}: ChartSpec): string[] {
  // The pair of a column with itself says nothing.
  const drawn = points.filter(point => isDrawable(point.y) && !(mark === 'correlation' && point.x === point.group));
  const {least, most} = extremes(drawn);
  const names = [x, group].flatMap(axis => (axis && axis.name !== '' ? [axisTitle(axis)] : []));
  const facts = [`${axisTitle(y)}${names.length > 0 ? ` by ${names.join(' and ')}` : ''}`];
  if (!most || !least) return facts;
  return [...facts, `highest ${nameOf(most)} ${valueText(most)}`, `lowest ${nameOf(least)} ${valueText(least)}`];
}

function xyFacts(spec: ChartSpec): string[] {
  const {series} = placedSeries({...spec, stacked: false});
  const facts = [`${axisTitle(spec.y)} by ${axisTitle(spec.x)}`];
  for (const each of series.slice(0, mostSeries)) {
    const told =
      spec.mark === 'ecdf' ? shareFacts(each) : xyStyle(spec.mark) === 'dots' ? rangeFacts(each) : lineFacts(each);
    if (told !== '') facts.push(each.name === null ? told : `${each.name} ${told}`);
  }
  if (series.length > mostSeries) facts.push(`and ${series.length - mostSeries} more series`);
  return facts;
}

/** "from 3 at 2023-01-01 to 9 at 2023-12-01 (+200%), highest 12 at 2023-07-01, lowest 2 at 2023-02-01". */
function lineFacts({points}: XySeries): string {
  const drawn = points.flatMap(({point}) => (isDrawable(point.y) ? [point] : []));
  const [first, last] = [drawn[0], drawn.at(-1)];
  const {least, most} = extremes(drawn);
  if (!first || !last || !least || !most) return '';
  if (first === last) return `${valueText(first)} at ${write(first.x)}`;
  const change = (last.y ?? 0) - (first.y ?? 0);
  const isPositive = (first.y ?? 0) > 0 && (last.y ?? 0) > 0;
  const percent = isPositive
    ? ` (${change >= 0 ? '+' : ''}${formatNumber(Number(((change / (first.y ?? 1)) * 100).toPrecision(3)))} %)`
    : '';
  const time = areYears(drawn.map(({x}) => x)) ? ({x}: ChartPoint) => `in ${x}` : timeWords(drawn);
  const at = (point: ChartPoint) => `${valueText(point)} ${time(point)}`;
  return `from ${at(first)} to ${at(last)}${percent}, highest ${at(most)}, lowest ${at(least)}`;
}

/** "half of them at or below 3.1, nine in ten at or below 7.4". */
function shareFacts({points}: XySeries): string {
  const at = (share: number) => points.find(({y}) => (y ?? 0) >= share - 1e-9)?.x;
  const [half, most] = [at(0.5), at(0.9)];
  if (half === undefined || most === undefined) return '';
  return `half of them at or below ${formatNumber(half)}, nine in ten at or below ${formatNumber(most)}`;
}

const wholeMonth = /^\d{4,}-\d\d-01$/;

/** "at 2023-01-05"; where each point is the first of a month (or of a year) it stands for all of it: "in 2023-01". */
function timeWords(points: readonly ChartPoint[]): (point: ChartPoint) => string {
  const texts = points.map(({x}) => (typeof x === 'string' ? write(x) : ''));
  if (!texts.every(each => wholeMonth.test(each))) return ({x}) => `at ${write(x)}`;
  const kept = texts.every(each => each.endsWith('-01-01')) ? -6 : -3;
  return ({x}) => `in ${write(x).slice(0, kept)}`;
}

function rangeFacts({points}: XySeries): string {
  const drawn = points.filter(({y}) => y !== null);
  // Dots of many rows stand in the middle of them: their ends are no values of the data.
  if (drawn.length === 0 || drawn.some(({point}) => point.n !== undefined)) return '';
  const values = drawn.map(({y}) => y ?? 0);
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  return `values from ${formatNumber(low)} to ${formatNumber(high)}`;
}

function panelFacts({mark, panels = []}: ChartSpec): string[] {
  const names = panels.slice(0, 12).map(({title}) => title);
  const kind = panels[0] && mark === 'facets' ? ` of ${markNames[panels[0].mark].toLowerCase()}` : '';
  return [`${panels.length} panels${kind}: ${names.join(', ')}${panels.length > 12 ? ', …' : ''}`];
}

function extremes(points: readonly ChartPoint[]): {least: ChartPoint | null; most: ChartPoint | null} {
  let least: ChartPoint | null = null;
  let most: ChartPoint | null = null;
  for (const point of points) {
    if (!isDrawable(point.y)) continue;
    if (least === null || point.y < (least.y ?? 0)) least = point;
    if (most === null || point.y > (most.y ?? 0)) most = point;
  }
  return {least, most};
}

function nameOf({x, group}: ChartPoint): string {
  const first = typeof x === 'number' ? formatNumber(x).replaceAll(',', '') : formatCell(x);
  return group === undefined ? first : `${first} · ${formatCell(group)}`;
}

function valueText({y, low, high}: ChartPoint): string {
  return `${write(y)}${low === undefined || high === undefined ? '' : ` (${write(low)} to ${write(high)})`}`;
}

function write(value: string | number | null | undefined): string {
  // A day, a month and a year begin at midnight, which says nothing more.
  return typeof value === 'number' ? formatNumber(value) : formatCell(value ?? null).replace(midnight, '$1');
}
