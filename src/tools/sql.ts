// SQL as a tool: exactly one SELECT on the locked engine, a bounded answer that says what it left out, new datasets by save_as.

import {z} from 'zod';
import {joinReport} from '../analysis/join-report.ts';
import type {Column, Table} from '../core/dataset.ts';
import {currentVersion, type Dataset, refOf} from '../core/dataset.ts';
import {ToolError} from '../core/errors.ts';
import {smallestGroup} from '../core/privacy.ts';
import {formatCount, printable, sizeWords} from '../core/text.ts';
import {defineTool, type Tool} from '../core/tool.ts';
import {type PivotGap, pivotGaps} from '../engine/pivot.ts';
import {profileColumns} from '../engine/profile-columns.ts';
import type {SqlEngine} from '../engine/sql-engine.ts';
import {quoteText, statementBody} from '../engine/sql-text.ts';
import {renderMarkdownTable} from '../render/table.ts';
import type {Catalog} from './catalog.ts';
import {discloseQuery, originOf, withOrigins} from './disclose.ts';

/** Rows a result shows to the model and in plain text. */
const shownRows = 20;
/** Rows kept for the views when the caller asks for nothing else. */
const defaultMaxRows = 1_000;
const mostRows = 10_000;
/** Columns that a PIVOT makes of values that it does not name. */
const mostPivotValues = 200;

const args = z.object({
  sql: z.string().min(1).describe('one DuckDB SELECT statement'),
  save_as: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,62}$/, 'use lower-case letters, digits and "_", not starting with a digit')
    .optional()
    .describe('also keep the whole result as a new dataset of this name'),
  max_rows: z
    .int()
    .min(1)
    .max(mostRows)
    .optional()
    .describe(`rows to read at most (default ${defaultMaxRows}; 20 are shown to you)`),
});

export function runSql(catalog: Catalog): Tool {
  return defineTool({
    name: 'run_sql',
    description:
      'Run one read-only DuckDB SELECT over the datasets (each is a table of its name). save_as keeps the result as a new dataset.',
    parallel: ({save_as: saveAs}) => saveAs === undefined,
    args,
    async run({sql: given, save_as: saveAs, max_rows: maxRows = defaultMaxRows}, {signal, emit}) {
      const engine = await catalog.engine();
      if (saveAs !== undefined) await refuseOverwrite(catalog, saveAs);
      const gaps = pivotGaps(given, mostPivotValues);
      if (saveAs !== undefined && gaps[0]) throw unnamedColumns(gaps[0].expression);
      const sql = await withPivotValues(engine, given, gaps, signal);
      const {table, datasets} = await engine.query(sql, {maxRows, signal});
      const source = await catalog.sourceOf(datasets, sql);
      const total = table.totalRows ?? (await countRows(catalog, sql, signal));
      const counted: Table = {...table, totalRows: total};
      const disclosure = await discloseQuery(catalog, sql, counted, signal);
      const joins = await joinNotes(catalog, sql, datasets, signal);
      const lines = [tableText(counted), ...joins];
      const told = joins.length > 0 ? {...disclosure, bare: joins.join('\n')} : disclosure;
      if (saveAs === undefined) return {ok: true, summary: lines.join('\n'), table: counted, source, disclosure: told};
      const bare = await saveQuery(catalog, sql, saveAs, signal, emit);
      return {
        ok: true,
        summary: [...lines, bare].join('\n'),
        table: counted,
        source,
        disclosure: {...disclosure, bare: [...joins, bare].join('\n')},
      };
    },
  });
}

/** A PIVOT without its list of values gets it, in the order of the texts as the engine itself would make it. */
async function withPivotValues(
  engine: SqlEngine,
  sql: string,
  gaps: readonly PivotGap[],
  signal: AbortSignal,
): Promise<string> {
  let written = sql;
  for (const {expression, values, at} of gaps.toReversed()) {
    const {rows} = (await engine.query(values, {maxRows: mostPivotValues + 1, signal})).table;
    const name = printable(expression, {oneLine: true});
    if (rows.length === 0) throw new ToolError('sql.pivot_values', `${name} has no values that could become columns.`);
    if (rows.length > mostPivotValues)
      throw new ToolError('sql.pivot_values', `${name} has more than ${mostPivotValues} values; each is a column.`, {
        hint: `Name those to keep: ON ${name} IN ('a', 'b'), or group by it.`,
      });
    const list = rows.map(([value]) => quoteText(String(value))).join(', ');
    written = `${written.slice(0, at)} IN (${list})${written.slice(at)}`;
  }
  return written;
}

/** The names of a dataset's columns go to every provider, so values become such names only where they were written down. */
function unnamedColumns(expression: string): ToolError {
  const name = printable(expression, {oneLine: true});
  return new ToolError('sql.pivot_values', `To keep a PIVOT, name the values of ${name} that become columns.`, {
    hint: `Such as ON ${name} IN ('a', 'b').`,
  });
}

/** What the joins of a statement do to their tables. A report that fails costs no answer. */
async function joinNotes(
  catalog: Catalog,
  sql: string,
  names: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  if (names.length === 0) return [];
  const engine = await catalog.engine();
  const rows = async (statement: string) => (await engine.query(statement, {maxRows: 2_000, signal})).table.rows;
  try {
    return (await joinReport(rows, sql, await catalog.datasets())).map(line => printable(line, {oneLine: true}));
  } catch (error) {
    if (signal.aborted || !(error instanceof ToolError)) throw error;
    return [];
  }
}

