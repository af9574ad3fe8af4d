// Decides, before anything is bound or run, whether a text is one harmless SELECT over the known datasets.

import type {DuckDBConnection, DuckDBPreparedStatement} from '@duckdb/node-api';
import {StatementType} from '@duckdb/node-api';
import {ToolError} from '../core/errors.ts';
import {nearest, printable} from '../core/text.ts';
import {isNode, type Node, parseTree} from './parse-tree.ts';

/** Tables that a statement names, and the functions it calls, as its parse tree says. */
export type Reads = {tables: string[]; tableFunctions: string[]; functions: string[]};

export type CheckedSelect = {statement: DuckDBPreparedStatement; datasets: string[]};

/** Functions in FROM that read nothing but their arguments. Others could read files or switch on logging. */
const harmlessTableFunctions = new Set(
  'range generate_series unnest repeat repeat_row json_each json_tree summary duckdb_functions duckdb_types duckdb_keywords icu_calendar_names pg_timezone_names test_all_types'.split(
    ' ',
  ),
);

const refusedFunctions = new Set(['write_log', 'current_setting', 'getenv', 'getvariable', 'which_secret']);

const harmlessPragma = /^\s*pragma\s+(show_tables|table_info\s*\(|version|show\s*\(|platform)/i;

const oneSelect = 'Write exactly one SELECT (WITH … SELECT, FROM, VALUES, DESCRIBE and SUMMARIZE work too).';

/**
 * Prepares `sql` if it is exactly one statement that only reads the datasets called `known`. `onDatasets` hears which
 * ones before the columns are looked up.
 * @throws ToolError `sql.not_select`, `sql.unknown_dataset`; errors of the engine's own parser pass through
 */
export async function checkSelect(
  connection: DuckDBConnection,
  sql: string,
  known: ReadonlySet<string>,
  onDatasets: (names: readonly string[]) => void = () => {},
): Promise<CheckedSelect> {
  if (!/\S/.test(sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\/|;/g, '')))
    throw new ToolError('sql.not_select', 'There is no statement in this SQL.', {hint: oneSelect});
  const statements = await connection.extractStatements(sql);
  if (/^\s*pivot\b/i.test(sql) && statements.count === 2) throw pivotWithoutList();
  if (statements.count !== 1) {
    throw new ToolError('sql.not_select', `There are ${statements.count} statements; only one is run.`, {
      hint: oneSelect,
    });
  }
  const datasets = await checkReads(connection, sql, known);
  onDatasets(datasets);
  const statement = await statements.prepare(0);
  if (statement.statementType !== StatementType.SELECT) throw notSelect(sql);
  if (statement.parameterCount > 0) {
    throw new ToolError('sql.not_select', 'The SQL has placeholders ($1 or ?), which have no value here.', {
      hint: 'Write the values into the SQL.',
    });
  }
  return {statement, datasets};
}

async function checkReads(connection: DuckDBConnection, sql: string, known: ReadonlySet<string>): Promise<string[]> {
  const tree = await parseTree(connection, sql);
  if (!tree) {
    if (harmlessPragma.test(sql)) return [];
    throw notSelect(sql);
  }
  const {tables, tableFunctions, functions} = readsOf(tree);
  const refused =
    tableFunctions.find(name => !harmlessTableFunctions.has(name)) ??
    functions.find(name => refusedFunctions.has(name));
  if (refused) {
    throw new ToolError('sql.not_select', `The function ${printable(refused)} is not available here.`, {
      hint: `Only datasets can be read${known.size ? `: ${[...known].slice(0, 20).join(', ')}` : ''}. Import a file to query it.`,
    });
  }
  const used = new Set<string>();
  for (const table of tables) {
    if (!known.has(table.toLowerCase())) throw unknownDataset(table, known);
    used.add(table.toLowerCase());
  }
  return [...used].sort();
}

/** Walks a parse tree. Names that a WITH clause defines anywhere in the statement are not tables. */
export function readsOf(tree: unknown): Reads {
  const tables: string[] = [];
  const tableFunctions: string[] = [];
  const functions: string[] = [];
  const common = new Set<string>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    if (!isNode(node)) return;
    if (node.type === 'BASE_TABLE' && typeof node.table_name === 'string') tables.push(tableText(node));
    if (node.type === 'TABLE_FUNCTION' && isNode(node.function) && typeof node.function.function_name === 'string')
      tableFunctions.push(node.function.function_name.toLowerCase());
    else if (typeof node.function_name === 'string') functions.push(node.function_name.toLowerCase());
    if (isNode(node.cte_map) && Array.isArray(node.cte_map.map))
      for (const entry of node.cte_map.map)
        if (isNode(entry) && typeof entry.key === 'string') common.add(entry.key.toLowerCase());
    if (node.type === 'RECURSIVE_CTE_NODE' && typeof node.cte_name === 'string')
      common.add(node.cte_name.toLowerCase());
    Object.values(node).forEach(visit);
  };
  visit(tree);
  return {
    tables: tables.filter(name => !common.has(name.toLowerCase()) && !catalogViews.has(name.toLowerCase())),
    tableFunctions,
    functions: functions.filter(name => !tableFunctions.includes(name)),
  };
}

const catalogViews = new Set(['information_schema.tables', 'information_schema.columns']);

function tableText(node: Node): string {
  const schema = typeof node.schema_name === 'string' ? node.schema_name : '';
  return schema && schema.toLowerCase() !== 'main' ? `${schema}.${node.table_name}` : String(node.table_name);
}

function notSelect(sql: string): ToolError {
  const word = /[a-z]+/i.exec(sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ''))?.[0]?.toUpperCase() ?? 'This';
  return new ToolError('sql.not_select', `${word} is not a SELECT; data is only read here, never changed.`, {
    hint: oneSelect,
  });
}

function pivotWithoutList(): ToolError {
  return new ToolError('sql.not_select', 'PIVOT needs the list of values that become columns.', {
    hint: 'Add it: PIVOT data ON column IN (value1, value2) USING sum(x), or use the tool aggregate with pivot.',
  });
}

export function unknownDataset(wanted: string, known: ReadonlySet<string>): ToolError {
  const names = [...known].sort();
  const near = nearest(wanted, names);
  return new ToolError('sql.unknown_dataset', `There is no dataset called "${printable(wanted, {oneLine: true})}".`, {
    hint:
      names.length === 0
        ? 'No data is imported yet: import a file first.'
        : near.length > 0
          ? `Did you mean ${near.join(', ')}?`
          : `Datasets: ${names.slice(0, 20).join(', ')}.`,
  });
}
