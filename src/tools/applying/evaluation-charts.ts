// The charts of an evaluation: how well classes are found and whether their probabilities come true, or how a number is missed.

import {qqAgainstNormal, qqShares} from '../../analysis/chart-curves.ts';
import {wilsonInterval} from '../../analysis/hypothesis/proportions.ts';
import {ToolError} from '../../core/errors.ts';
import {formatCount} from '../../core/text.ts';
import {drawn} from '../../models/check-data.ts';
import {brierScore} from '../../models/class-metrics.ts';
import {binningFor, calibrationBins} from '../../models/evaluate/calibration-bins.ts';
import {precisionRecallCurve, rocCurve, thinned} from '../../models/evaluate/curves.ts';
import {quantile} from '../../models/evaluate/evaluate.ts';
import {allRows} from '../../models/raw-columns.ts';
import type {ChartSpec} from '../../render/chart-spec.ts';
import {
  calibrationSpec,
  type Evaluated,
  precisionRecallSpec,
  residualsSpec,
  rocSpec,
} from '../../render/model-charts.ts';
import {qqSpec} from '../charts/qq-spec.ts';
import type {EvaluationChart} from './evaluation-chart-names.ts';
import {calibrationInput} from './evaluation-text.ts';
import type {Scores} from './scores.ts';

/** `actual[i]` as in `Scores.predicted`; `classes` is empty for a number; `on` says which rows these are, drawn of `of` rows. */
export type Judged = Scores & {
  actual: Float64Array;
  target: string;
  classes: readonly string[];
  on: string;
  of?: number;
  seed: number;
};

const mostDots = 2_000;
/** As many as lines can be told apart. */
const mostClasses = 6;
/** Where fewer rows are of the class, nearly all of the ROC curve is about the rows that are not. */
const rareShare = 0.2;

/**
 * The chart that was asked for, or the one that tells most: ROC of classes, precision and recall of a rare one, residuals of
 * numbers. Null where these rows can't have it.
 */
export function chartOf(judged: Judged, asked: EvaluationChart | null): ChartSpec | null {
  return specOf(judged, asked ?? fittingChart(judged));
}

/** What to say where the chart that was asked for can't be had. */
export function noSuchChart({probabilities}: Pick<Judged, 'probabilities'>, asked: EvaluationChart): ToolError {
  const [kind, possible] = probabilities
    ? ['classes', 'roc, pr, calibration; the first two need rows of two classes at least']
    : ['numbers', 'residuals, qq'];
  return new ToolError('model.chart', `There is no ${asked} chart of these rows.`, {
    hint: `A model of ${kind} has: ${possible}.`,
  });
}

function fittingChart({actual, probabilities}: Judged): EvaluationChart {
  if (!probabilities) return 'residuals';
  const share = actual.reduce((sum, each) => sum + (each === 1 ? 1 : 0), 0) / actual.length;
  return probabilities.length === 2 && share < rareShare ? 'pr' : 'roc';
}

function specOf(judged: Judged, kind: EvaluationChart): ChartSpec | null {
  const isOfClasses = kind === 'roc' || kind === 'pr' || kind === 'calibration';
  if (isOfClasses !== (judged.probabilities !== null)) return null;
  switch (kind) {
    case 'roc':
      return rocOf(judged);
    case 'pr':
      return precisionRecallOf(judged);
    case 'calibration':
      return calibrationOf(judged);
    case 'residuals':
      return residualsOf(judged);
    case 'qq':
      return qqOf(judged);
    default:
      return kind satisfies never;
  }
}

type Sought = {name: string; happened: Float64Array; said: Float64Array};

/** The second class of two; else the most frequent ones, each against the rest. */
function soughtOf({actual, probabilities, classes}: Judged): Sought[] {
  const places = (probabilities ?? []).map((_, k) => k);
  const count = (k: number) => actual.reduce((sum, each) => sum + (each === k ? 1 : 0), 0);
  const chosen =
    places.length === 2
      ? [1]
      : places
          .map(k => ({k, rows: count(k)}))
          .sort((a, b) => b.rows - a.rows)
          .slice(0, mostClasses)
          .map(({k}) => k)
          .sort((a, b) => a - b);
  return chosen.map(k => ({
    name: classes[k] || '(empty)',
    happened: actual.map(each => (each === k ? 1 : 0)),
    said: probabilities?.[k] ?? new Float64Array(),
  }));
}

