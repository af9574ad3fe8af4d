// The SQL of a profile: which aggregates are asked for each kind of column, and how the answers are found again.

import type {TableColumn} from '../core/dataset.ts';
import {quoteName, quoteText} from '../engine/sql-text.ts';

const topCount = 5;

/** Sums of cubes of larger values are no longer finite, which the engine answers with an error. */
const largestForMoments = '1e75';

const isFloat = (column: TableColumn) => column.type === 'DOUBLE' || column.type === 'FLOAT';
/** Types whose values have a place on a time line that `epoch` knows and that may be infinite. */
const hasEpoch = (column: TableColumn) => /^(DATE|TIMESTAMP)/.test(column.type);

/** The column with NaN as NULL, as pandas counts it. */
function present(column: TableColumn): string {
  const name = quoteName(column.name);
  return isFloat(column) ? `CASE WHEN isnan(${name}) THEN NULL ELSE ${name} END` : name;
}

/** The column as DOUBLE, with NaN and the infinities as NULL. */
function finite(column: TableColumn): string {
  const name = quoteName(column.name);
  return isFloat(column) ? `CASE WHEN isfinite(${name}) THEN ${name}::DOUBLE END` : `${name}::DOUBLE`;
}

/** Seconds since 1970, with the infinite dates as NULL. */
function epoch(column: TableColumn): string {
  const name = quoteName(column.name);
  return `CASE WHEN isfinite(${name}) THEN epoch(${name})::DOUBLE END`;
}

/** Names of the aggregates of one column, in the order `factsSql` asks for them. */
export function factNames(column: TableColumn): string[] {
  return Object.keys(factExpressions(column));
}

/** One pass over the rows: the aggregates of every column of the batch, in one row. */
export function factsSql(dataset: string, columns: readonly TableColumn[]): string {
  const aggregates = columns.flatMap((column, index) =>
    Object.entries(factExpressions(column)).map(([fact, expression]) => `${expression} AS ${fact}_${index}`),
  );
  return `SELECT\n  ${['count(*) AS row_count', ...aggregates].join(',\n  ')}\nFROM ${quoteName(dataset)}`;
}

function factExpressions(column: TableColumn): Record<string, string> {
  const name = quoteName(column.name);
  const value = present(column);
  const counts = {present: `count(${value})`};
  switch (column.kind) {
    case 'number': {
      const number = finite(column);
      const moments = isFloat(column) ? ` FILTER (WHERE abs(${name}) <= ${largestForMoments})` : '';
      // One list, asked for three times: the engine sorts once.
      const quartiles = `quantile_cont(${number}, [0.25, 0.5, 0.75])`;
      return {
        ...counts,
        min: `min(${value})`,
        max: `max(${value})`,
        low: `min(${number})`,
        high: `max(${number})`,
        q1: `${quartiles}[1]`,
        median: `${quartiles}[2]`,
        q3: `${quartiles}[3]`,
        mean: `avg(${number})`,
        sd: `stddev_samp(${number})${moments}`,
        skew: `skewness(${number})${moments}`,
        finite: `count(${number})`,
        not_null: `count(${name})`,
      };
    }
    case 'time':
      return hasEpoch(column)
        ? {
            ...counts,
            min: `min(${name})`,
            max: `max(${name})`,
            low: `min(${epoch(column)})`,
            high: `max(${epoch(column)})`,
          }
        : {...counts, min: `min(${name})`, max: `max(${name})`};
    case 'text':
      return counts;
    case 'boolean':
      return counts;
    case 'nested':
      return counts;
  }
}

/** Names of the columns that `valuesSql` gives after the column's index; those after the first are null but for text. */
export const valueFactNames = ['distinct', 'mean_length', 'numeric', 'folded', 'with_blank'] as const;

/** One row a column, computed over its distinct values: grouping is cheaper than `count(DISTINCT …)`, and texts repeat. */
export function valuesSql(dataset: string, columns: readonly TableColumn[]): string {
  return columns
    .map((column, index) => {
      const value =
        column.kind === 'text' || column.kind === 'nested' ? `${present(column)}::VARCHAR` : present(column);
      const facts =
        column.kind === 'text'
          ? `sum(n * length(v)) / sum(n), sum(n) FILTER (WHERE TRY_CAST(v AS DOUBLE) IS NOT NULL),
  count(DISTINCT lower(trim(v))), sum(n) FILTER (WHERE contains(trim(v), ' '))`
          : 'NULL, NULL, NULL, NULL';
      const grouped = `SELECT ${value} AS v, count(*) AS n FROM ${quoteName(dataset)} WHERE ${present(column)} IS NOT NULL GROUP BY ALL`;
      return `SELECT ${index} AS col, count(*) AS distinct_count, ${facts}\nFROM (${grouped})`;
    })
    .join('\nUNION ALL\n');
}

/** `bins` equally wide bins from `low` to `high`. */
export type Span = {column: TableColumn; index: number; low: number; high: number; bins: number};

/** Rows (column index, bin from 0, count) of the histograms of all spans; a value on `high` falls into the last bin. */
export function histogramSql(dataset: string, spans: readonly Span[]): string {
  return spans
    .map(({column, index, low, high, bins}) => {
      const value = column.kind === 'time' ? epoch(column) : finite(column);
      const share = `(v / 2 - ${literal(low)} / 2) / (${literal(high)} / 2 - ${literal(low)} / 2)`;
      return `SELECT ${index} AS col, least(floor(${share} * ${bins}), ${bins - 1})::INTEGER AS bin, count(*) AS n
FROM (SELECT ${value} AS v FROM ${quoteName(dataset)}) WHERE v IS NOT NULL GROUP BY ALL`;
    })
    .join('\nUNION ALL\n');
}

export type Fences = {column: TableColumn; low: number; high: number};

/** One row: for each column the values strictly outside its fences. */
export function outlierSql(dataset: string, fences: readonly Fences[]): string {
  const counts = fences.map(({column, low, high}, index) => {
    const value = finite(column);
    return `count(*) FILTER (WHERE ${value} < ${literal(low)} OR ${value} > ${literal(high)}) AS outliers_${index}`;
  });
  return `SELECT\n  ${counts.join(',\n  ')}\nFROM ${quoteName(dataset)}`;
}

/** Rows (column index, value as text, count), the most frequent first, ties in the order of the value. */
export function topValuesSql(dataset: string, columns: readonly {column: TableColumn; index: number}[]): string {
  const parts = columns.map(
    ({column, index}) => `SELECT * FROM (
  SELECT ${index} AS col, ${present(column)}::VARCHAR AS v, count(*) AS n FROM ${quoteName(dataset)}
  WHERE ${present(column)} IS NOT NULL GROUP BY ALL ORDER BY n DESC, v LIMIT ${topCount})`,
  );
  return `SELECT * FROM (\n${parts.join('\nUNION ALL\n')}\n) ORDER BY col, n DESC, v`;
}

export function duplicatesSql(dataset: string): string {
  return `SELECT count(*) AS distinct_rows FROM (SELECT DISTINCT * FROM ${quoteName(dataset)})`;
}

/** A DOUBLE as SQL writes it: exact, and never a DECIMAL. */
export function literal(value: number): string {
  return `${quoteText(String(value))}::DOUBLE`;
}
