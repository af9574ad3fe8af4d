// Learning on the logarithm of a target: for prices, incomes and other positive numbers whose largest lie far above the rest.

import {z} from 'zod';
import {formatNumber} from '../core/text.ts';
import {type Estimator, type FittedModel, requireRows} from './estimator.ts';

export const onLogSchema = z.object({
  onLog: z.object({factor: z.number().positive(), low: z.number(), high: z.number()}),
  parameters: z.unknown(),
});

/**
 * An answer is `factor` · exp(what the model inside says, kept within `low` and `high`). These are the logarithms of the
 * smallest and the largest target it learnt from: a straight line drawn on beyond them would leave every scale. exp alone
 * would give medians, and the error that models are compared by wants means; so `factor` makes the mean of the answers that of
 * the targets, over the rows learnt from (the ratio estimator of Snowdon 1991).
 */
export type OnLog = z.output<typeof onLogSchema>['onLog'];

const prefix = 'log_';

/** The name of the model inside. */
export const withoutLog = (name: string) => (name.startsWith(prefix) ? name.slice(prefix.length) : name);

/**
 * `of` fitted to ln(target) (scikit-learn: `TransformedTargetRegressor(of, func=np.log, inverse_func=np.exp)`, times the factor
 * and within the bounds of `OnLog`).
 */
export function onLog(of: Estimator): Estimator {
  const {tunes, random = false, takesMissing = false} = of;
  return {
    ...(tunes && {tunes}),
    ...{random, takesMissing},
    name: `${prefix}${of.name}`,
    task: 'regression',
    describes: `${of.describes}, learnt on the logarithm of the target`,
    baseline: false,
    unfitTarget: target => (target.every(value => value > 0) ? null : 'the target is not above 0 everywhere'),
    suitsTarget: target => (isHeavyTailed(target) ? null : 'the target is not strongly skewed'),
    fit(input, settings) {
      requireRows(input);
      const {target} = input;
      const logs = target.map(Math.log);
      const model = of.fit({...input, target: logs}, settings);
      const low = logs.reduce((least, value) => Math.min(least, value));
      const high = logs.reduce((most, value) => Math.max(most, value));
      // All as shares of the largest target, so that no sum is too large.
      const total = (values: Float64Array) =>
        values.reduce((sum, value) => sum + Math.exp(Math.min(high, Math.max(low, value)) - high), 0);
      return outOfLogs(model, {factor: total(logs) / total(model.predict(input.features)), low, high});
    },
    load(parameters) {
      const kept = onLogSchema.parse(parameters);
      return outOfLogs(of.load(kept.parameters), kept.onLog);
    },
  };
}

function outOfLogs(model: FittedModel, found: OnLog): FittedModel {
  return {
    ...(model.width !== undefined && {width: model.width}),
    // Some models pack their parameters only when asked.
    get parameters() {
      return {onLog: found, parameters: model.parameters};
    },
    predict: features => fromLogs(model.predict(features), found),
  };
}

function fromLogs(logs: Float64Array, {factor, low, high}: OnLog): Float64Array {
  return logs.map(value => factor * Math.exp(Math.min(high, Math.max(low, value))));
}

/** What explanations need: the model inside and how its answer becomes that of the whole; null where it has no logarithm. */
export function insideLog(parameters: unknown): {onLog: OnLog; parameters: unknown} | null {
  const found = onLogSchema.safeParse(parameters);
  return found.success ? found.data : null;
}

const stackOfLogs = z.object({members: z.array(z.object({parameters: z.unknown()}))});

/** The model, or a member of the stack that it is, was learnt on the logarithm of its target. */
export function usesLog(parameters: unknown): boolean {
  if (insideLog(parameters)) return true;
  const stack = stackOfLogs.safeParse(parameters);
  return stack.success && stack.data.members.some(member => insideLog(member.parameters) !== null);
}

const strongSkewness = 1;

/** Every value is above 0, the skewness above 1, and that of the logarithms less than half as far from 0. */
export function isHeavyTailed(target: Float64Array): boolean {
  if (!target.every(value => value > 0)) return false;
  const skewness = skewnessOf(target);
  return skewness > strongSkewness && Math.abs(skewnessOf(target.map(Math.log))) < skewness / 2;
}

/** What is said where such models took part. */
export function onLogNote(target: Float64Array): string {
  const [before, after] = [skewnessOf(target), skewnessOf(target.map(Math.log))].map(formatNumber);
  return `The target is above 0 and has a long tail (skewness ${before}, of its logarithm ${after}), so models whose names begin with ${prefix} were learnt on its logarithm too. Their answers are turned back into means of the target (not medians), never beyond the range learnt from, and compared like all others in its own unit.`;
}

/** The third moment about the mean over the second's power 3/2 (SciPy: `skew(bias=True)`); NaN of a constant. */
function skewnessOf(values: Float64Array): number {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value / n, 0);
  const moment = (power: number) => values.reduce((sum, value) => sum + (value - mean) ** power / n, 0);
  return moment(3) / moment(2) ** 1.5;
}
