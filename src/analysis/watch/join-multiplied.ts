// A join that repeats rows: each row of a table is numbered before the join and counted after it.

import {currentVersion} from '../../core/dataset.ts';
import {formatCount, formatNumber, printable} from '../../core/text.ts';
import {quoteName} from '../../engine/sql-text.ts';
import type {Check, Finding, Subject} from './check.ts';
import {type Joined, Relations} from './relations.ts';
import {
  type Aggregate,
  aggregateName,
  aggregatesIn,
  columnsIn,
  isNode,
  listOf,
  type Node,
  type Select,
  sameName,
  selectItems,
  ungrouped,
  windowsIn,
} from './select.ts';
import {definitionOf, leavesOf, sourcesOf} from './sources.ts';

const mostRows = 2_000_000;

export const joinMultiplied: Check = {
  code: 'join_multiplied',
  advice:
    'The key is not unique on the other side, so one row meets several and its values are counted once for each. Aggregate the other table to one row a key before joining, join on the whole key, or count distinct rows.',
  async run(subject) {
    const {select} = subject;
    if (!select) return [];
    const found: Finding[] = [];
    for (const node of select.selects) found.push(...(await checkJoin(select, node, subject)));
    return found;
  },
};

/** A relation with the rows of it that the join kept, and the rows these became. */
type Repeated = Joined & {kept: number; joined: number};

async function checkJoin(select: Select, node: Node, subject: Subject): Promise<Finding[]> {
  const tables = await joinedTables(select, node, subject);
  if (!tables) return [];
  const from = await select.textOf(node, await numbered(select, node, tables));
  const [counts = []] = await subject.rows(from);
  const joined = Number(counts[0] ?? 0);
  const repeated = tables.flatMap((table, i): Repeated[] => {
    const [all, kept] = [Number(counts[1 + 2 * i] ?? 0), Number(counts[2 + 2 * i] ?? 0)];
    // One row beside all others is a figure to compare with.
    return all > kept && (kept > 1 || isDataset(table)) ? [{...table, kept, joined: all}] : [];
  });
  if (repeated.length === 0) return [];
  const figures = figuresOf(select, node);
  if (repeated.length === tables.length)
    return manyToMany(
      repeated,
      joined,
      figures.map(({aggregate}) => aggregate),
    );
  const hit = figures.find(
    each => countsRows(each.aggregate) && tablesOf(each, tables)?.every(name => isIn(repeated, name)),
  );
  const table = hit && repeated.find(each => tablesOf(hit, tables)?.includes(each.alias));
  if (!hit || !table) return [];
  return [
    {
      severity: 'warn',
      message: `The join repeats the rows of ${text(table.label)} ${times(table)} on average (${formatCount(table.kept)} rows became ${formatCount(table.joined)}), and ${text(aggregateName(hit.aggregate))} counts them each time.`,
    },
  ];
}

/** An aggregate over the rows of a join, with the columns of the joined tables that it reads. */
type Figure = {aggregate: Aggregate; columns: {name: string; table: string | null}[]};

/** Those of the SELECT that joins; where it has none, those of the SELECT that reads all its rows. */
function figuresOf(select: Select, node: Node): Figure[] {
  const own = figuresIn(node);
  if (own.length > 0 || listOf(node.modifiers).length > 0) return own;
  return select.selects.flatMap(reader => {
    const [source, ...more] = sourcesOf(select, reader);
    if (source?.inner !== node || more.length > 0 || leavesOf(reader.from_table).length > 1) return [];
    return figuresIn(reader).map(({aggregate, columns}) => ({
      aggregate,
      columns: columns.flatMap(column =>
        columnsIn(definitionOf(select, reader, column)?.expression ?? passed(node, column)),
      ),
    }));
  });
}

function figuresIn(node: Node): Figure[] {
  return selectItems(node)
    .flatMap(item => [...aggregatesIn(item), ...windowsIn(item)])
    .map(aggregate => ({aggregate, columns: columnsIn([aggregate.node.children, aggregate.node.filter])}));
}

