// Specs of the charts about models, from plain arrays that whoever computed them gives; nothing is computed of rows here.

import {formatCount, formatNumber} from '../core/text.ts';
import type {ChartAxis, ChartGuide, ChartPoint, ChartSpec} from './chart-spec.ts';

/** `n` rows the figures were computed on; `on` says which ("test rows"). */
export type Evaluated = {title?: string; n: number; on?: string; sampled?: boolean};

/** Points of one curve, `x` and `y` of equal length in drawing order; `name` is the model or class. */
export type Curve = {name: string; x: readonly number[]; y: readonly number[]};

const number = (name: string, range?: [number, number]): ChartAxis => ({name, kind: 'number', ...(range && {range})});
const unit: [number, number] = [0, 1];

/** False positive rate (x) and true positive rate (y) of each curve with its area, as scikit-learn's `roc_curve` gives them. */
export function rocSpec(curves: readonly (Curve & {auc: number})[], evaluated: Evaluated): ChartSpec {
  return curveSpec({
    mark: 'roc',
    title: 'ROC curve',
    x: number('false positive rate', unit),
    y: number('true positive rate', unit),
    curves,
    guides: [{x0: 0, y0: 0, x1: 1, y1: 1, name: 'chance'}],
    notes: eachNamed(curves, 'AUC', ({auc}) => auc),
    evaluated,
  });
}

/**
 * Recall (x) and precision (y) of each curve with its average precision; `baseRate` is the share of positive rows, null where
 * each curve has its own.
 */
export function precisionRecallSpec(
  curves: readonly (Curve & {averagePrecision: number})[],
  evaluated: Evaluated & {baseRate: number | null},
): ChartSpec {
  const {baseRate} = evaluated;
  return curveSpec({
    mark: 'precision_recall',
    title: 'Precision and recall',
    x: number('recall', unit),
    y: number('precision', unit),
    curves,
    guides:
      baseRate === null
        ? []
        : [{x0: 0, y0: baseRate, x1: 1, y1: baseRate, name: `share of positive rows ${short(baseRate)}`}],
    notes: eachNamed(curves, 'average precision', ({averagePrecision}) => averagePrecision),
    evaluated,
  });
}

type CalibrationCurve = Curve & {
  counts?: readonly number[];
  low?: readonly number[];
  high?: readonly number[];
  brier?: number;
};

/**
 * Mean predicted probability (x) and observed share (y) of each bin; `counts` are its rows, `low` to `high` an interval of the
 * share, which `interval` names.
 */
export function calibrationSpec(
  curves: readonly CalibrationCurve[],
  {interval: named, ...evaluated}: Evaluated & {interval?: string},
): ChartSpec {
  const spec = curveSpec({
    mark: 'calibration',
    title: 'Calibration',
    x: number('mean predicted probability', unit),
    y: number('observed share', unit),
    curves,
    guides: [{x0: 0, y0: 0, x1: 1, y1: 1, name: 'perfectly calibrated'}],
    notes: [
      ...eachNamed(curves, 'Brier score', ({brier}) => brier),
      ...(named === undefined ? [] : [`band: ${named}`]),
    ],
    evaluated,
  });
  const more = curves.flatMap(({x, counts, low, high}) =>
    x.map((_, i) => ({...(counts?.[i] !== undefined && {n: counts[i]}), ...interval(low?.[i], high?.[i])})),
  );
  return {...spec, points: spec.points.map((point, i) => ({...point, ...more[i]}))};
}

/** `predicted` (x) and `residual` = actual − predicted (y), row by row; at most a few thousand rows, sampled by the caller. */
export function residualsSpec(
  {predicted, residual, target}: {predicted: readonly number[]; residual: readonly number[]; target: string},
  evaluated: Evaluated,
): ChartSpec {
  const low = Math.min(...predicted);
  const high = Math.max(...predicted);
  return {
    ...common({title: `Residuals of ${target}`}, evaluated),
    mark: 'residuals',
    x: number(`predicted ${target}`),
    y: number('residual (actual − predicted)'),
    points: predicted.map((x, index) => ({x, y: residual[index] ?? null})),
    guides: predicted.length === 0 ? [] : [{x0: low, y0: 0, x1: high, y1: 0, name: 'no error'}],
    notes: notesOf([], evaluated),
  };
}

/** One bar a feature, largest first; `low` to `high` (such as ± one standard deviation over repeats) are whiskers. */
export function importanceSpec(
  features: readonly {name: string; value: number; low?: number; high?: number}[],
  {measure, ...evaluated}: Evaluated & {measure: string},
): ChartSpec {
  const sorted = [...features].sort((a, b) => b.value - a.value);
  return {
    ...common({title: 'Feature importance'}, evaluated),
    mark: 'importance',
    x: {name: 'feature', kind: 'category'},
    y: number(measure),
    points: sorted.map(({name, value, low, high}) => ({x: name, y: value, ...interval(low, high)})),
    totalRows: sorted.length,
    notes: [rowsText(evaluated)],
  };
}

