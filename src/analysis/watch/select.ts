// A SELECT as the engine's own parse tree, and the few questions that the checks ask of it.

import type {Cell} from '../../core/dataset.ts';
import {quoteText} from '../../engine/sql-text.ts';

/** A node of the parse tree, as `json_serialize_sql` of DuckDB writes it. */
export type Node = {readonly [key: string]: unknown};

type Rows = (sql: string) => Promise<Cell[][]>;

/** `select` is the outermost SELECT; `selects` are all of them, that one first. */
export class Select {
  readonly #rows: Rows;
  readonly #statement: Node;
  readonly select: Node;
  readonly selects: readonly Node[];
  /** The names of all tables in any FROM, each as often as it stands there. */
  readonly tables: readonly string[];

  private constructor(rows: Rows, statement: Node, select: Node) {
    this.#rows = rows;
    this.#statement = statement;
    this.select = select;
    const nodes = [...nodesIn(statement)];
    this.selects = nodes.filter(node => node.type === 'SELECT_NODE');
    this.tables = nodes.flatMap(node => (node.type === 'BASE_TABLE' ? String(node.table_name) : []));
  }

  /** Null when `sql` is not one plain SELECT, or has numbers that JSON would not keep. */
  static async parse(rows: Rows, sql: string): Promise<Select | null> {
    const statement = await statementOf(rows, sql);
    const select = statement?.node;
    return statement && isNode(select) && select.type === 'SELECT_NODE' ? new Select(rows, statement, select) : null;
  }

