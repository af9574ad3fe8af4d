// The aggregate functions by their names in pandas, each as SQL that gives the same value.

import type {TableColumn} from '../../core/dataset.ts';
import {quoteName} from '../../engine/sql-text.ts';

type Definition = {
  needs: 'number' | 'order' | 'any';
  isZeroOfNothing: boolean;
  sql(value: string, filter: string): string;
};

/**
 * Missing values (also NaN) are left out. `std` and `var` are of a sample (n − 1), quartiles by linear interpolation (type 7),
 * `nunique` does not count missing as a value, the sum of rows without values is 0 (min_count=0): all as in pandas. A cell of a pivot
 * without any row has no sum, but the counts 0 of pandas' crosstab.
 */
export const aggregateFunctions = {
  count: {needs: 'any', isZeroOfNothing: true, sql: (value, filter) => `count(${value})${filter}`},
  sum: {needs: 'number', isZeroOfNothing: true, sql: (value, filter) => `coalesce(sum(${value})${filter}, 0)`},
  mean: {needs: 'number', isZeroOfNothing: false, sql: (value, filter) => `avg(${value})${filter}`},
  median: quartile(0.5),
  min: {needs: 'order', isZeroOfNothing: false, sql: (value, filter) => `min(${value})${filter}`},
  max: {needs: 'order', isZeroOfNothing: false, sql: (value, filter) => `max(${value})${filter}`},
  std: {needs: 'number', isZeroOfNothing: false, sql: (value, filter) => `stddev_samp(${value})${filter}`},
  var: {needs: 'number', isZeroOfNothing: false, sql: (value, filter) => `var_samp(${value})${filter}`},
  nunique: {needs: 'any', isZeroOfNothing: true, sql: (value, filter) => `count(DISTINCT ${value})${filter}`},
  q1: quartile(0.25),
  q3: quartile(0.75),
} as const satisfies Record<string, Definition>;

export type AggregateFunction = keyof typeof aggregateFunctions;

export const functionNames = [
  'count',
  'sum',
  'mean',
  'median',
  'min',
  'max',
  'std',
  'var',
  'nunique',
  'q1',
  'q3',
] as const satisfies readonly AggregateFunction[];

function quartile(share: number) {
  return {
    needs: 'number' as const,
    isZeroOfNothing: false,
    sql: (value: string, filter: string) => `quantile_cont(${value}::DOUBLE, ${share})${filter}`,
  };
}

/** A column as an aggregate reads it: NaN is missing, true is 1. */
export function valueSql(column: TableColumn | null, isNumber: boolean): string {
  if (column === null) return '*';
  const name = quoteName(column.name);
  if (column.type === 'DOUBLE' || column.type === 'FLOAT')
    return `(CASE WHEN isnan(${name}) THEN NULL ELSE ${name} END)`;
  return isNumber && column.kind === 'boolean' ? `${name}::INTEGER` : name;
}
