// The SQL of a profile: which aggregates are asked for each kind of column, and how the answers are found again.

import {isMoment, type TableColumn} from '../core/dataset.ts';
import {freeName, quoteName, quoteText} from '../engine/sql-text.ts';

export const topCount = 5;

export const isFloat = (column: TableColumn) => column.type === 'DOUBLE' || column.type === 'FLOAT';

/** The column with NaN as NULL, as pandas counts it. */
export function present(column: TableColumn): string {
  const name = quoteName(column.name);
  return isFloat(column) ? `CASE WHEN isnan(${name}) THEN NULL ELSE ${name} END` : name;
}

/** The column as DOUBLE, with NaN and the infinities as NULL. */
export function finite(column: TableColumn): string {
  const name = quoteName(column.name);
  return isFloat(column) ? `CASE WHEN isfinite(${name}) THEN ${name}::DOUBLE END` : `${name}::DOUBLE`;
}

/** Seconds since 1970, with the infinite dates as NULL. */
export function epoch(column: TableColumn): string {
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
        finite: `count(${number})`,
        not_null: `count(${name})`,
      };
    }
    case 'time':
      return isMoment(column)
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
export const valueFactNames = ['distinct', 'mean_length', 'numeric', 'folded', 'with_blank', 'zeros'] as const;

/** Of a text `v`: its length, is it a number, itself without case and outer blanks, has it a blank inside, has it leading zeros. */
export function textFlags(v: string): [length: string, numeric: string, folded: string, blank: string, zeros: string] {
  const text = `${v}::VARCHAR`;
  // Most texts can't be numbers, and trying is dear: only what begins like a number, infinity or NaN is tried.
  const likely = `ascii(${text}) BETWEEN 9 AND 57 OR ascii(${text}) IN (73, 78, 105, 110)`;
  return [
    `length(${text})`,
    `(CASE WHEN ${likely} THEN TRY_CAST(${text} AS DOUBLE) IS NOT NULL ELSE false END)`,
    `lower(trim(${text}))`,
    `contains(trim(${text}), ' ')`,
    `(CASE WHEN ascii(${text}) = 48 THEN regexp_full_match(${text}, '0[0-9]+') ELSE false END)`,
  ];
}

/** One row a column, computed over its distinct values: grouping is cheaper than `count(DISTINCT …)`, and texts repeat. */
export function valuesSql(dataset: string, columns: readonly TableColumn[]): string {
  return columns
    .map((column, index) => {
      const value =
        column.kind === 'text' || column.kind === 'nested' ? `${present(column)}::VARCHAR` : present(column);
      const [length, numeric, folded, blank, zeros] = textFlags('v');
      const facts =
        column.kind === 'text'
          ? `sum(n * ${length}) / sum(n), sum(n) FILTER (WHERE ${numeric}),
  count(DISTINCT ${folded}), sum(n) FILTER (WHERE ${blank}), sum(n) FILTER (WHERE ${zeros})`
          : 'NULL, NULL, NULL, NULL, NULL';
      const grouped = `SELECT ${value} AS v, count(*) AS n FROM ${quoteName(dataset)} WHERE ${present(column)} IS NOT NULL GROUP BY ALL`;
      return `SELECT ${index} AS col, count(*) AS distinct_count, ${facts}\nFROM (${grouped})`;
    })
    .join('\nUNION ALL\n');
}

/** `bins` equally wide bins from `low` to `high` of one column; `center`, best the mean, where the moments are wanted. */
export type Span = {
  index: number;
  /** The value's place on the line, as `placeOf` says. */
  place: string;
  low: number;
  high: number;
  bins: number;
  center: number | null;
};

/** The place of a value on the line: a number as DOUBLE, a time in seconds since 1970; NULL where it has none. */
export function placeOf(column: TableColumn): string {
  if (column.kind === 'number') return finite(column);
  return isMoment(column) ? epoch(column) : 'NULL::DOUBLE';
}

/** The share of the range below a value, 0 at `low` and 1 at `high`; in halves, so that the widest range does not overflow. */
export function shareSql({place, low, high}: Span): string {
  return `(${place} / 2 - ${literal(low / 2)}) / ${literal(high / 2 - low / 2)}`;
}

/**
 * Rows (column index, bin from 0, count, sums of z, z² and z³ for z = (value − center) / (high − low)) of all spans. A value on
 * `high` stands in a bin of its own after the last one, which the caller adds to it; missing values have the bin NULL.
 */
export function histogramSql(dataset: string, spans: readonly Span[]): string {
  return spans
    .map(span => {
      const {index, low, high, bins, center} = span;
      if (center === null)
        return `SELECT ${index} AS col, floor(${shareSql(span)} * ${bins})::USMALLINT AS bin, count(*) AS n, NULL, NULL, NULL FROM ${quoteName(dataset)} GROUP BY ALL`;
      const middle = literal((center / 2 - low / 2) / (high / 2 - low / 2));
      return `SELECT ${index} AS col, floor(u * ${bins})::USMALLINT AS bin, count(*) AS n, sum(z), sum(z * z), sum(z * z * z)
FROM (SELECT u, u - ${middle} AS z FROM (SELECT ${shareSql(span)} AS u FROM ${quoteName(dataset)})) GROUP BY ALL`;
    })
    .join('\nUNION ALL\n');
}

export type Fences = {place: string; low: number; high: number};

/** One row: for each column the values strictly outside its fences. */
export function outlierSql(dataset: string, fences: readonly Fences[]): string {
  const counts = fences.map(
    ({place, low, high}, index) =>
      `count(*) FILTER (WHERE ${place} < ${literal(low)} OR ${place} > ${literal(high)}) AS outliers_${index}`,
  );
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

/** One row: how many different hashes the rows have; as many as rows when none repeats. */
export function repeatedHashesSql(dataset: string, columns: readonly TableColumn[]): string {
  // A column of the alias's name would be hashed in place of the row.
  const row = freeName('t', columns);
  return `SELECT count(*) AS hashes FROM (SELECT DISTINCT hash(${row}) FROM ${quoteName(dataset)} AS ${row})`;
}

/** A DOUBLE as SQL writes it: exact, and never a DECIMAL. */
export function literal(value: number): string {
  return `${quoteText(String(value))}::DOUBLE`;
}