/** Mean prediction (y) at values of one feature (x); `low` and `high` bound a band where given. */
export function partialDependenceSpec(
  feature: string,
  curve: {x: readonly (number | string)[]; y: readonly number[]; low?: readonly number[]; high?: readonly number[]},
  {target, ...evaluated}: Evaluated & {target: string},
): ChartSpec {
  const isNumber = curve.x.every(value => typeof value === 'number');
  return {
    ...common({title: `Partial dependence of ${target} on ${feature}`}, evaluated),
    mark: 'partial_dependence',
    x: {name: feature, kind: isNumber ? 'number' : 'category'},
    y: number(`mean predicted ${target}`),
    points: curve.x.map((x, i) => ({x, y: curve.y[i] ?? null, ...interval(curve.low?.[i], curve.high?.[i])})),
    notes: notesOf([], evaluated),
  };
}

/** Rows on two axes (such as the first principal components) by cluster; `axes` may carry the variance they explain. */
export function clustersSpec(
  {x, y, cluster}: {x: readonly number[]; y: readonly number[]; cluster: readonly string[]},
  {axes, ...evaluated}: Evaluated & {axes: [string, string]},
): ChartSpec {
  const places = x.map((value, index) => ({x: value, y: y[index] ?? null, group: cluster[index] ?? null}));
  const names = [...new Set(cluster)].sort((a, b) => a.localeCompare(b, 'en', {numeric: true}));
  return {
    ...common({title: 'Clusters'}, evaluated),
    mark: 'clusters',
    x: number(axes[0]),
    y: number(axes[1]),
    group: {name: 'cluster', kind: 'category'},
    points: names.flatMap(name => places.filter(({group}) => group === name)),
    notes: notesOf([], evaluated),
  };
}

/** `times` are ISO-8601 text; `low` and `high` bound the prediction interval at `level` (0.95). */
export function forecastSpec(
  {
    observed,
    forecast,
    level,
    ...names
  }: {
    observed: {times: readonly string[]; values: readonly (number | null)[]};
    forecast: {times: readonly string[]; values: readonly number[]; low: readonly number[]; high: readonly number[]};
    level: number;
    time: string;
    value: string;
    unit?: string;
  },
  evaluated: Omit<Evaluated, 'on'>,
): ChartSpec {
  const past = observed.times.map((x, index) => ({x, y: observed.values[index] ?? null, group: 'observed'}));
  const future = forecast.times.map((x, i) => ({
    x,
    y: forecast.values[i] ?? null,
    group: 'forecast',
    ...interval(forecast.low[i], forecast.high[i]),
  }));
  return {
    ...common({title: `Forecast of ${names.value}`}, evaluated),
    mark: 'forecast',
    x: {name: names.time, kind: 'time'},
    y: {...number(names.value), ...(names.unit === undefined ? {} : {unit: names.unit})},
    group: {name: 'series', kind: 'category'},
    points: [...past, ...future],
    totalRows: past.length + future.length,
    notes: [
      `${formatCount(past.length)} observed, ${formatCount(future.length)} forecast, ${formatNumber(level * 100)}% prediction interval`,
    ],
  };
}

type CurveParts = Pick<ChartSpec, 'mark' | 'title' | 'x' | 'y'> & {
  curves: readonly Curve[];
  guides: ChartGuide[];
  notes: string[];
  evaluated: Evaluated;
};

function curveSpec({curves, guides, notes, evaluated, title, ...axes}: CurveParts): ChartSpec {
  const points = curves.flatMap(({name, x, y}) =>
    x.map((value, index): ChartPoint => ({x: value, y: y[index] ?? null, group: name})),
  );
  return {...common({title}, evaluated), ...axes, points, guides, notes: notesOf(notes, evaluated)};
}

function common({title}: {title: string}, evaluated: Evaluated) {
  return {title: evaluated.title ?? title, totalRows: evaluated.n, nullCount: 0, sampled: evaluated.sampled ?? false};
}

function interval(low: number | undefined, high: number | undefined) {
  return low === undefined || high === undefined ? {} : {low, high};
}

function notesOf(notes: readonly string[], {on}: Evaluated): string[] {
  return on === undefined ? [...notes] : [`on ${on}`, ...notes];
}

function rowsText({n, on}: Evaluated): string {
  return `computed on ${formatCount(n)} ${on ?? 'rows'}`;
}

/** "AUC 0.91", or "AUC yes 0.91" where there are several curves. */
function eachNamed<C extends Curve>(curves: readonly C[], what: string, of: (curve: C) => number | undefined) {
  return curves.flatMap(curve => {
    const value = of(curve);
    const name = curves.length > 1 ? `${curve.name} ` : '';
    return value === undefined ? [] : [`${what} ${name}${short(value)}`];
  });
}

function short(value: number): string {
  return formatNumber(Number(value.toPrecision(3)));
}
