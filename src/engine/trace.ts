// What a statement's result is made of, and the same statement without its small groups.

import type {DuckDBConnection} from '@duckdb/node-api';
import type {Exposure} from '../core/privacy.ts';
import {type Schema, Tracer, Untraceable} from './lineage.ts';
import {aggregateKind, isNode, type Node, nodesOf, parseTree, sqlOfTree, textOf} from './parse-tree.ts';
import type {Trace} from './sql-engine.ts';

export type TraceOptions = {columnsOf: Schema['columnsOf']; smallestGroup: number};

/** Nothing of `sql` is run. What is not followed, or no SELECT at all, gives nulls. */
export async function traceSelect(connection: DuckDBConnection, sql: string, options: TraceOptions): Promise<Trace> {
  const statement = firstOf(await parseTree(connection, sql).catch(() => null));
  if (!statement) return {columns: null, grouped: null};
  const aggregates = await aggregateNames(connection);
  const conditions = await conditionsFor(connection, options.smallestGroup);
  const tracer = new Tracer({columnsOf: options.columnsOf, aggregates}, (select, calls) => {
    const guards = calls
      .filter(call => aggregateKind(textOf(call.function_name).toLowerCase()) !== 'count')
      .map(call => conditions.neverFewOf(call));
    const having = isNode(select.having) ? [select.having] : [];
    select.having = conditions.all([...having, conditions.enoughRows(), ...guards]);
  });
  try {
    const {fields, raw} = tracer.query(statement.node);
    const columns = fields.map(({kind, from}): Exposure => ({kind, from: [...from]}));
    if (raw) return {columns, grouped: null};
    return {columns, grouped: await sqlOfTree(connection, statement).catch(() => null)};
  } catch (error) {
    if (error instanceof Untraceable) return {columns: null, grouped: null};
    throw error;
  }
}

function firstOf(statements: unknown): Node | null {
  const [first, ...others] = nodesOf(statements);
  return first && others.length === 0 ? first : null;
}

let knownAggregates: ReadonlySet<string> | undefined;

/** Of the engine, the same for every instance of it. */
async function aggregateNames(connection: DuckDBConnection): Promise<ReadonlySet<string>> {
  const sql = "SELECT DISTINCT lower(function_name) FROM duckdb_functions() WHERE function_type = 'aggregate'";
  knownAggregates ??= new Set((await connection.runAndReadAll(sql)).getRows().map(([name]) => String(name)));
  return knownAggregates;
}

/** Conditions on groups, built from what the parser makes of the same conditions in SQL. */
async function conditionsFor(connection: DuckDBConnection, smallestGroup: number) {
  const havingOf = async (condition: string): Promise<Node> => {
    const node = firstOf(await parseTree(connection, `SELECT 1 FROM t HAVING ${condition}`))?.node;
    if (isNode(node) && isNode(node.having)) return node.having;
    throw new Untraceable();
  };
  const enough = await havingOf(`count(*) >= ${smallestGroup}`);
  const few = await havingOf(`count(x) NOT BETWEEN 1 AND ${smallestGroup - 1}`);
  const both = await havingOf('a AND b');
  const counted = (call: Node): Node => ({
    ...call,
    function_name: 'count',
    children: nodesOf(call.children).slice(0, 1),
    order_bys: {type: 'ORDER_MODIFIER', orders: []},
    distinct: false,
    alias: '',
  });
  return {
    enoughRows: () => structuredClone(enough),
    /** A statistic over none of the rows says nothing, and over a few of them too much. */
    neverFewOf: (call: Node) => withInput(structuredClone(few), counted(structuredClone(call))),
    all: (children: Node[]): Node => ({...structuredClone(both), children}),
  };
}

/** The condition with `call` in the place of its count(x). */
function withInput(condition: Node, call: Node): Node {
  if (condition.class === 'BETWEEN') return {...condition, input: call};
  return {...condition, children: nodesOf(condition.children).map(child => withInput(child, call))};
}
