// What a profile says: facts of every column of one dataset version, all of them computed from all rows.

import type {Cell, ColumnKind} from '../core/dataset.ts';

/** What a column is for, guessed from its type, name and values. `constant` has one value, or none at all. */
export type SemanticKind = 'id' | 'category' | 'measure' | 'date' | 'text' | 'boolean' | 'constant' | 'nested';

/**
 * As pandas' `describe()`: quartiles by linear interpolation (type 7), `sampleStdDev` with n − 1, `skewness` is the adjusted
 * G1; NaN counts as missing. Infinite values are left out of everything but `min` and `max`. Null where there are too
 * few values. `outlierCount` counts values outside 1.5 interquartile ranges (Tukey's fences).
 */
export type NumberFacts = {
  kind: 'number';
  min: Cell;
  q1: number | null;
  median: number | null;
  q3: number | null;
  max: Cell;
  mean: number | null;
  sampleStdDev: number | null;
  skewness: number | null;
  nanCount: number;
  infiniteCount: number;
  outlierCount: number;
};

export type TimeFacts = {kind: 'time'; min: Cell; max: Cell};

/**
 * `meanLength` is in characters. `numericCount` of the values can be read as a number, `zeroCount` are digits with a zero in
 * front; `variantCount` of the distinct values differ from another one only by case or blanks around them (0 where a large
 * table has more than 10,000 of them).
 */
export type TextFacts = {
  kind: 'text';
  meanLength: number | null;
  numericCount: number;
  zeroCount: number;
  variantCount: number;
};

export type ColumnFacts = NumberFacts | TimeFacts | TextFacts | {kind: 'other'};

export type ColumnProfile = {
  name: string;
  type: string;
  columnKind: ColumnKind;
  semantic: SemanticKind;
  nullCount: number;
  distinctCount: number;
  /** Off by a few per cent: the table is large and the column has more than a million different values. */
  distinctIsEstimate: boolean;
  facts: ColumnFacts;
  /** The most frequent values (at most 5), ties by value; empty for measures, ids and dates. */
  topValues: {value: string; count: number}[];
  /** Rows in at most 12 equally wide bins over the finite values (one bin a value for few whole numbers); empty where that means nothing. */
  histogram: number[];
  warnings: string[];
};

export type Profile = {
  dataset: string;
  version: number;
  rows: number;
  /** Columns of the dataset; `columns` may hold fewer when some were asked for. */
  columnCount: number;
  /** Rows that repeat an earlier row in every column. */
  duplicateRows: number;
  columns: ColumnProfile[];
  /** Every statement that was run, in order; the numbers come from these and nothing else. */
  sql: string[];
  ms: number;
};
