// What an aggregation asks for, checked against the columns of the dataset before any SQL is built.

import {type Column, isMoment, type TableColumn} from '../../core/dataset.ts';
import {ToolError} from '../../core/errors.ts';
import {columnNamed} from '../column-values.ts';
import {type AggregateFunction, aggregateFunctions} from './functions.ts';

export const timeUnits = ['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const;
export type TimeUnit = (typeof timeUnits)[number];

export const additions = ['share', 'running', 'change'] as const;
export type Addition = (typeof additions)[number];

export type AggregateRequest = {
  dataset: string;
  measures: readonly {function: AggregateFunction; column?: string | undefined}[];
  groupBy?: readonly string[] | undefined;
  /** Rows fall into periods of this column, each named by its start; a week starts on Monday. */
  time?: {column: string; unit: TimeUnit} | undefined;
  /** Periods without rows between the first and the last one (of each group) are listed too. */
  fill?: boolean | undefined;
  where?: string | undefined;
  having?: string | undefined;
  orderBy?: string | undefined;
  ascending?: boolean | undefined;
  top?: number | undefined;
  add?: readonly Addition[] | undefined;
  pivot?: string | undefined;
  totals?: boolean | undefined;
};

/** `name` is that of the result column, different from every other one. */
export type Named<Column> = {column: Column; name: string};
/** Where its range is known, a spread keeps its digits far from 0. */
export type MeasuredColumn = TableColumn & Partial<Pick<Column, 'min' | 'max'>>;
export type Measure = {function: AggregateFunction; column: MeasuredColumn | null; name: string};

export type Checked = {
  dataset: string;
  where: string | undefined;
  keys: Named<TableColumn>[];
  period: (Named<TableColumn> & {unit: TimeUnit; fill: boolean}) | null;
  measures: Measure[];
  pivot: TableColumn | null;
  totals: boolean;
  add: readonly Addition[];
  having: string | undefined;
  orderBy: string | undefined;
  ascending: boolean | undefined;
  top: number | undefined;
};

/** @throws ToolError `aggregate.*`, `analysis.unknown_column`, `analysis.not_numeric` */
export function checkRequest(request: AggregateRequest, columns: readonly MeasuredColumn[]): Checked {
  const {add = [], totals = false, time, having, orderBy, ascending, top, where, dataset} = request;
  const taken = new Set<string>();
  const free = (wanted: string) => {
    let name = wanted;
    // The engine takes names that differ only by case for the same.
    for (let i = 2; taken.has(name.toLowerCase()); i++) name = `${wanted}_${i}`;
    taken.add(name.toLowerCase());
    return name;
  };
  const keys = [...new Set(request.groupBy)].map(name => ({column: columnNamed(columns, name), name: free(name)}));
  const pivot = request.pivot === undefined ? null : columnNamed(columns, request.pivot);
  const period = time && {
    ...periodOf(time, columns),
    name: free(time.unit),
    fill: (request.fill ?? true) && !pivot && !totals,
  };
  const measures = request.measures.map(each => measureOf(each, columns, free));
  if (measures.length === 0) throw new ToolError('aggregate.no_measure', 'There is nothing to compute.');
  const extra = add[0] ?? (having !== undefined ? 'having' : top !== undefined ? 'top' : orderBy && 'order_by');
  if ((pivot || totals) && extra !== undefined) throw notTogether(pivot ? 'pivot' : 'totals', extra);
  if (add.includes('change') && !period)
    throw new ToolError('aggregate.needs_time', 'A change is from one period to the next.', {
      hint: 'Give time_column.',
    });
  const odd = measures.find(each => each.function !== 'sum' && each.function !== 'count');
  if (odd && (add.includes('share') || add.includes('running')))
    throw new ToolError('aggregate.not_additive', `Shares and running totals need sum or count, not ${odd.function}.`);
  return {
    dataset,
    where,
    keys,
    period: period ?? null,
    measures,
    pivot,
    totals,
    add,
    having,
    orderBy,
    ascending,
    top,
  };
}

function periodOf({column: name, unit}: {column: string; unit: TimeUnit}, columns: readonly TableColumn[]) {
  const column = columnNamed(columns, name);
  if (isMoment(column)) return {column, unit};
  throw new ToolError('aggregate.not_time', `"${name}" is ${column.type}, not a date or a time stamp.`, {
    hint: '/clean cast COLUMN to DATE (clean_data) makes it one.',
  });
}

function measureOf(
  {function: named, column: name}: AggregateRequest['measures'][number],
  columns: readonly MeasuredColumn[],
  free: (name: string) => string,
): Measure {
  if (name === undefined) {
    if (named === 'count') return {function: named, column: null, name: free('rows')};
    throw new ToolError('aggregate.needs_column', `${named} needs a column; only count can be of rows.`);
  }
  const column = columnNamed(columns, name);
  const {needs} = aggregateFunctions[named];
  if (needs === 'number' && column.kind !== 'number' && column.kind !== 'boolean')
    throw new ToolError('analysis.not_numeric', `"${name}" is ${column.type}; ${named} needs a number.`, {
      hint: 'count, nunique, min and max work for other columns.',
    });
  if (needs === 'order' && column.kind === 'nested')
    throw new ToolError('analysis.not_numeric', `"${name}" is ${column.type}, which has no ${named}.`);
  return {function: named, column, name: free(`${named}_${name}`)};
}

function notTogether(a: string, b: string): ToolError {
  return new ToolError('aggregate.not_together', `${a} and ${b} can't be asked for together.`, {
    hint: 'Ask twice, or keep the first result as a dataset (run_sql, save_as).',
  });
}
