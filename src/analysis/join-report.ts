// What a join does to its tables: keys that repeat, rows that meet none, rows before and after. Before any other condition.

import type {Cell, Dataset} from '../core/dataset.ts';
import {currentVersion} from '../core/dataset.ts';
import {formatCount} from '../core/text.ts';
import {quoteName} from '../engine/sql-text.ts';
import {baseTables, columnRef, isNode, listOf, type Node, Select} from './watch/select.ts';

/** Counting the keys of larger tables would take longer than the question. */
const mostRows = 5_000_000;

type Joined = {table: string; alias: string; rows: number; columns: ReadonlySet<string>};
type Key = {a: Joined; b: Joined; pairs: [string, string][]};

/**
 * One line for each two datasets that the statement joins on equal columns. A key with a missing part meets nothing. Empty for
 * statements without such a join, and where a table is too large to look at.
 */
export async function joinReport(
  rows: (sql: string) => Promise<Cell[][]>,
  sql: string,
  datasets: readonly Dataset[],
): Promise<string[]> {
  // Parsing costs little, yet most statements join nothing.
  if (!/\bjoin\b|\bfrom\b[^()]*,/i.test(sql)) return [];
  const select = await Select.parse(rows, sql);
  const keys = select?.selects.flatMap(node => keysOf(node, datasets)) ?? [];
  const lines: string[] = [];
  for (const key of keys.slice(0, 4)) if (key.a.rows + key.b.rows <= mostRows) lines.push(await lineOf(rows, key));
  return lines;
}

function keysOf(node: Node, datasets: readonly Dataset[]): Key[] {
  const tables = baseTables(node.from_table) ?? [];
  const joined = tables.flatMap(({table, alias}): Joined[] => {
    const dataset = datasets.find(({name}) => name.toLowerCase() === table.toLowerCase());
    if (!dataset) return [];
    const {rows, columns} = currentVersion(dataset);
    return [{table: dataset.name, alias, rows, columns: new Set(columns.map(({name}) => name.toLowerCase()))}];
  });
  if (joined.length < 2) return [];
  const keys = new Map<string, Key>();
  const add = (a: Joined | undefined, x: string, b: Joined | undefined, y: string) => {
    if (!a || !b || a === b) return;
    const [i, j] = [joined.indexOf(a), joined.indexOf(b)];
    if (i > j) return add(b, y, a, x);
    const key = keys.get(`${i} ${j}`) ?? {a, b, pairs: []};
    key.pairs.push([x, y]);
    keys.set(`${i} ${j}`, key);
  };
  for (const [left, right] of equalities([node.from_table, node.where_clause])) {
    const [x, y] = [columnRef(left), columnRef(right)];
    if (x && y) add(ownerOf(x, joined), x.name, ownerOf(y, joined), y.name);
  }
  for (const name of usedBoth(node.from_table)) {
    const owners = joined.filter(({columns}) => columns.has(name.toLowerCase()));
    if (owners.length === 2) add(owners[0], name, owners[1], name);
  }
  return [...keys.values()];
}

/** The two sides of every equality that must hold: those of the conditions and of AND, not those below OR or NOT. */
function equalities(value: unknown): [unknown, unknown][] {
  if (Array.isArray(value)) return value.flatMap(equalities);
  if (!isNode(value)) return [];
  if (value.type === 'JOIN') return equalities([value.left, value.right, value.condition]);
  if (value.type === 'CONJUNCTION_AND') return equalities(value.children);
  return value.type === 'COMPARE_EQUAL' ? [[value.left, value.right]] : [];
}

function usedBoth(from: unknown): string[] {
  if (!isNode(from) || from.type !== 'JOIN') return [];
  const using = Array.isArray(from.using_columns) ? from.using_columns.map(String) : [];
  return [...using, ...listOf([from.left, from.right]).flatMap(usedBoth)];
}

function ownerOf({name, table}: {name: string; table: string | null}, joined: readonly Joined[]): Joined | undefined {
  const owners = joined.filter(({alias, columns}) =>
    table === null ? columns.has(name.toLowerCase()) : alias.toLowerCase() === table.toLowerCase(),
  );
  return owners.length === 1 && owners[0]?.columns.has(name.toLowerCase()) ? owners[0] : undefined;
}

async function lineOf(rows: (sql: string) => Promise<Cell[][]>, {a, b, pairs}: Key): Promise<string> {
  const [[pairsFound, onlyA, onlyB, repeatedA, repeatedB] = []] = await rows(keySql({a, b, pairs}));
  const side = ({table}: Joined, repeated: Cell | undefined, alone: Cell | undefined) => {
    const keys = Number(repeated ?? 0);
    return `${table} has ${formatCount(keys)} repeated key${keys === 1 ? '' : 's'} and ${formatCount(Number(alone ?? 0))} unmatched rows`;
  };
  const on = pairs.map(([x, y]) => `${a.table}.${x} = ${b.table}.${y}`).join(' and ');
  const sizes = `${formatCount(a.rows)} and ${formatCount(b.rows)} rows make ${formatCount(Number(pairsFound ?? 0))} pairs`;
  return `Join on ${on}: ${sizes}; ${side(a, repeatedA, onlyA)}; ${side(b, repeatedB, onlyB)}.`;
}

function keySql({a, b, pairs}: Key): string {
  const side = ({table}: Joined, names: readonly string[]) => {
    const keys = names.map((name, i) => `${quoteName(name)} AS k${i}`).join(', ');
    return `SELECT ${keys}, count(*) AS n FROM ${quoteName(table)} GROUP BY ALL`;
  };
  const same = pairs.map((_, i) => `a.k${i} = b.k${i}`).join(' AND ');
  const present = pairs.map((_, i) => `k${i} IS NOT NULL`).join(' AND ');
  return `WITH a AS MATERIALIZED (${side(
    a,
    pairs.map(([x]) => x),
  )}), b AS MATERIALIZED (${side(
    b,
    pairs.map(([, y]) => y),
  )})
SELECT (SELECT coalesce(sum(a.n * b.n), 0) FROM a JOIN b ON ${same}),
  (SELECT coalesce(sum(a.n), 0) FROM a ANTI JOIN b ON ${same}), (SELECT coalesce(sum(b.n), 0) FROM b ANTI JOIN a ON ${same}),
  (SELECT count(*) FROM a WHERE n > 1 AND ${present}), (SELECT count(*) FROM b WHERE n > 1 AND ${present})`;
}
