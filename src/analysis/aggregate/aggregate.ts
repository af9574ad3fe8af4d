// Groups, periods, pivots and what is added to them, computed by the engine over all rows that meet the condition.

import type {Table} from '../../core/dataset.ts';
import {ToolError} from '../../core/errors.ts';
import {formatCount, nearest} from '../../core/text.ts';
import type {SqlEngine} from '../../engine/sql-engine.ts';
import {type AggregateRequest, type Checked, checkRequest, type MeasuredColumn} from './request.ts';
import {aggregateSql, pivotSql, pivotValuesSql, rangeSql} from './sql.ts';

const mostPivotValues = 100;
/** Periods times groups, once the gaps are filled. */
const mostFilled = 200_000;

/** `statement` is the last of `sql` and gave the table. `rows` meet the condition; `timeless` of them have no time (or an infinite one) and stand in no period. */
export type Aggregation = {table: Table; sql: string; statement: string; rows: number; timeless: number};

/**
 * Figures as pandas gives them (`groupby(dropna=False)`, `resample(label='left')`, `pivot_table`, `cumsum`, `pct_change`), but for
 * a change from 0, which has no percentage here (null) and is infinite there. `share` is a fraction of all groups, of those of the
 * same period where there are both.
 * @throws ToolError `aggregate.*`, `analysis.*`, and what the engine says of a condition
 */
export async function aggregate(
  engine: SqlEngine,
  columns: readonly MeasuredColumn[],
  request: AggregateRequest,
  {maxRows, signal}: {maxRows: number; signal?: AbortSignal | undefined},
): Promise<Aggregation> {
  const checked = checkRequest(request, columns);
  const read = async (sql: string, most: number) =>
    (await engine.query(sql, {maxRows: most, ...(signal && {signal})})).table;
  const range = rangeSql(checked);
  const [[rows, timed, span, groups] = []] = (await read(range, 1)).rows;
  const timeless = checked.period ? Number(rows ?? 0) - Number(timed ?? 0) : 0;
  const found = {rows: Number(rows ?? 0), timeless};
  if (checked.pivot || checked.totals) {
    const pivot = checked.pivot ? await pivotColumns(checked, read) : {values: [], names: [], sql: []};
    const totals = checked.pivot
      ? checked.measures.map(({name}) => totalName(checked, name))
      : checked.measures.map(each => each.name);
    const statement = pivotSql(
      checked,
      pivot.values,
      unique([...keyNames(checked), ...pivot.names, ...totals]).slice(keyNames(checked).length),
    );
    return {
      ...found,
      statement,
      table: await read(statement, maxRows),
      sql: [range, ...pivot.sql, statement].join(';\n'),
    };
  }
  const periods = (Number(span ?? 0) + 1) * Number(groups ?? 1);
  if (checked.period?.fill && periods > mostFilled)
    throw new ToolError(
      'aggregate.too_many_periods',
      `Every ${checked.period.unit} from the first to the last would be ${formatCount(periods)} rows.`,
      {hint: 'Take a longer unit, fewer groups or fill_gaps: false.'},
    );
  requireResult(checked);
  const statement = aggregateSql(checked);
  return {...found, statement, table: await read(statement, maxRows), sql: `${range};\n${statement}`};
}

function keyNames({period, keys}: Checked): string[] {
  return [...(period ? [period.name] : []), ...keys.map(({name}) => name)];
}

async function pivotColumns(checked: Checked, read: (sql: string, most: number) => Promise<Table>) {
  const sql = pivotValuesSql(checked, mostPivotValues + 1);
  const values = (await read(sql, mostPivotValues + 1)).rows.map(([value]): string | null =>
    value === null || value === undefined ? null : String(value),
  );
  const name = checked.pivot?.name ?? '';
  if (values.length > mostPivotValues)
    throw new ToolError(
      'aggregate.too_many_columns',
      `"${name}" has more than ${mostPivotValues} values; each would be a column.`,
      {
        hint: 'Group by it instead, or narrow it with where.',
      },
    );
  if (values.length === 0) throw new ToolError('aggregate.no_rows', `There are no rows, so "${name}" has no values.`);
  const [first, ...others] = checked.measures;
  const names = values.flatMap(value => {
    const shown = value ?? 'missing';
    return others.length === 0 ? [shown] : [first, ...others].map(measure => `${shown} ${measure?.name}`);
  });
  return {values, names, sql: [sql]};
}

function totalName({measures}: Checked, measure: string): string {
  return measures.length === 1 ? 'total' : `total ${measure}`;
}

function unique(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map(wanted => {
    let name = wanted.trim() === '' ? 'blank' : wanted;
    for (let i = 2; taken.has(name.toLowerCase()); i++) name = `${wanted.trim() === '' ? 'blank' : wanted}_${i}`;
    taken.add(name.toLowerCase());
    return name;
  });
}

/** The column to order by has to be one of the result. */
function requireResult(checked: Checked): void {
  const {orderBy, measures, add} = checked;
  const added = measures.flatMap(({name}) => [
    ...(add.includes('share') ? [`share_${name}`] : []),
    ...(add.includes('running') ? [`running_${name}`] : []),
    ...(add.includes('change') ? [`change_${name}`, `pct_change_${name}`] : []),
  ]);
  const names = [...keyNames(checked), ...measures.map(({name}) => name), ...added];
  if (orderBy === undefined || names.includes(orderBy)) return;
  const near = nearest(orderBy, names);
  throw new ToolError('aggregate.unknown_result', `The result has no column "${orderBy}".`, {
    hint: `${near.length > 0 ? 'Did you mean' : 'It has'} ${(near.length > 0 ? near : names).map(name => `"${name}"`).join(', ')}?`,
  });
}
