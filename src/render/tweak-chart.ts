// Changes how a chart shows its numbers, never the numbers: scales, order, title, mark. Words in, another spec out.

import {UsageError} from '../core/errors.ts';
import {formatCell, formatCount, nearest} from '../core/text.ts';
import {familyOf} from './chart-marks.ts';
import {type ChartMark, type ChartPoint, type ChartSpec, chartMarks} from './chart-spec.ts';

/** `width` is px of the drawing. */
export type Tweaked = {spec: ChartSpec; width?: number | undefined};

type Tweak = (words: readonly string[], spec: ChartSpec, rest: string) => Tweaked;

export const tweakUsage =
  'log|linear x|y · title TEXT · name x|y TEXT · unit x|y TEXT · top N · sort value|name · mark MARK · stack · unstack · width PX';

const tweaks: Readonly<Record<string, Tweak>> = {
  log: ([axis], spec) => ({spec: onAxis(spec, axis, each => ({...each, log: true}))}),
  linear: ([axis], spec) => ({spec: onAxis(spec, axis, ({log: _, ...each}) => each)}),
  title: (_, spec, title) => ({spec: {...spec, title: needed(title, 'title TEXT')}}),
  name: ([axis], spec, rest) => ({spec: onAxis(spec, axis, each => ({...each, name: afterAxis(rest)}))}),
  unit: ([axis], spec, rest) => ({spec: onAxis(spec, axis, each => ({...each, unit: afterAxis(rest)}))}),
  top: ([count], spec) => ({spec: top(spec, wholeNumber(count, 1, 1_000))}),
  sort: ([by], spec) => ({spec: sorted(spec, by)}),
  mark: ([mark], spec) => ({spec: marked(spec, mark)}),
  stack: (_, spec) => ({spec: stacked(spec, true)}),
  unstack: (_, spec) => ({spec: stacked(spec, false)}),
  width: ([px], spec) => ({spec, width: wholeNumber(px, 200, 4_000)}),
};

/**
 * Applies changes such as `log y; top 10; title Prices` in order.
 * @throws UsageError `chart.tweak_unknown`, `chart.tweak_impossible`
 */
export function tweakChart(spec: ChartSpec, text: string): Tweaked {
  const parts = text
    .split(';')
    .map(part => part.trim())
    .filter(part => part !== '');
  if (parts.length === 0) throw new UsageError('chart.tweak_unknown', `Say what to change: ${tweakUsage}`);
  let tweaked: Tweaked = {spec};
  for (const part of parts) {
    const [name = '', ...words] = part.split(/\s+/);
    const tweak = Object.hasOwn(tweaks, name.toLowerCase()) ? tweaks[name.toLowerCase()] : undefined;
    if (!tweak) {
      const near = nearest(name, Object.keys(tweaks), 1);
      throw new UsageError('chart.tweak_unknown', `A chart has no "${name}" to change.`, {
        hint: near.length > 0 ? `Did you mean "${near[0]}"?` : tweakUsage,
      });
    }
    const next = tweak(words, tweaked.spec, part.slice(name.length).trim());
    tweaked = {...next, width: next.width ?? tweaked.width};
  }
  return tweaked;
}

function impossible(message: string, hint?: string): UsageError {
  return new UsageError('chart.tweak_impossible', message, hint === undefined ? {} : {hint});
}

function needed(text: string, usage: string): string {
  if (text === '') throw new UsageError('chart.tweak_unknown', `Usage: ${usage}`);
  return text;
}

function wholeNumber(text: string | undefined, min: number, max: number): number {
  const value = /^\d{1,5}$/.test(text ?? '') ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max))
    throw new UsageError(
      'chart.tweak_unknown',
      `"${text ?? ''}" is not a whole number from ${min} to ${formatCount(max)}.`,
    );
  return value;
}

/** The axis that a person means: of lying bars and boxes the values are y, wherever they are drawn. */
function onAxis(
  spec: ChartSpec,
  axis: string | undefined,
  change: (axis: ChartSpec['x']) => ChartSpec['x'],
): ChartSpec {
  if (axis !== 'x' && axis !== 'y') throw new UsageError('chart.tweak_unknown', 'Say which axis: x or y.');
  const changed = change(spec[axis]);
  const family = familyOf(spec.mark);
  if (changed.log && changed.kind !== 'number')
    throw impossible(`"${changed.name}" is no number, so it has no log scale.`);
  if (changed.log && (family === 'cells' || (family === 'bins' && axis === 'x')))
    throw impossible(
      `A ${spec.mark} has no log scale there.`,
      'Take the logarithm in the SELECT: SELECT log10(price) AS log_price …',
    );
  if (changed.log && family === 'boxes' && spec.points.some(({box}) => (box?.min ?? 1) <= 0))
    throw impossible('Some values are not above zero, so they have no place on a log scale.');
  if (changed.log && spec.stacked)
    throw impossible('Sums of stacked series can not be read on a log scale.', 'unstack; log y');
  return {
    ...spec,
    [axis]: changed,
    ...(spec.panels && {panels: spec.panels.map(panel => ({...panel, [axis]: change(panel[axis])}))}),
  };
}

