// Puts an A/B test and the plan of a comparison into words and tables; computes nothing.

import type {AbAnswer, Arm} from '../analysis/ab-test.ts';
import {formatP, resultSentence} from '../analysis/hypothesis/sentence.ts';
import type {Plan} from '../analysis/plan-sample.ts';
import type {Cell, Table} from '../core/dataset.ts';
import {formatCount, formatNumber, printable} from '../core/text.ts';
import {tableOf} from './result-table.ts';

const kinds = {measure: 'text', value: 'number', low: 'number', high: 'number', p: 'number'} as const;

export function abSummary({of, yes, control, variant, result, lift, detectable, split, dropped}: AbAnswer): string[] {
  const arm = ({name, n, value, low, high}: Arm) =>
    `${text(name)} ${formatNumber(value)} [${formatNumber(low)}, ${formatNumber(high)}] (n = ${formatCount(n)})`;
  const what = of === 'share' ? `Share of ${text(yes ?? '')}` : 'Mean';
  const interval = lift.low === null || lift.high === null ? '' : ` [${percent(lift.low)}, ${percent(lift.high)}]`;
  const lines = [
    `${what}: variant ${arm(variant)}, control ${arm(control)}.`,
    `Lift of ${text(variant.name)} over ${text(control.name)}: ${Number.isNaN(lift.value) || !Number.isFinite(lift.value) ? 'not defined' : `${percent(lift.value)}${interval}`}.`,
    resultSentence(result),
    `Groups of this size show a difference of ${formatNumber(detectable)} with 80 % power at the 5 % level.`,
  ];
  lines.push(
    split.p < 0.001
      ? `The groups are not of equal size (sample ratio mismatch, ${formatP(split.p)}): unless that was planned, do not trust the comparison.`
      : `Sizes of the groups agree with an equal split (${formatP(split.p)}).`,
  );
  lines.push(`Method: ${result.method}. Assumes ${result.assumes}.`);
  lines.push(dropped.length > 0 ? `Rows left out: ${dropped.map(text).join(', ')}.` : 'No rows left out.');
  return lines;
}

export function abTable({control, variant, result, lift, detectable, split}: AbAnswer): Table {
  const rows: Cell[][] = [
    ...(
      [
        ['control', control],
        ['variant', variant],
      ] as const
    ).flatMap(([name, {n, value, low, high}]): Cell[][] => [
      [name, value, low, high, null],
      [`n ${name}`, n, null, null, null],
    ]),
    [result.statisticName, result.statistic, null, null, result.p],
    ...[lift, ...result.effects].map(({name, value, low, high}): Cell[] => [
      name,
      Number.isFinite(value) ? value : null,
      low,
      high,
      null,
    ]),
    ['detectable difference', detectable, null, null, null],
    ['equal split', split.statistic, null, null, split.p],
  ];
  return tableOf(kinds, rows);
}

export function planSummary({of, found, baseline, sd, effect, size, n, exactN, power, alpha}: Plan): string[] {
  const base =
    of === 'share' ? `share of ${formatNumber(baseline ?? Number.NaN)}` : `sd of ${formatNumber(sd ?? Number.NaN)}`;
  const facts = `${base}, difference ${formatNumber(effect)} (Cohen's ${of === 'share' ? 'h' : 'd'} ${formatNumber(size)}), two-sided alpha ${formatNumber(alpha)}`;
  const test = of === 'share' ? 'z-test of two shares' : "Student's t-test of two means";
  const answers = {
    n: `${formatCount(n)} rows in each group (${formatNumber(exactN)}), ${formatCount(2 * n)} in all, reach a power of ${formatNumber(power)}`,
    power: `With ${formatNumber(n)} rows in each group the power is ${formatNumber(power)}`,
    effect: `${formatNumber(n)} rows in each group show a difference of ${formatNumber(effect)} with a power of ${formatNumber(power)}`,
  };
  return [`${answers[found]}: ${facts}; ${test}, groups of equal size.`];
}

export function planTable({effect, size, n, exactN, power, alpha}: Plan): Table {
  const all = {n, n_exact: exactN, power, effect, effect_size: size, alpha};
  return tableOf({measure: 'text', value: 'number'}, Object.entries(all));
}

function percent(share: number): string {
  return `${share > 0 ? '+' : ''}${formatNumber(Number((share * 100).toPrecision(4)))} %`;
}

function text(value: string): string {
  return printable(value, {oneLine: true});
}