function aboutOf(judged: Judged, what: string): Evaluated {
  const {classes, target} = judged;
  const more = classes.length - mostClasses;
  const title =
    classes.length === 2
      ? `${what} of ${target} = ${classes[1]}`
      : `${what} of ${target}, ${more > 0 ? `the ${mostClasses} most frequent of ${formatCount(classes.length)} classes` : 'each class'} against the rest`;
  return {title, ...rowsOf(judged)};
}

function rowsOf({actual, on, of = actual.length}: Judged): {n: number; on: string; sampled: boolean} {
  return {n: actual.length, on, sampled: actual.length < of};
}

function rocOf(judged: Judged): ChartSpec | null {
  const curves = soughtOf(judged).flatMap(({name, happened, said}) => {
    const curve = rocCurve(happened, said);
    if (!curve) return [];
    const {x, y, area} = thinned(curve);
    return [{name, x, y, auc: area}];
  });
  return curves.length === 0 ? null : rocSpec(curves, aboutOf(judged, 'ROC curve'));
}

function precisionRecallOf(judged: Judged): ChartSpec | null {
  const sought = soughtOf(judged).filter(({happened}) => happened.includes(1) && happened.includes(0));
  const curves = sought.flatMap(({name, happened, said}) => {
    const curve = precisionRecallCurve(happened, said);
    if (!curve) return [];
    const {x, y, area} = thinned(curve);
    return [{name, x, y, averagePrecision: area}];
  });
  if (curves.length === 0) return null;
  const [only] = sought;
  const baseRate =
    only && sought.length === 1 ? only.happened.reduce((sum, each) => sum + each, 0) / only.happened.length : null;
  return precisionRecallSpec(curves, {...aboutOf(judged, 'Precision and recall'), baseRate});
}

function calibrationOf(judged: Judged): ChartSpec {
  const {classes, target} = judged;
  const {happened, said} = calibrationInput(judged);
  const binning = binningFor(said);
  const bins = calibrationBins(happened, said, binning);
  const isTwo = classes.length === 2;
  const intervals = bins.map(({happened: share, rows}) => wilsonInterval(Math.round(share * rows), rows));
  const name = isTwo ? `${target} = ${classes[1]}` : `the predicted ${target}`;
  const curve = {
    name,
    x: bins.map(each => each.said),
    y: bins.map(each => each.happened),
    low: intervals.map(([low]) => low),
    high: intervals.map(([, high]) => high),
    counts: bins.map(({rows}) => rows),
    ...(isTwo && {brier: brierScore(happened, said)}),
  };
  return calibrationSpec([curve], {
    title: `Calibration of ${name}, bins of ${binning}`,
    ...rowsOf(judged),
    interval: '95 % (Wilson)',
  });
}

function residualsOf({actual, predicted, target, on, of = actual.length, seed}: Judged): ChartSpec {
  const rows = drawn(allRows(actual.length), mostDots, seed);
  return residualsSpec(
    {
      predicted: Array.from(rows, row => predicted[row] ?? 0),
      residual: Array.from(rows, row => (actual[row] ?? 0) - (predicted[row] ?? 0)),
      target,
    },
    {n: of, on, sampled: rows.length < of},
  );
}

function qqOf({actual, predicted, target, on}: Judged): ChartSpec {
  const sorted = actual.map((value, i) => value - (predicted[i] ?? 0)).sort();
  const at = (share: number) => quantile(sorted, share) ?? 0;
  const shares = qqShares(sorted.length);
  const points = qqAgainstNormal(shares, shares.map(at), [at(0.25), at(0.75)]);
  const title = `Residuals of ${target} against the normal distribution`;
  const spec = qqSpec(points, {title, name: 'residual (actual − predicted)', n: sorted.length, nullCount: 0});
  return {...spec, notes: [`on ${on}`]};
}