function afterAxis(rest: string): string {
  return needed(rest.replace(/^[xy]\s*/, ''), 'name x|y TEXT');
}

/** Categories in the order of their points, each with its points. */
function byCategory(points: readonly ChartPoint[]): ChartPoint[][] {
  const groups = new Map<string, ChartPoint[]>();
  for (const point of points) {
    const name = formatCell(point.x);
    const group = groups.get(name) ?? [];
    groups.set(name, group);
    group.push(point);
  }
  return [...groups.values()];
}

const totalOf = (points: readonly ChartPoint[]) =>
  points.some(({y}) => y !== null) ? points.reduce((sum, {y}) => sum + (y ?? 0), 0) : Number.NEGATIVE_INFINITY;

function top(spec: ChartSpec, count: number): ChartSpec {
  requireBars(spec, 'top');
  const categories = byCategory(spec.points).sort((a, b) => totalOf(b) - totalOf(a));
  if (categories.length <= count) return {...spec, points: categories.flat()};
  const points = categories.slice(0, count).flat();
  const note = `the ${formatCount(count)} largest of ${formatCount(Math.max(categories.length, spec.totalRows ?? 0))}`;
  return {...spec, points, totalRows: points.length, notes: [...(spec.notes ?? []), note]};
}

function sorted(spec: ChartSpec, by: string | undefined): ChartSpec {
  requireBars(spec, 'sort');
  const categories = byCategory(spec.points);
  const nameOf = (points: readonly ChartPoint[]) => formatCell(points[0]?.x ?? null);
  if (by === 'value') categories.sort((a, b) => totalOf(b) - totalOf(a));
  else if (by === 'name') categories.sort((a, b) => nameOf(a).localeCompare(nameOf(b), 'en', {numeric: true}));
  else throw new UsageError('chart.tweak_unknown', 'Sort by what: value or name?');
  return {...spec, points: categories.flat()};
}

function requireBars(spec: ChartSpec, what: string): void {
  const family = familyOf(spec.mark);
  if (family !== 'bars' && family !== 'boxes')
    throw impossible(`"${what}" is for bars and boxes; this is a ${spec.mark}.`);
}

/** Marks that draw the same points. */
const alike: readonly (readonly ChartMark[])[] = [
  ['bar', 'line', 'area', 'scatter'],
  ['box', 'violin'],
];

function marked(spec: ChartSpec, mark: string | undefined): ChartSpec {
  const found = chartMarks.find(each => each === mark);
  const others = alike.find(marks => marks.includes(spec.mark))?.filter(each => each !== spec.mark) ?? [];
  if (found === spec.mark) return spec;
  if (
    !found ||
    !others.includes(found) ||
    (found === 'violin' && spec.points.some(({density}) => density === undefined))
  )
    throw impossible(
      `A ${spec.mark} chart can not be shown as "${mark ?? ''}": its points are other ones.`,
      others.length > 0 ? `It can be: ${others.join(', ')}.` : 'Draw it anew with /chart.',
    );
  const {stacked: wasStacked, ...rest} = spec;
  // Dots of a scatter that have an n are heaps of rows; these are results still.
  const points = found === 'scatter' ? rest.points.map(({n: _, ...point}) => point) : rest.points;
  return {...rest, points, mark: found, ...(wasStacked && (found === 'bar' || found === 'area') && {stacked: true})};
}

function stacked(spec: ChartSpec, isStacked: boolean): ChartSpec {
  const {stacked: _, ...others} = spec;
  if (!isStacked) return others;
  if ((spec.mark !== 'bar' && spec.mark !== 'area') || spec.points.every(({group}) => group === undefined))
    throw impossible('Only bars and areas with several series can be stacked.');
  if (spec.y.log) throw impossible('Sums of stacked series can not be read on a log scale.', 'linear y; stack');
  return {...others, stacked: true};
}
