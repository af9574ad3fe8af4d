// Feeds the data grid from the engine: a dataset, or the rows of an earlier result.

import {currentVersion, type TableColumn} from '../core/dataset.ts';
import {ToolError, UsageError} from '../core/errors.ts';
import {statementBody} from '../engine/sql-text.ts';
import type {GridQuery, GridSource} from '../tui/grid/grid-source.ts';
import type {App} from './app.ts';
import {anywhere, datasetSource, referenceText, rowsOf} from './references.ts';

/** `what` is a dataset, the number of a result, or empty for the dataset worked on. @throws UsageError, ToolError */
export async function gridSource(what: string, app: App, signal: AbortSignal): Promise<GridSource> {
  const number = /^#?(\d+)$/.exec(what)?.[1];
  if (number === undefined) {
    const name = what || (await app.catalog.active());
    if (!name) throw new UsageError('dataset.none', 'No dataset is imported yet.', {hint: 'Import one: /upload FILE'});
    const dataset = await app.catalog.dataset(name);
    const {version, columns} = currentVersion(dataset);
    return sourceOver({of: name, title: `${name} v${version}`, from: datasetSource(name), columns}, app);
  }
  const receipt = app.session.receipt(Number(number));
  if (!receipt?.sql) {
    throw new ToolError('receipt.unknown', `There is no result ${number} that was made by SQL.`, {
      hint: '/view shows the dataset worked on.',
    });
  }
  const from = `(\n${statementBody(receipt.sql)}\n)`;
  const {table} = await (await app.catalog.engine()).query(`SELECT * FROM ${from} LIMIT 0`, {maxRows: 1, signal});
  return sourceOver({of: number, title: `result ${number}`, from, columns: table.columns}, app);
}

type Base = {of: string; title: string; from: string; columns: readonly TableColumn[]};

function sourceOver({of, title, from, columns}: Base, app: App): GridSource {
  const names = columns.map(column => column.name);
  const nameOf = (index: number) => names[index] ?? '';
  const sortOf = ({sort}: GridQuery) => (sort ? {column: nameOf(sort.column), descending: sort.descending} : null);
  // Words are looked for; whatever has an operator is a condition.
  const conditionOf = ({filter}: GridQuery) =>
    filter === null || !/^[\p{L}\p{N}\s._@-]+$/u.test(filter) || /\s(is|in|like|between)\s/i.test(filter)
      ? filter
      : anywhere(filter, names);
  const read = async (sql: string, maxRows: number, signal: AbortSignal) =>
    (await (await app.catalog.engine()).query(sql, {maxRows, signal})).table.rows;
  return {
    title,
    columns,
    async count(query, signal) {
      const rows = await read(`SELECT count(*) FROM ${rowsOf(from, conditionOf(query), null)}`, 1, signal);
      return Number(rows[0]?.[0] ?? 0);
    },
    rows: (query, offset, limit, signal) =>
      read(
        `SELECT * FROM ${rowsOf(from, conditionOf(query), sortOf(query))} LIMIT ${limit} OFFSET ${offset}`,
        limit,
        signal,
      ),
    reference: selection =>
      referenceText({
        of,
        first: selection.first,
        last: selection.last,
        columns: selection.columns.map(nameOf),
        sort: sortOf(selection),
        filter: conditionOf(selection),
      }),
  };
}
