// An A/B test in one answer: both groups, the lift, what it could have shown, and whether the split is what it should be.

import type {Column} from '../core/dataset.ts';
import {ToolError} from '../core/errors.ts';
import {columnNamed, isNumeric, type Reader, type Selection} from './column-values.ts';
import {chiSquaredFit} from './hypothesis/contingency.ts';
import {detectableEffect, twoSampleTPower, twoSampleZPower} from './hypothesis/power.ts';
import {cohensH, proportionZ, ratioInterval, twoShares, wilsonInterval} from './hypothesis/proportions.ts';
import type {Effect, TestResult} from './hypothesis/result.ts';
import {momentsOf, present, varianceOf} from './hypothesis/sample.ts';
import {welchT} from './hypothesis/t-tests.ts';
import {readTestData} from './test-data.ts';

/** `value` is a share or a mean, with its 95 % interval. */
export type Arm = {name: string; n: number; value: number; low: number; high: number};

/**
 * `result` is of variant less control; `lift` is relative to the control. `detectable` is the difference that groups of this size show
 * with 80 % power at the 5 % level. `split` tests that both groups are of equal size: below 0.001 something chose who is in which.
 */
export type AbAnswer = {
  of: 'share' | 'mean';
  yes: string | null;
  control: Arm;
  variant: Arm;
  result: TestResult;
  lift: Effect;
  detectable: number;
  split: TestResult;
  dropped: string[];
};

const [alpha, power, normal95] = [0.05, 0.8, 1.959963984540054];
const controlNames = /^(a|control|ctrl|base(line)?|old|0|false|no)$/i;

/** The control is the group that is called so (control, A, old, false …), else the first in order. */
export async function abTest(
  reader: Reader,
  selection: Selection,
  request: {columns: readonly Column[]; value: string; group: string},
): Promise<AbAnswer> {
  const value = columnNamed(request.columns, request.value);
  const group = columnNamed(request.columns, request.group);
  const isMeasure = isNumeric(value) && value.kind !== 'boolean' && value.distinctCount !== 2;
  const asked = {value, group, other: null, more: []};
  if (isMeasure) {
    const {samples, dropped} = await readTestData(reader, selection, {...asked, takes: 'two-samples'});
    const [first, second] = samples;
    if (!first || !second) throw new ToolError('test.too_few_groups', `"${group.name}" needs two values.`);
    const [control, variant] =
      controlNames.test(second.name) && !controlNames.test(first.name) ? [second, first] : [first, second];
    return meansAnswer(control, variant, dropped);
  }
  const {counts, dropped} = await readTestData(reader, selection, {...asked, takes: 'table'});
  const {rows = [], columns = [], cells = []} = counts ?? {};
  if (rows.length !== 2 || columns.length !== 2)
    throw new ToolError(
      'test.not_two_by_two',
      `An A/B test needs two groups and a value that is a number or has two values, not ${rows.length} groups and ${columns.length} values.`,
      {hint: 'Keep two groups with where.'},
    );
  const swap = controlNames.test(rows[1] ?? '') && !controlNames.test(rows[0] ?? '');
  const order = swap ? [0, 1] : [1, 0];
  const table = order.map(i => cells[i] ?? []);
  return sharesAnswer(table, {names: order.map(i => rows[i] ?? ''), yes: columns[1] ?? '', dropped});
}

/** `table` holds the variant first, each row as no and yes. */
function sharesAnswer(
  table: number[][],
  {names, yes, dropped}: {names: string[]; yes: string; dropped: string[]},
): AbAnswer {
  const {yes: counts, n, shares} = twoShares(table);
  const result = proportionZ(table);
  const arm = (i: 0 | 1): Arm => {
    const [low, high] = wilsonInterval(counts[i], n[i]);
    return {name: names[i] ?? '', n: n[i], value: shares[i], low, high};
  };
  const interval = ratioInterval(counts, n);
  const h = detectableEffect(effect => twoSampleZPower(effect, n[0], n[1], alpha), power);
  const detected = Math.sin(Math.min(Math.PI / 2, Math.asin(Math.sqrt(shares[1])) + h / 2)) ** 2;
  return {
    of: 'share',
    yes,
    variant: arm(0),
    control: arm(1),
    result,
    lift: {
      name: 'lift',
      value: shares[0] / shares[1] - 1,
      low: interval ? interval[0] - 1 : null,
      high: interval ? interval[1] - 1 : null,
    },
    // Where the control is near 1 no rise of that size is left, and the same h downwards is meant.
    detectable:
      cohensH(1, shares[1]) >= h
        ? detected - shares[1]
        : shares[1] - Math.sin(Math.max(0, Math.asin(Math.sqrt(shares[1])) - h / 2)) ** 2,
    split: chiSquaredFit([...n]),
    dropped,
  };
}

type Sample = {name: string; values: Float64Array};

function meansAnswer(control: Sample, variant: Sample, dropped: string[]): AbAnswer {
  const result = welchT(variant.values, control.values);
  const [b, a] = [variant, control].map(({values}) => {
    const own = present(values).values;
    const origin = own[0] ?? 0;
    const moments = momentsOf(own, origin);
    return {n: moments.n, mean: origin + moments.mean, variance: varianceOf(moments), squares: moments.squares};
  });
  if (!a || !b) throw new RangeError('two groups');
  const arm = ({name}: Sample, {n, mean, variance}: typeof a): Arm => {
    const reach = normal95 * Math.sqrt(variance / n);
    return {name, n, value: mean, low: mean - reach, high: mean + reach};
  };
  const pooled = Math.sqrt((a.squares + b.squares) / (a.n + b.n - 2));
  const ratio = b.mean / a.mean;
  const reach = normal95 * Math.abs(ratio) * Math.sqrt(b.variance / b.n / b.mean ** 2 + a.variance / a.n / a.mean ** 2);
  const isRatio = a.mean !== 0 && b.mean !== 0;
  if (result.dropped > 0) dropped.push(`${result.dropped} without a value`);
  return {
    of: 'mean',
    yes: null,
    control: arm(control, a),
    variant: arm(variant, b),
    result,
    lift: {
      name: 'lift',
      value: isRatio ? ratio - 1 : Number.NaN,
      low: isRatio ? ratio - 1 - reach : null,
      high: isRatio ? ratio - 1 + reach : null,
    },
    detectable: pooled * detectableEffect(d => twoSampleTPower(d, b.n, a.n, alpha), power),
    split: chiSquaredFit([b.n, a.n]),
    dropped,
  };
}