  /** The SQL text of `select` with parts replaced; what its WITH clause names stays known. */
  async textOf(select: Node, change: Node): Promise<string> {
    const {cte_map: outer} = this.select;
    const node = {...select, ...(select === this.select ? {} : {cte_map: outer}), ...change};
    const tree = JSON.stringify({error: false, statements: [{...this.#statement, node}]});
    const [[text] = []] = await this.#rows(`SELECT json_deserialize_sql(${quoteText(tree)}::JSON)`);
    return String(text);
  }

  /** Parses a SELECT that serves as a pattern to cut nodes from. */
  async pattern(sql: string): Promise<Node> {
    const node = (await statementOf(this.#rows, sql))?.node;
    if (!isNode(node)) throw new Error(`not a pattern: ${sql}`);
    return node;
  }
}

/** A SELECT's parts that grouping, order and limits add, all taken away. */
export const ungrouped = {
  modifiers: [],
  group_expressions: [],
  group_sets: [],
  aggregate_handling: 'STANDARD_HANDLING',
  having: null,
  qualify: null,
} as const;

async function statementOf(rows: Rows, sql: string): Promise<Node | null> {
  const [[written] = []] = await rows(`SELECT json_serialize_sql(${quoteText(sql)})`);
  // Places in the text are of no use here, and "none" is a number too large for JavaScript.
  const text = String(written).replaceAll(/"query_location":\d+/g, '"query_location":0');
  if (/:-?\d{16,}/.test(text)) return null;
  const tree: unknown = JSON.parse(text);
  if (!isNode(tree) || tree.error !== false) return null;
  const [statement, ...more] = listOf(tree.statements);
  return statement && more.length === 0 ? statement : null;
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function listOf(value: unknown): Node[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** The node itself and everything below it, outermost first. */
export function* nodesIn(value: unknown): Generator<Node> {
  if (Array.isArray(value)) {
    for (const each of value) yield* nodesIn(each);
    return;
  }
  if (!isNode(value)) return;
  yield value;
  for (const each of Object.values(value)) yield* nodesIn(each);
}

/** Like `nodesIn`, but does not go down into subqueries. */
export function* nodesHere(value: unknown): Generator<Node> {
  if (Array.isArray(value)) {
    for (const each of value) yield* nodesHere(each);
    return;
  }
  if (!isNode(value) || value.class === 'SUBQUERY') return;
  yield value;
  for (const each of Object.values(value)) yield* nodesHere(each);
}

/** The last word of a column reference, and the table before it; null for any other node. */
export function columnRef(node: unknown): {name: string; table: string | null} | null {
  if (!isNode(node) || node.class !== 'COLUMN_REF' || !Array.isArray(node.column_names)) return null;
  const names = node.column_names.map(String);
  return {name: names.at(-1) ?? '', table: names.length > 1 ? (names.at(-2) ?? null) : null};
}

export function columnsIn(value: unknown): {name: string; table: string | null}[] {
  return [...nodesIn(value)].flatMap(node => columnRef(node) ?? []);
}

export function functionName(node: unknown): string | null {
  return isNode(node) && node.class === 'FUNCTION' && typeof node.function_name === 'string'
    ? node.function_name.toLowerCase()
    : null;
}

export function selectItems(select: Node): Node[] {
  return listOf(select.select_list);
}

/** The tables that a FROM clause names, in their order; null when something else stands there, such as a subquery. */
export function baseTables(from: unknown): {table: string; alias: string; node: Node}[] | null {
  if (!isNode(from)) return null;
  if (from.type === 'JOIN') {
    const left = baseTables(from.left);
    const right = baseTables(from.right);
    return left && right && [...left, ...right];
  }
  if (from.type !== 'BASE_TABLE' || typeof from.table_name !== 'string') return null;
  const alias = typeof from.alias === 'string' && from.alias !== '' ? from.alias : from.table_name;
  return [{table: from.table_name, alias, node: from}];
}

/** What the SELECT is grouped by: an ordinal or the alias of a column stands for that column; GROUP BY ALL for the rest. */
export function groupExpressions(select: Node): Node[] {
  const items = selectItems(select);
  if (select.aggregate_handling === 'FORCE_AGGREGATES') return items.filter(item => !hasAggregate(item));
  return listOf(select.group_expressions).map(expression => {
    const {value} = isNode(expression.value) ? expression.value : {value: undefined};
    if (expression.class === 'CONSTANT' && typeof value === 'number') return items[value - 1] ?? expression;
    const ref = columnRef(expression);
    const aliased = ref?.table === null ? items.find(item => sameName(item.alias, ref.name)) : undefined;
    return aliased ?? expression;
  });
}

/** Names are the same in any case. */
export function sameName(alias: unknown, name: string): boolean {
  return typeof alias === 'string' && alias.toLowerCase() === name.toLowerCase();
}

/** Aggregates that say something typical or spread of the values of their first argument. */
const typical = new Set(
  'avg mean median stddev stddev_samp stddev_pop variance var_samp var_pop quantile quantile_cont quantile_disc percentile_cont percentile_disc skewness kurtosis kurtosis_pop mad favg corr covar_samp covar_pop regr_slope regr_intercept regr_r2 sem geomean'.split(
    ' ',
  ),
);
const additive = new Set('sum fsum kahan_sum sumkahan count count_star count_if countif product'.split(' '));
const others = new Set(
  'min max any_value first last mode list string_agg array_agg approx_count_distinct arg_min arg_max min_by max_by bool_and bool_or histogram entropy group_concat listagg'.split(
    ' ',
  ),
);

export type Aggregate = {node: Node; name: string; kind: 'typical' | 'additive' | 'other'; distinct: boolean};

/** The aggregates of an expression that stand in no subquery and no window. */
export function aggregatesIn(value: unknown): Aggregate[] {
  return [...nodesHere(value)].flatMap(node => aggregateOf(node, functionName(node)));
}

/** Aggregates over a window: `avg(x) OVER (…)`. */
export function windowsIn(value: unknown): Aggregate[] {
  return [...nodesHere(value)].flatMap(node =>
    node.class === 'WINDOW' && typeof node.function_name === 'string'
      ? aggregateOf(node, node.function_name.toLowerCase())
      : [],
  );
}

function aggregateOf(node: Node, name: string | null): Aggregate[] {
  if (name === null) return [];
  const kind = typical.has(name) ? 'typical' : additive.has(name) ? 'additive' : others.has(name) ? 'other' : null;
  return kind === null ? [] : [{node, name, kind, distinct: node.distinct === true}];
}

export function hasAggregate(value: unknown): boolean {
  return aggregatesIn(value).length > 0;
}

/** How the item is called in the result, for messages: its alias, or the function and its column. */
export function itemName(item: Node): string {
  if (typeof item.alias === 'string' && item.alias !== '') return item.alias;
  const [aggregate] = aggregatesIn(item);
  if (!aggregate) return columnRef(item)?.name ?? 'the result';
  return aggregateName(aggregate);
}

/** `avg(price)`. */
export function aggregateName({node, name}: Aggregate): string {
  const columns = [...new Set(columnsIn(node.children).map(each => each.name))];
  return `${name === 'count_star' ? 'count' : name}(${columns.slice(0, 3).join(', ') || '*'})`;
}
