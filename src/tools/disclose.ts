// Says of a result what it is made of, so that the gate to a provider can decide what may leave.

import type {Cell, Dataset, Table} from '../core/dataset.ts';
import {currentVersion} from '../core/dataset.ts';
import {DsAgentError} from '../core/errors.ts';
import {type CountedExposure, type Disclosure, type Exposure, smallestGroup} from '../core/privacy.ts';
import type {SqlEngine} from '../engine/sql-engine.ts';
import type {Catalog} from './catalog.ts';

/** The disclosure of the table that `sql` gave; columns that can't be traced count as made of everything. */
export async function discloseQuery(
  catalog: Catalog,
  sql: string,
  table: Table,
  signal: AbortSignal,
): Promise<{columns: Exposure[]; rows: {n: number}[]}> {
  const engine = await catalog.engine();
  const {columns, grouped} = await engine.trace(sql, {smallestGroup});
  const traced = columns?.length === table.columns.length ? await withOrigins(catalog, columns) : null;
  const rows =
    traced && grouped !== null && catalog.checksGroups() ? await groupSizes(engine, grouped, table, signal) : [];
  return {columns: traced ?? table.columns.map(() => unknown), rows};
}

/** The points of a chart go whole or not at all; without their table only what they are made of is known. */
export async function aboutWhole(
  catalog: Catalog,
  sql: string,
  table: Table | null,
  signal: AbortSignal,
): Promise<CountedExposure> {
  const engine = await catalog.engine();
  const {columns, rows} = table
    ? await discloseQuery(catalog, sql, table, signal)
    : {columns: await withOrigins(catalog, (await engine.trace(sql, {smallestGroup})).columns ?? [unknown]), rows: []};
  const from = columns.some(each => each.from === null) ? null : [...new Set(columns.flatMap(each => each.from ?? []))];
  const kind = columns.some(each => each.kind === 'value') ? 'value' : 'group';
  return {kind, from, n: rows.length > 0 ? Math.min(...rows.map(each => each.n)) : 0};
}

const unknown: Exposure = {kind: 'value', from: null};

/**
 * For each row whether it stands for enough rows of data: then it is also among the results of the same statement without
 * its small groups, and what is there was computed from none of them.
 */
async function groupSizes(
  engine: SqlEngine,
  grouped: string,
  table: Table,
  signal: AbortSignal,
): Promise<{n: number}[]> {
  try {
    const found = await engine.query(grouped, {maxRows: Math.max(table.rows.length, 1), signal});
    const large = new Set(found.table.rows.map(keyOf));
    return table.rows.map(row => ({n: large.has(keyOf(row)) ? smallestGroup : 0}));
  } catch (error) {
    if (signal.aborted || !(error instanceof DsAgentError)) throw error;
    return [];
  }
}

function keyOf(row: readonly Cell[]): string {
  // Sums of the same numbers in another order differ in their last digits.
  return row.map(cell => (typeof cell === 'number' ? cell.toPrecision(12) : `${typeof cell} ${cell}`)).join('\u0000');
}

/** The origins of columns of kept results lead back to what was imported. */
export async function withOrigins(catalog: Catalog, columns: readonly Exposure[]): Promise<Exposure[]> {
  const earlier = originsOf(await catalog.datasets());
  return columns.map(({kind, from}) => ({
    kind,
    from: from === null ? null : [...new Set(from.flatMap(name => [name, ...(earlier.get(name) ?? [])]))],
  }));
}

function originsOf(datasets: readonly Dataset[]): Map<string, readonly string[]> {
  return new Map(
    datasets.flatMap(dataset =>
      currentVersion(dataset).columns.map(column => [`${dataset.name}.${column.name}`, column.from ?? []] as const),
    ),
  );
}

/** What columns of a dataset are made of, by name; all of its columns without names. */
export function originOf(dataset: Dataset, names?: readonly string[]): string[] {
  const {columns} = currentVersion(dataset);
  const chosen = names ? columns.filter(column => names.includes(column.name)) : columns;
  return [...new Set(chosen.flatMap(column => [`${dataset.name}.${column.name}`, ...(column.from ?? [])]))];
}

/** A part of a summary, and what it tells. */
export type Line = {text: string; about: CountedExposure; otherwise?: string};

/** Counts, and words of ours. */
export const countsOnly: CountedExposure = {kind: 'count', from: [], n: 0};

/** The summary made of these lines together with what they tell, as the outcome of a tool wants both. */
export function disclosed(lines: readonly Line[], bare?: string): {summary: string; disclosure: Disclosure} {
  // Field by field: a line may carry more than a session file should.
  const parts = lines.map(({text, about, otherwise}) => ({
    length: text.length,
    about,
    ...(otherwise === undefined ? {} : {otherwise}),
  }));
  return {summary: lines.map(({text}) => text).join('\n'), disclosure: {parts, ...(bare === undefined ? {} : {bare})}};
}
