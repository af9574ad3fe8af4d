// What the rest of the program may ask of a SQL engine; nothing outside this folder knows which engine answers.

import type {Cell, Table} from '../core/dataset.ts';
import type {Exposure} from '../core/privacy.ts';

/**
 * `table.totalRows` is the full number of rows when all of them were read, else null: more exist than `maxRows`.
 * `datasets` are the names of the datasets the statement reads.
 */
export type QueryResult = {table: Table; datasets: string[]; ms: number};

/**
 * `columns` stand beside those of the result; null when they could not be traced. `grouped` is the same statement with
 * every group of fewer rows of data than asked for left out; null when rows of data reach its result as they are.
 */
export type Trace = {columns: Exposure[] | null; grouped: string | null};

export interface SqlEngine {
  readonly name: string;
  /** Makes the dataset readable under its name; a second call with another file replaces the first. */
  addDataset(name: string, parquetFile: string): Promise<void>;
  dropDataset(name: string): Promise<void>;
  /**
   * Runs exactly one SELECT-type statement and reads at most `maxRows` rows.
   * @throws ToolError `sql.not_select`, `sql.syntax`, `sql.unknown_dataset`, `sql.unknown_column` (with the nearest
   *   names in the hint), `sql.failed`, `sql.out_of_memory`; AbortedError when the signal fires.
   */
  query(sql: string, options: {maxRows: number; signal?: AbortSignal}): Promise<QueryResult>;
  /**
   * Runs exactly one SELECT-type statement and hands over its rows, a few thousand at a time and none of them kept, so that
   * a result of any size takes no more memory than its reader does. Same errors as `query`.
   */
  scan(
    sql: string,
    options: {signal?: AbortSignal; onRows(rows: Cell[][]): void},
  ): Promise<{datasets: string[]; ms: number}>;
  /** What the result of one SELECT is made of; never throws for a statement, nothing of it is run. */
  trace(sql: string, options: {smallestGroup: number}): Promise<Trace>;
  /** Writes the whole result of one SELECT to a new Parquet file inside the data directory. Same errors as `query`. */
  writeParquet(
    sql: string,
    parquetFile: string,
    options: {signal?: AbortSignal},
  ): Promise<{rows: number; datasets: string[]; ms: number}>;
  close(): void;
}
