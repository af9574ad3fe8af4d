// What is done with a classifier's probabilities: made honest by a curve, and turned into a class at a threshold.

import {z} from 'zod';
import type {Columns} from '../core/least-squares.ts';
import {type Curve, curveSchema, fitIsotonic, fitPlatt, logOdds, onCurve} from './calibration.ts';
import {logLoss} from './class-metrics.ts';
import {type FittedModel, likeliestClass} from './estimator.ts';

/**
 * `curves` has one for class 1 of two classes, or one a class of more (then scaled to sum to 1). `threshold` is for class 1
 * of two: it is predicted from that probability on.
 */
export const decisionSchema = z.object({curves: z.array(curveSchema), threshold: z.number().nullable()});
export type Decision = z.output<typeof decisionSchema>;

/** The model with its decision applied; a model of a number is left as it is. */
export function decided(model: FittedModel, {curves, threshold}: Decision): FittedModel {
  const bare = model.probabilities?.bind(model);
  if (!bare) return model;
  const probabilities = (features: Columns) => calibrated(bare(features), curves);
  return {
    // Some models pack theirs only when asked.
    get parameters() {
      return model.parameters;
    },
    probabilities,
    predict(features) {
      const found = probabilities(features);
      const [, positive] = found;
      if (threshold === null || found.length !== 2 || !positive) return likeliestClass(found);
      return positive.map(p => (p >= threshold ? 1 : 0));
    },
  };
}

export function calibrated(probabilities: Float64Array[], curves: readonly Curve[]): Float64Array[] {
  const [first] = curves;
  const [, positive] = probabilities;
  if (!first) return probabilities;
  if (probabilities.length === 2 && positive) {
    const better = positive.map(p => onCurve(first, p));
    return [better.map(p => 1 - p), better];
  }
  const each = probabilities.map((p, k) => p.map(value => onCurve(curves[k] ?? first, value)));
  const totals = (each[0] ?? new Float64Array()).map((_, i) => each.reduce((sum, p) => sum + (p[i] ?? 0), 0));
  return each.map(p => p.map((value, i) => ((totals[i] ?? 0) > 0 ? value / (totals[i] ?? 1) : 1 / each.length)));
}

/** Out-of-fold probabilities: `foldOf[i]` is the fold in which row i was predicted. */
export type OutOfFold = {actual: Float64Array; probabilities: Float64Array[]; foldOf: Int32Array; folds: number};

const fewestForIsotonic = 1_000;
/** A curve must lower the log loss by so much of it, measured on folds it was not fitted to. */
const leastGain = 0.01;

/** The curves that make unseen probabilities better; empty where none does. `before` and `after` are log losses. */
export function chooseCurves(out: OutOfFold): {
  kind: Curve['kind'] | null;
  curves: Curve[];
  before: number;
  after: number;
} {
  const before = logLoss(out.actual, out.probabilities);
  const kinds: Curve['kind'][] = out.actual.length >= fewestForIsotonic ? ['platt', 'isotonic'] : ['platt'];
  const tried = kinds.map(kind => ({kind, after: crossFittedLoss(out, kind)})).sort((a, b) => a.after - b.after);
  const [best] = tried;
  if (!best || !(best.after < (1 - leastGain) * before)) return {kind: null, curves: [], before, after: before};
  return {kind: best.kind, curves: curvesOf(out, best.kind, () => true), before, after: best.after};
}

function curvesOf({actual, probabilities}: OutOfFold, kind: Curve['kind'], isSeen: (i: number) => boolean): Curve[] {
  const classes = probabilities.length === 2 ? [1] : probabilities.map((_, k) => k);
  return classes.map(k => {
    const scores = (probabilities[k] ?? new Float64Array()).filter((_, i) => isSeen(i));
    const hits = actual.filter((_, i) => isSeen(i)).map(each => (each === k ? 1 : 0));
    return kind === 'platt' ? {kind, ...fitPlatt(scores.map(logOdds), hits)} : {kind, ...fitIsotonic(scores, hits)};
  });
}

function crossFittedLoss(out: OutOfFold, kind: Curve['kind']): number {
  let sum = 0;
  for (let fold = 0; fold < out.folds; fold++) {
    const actual = out.actual.filter((_, i) => out.foldOf[i] === fold);
    if (actual.length === 0) continue;
    const curves = curvesOf(out, kind, i => out.foldOf[i] !== fold);
    const test = out.probabilities.map(p => p.filter((_, i) => out.foldOf[i] === fold));
    sum += actual.length * logLoss(actual, calibrated(test, curves));
  }
  return sum / out.actual.length;
}

export type Aim = 'f1' | 'balanced accuracy';
/** `best` is the aim's value at `threshold`, `usual` at 0.5. */
export type Threshold = {threshold: number; aim: Aim; best: number; usual: number};

/** The aim's value for classes predicted, `f1` that of the class that is rarer in `actual`; NaN where that has no row. */
export function valueOfAim(aim: Aim, actual: Float64Array, predicted: Float64Array): number {
  const counts = {hits: 0, alarms: 0, ones: 0, zeros: 0};
  actual.forEach((each, i) => {
    if (each === 1) counts.ones++;
    else counts.zeros++;
    if (predicted[i] === 1) counts[each === 1 ? 'hits' : 'alarms']++;
  });
  return Math.min(counts.ones, counts.zeros) === 0 ? Number.NaN : ofCounts(aim, counts);
}

type Counts = {hits: number; alarms: number; ones: number; zeros: number};

function ofCounts(aim: Aim, {hits, alarms, ones, zeros}: Counts): number {
  if (aim === 'balanced accuracy') return (hits / ones + (zeros - alarms) / zeros) / 2;
  const [right, wrong, missed] = ones <= zeros ? [hits, alarms, ones - hits] : [zeros - alarms, ones - hits, alarms];
  return right === 0 ? 0 : (2 * right) / (2 * right + wrong + missed);
}

/**
 * The probability of class 1 from which on it is predicted, so that the aim is largest over the rows given; `f1` is of the
 * rarer class. Between two probabilities it lies in the middle. Null when nothing is gained.
 */
export function chooseThreshold(actual: Float64Array, positive: Float64Array, aim: Aim): Threshold | null {
  const order = Uint32Array.from(positive, (_, i) => i).sort((a, b) => (positive[b] ?? 0) - (positive[a] ?? 0));
  const ones = actual.reduce((sum, each) => sum + each, 0);
  const zeros = actual.length - ones;
  const measured = (hits: number, alarms: number) => ofCounts(aim, {hits, alarms, ones, zeros});
  let [hits, alarms, best, threshold] = [0, 0, 0, 0.5];
  let usual = measured(0, 0);
  order.forEach((row, place) => {
    if (actual[row] === 1) hits++;
    else alarms++;
    const [p, next] = [positive[row] ?? 0, positive[order[place + 1] ?? -1] ?? 0];
    if (next === p && place + 1 < order.length) return;
    const value = measured(hits, alarms);
    if (p >= 0.5) usual = value;
    if (value > best) [best, threshold] = [value, (p + next) / 2];
  });
  return best > usual ? {threshold, aim, best, usual} : null;
}
