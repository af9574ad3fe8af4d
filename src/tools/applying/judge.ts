// What is measured of a model's answers: figures of all rows and of groups, and their chart. It runs in a thread of its own.

import {type Estimate, evaluateClasses, evaluateNumbers} from '../../models/evaluate/evaluate.ts';
import type {ChartSpec} from '../../render/chart-spec.ts';
import type {EvaluationChart} from './evaluation-chart-names.ts';
import {chartOf, type Judged} from './evaluation-charts.ts';

/** `groups` are rows of `judged`; without `asked` the chart is the one that tells most. */
export type JudgeInput = {judged: Judged; asked: EvaluationChart | null; groups: readonly Uint32Array[]};

/** `groups` in the order they were given; `chart` is null where these rows can't have it. */
export type Judgement = {estimates: Estimate[]; groups: Estimate[][]; chart: ChartSpec | null};

export function judge({judged, asked, groups}: JudgeInput): Judgement {
  const {seed} = judged;
  const estimatesOf = ({actual, predicted, probabilities}: Pick<Judged, 'actual' | 'predicted' | 'probabilities'>) =>
    probabilities
      ? evaluateClasses({actual, predicted, probabilities}, seed)
      : evaluateNumbers({actual, predicted}, seed);
  const partOf = (rows: Uint32Array) => {
    const take = (column: Float64Array) => Float64Array.from(rows, row => column[row] ?? Number.NaN);
    const {actual, predicted, probabilities} = judged;
    return {actual: take(actual), predicted: take(predicted), probabilities: probabilities?.map(take) ?? null};
  };
  return {
    estimates: estimatesOf(judged),
    groups: groups.map(rows => estimatesOf(partOf(rows))),
    chart: chartOf(judged, asked),
  };
}
