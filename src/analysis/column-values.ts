// Brings the values of columns from the engine into memory as numbers, in batches, and names columns that do not exist.

import type {Cell, TableColumn} from '../core/dataset.ts';
import {ToolError} from '../core/errors.ts';
import {formatCount, nearest, printable, sizeWords} from '../core/text.ts';
import type {SqlEngine} from '../engine/sql-engine.ts';
import {quoteName, quoteText} from '../engine/sql-text.ts';

/** More numbers than this are not held in memory at once (160 MB). */
export const mostValues = 20_000_000;
const mostLevels = 100;

/** The rows a question is about: a dataset, and a SQL condition that they must meet. */
export type Selection = {dataset: string; where?: string | undefined};

/** Runs statements and keeps their text, so that a receipt can show them. */
export type Reader = {
  readonly sql: string[];
  rows(sql: string, maxRows?: number): Promise<Cell[][]>;
  /** Every row, a few thousand at a time and none of them kept. */
  scan(sql: string, onRows: (rows: Cell[][]) => void): Promise<void>;
  /**
   * The values of SQL expressions of type DOUBLE over all rows of the selection, one array each in the same row order, in
   * memory that threads can share; NULL becomes NaN. @throws ToolError `analysis.too_many_values`
   */
  numbers(selection: Selection, expressions: readonly string[]): Promise<Float64Array[]>;
};

export function createReader(engine: SqlEngine, signal?: AbortSignal): Reader {
  const sql: string[] = [];
  const reader: Reader = {
    sql,
    async rows(statement, maxRows = 100_000) {
      if (sql.length < 20) sql.push(statement);
      return (await engine.query(statement, {maxRows, ...(signal && {signal})})).table.rows;
    },
    async scan(statement, onRows) {
      if (sql.length < 20) sql.push(statement);
      await engine.scan(statement, {onRows, ...(signal && {signal})});
    },
    numbers: (selection, expressions) => numbersOf(reader, selection, expressions),
  };
  return reader;
}

/** `FROM "dataset" WHERE (…)`. The condition stands on lines of its own, so that a comment in it ends there. */
export function fromSql({dataset, where}: Selection): string {
  return `FROM ${quoteName(dataset)}${where === undefined ? '' : ` WHERE (\n${where}\n)`}`;
}

/** @throws ToolError `analysis.unknown_column` with the nearest names */
export function columnNamed<Column extends TableColumn>(columns: readonly Column[], name: string): Column {
  const found = columns.find(column => column.name === name);
  if (found) return found;
  const names = columns.map(column => column.name);
  const near = nearest(name, names);
  throw new ToolError('analysis.unknown_column', `There is no column "${printable(name, {oneLine: true})}".`, {
    hint:
      near.length > 0
        ? `Did you mean ${near.map(each => `"${each}"`).join(' or ')}?`
        : `Columns: ${names.slice(0, 20).join(', ')}.`,
  });
}

export function isNumeric({kind}: TableColumn): boolean {
  return kind === 'number' || kind === 'boolean';
}

/** A column as DOUBLE; true is 1. @throws ToolError `analysis.not_numeric` */
export function numberSql(column: TableColumn): string {
  const name = quoteName(column.name);
  if (column.kind === 'boolean') return `${name}::INTEGER::DOUBLE`;
  if (column.kind === 'number') return `${name}::DOUBLE`;
  throw new ToolError('analysis.not_numeric', `"${column.name}" is ${column.type}, not a number.`, {
    hint: 'Choose a number column, or use it as the group.',
  });
}

async function numbersOf(
  reader: Reader,
  selection: Selection,
  expressions: readonly string[],
): Promise<Float64Array[]> {
  const from = fromSql(selection);
  const [[total] = []] = await reader.rows(`SELECT count(*) ${from}`);
  const n = Number(total ?? 0);
  if (n * expressions.length > mostValues)
    throw new ToolError(
      'analysis.too_many_values',
      `${sizeWords(n, expressions.length)} are more than ${formatCount(mostValues)} values.`,
      {hint: 'Use fewer columns or a condition in where; nothing was sampled.'},
    );
  const columns = expressions.map(() => new Float64Array(new SharedArrayBuffer(n * 8)));
  let start = 0;
  await reader.scan(`SELECT ${expressions.join(', ')} ${from}`, rows => {
    rows.forEach((row, i) => {
      row.forEach((cell, j) => {
        const column = columns[j];
        if (column) column[start + i] = cell === null ? Number.NaN : Number(cell);
      });
    });
    start += rows.length;
  });
  return columns;
}

/** The distinct values of a column as text, sorted. @throws ToolError `analysis.too_many_levels` above 100 */
export async function levelsOf(reader: Reader, selection: Selection, column: TableColumn): Promise<string[]> {
  const name = quoteName(column.name);
  const levels = `SELECT DISTINCT level FROM (SELECT ${name}::VARCHAR AS level ${fromSql(selection)}) WHERE level IS NOT NULL ORDER BY level`;
  const rows = await reader.rows(`${levels} LIMIT ${mostLevels + 1}`);
  if (rows.length > mostLevels)
    throw new ToolError('analysis.too_many_levels', `"${column.name}" has more than ${mostLevels} different values.`, {
      hint: 'Group its values first, or choose another column.',
    });
  return rows.map(([level]) => String(level));
}

/** The place of a column's value in `levels`, from 0, as DOUBLE; NULL where it has none. */
export function levelSql(column: TableColumn, levels: readonly string[]): string {
  if (levels.length === 0) return 'NULL::DOUBLE';
  return `(list_position([${levels.map(quoteText).join(', ')}], ${quoteName(column.name)}::VARCHAR) - 1)::DOUBLE`;
}