/** A column that `SELECT *` hands on under its own name. */
function passed(node: Node, {name}: {name: string}): Node | null {
  const star = selectItems(node).some(item => item.class === 'STAR');
  return star ? {class: 'COLUMN_REF', column_names: [name]} : null;
}

function manyToMany(repeated: readonly Repeated[], joined: number, aggregates: readonly Aggregate[]): Finding[] {
  // Which values there are, the largest and how many different ones do not change when rows are repeated.
  if (aggregates.length > 0 && !aggregates.some(countsRows)) return [];
  const sizes = repeated.map(each => `${formatCount(each.kept)} rows of ${text(each.label)}`).join(' and ');
  const message = `The join matches many rows with many: ${sizes} became ${formatCount(joined)}.`;
  return [{severity: aggregates.length > 0 ? 'warn' : 'info', message}];
}

/** What is joined, at least two relations; null when one of them can't be read by itself, or they are too large to look at. */
async function joinedTables(select: Select, node: Node, {datasets, rows}: Subject): Promise<Joined[] | null> {
  const leaves = leavesOf(node.from_table);
  if (leaves.length < 2) return null;
  const sizes = new Map(datasets.map(each => [each.name.toLowerCase(), currentVersion(each).rows]));
  const read = select.tables.reduce((sum, name) => sum + (sizes.get(name.toLowerCase()) ?? 0), 0);
  if (read > mostRows) return null;
  const found = await new Relations(rows, select, datasets).of(node);
  return found.length === leaves.length ? found : null;
}

/** The same join and condition, over tables with their rows numbered, as counts: of all rows, then of each table's. */
async function numbered(select: Select, node: Node, tables: readonly Joined[]): Promise<Node> {
  const names = tables.map(({alias}, i) => `${quoteName(alias)}."__row${i}"`);
  const counts = names.map(name => `count(${name}), count(DISTINCT ${name})`);
  const from = tables.map(
    ({source, alias}, i) => `(SELECT *, row_number() OVER () AS "__row${i}" FROM ${source}) AS ${quoteName(alias)}`,
  );
  const pattern = await select.pattern(`SELECT count(*), ${counts.join(', ')} FROM ${from.join(' CROSS JOIN ')}`);
  const subqueries = leavesOf(pattern.from_table);
  const replaced = new Map(tables.map(({node: table}, i) => [table, subqueries[i]]));
  return {...ungrouped, select_list: pattern.select_list, from_table: replacedIn(node.from_table, replaced)};
}

/** True for a dataset itself, which no subquery has narrowed. */
function isDataset({node}: Joined): boolean {
  return node.type === 'BASE_TABLE';
}

function replacedIn(from: unknown, replaced: ReadonlyMap<Node, Node | undefined>): unknown {
  if (!isNode(from)) return from;
  if (from.type !== 'JOIN') return replaced.get(from) ?? from;
  return {...from, left: replacedIn(from.left, replaced), right: replacedIn(from.right, replaced)};
}

/** True for aggregates that a repeated row changes. */
function countsRows({kind, distinct}: Aggregate): boolean {
  return kind !== 'other' && !distinct;
}

/** The aliases of the tables whose columns a figure is of; null when that is not certain, or it reads none. */
function tablesOf({columns}: Figure, tables: readonly Joined[]): string[] | null {
  const found = columns.map(({name, table}) => {
    const owners = tables.filter(
      each => (table === null || sameName(each.alias, table)) && each.columns.has(name.toLowerCase()),
    );
    return owners.length === 1 ? owners[0]?.alias : undefined;
  });
  return found.length > 0 && found.every(each => each !== undefined) ? [...new Set(found)] : null;
}

function isIn(repeated: readonly Repeated[], alias: string): boolean {
  return repeated.some(each => each.alias === alias);
}

function times({joined, kept}: Repeated): string {
  return `${formatNumber(Number((joined / kept).toFixed(1)))} times`;
}

function text(name: string): string {
  return printable(name, {oneLine: true});
}
