// What every preparation of a chart shares: the rows of a statement as a source, its columns by name, and what is refused.

import type {Cell, TableColumn} from '../core/dataset.ts';
import {ToolError} from '../core/errors.ts';
import {formatCount, nearest} from '../core/text.ts';
import type {SqlEngine} from '../engine/sql-engine.ts';
import {quoteName, statementBody} from '../engine/sql-text.ts';

/** `sql` are the statements used; `columns` are of the result that was asked for. */
export type Points<Row> = {rows: Row[]; columns: TableColumn[]; datasets: string[]; sql: string};

export type ChartQuery = {sql: string; signal?: AbortSignal | undefined};

export const mostCategories = 200;

export type SourceRows = {from: string; columns: TableColumn[]};

export async function sourceOf(engine: SqlEngine, {sql, signal}: ChartQuery): Promise<SourceRows> {
  const from = `(\n${statementBody(sql)}\n)`;
  const {table} = await engine.query(`SELECT * FROM ${from} LIMIT 0`, options(signal, 1));
  return {from, columns: table.columns};
}

/** @throws ToolError `chart.unknown_column` with the nearest names */
export function columnOf(columns: readonly TableColumn[], name: string): TableColumn {
  const found = columns.find(column => column.name === name);
  if (found) return found;
  const names = columns.map(column => column.name);
  const near = nearest(name, names);
  throw new ToolError('chart.unknown_column', `the query result has no column "${name}"`, {
    hint: `It has: ${(near.length > 0 ? near : names.slice(0, 20)).join(', ')}.`,
  });
}

/** @throws ToolError `chart.y_not_number` */
export function requireNumber({name, type, kind}: TableColumn): void {
  if (kind === 'number') return;
  throw new ToolError('chart.y_not_number', `"${name}" is ${type}, not a number`, {
    hint: 'Choose a number column, or count something in the SELECT.',
  });
}

export function tooMany(name: string, most = mostCategories): ToolError {
  return new ToolError('chart.too_many_categories', `"${name}" has more than ${formatCount(most)} values.`, {
    hint: 'Keep the most frequent ones, or group them in the SELECT.',
  });
}

/** The column as DOUBLE where it is finite, else NULL. */
export function finiteSql(name: string): string {
  return `CASE WHEN isfinite(${quoteName(name)}::DOUBLE) THEN ${quoteName(name)}::DOUBLE END`;
}

export function options(signal: AbortSignal | undefined, maxRows: number) {
  return {maxRows, ...(signal && {signal})};
}

export function textOrNull(cell: Cell | undefined): string | null {
  return cell === null || cell === undefined ? null : String(cell);
}
