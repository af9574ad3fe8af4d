// The SQL of a profile of a large table: distinct values with their counts, fine bins, and the few values that quartiles need.

import {isMoment, type TableColumn} from '../core/dataset.ts';
import {quoteName} from '../engine/sql-text.ts';
import {epoch, finite, isFloat, literal, placeOf, present, type Span, shareSql, textFlags} from './profile-sql.ts';

/** A multiple of the bins shown, so that these are sums of fine ones. */
export const fineBins = 4_080;
/** A column with more distinct values than this is not listed value by value. */
export const mostListed = 20_000;

/** One row: rows, and for each column what one scan tells cheaply, named as in `scanNames`. */
export function scanSql(dataset: string, columns: readonly Scanned[]): string {
  const parts = columns.flatMap(each => [
    ...scanExpressions(each),
    each.isUnknown ? `approx_count_distinct(${plain(each.column)})` : 'NULL',
  ]);
  return `SELECT ${['count(*)', ...parts].join(',\n  ')}\nFROM ${quoteName(dataset)}`;
}

/**
 * `isUnknown`: nobody has estimated the number of distinct values. `allFinite`: no value is NaN or infinite. `isSkipped`: its
 * bins will tell all that a scan would.
 */
export type Scanned = {column: TableColumn; isUnknown: boolean; allFinite: boolean; isSkipped: boolean};

export const scanNames = ['present', 'min', 'max', 'low', 'high', 'mean', 'finite', 'not_null', 'estimate'] as const;

function scanExpressions({column, allFinite, isSkipped}: Scanned): string[] {
  const name = quoteName(column.name);
  const none = 'NULL';
  if (isSkipped) return new Array<string>(scanNames.length - 1).fill(none);
  if (column.kind === 'number') {
    if (allFinite || !isFloat(column))
      return [`count(${name})`, `min(${name})`, `max(${name})`, none, none, `avg(${name}::DOUBLE)`, none, none];
    const value = present(column);
    const number = finite(column);
    const range = [`min(${number})`, `max(${number})`, `avg(${number})`];
    return [`count(${value})`, `min(${value})`, `max(${value})`, ...range, `count(${number})`, `count(${name})`];
  }
  const edges = column.kind === 'time' ? [`min(${name})`, `max(${name})`] : [none, none];
  const times = isMoment(column) ? [`min(${epoch(column)})`, `max(${epoch(column)})`] : [none, none];
  return [`count(${present(column)})`, ...edges, ...times, none, none, none];
}

function plain(column: TableColumn): string {
  return column.kind === 'nested' ? `${quoteName(column.name)}::VARCHAR` : present(column);
}

/**
 * Rows (column index, value as text, its place, count, and for texts length, is it a number, folded, has it a blank, has it
 * leading zeros), the most frequent first. A column with more than `mostListed` values gives one row more than that.
 */
export function listedSql(dataset: string, columns: readonly {column: TableColumn; index: number}[]): string {
  const parts = columns.map(({column, index}) => {
    const flags = column.kind === 'text' ? textFlags('v').join(', ') : 'NULL, NULL, NULL, NULL, NULL';
    const place = placeOf({...column, name: 'v'});
    return `(SELECT ${index} AS col, v::VARCHAR AS value, ${place} AS place, n, ${flags}
FROM (SELECT v, count(*) AS n FROM (SELECT ${present(column)} AS v FROM ${quoteName(dataset)}) GROUP BY v HAVING v IS NOT NULL LIMIT ${mostListed + 1}))`;
  });
  return `SELECT * FROM (\n${parts.join('\nUNION ALL\n')}\n) ORDER BY col, n DESC, value`;
}

/** The values with these ranks (from 1) in their fine bins. `center` is any value inside of the span. */
export type Wanted = {binned: Span; center: number; places: readonly {bin: number; rank: number}[]};

/** Rows (column index, sums of z, z² and z³ as in `histogramSql`, the value of each place in turn). */
export function momentsAndRanksSql(dataset: string, wanted: readonly Wanted[]): string {
  return wanted
    .map(({binned, center, places}) => {
      const {index, place, low, high} = binned;
      const bins = [...new Set(places.map(({bin}) => bin))];
      // Comparing with the edges is cheap and lets a little too much through; the bin itself decides, for the few that are left.
      const near = bins.map(bin => `v BETWEEN ${edgeSql(binned, bin - 0.01)} AND ${edgeSql(binned, bin + 1.01)}`);
      const bin = `least(floor(${shareSql({...binned, place: 'x'})} * ${fineBins}), ${fineBins - 1})`;
      const lists = bins.map((each, i) => `list_sort(list_filter(near, lambda x: ${bin} = ${each})) AS l${i}`);
      const values = places.map(each => `l${bins.indexOf(each.bin)}[${each.rank}]`);
      const middle = literal((center / 2 - low / 2) / (high / 2 - low / 2));
      const rows = `SELECT ${place} AS v, ${shareSql(binned)} - ${middle} AS z FROM ${quoteName(dataset)}`;
      const sums = `SELECT sum(z) AS s1, sum(z * z) AS s2, sum(z * z * z) AS s3, list(v) FILTER (WHERE ${near.join(' OR ')}) AS near FROM (${rows})`;
      return `SELECT ${index} AS col, s1, s2, s3, ${values.join(', ')}\nFROM (SELECT s1, s2, s3, ${lists.join(', ')} FROM (${sums}))`;
    })
    .join('\nUNION ALL\n');
}

function edgeSql({low, high}: Span, bin: number): string {
  const share = bin / fineBins;
  return literal(low * (1 - share) + high * share);
}

/** `bits` keeps one bit for each whole number of a range; `exact` groups the values. */
export type DistinctMethod = {how: 'bits'; low: number; high: number} | {how: 'exact'};

/** Rows (column index, distinct values). */
export function distinctSql(
  dataset: string,
  columns: readonly {column: TableColumn; index: number; method: DistinctMethod}[],
): string {
  return columns
    .map(({column, index, method}) => {
      const value = plain(column);
      switch (method.how) {
        case 'bits':
          return `SELECT ${index} AS col, bit_count(bitstring_agg(${value}::BIGINT, ${method.low}, ${method.high}))::BIGINT FROM ${quoteName(dataset)}`;
        case 'exact':
          return `SELECT ${index} AS col, count(*) FROM (SELECT v FROM (SELECT ${value} AS v FROM ${quoteName(dataset)}) GROUP BY v HAVING v IS NOT NULL)`;
        default:
          return method satisfies never;
      }
    })
    .join('\nUNION ALL\n');
}

/** Rows (column index, mean length, numbers, values with a blank, values with leading zeros) of texts. */
export function textsSql(dataset: string, columns: readonly {column: TableColumn; index: number}[]): string {
  return columns
    .map(({column, index}) => {
      const name = quoteName(column.name);
      const [length, numeric, , , zeros] = textFlags(name);
      return `SELECT ${index} AS col, avg(${length}), count(*) FILTER (${numeric}), count(*) FILTER (contains(${name}::VARCHAR, ' ')), count(*) FILTER (${zeros}) FROM ${quoteName(dataset)}`;
    })
    .join('\nUNION ALL\n');
}
