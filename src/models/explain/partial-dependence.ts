// What a model says when one input is set to the same value in every row.

import {quantile} from '../evaluate/evaluate.ts';
import type {RawColumn} from '../raw-columns.ts';

/**
 * At each value the mean over the rows (partial dependence, Friedman 2001) and the tenth and ninetieth percentile of the
 * single rows' curves (ICE, Goldstein et al. 2015).
 */
export type DependencePoint = {value: number | string; mean: number; low: number; high: number};

/** `rising` and `falling` are the shares of rows whose own curve ends higher or lower than it begins. */
export type Dependence = {points: DependencePoint[]; rising: number; falling: number};

const mostValues = 11;

/** A number's distinct values when few, else its deciles; a text's most frequent levels, in the order of their names. */
export function gridOf(column: RawColumn): (number | string)[] {
  if (column.kind === 'number') {
    const sorted = column.values.filter(value => !Number.isNaN(value)).sort();
    const distinct = [...new Set(sorted)];
    if (distinct.length <= mostValues) return distinct;
    const deciles = Array.from({length: mostValues}, (_, d) => quantile(sorted, d / (mostValues - 1)) ?? 0);
    return [...new Set(deciles)];
  }
  const counts = column.levels.map(() => 0);
  for (const code of column.codes) if (code >= 0) counts[code] = (counts[code] ?? 0) + 1;
  return column.levels
    .map((level, code) => ({level, count: counts[code] ?? 0}))
    .filter(({count}) => count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, mostValues)
    .map(({level}) => level)
    .sort((a, b) => a.localeCompare(b, 'en', {numeric: true}));
}

/** `answerOf` gives one number a row: the prediction, or the probability of a class. */
export async function partialDependence(
  columns: readonly RawColumn[],
  input: string,
  {answerOf, pause}: {answerOf(columns: readonly RawColumn[]): Promise<Float64Array>; pause(): Promise<void>},
): Promise<Dependence> {
  const column = columns.find(({name}) => name === input);
  if (!column) throw new RangeError(`there is no input ${input}`);
  const curves: Float64Array[] = [];
  const points: DependencePoint[] = [];
  for (const value of gridOf(column)) {
    await pause();
    const answers = await answerOf(columns.map(each => (each === column ? constant(column, value) : each)));
    curves.push(answers);
    const sorted = answers.slice().sort();
    points.push({
      value,
      mean: answers.reduce((sum, each) => sum + each / answers.length, 0),
      low: quantile(sorted, 0.1) ?? Number.NaN,
      high: quantile(sorted, 0.9) ?? Number.NaN,
    });
  }
  const [first, last] = [curves[0], curves.at(-1)];
  const share = (sign: number) =>
    first && last
      ? last.reduce((sum, end, i) => sum + (sign * (end - (first[i] ?? 0)) > 0 ? 1 : 0), 0) / last.length
      : 0;
  return {points, rising: share(1), falling: share(-1)};
}

function constant(column: RawColumn, value: number | string): RawColumn {
  if (column.kind === 'number') return {...column, values: new Float64Array(column.values.length).fill(Number(value))};
  return {...column, codes: new Int32Array(column.codes.length).fill(column.levels.indexOf(String(value)))};
}
