// What the data grid needs: columns, and pages of rows in the order and under the condition that is asked for.

import type {Cell, TableColumn} from '../../core/dataset.ts';

export type GridSort = {column: number; descending: boolean};

/** `filter` is a condition in SQL or words to look for; null shows everything. */
export type GridQuery = {sort: GridSort | null; filter: string | null};

/** Rows are counted from 1, in the order shown; `columns` are indexes, empty for all. */
export type GridSelection = GridQuery & {first: number; last: number; columns: readonly number[]};

export interface GridSource {
  readonly title: string;
  readonly columns: readonly TableColumn[];
  /** How many rows the query has. @throws when the condition can't be used */
  count(query: GridQuery, signal: AbortSignal): Promise<number>;
  rows(query: GridQuery, offset: number, limit: number, signal: AbortSignal): Promise<Cell[][]>;
  /** The selection as it is written into a question. */
  reference(selection: GridSelection): string;
}