/** A result as text: at most 20 rows, and what was left out. */
export function tableText(table: Table): string {
  if (table.rows.length === 0) return `No rows. Columns: ${table.columns.map(column => column.name).join(', ')}.`;
  const text = renderMarkdownTable(table, {maxRows: shownRows});
  const shown = Math.min(shownRows, table.rows.length);
  const total = table.totalRows ?? table.rows.length;
  if (shown >= total) return `${text}\n(${formatCount(total)} row${total === 1 ? '' : 's'})`;
  return `${text}\nShowing ${shown} of ${formatCount(total)} rows. Add ORDER BY … LIMIT, or aggregate.`;
}

/** The number of rows of a result that was longer than the cap. Null when it can't be counted, such as for DESCRIBE. */
async function countRows(catalog: Catalog, sql: string, signal: AbortSignal): Promise<number | null> {
  const engine = await catalog.engine();
  try {
    const {table} = await engine.query(`SELECT count(*) AS n FROM (\n${statementBody(sql)}\n)`, {maxRows: 1, signal});
    return Number(table.rows[0]?.[0] ?? 0);
  } catch (error) {
    if (error instanceof ToolError) return null;
    throw error;
  }
}

/** @throws ToolError `dataset.exists` */
export async function refuseOverwrite(catalog: Catalog, name: string): Promise<void> {
  const existing = (await catalog.datasets()).find(dataset => dataset.name === name);
  if (existing && currentVersion(existing).source.kind === 'file') {
    throw new ToolError('dataset.exists', `"${name}" is an imported dataset; a query result can't take its name.`, {
      hint: `Choose another name, such as ${name}_result.`,
    });
  }
}

/** Columns that a model made; `of` is what it made them of, where the SELECT holds the numbers themselves. */
export type Made = {computed: readonly string[]; of?: {dataset: Dataset; from: readonly string[]}};

/** Keeps the whole result of a SELECT as a dataset, or as the next version of one. */
export async function saveQuery(
  catalog: Catalog,
  sql: string,
  name: string,
  signal: AbortSignal,
  emit: Parameters<Tool['run']>[1]['emit'],
  {computed, of}: Made = {computed: []},
): Promise<string> {
  const {workspace} = catalog;
  const engine = await catalog.engine();
  const parquetFile = workspace.temporaryPath('data', '.parquet');
  const parents = await catalog.datasets();
  const {rows, datasets} = await engine.writeParquet(sql, parquetFile, {signal});
  const columns = (await columnsOf(catalog, sql, signal)).map(column =>
    computed.includes(column.name)
      ? {...column, computed: true, from: [...new Set([...(column.from ?? []), ...(of?.from ?? [])])]}
      : column,
  );
  const source = {
    kind: 'query' as const,
    sql,
    parents: parents.filter(({name: each}) => datasets.includes(each) || each === of?.dataset.name).map(refOf),
  };
  const added = await workspace.addVersion(name, {parquetFile, rows, columns, source, warnings: []});
  const {version} = currentVersion(added);
  emit({
    type: 'dataset_added',
    name,
    version,
    rows,
    columns: columns.length,
    sizeBytes: 0,
    format: 'query',
    storedName: currentVersion(added).parquet,
    warnings: [],
  });
  return `Saved as dataset ${name} v${version}: ${sizeWords(rows, columns.length)}.`;
}

/** The facts of each result column. */
export async function columnsOf(catalog: Catalog, sql: string, signal: AbortSignal): Promise<Column[]> {
  const engine = await catalog.engine();
  const body = statementBody(sql);
  const {table: shape} = await engine.query(`SELECT * FROM (\n${body}\n) LIMIT 0`, {maxRows: 1, signal});
  const run = async (statement: string) => (await engine.query(statement, {maxRows: 100_000, signal})).table;
  const facts = await profileColumns(run, `(\n${body}\n)`, shape.columns);
  const {columns: traced} = await engine.trace(sql, {smallestGroup});
  const origins = traced?.length === shape.columns.length ? await withOrigins(catalog, traced) : null;
  const everything = origins ? [] : await everyOrigin(catalog);
  const computed = await computedColumns(catalog);
  return shape.columns.map((column, index) => ({
    ...column,
    originalName: column.name,
    ...(facts[index] ?? {nullCount: 0, distinctCount: 0, min: null, max: null, topValues: []}),
    notes: [],
    from: [...(origins?.[index]?.from ?? everything)],
    ...(origins?.[index]?.from?.some(name => computed.has(name)) && {computed: true}),
  }));
}

/** "dataset.column" of all that a model made: what is selected from them was made by it too. */
async function computedColumns(catalog: Catalog): Promise<Set<string>> {
  const names = (dataset: Dataset) =>
    currentVersion(dataset).columns.flatMap(({name, computed}) => (computed ? [`${dataset.name}.${name}`] : []));
  return new Set((await catalog.datasets()).flatMap(names));
}

/** What a column may be made of when it can't be traced. */
async function everyOrigin(catalog: Catalog): Promise<string[]> {
  return [...new Set((await catalog.datasets()).flatMap(dataset => originOf(dataset)))];
}
