// The SQL of whole rows: the first, the last, some at random, and those at one end of a column.

import type {DataIntent} from './intent.ts';
import {ident, tableSql, whereSql} from './sql.ts';

/** The rows at one end of a column; the measured column is shown first, ties are broken by the other columns in order. */
export function rankSql({subject, where, by, direction, limit}: DataIntent & {kind: 'rank_rows'}): string {
  const present: string = `${ident(by.name)} IS NOT NULL`;
  const ties = subject.columns.filter(column => column !== by && column.kind !== 'nested').slice(0, 8);
  const order = [`${ident(by.name)} ${direction.toUpperCase()}`, ...ties.map(({name}) => ident(name))];
  return `SELECT * FROM ${tableSql(subject)}${whereSql(where, present)} ORDER BY ${order.join(', ')} LIMIT ${limit}`;
}

/** `table` and `where` as they stand in FROM and behind it. */
export function rowsSql(
  {subject, from, limit, columns}: DataIntent & {kind: 'rows'},
  table: string,
  where: string,
): string {
  const list = columns.length > 0 ? columns.map(({name}) => ident(name)).join(', ') : '*';
  if (from === 'random') {
    return `SELECT ${list} FROM ${table}${where} ORDER BY hash(row_number() OVER () + 7) LIMIT ${limit}`;
  }
  if (from === 'first') return `SELECT ${list} FROM ${table}${where} LIMIT ${limit}`;
  const skipped =
    where === ''
      ? String(Math.max(0, subject.rows - limit))
      : `greatest(0, (SELECT count(*) FROM ${table}${where}) - ${limit})`;
  return `SELECT ${list} FROM ${table}${where} LIMIT ${limit} OFFSET ${skipped.startsWith('g') ? `(SELECT ${skipped})` : skipped}`;
}
