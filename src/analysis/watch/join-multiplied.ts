// A join that repeats rows: each row of a table is numbered before the join and counted after it.

import type {Dataset} from '../../core/dataset.ts';
import {currentVersion} from '../../core/dataset.ts';
import {formatCount, formatNumber, printable} from '../../core/text.ts';
import {quoteName} from '../../engine/sql-text.ts';
import type {Check, Finding, Subject} from './check.ts';
import {
  type Aggregate,
  aggregateName,
  aggregatesIn,
  baseTables,
  columnsIn,
  isNode,
  type Node,
  type Select,
  selectItems,
  ungrouped,
} from './select.ts';

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

type Joined = {table: string; alias: string; node: Node; columns: ReadonlySet<string>};
type Repeated = Joined & {kept: number; joined: number};

async function checkJoin(select: Select, node: Node, {datasets, rows}: Subject): Promise<Finding[]> {
  const tables = joinedTables(node, datasets);
  if (!tables) return [];
  const from = await select.textOf(node, await numbered(select, node, tables));
  const [counts = []] = await rows(from);
  const joined = Number(counts[0] ?? 0);
  const repeated = tables.flatMap((table, i): Repeated[] => {
    const [all, kept] = [Number(counts[1 + 2 * i] ?? 0), Number(counts[2 + 2 * i] ?? 0)];
    return all > kept ? [{...table, kept, joined: all}] : [];
  });
  if (repeated.length === 0) return [];
  const aggregates = selectItems(node).flatMap(item => aggregatesIn(item));
  if (repeated.length === tables.length) return manyToMany(repeated, joined, aggregates);
  const hit = aggregates.find(each => countsRows(each) && tablesOf(each, tables)?.every(name => isIn(repeated, name)));
  const table = hit && repeated.find(each => tablesOf(hit, tables)?.includes(each.alias));
  if (!hit || !table) return [];
  return [
    {
      severity: 'warn',
      message: `The join repeats the rows of ${text(table.table)} ${times(table)} on average (${formatCount(table.kept)} rows became ${formatCount(table.joined)}), and ${text(aggregateName(hit))} counts them each time.`,
    },
  ];
}

function manyToMany(repeated: readonly Repeated[], joined: number, aggregates: readonly Aggregate[]): Finding[] {
  // Which values there are, the largest and how many different ones do not change when rows are repeated.
  if (aggregates.length > 0 && !aggregates.some(countsRows)) return [];
  const sizes = repeated.map(each => `${formatCount(each.kept)} rows of ${text(each.table)}`).join(' and ');
  const message = `The join matches many rows with many: ${sizes} became ${formatCount(joined)}.`;
  return [{severity: aggregates.length > 0 ? 'warn' : 'info', message}];
}

/** The joined datasets, at least two; null when something else is joined too, or they are too large to look at. */
function joinedTables(node: Node, datasets: readonly Dataset[]): Joined[] | null {
  const tables = baseTables(node.from_table);
  if (!tables || tables.length < 2) return null;
  const found = tables.map(each => {
    const dataset = datasets.find(({name}) => name.toLowerCase() === each.table.toLowerCase());
    return dataset && {...each, dataset: currentVersion(dataset)};
  });
  const known = found.filter(each => each !== undefined);
  if (known.length < found.length || known.reduce((sum, {dataset}) => sum + dataset.rows, 0) > mostRows) return null;
  return known.map(({dataset, ...each}) => ({
    ...each,
    columns: new Set(dataset.columns.map(({name}) => name.toLowerCase())),
  }));
}

/** The same join and condition, over tables with their rows numbered, as counts: of all rows, then of each table's. */
async function numbered(select: Select, node: Node, tables: readonly Joined[]): Promise<Node> {
  const names = tables.map(({alias}, i) => `${quoteName(alias)}."__row${i}"`);
  const counts = names.map(name => `count(${name}), count(DISTINCT ${name})`);
  const from = tables.map(
    ({table, alias}, i) =>
      `(SELECT *, row_number() OVER () AS "__row${i}" FROM ${quoteName(table)}) AS ${quoteName(alias)}`,
  );
  const pattern = await select.pattern(`SELECT count(*), ${counts.join(', ')} FROM ${from.join(' CROSS JOIN ')}`);
  const subqueries = subqueriesIn(pattern.from_table);
  const replaced = new Map(tables.map(({node: table}, i) => [table, subqueries[i]]));
  return {...ungrouped, select_list: pattern.select_list, from_table: replacedIn(node.from_table, replaced)};
}

function subqueriesIn(from: unknown): Node[] {
  if (!isNode(from)) return [];
  return from.type === 'JOIN' ? [...subqueriesIn(from.left), ...subqueriesIn(from.right)] : [from];
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

/** The aliases of the tables whose columns an aggregate reads; null when that is not certain, or it reads none. */
function tablesOf({node}: Aggregate, tables: readonly Joined[]): string[] | null {
  const found = columnsIn([node.children, node.filter]).map(({name, table}) => {
    const owners = tables.filter(each =>
      table === null
        ? each.columns.has(name.toLowerCase())
        : each.alias.toLowerCase() === table.toLowerCase() && each.columns.has(name.toLowerCase()),
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
