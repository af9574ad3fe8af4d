// Plans a comparison of two groups: the rows it needs, or what it can show with those there are.

import type {Column} from '../core/dataset.ts';
import {ToolError} from '../core/errors.ts';
import {columnNamed, isNumeric, type Reader, type Selection} from './column-values.ts';
import {detectableEffect, groupSize, meansPlan, sharesPlan} from './hypothesis/power.ts';
import {cohensH} from './hypothesis/proportions.ts';
import {momentsOf, noVariation, present, requireCount, varianceOf} from './hypothesis/sample.ts';
import {readTestData} from './test-data.ts';

/**
 * `baseline` is the share of the control (0 to 1), or with `sd` its mean, which does not matter then. `effect` is the difference in the
 * unit of the value, `n` the rows of each group. Of effect, n and power the one that is missing is found; power is 0.8 unless given.
 */
export type PlanRequest = {
  baseline?: number | undefined;
  sd?: number | undefined;
  effect?: number | undefined;
  n?: number | undefined;
  power?: number | undefined;
  alpha?: number | undefined;
};

/** `size` is Cohen's d or h; `exactN` the solution before it is rounded up to `n`. */
export type Plan = {
  of: 'share' | 'mean';
  found: 'n' | 'power' | 'effect';
  baseline: number | null;
  sd: number | null;
  effect: number;
  size: number;
  n: number;
  exactN: number;
  power: number;
  alpha: number;
};

/** @throws ToolError `test.needs`, `test.bad_plan`, `test.no_power` */
export function planSample({baseline, sd, effect, n, power, alpha = 0.05}: PlanRequest): Plan {
  checkShare('alpha', alpha);
  if (power !== undefined) checkShare('power', power);
  if (n !== undefined && !(n >= 2)) throw bad(`n must be 2 or more, not ${n}`);
  const scale = scaleOf(baseline, sd);
  const plan = scale.of === 'mean' ? meansPlan(alpha) : sharesPlan(alpha);
  const shared = {of: scale.of, baseline: baseline ?? null, sd: sd ?? null, alpha};
  if (effect !== undefined) {
    const size = scale.sizeOf(effect);
    if (n !== undefined && power === undefined)
      return {...shared, found: 'power', effect, size, n, exactN: n, power: plan.power(size, n)};
    const wanted = power ?? 0.8;
    const exactN = groupSize(plan, size, wanted);
    return {...shared, found: 'n', effect, size, n: Math.ceil(exactN), exactN, power: wanted};
  }
  if (n === undefined) throw needsMore('effect, the difference to show, or n, the rows of each group');
  const wanted = power ?? 0.8;
  const size = detectableEffect(each => plan.power(each, n), wanted);
  return {...shared, found: 'effect', effect: scale.effectOf(size), size, n, exactN: n, power: wanted};
}

function scaleOf(baseline: number | undefined, sd: number | undefined) {
  if (sd !== undefined) {
    if (!(sd > 0)) throw bad(`sd must be above 0, not ${sd}`);
    return {of: 'mean' as const, sizeOf: (effect: number) => effect / sd, effectOf: (size: number) => size * sd};
  }
  if (baseline === undefined) throw needsMore('baseline, the share of the control, or sd, for means');
  checkShare('baseline', baseline);
  return {
    of: 'share' as const,
    sizeOf(effect: number) {
      const other = baseline + effect;
      if (!(other >= 0 && other <= 1)) throw bad(`a share of ${baseline} can't change by ${effect}`);
      return cohensH(other, baseline);
    },
    effectOf(size: number) {
      const angle = Math.asin(Math.sqrt(baseline)) + size / 2;
      if (angle > Math.PI / 2) throw new ToolError('test.no_power', 'So few rows show no rise of this share.');
      return Math.sin(angle) ** 2 - baseline;
    },
  };
}

function checkShare(name: string, value: number): void {
  if (!(value > 0 && value < 1)) throw bad(`${name} must be between 0 and 1, not ${value}`);
}

function bad(message: string): ToolError {
  return new ToolError('test.bad_plan', message);
}

function needsMore(what: string): ToolError {
  return new ToolError('test.needs', `A plan needs ${what}.`, {
    hint: 'Such as: a difference of 0.02 from a share of 0.1, with a power of 0.8.',
  });
}

/** What a column says of the control: the mean and sd of a number, the share of the second of two values. */
export async function baselineOf(
  reader: Reader,
  selection: Selection,
  {columns, value: name}: {columns: readonly Column[]; value: string},
): Promise<{baseline: number; sd: number | undefined}> {
  const value = columnNamed(columns, name);
  const asked = {value, group: null, other: null, more: []};
  if (isNumeric(value) && value.kind !== 'boolean' && value.distinctCount !== 2) {
    const {samples} = await readTestData(reader, selection, {...asked, takes: 'sample'});
    const {values} = present(samples[0]?.values ?? new Float64Array());
    requireCount(values, 2, `"${value.name}"`);
    const origin = values[0] ?? 0;
    const moments = momentsOf(values, origin);
    if (!(moments.squares > 0)) throw noVariation(`"${value.name}"`);
    return {baseline: origin + moments.mean, sd: Math.sqrt(varianceOf(moments))};
  }
  const {counts} = await readTestData(reader, selection, {...asked, takes: 'counts'});
  const [no = 0, yes = 0] = counts?.cells[0] ?? [];
  if (counts?.columns.length !== 2)
    throw bad(`a share needs a column of two values, "${value.name}" has ${counts?.columns.length ?? 0}`);
  return {baseline: yes / (no + yes), sd: undefined};
}
