// What a join does to its tables: keys that repeat, rows that meet none, rows before and after. Before any other condition.

import type {Cell, Dataset} from '../core/dataset.ts';
import {currentVersion} from '../core/dataset.ts';
import {ToolError} from '../core/errors.ts';
import {formatCount} from '../core/text.ts';
import {quoteName} from '../engine/sql-text.ts';
import {type Joined, Relations} from './watch/relations.ts';
import {columnRef, isNode, listOf, type Node, Select} from './watch/select.ts';

/** Counting the keys of larger tables would take longer than the question. */
const mostRows = 5_000_000;
const mostLines = 4;

type Rows = (sql: string) => Promise<Cell[][]>;
type Key = {a: Joined; b: Joined; pairs: [string, string][]};

/**
 * One line for each two relations (datasets, also the same one twice, subqueries and names of a WITH clause) that the statement joins
 * on equal columns. A key with a missing part meets nothing. Empty for statements without such a join, and where a table is too
 * large to look at. `rows` gives at most some thousand rows of a SELECT.
 */
export async function joinReport(rows: Rows, sql: string, datasets: readonly Dataset[]): Promise<string[]> {
  // Parsing costs little, yet most statements join nothing.
  if (!/\bjoin\b|\bfrom\b[\s\S]*,/i.test(sql)) return [];
  const select = await Select.parse(rows, sql);
  if (!select || rowsNamed(select, datasets) > mostRows) return [];
  const relations = new Relations(rows, select, datasets);
  const lines: string[] = [];
  for (const node of select.selects)
    for (const key of await keysOf(node, relations)) {
      if (lines.length === mostLines) return lines;
      const line = await lineOf(rows, key);
      if (line !== null && !lines.includes(line)) lines.push(line);
    }
  return lines;
}

/** The rows of all datasets that stand anywhere in a FROM, each as often as it stands there. */
function rowsNamed(select: Select, datasets: readonly Dataset[]): number {
  const sizes = new Map(datasets.map(each => [each.name.toLowerCase(), currentVersion(each).rows]));
  return select.tables.reduce((sum, name) => sum + (sizes.get(name.toLowerCase()) ?? 0), 0);
}

async function keysOf(node: Node, relations: Relations): Promise<Key[]> {
  const from = node.from_table;
  if (!isNode(from) || from.type !== 'JOIN') return [];
  const joined = await relations.of(node);
  const keys = new Map<string, Key>();
  const add = (a: Joined | undefined, x: string, b: Joined | undefined, y: string) => {
    if (!a || !b || a === b) return;
    const [i, j] = [joined.indexOf(a), joined.indexOf(b)];
    if (i > j) return add(b, y, a, x);
    const key = keys.get(`${i} ${j}`) ?? {a, b, pairs: []};
    key.pairs.push([x, y]);
    keys.set(`${i} ${j}`, key);
  };
  for (const [left, right] of equalities([from, node.where_clause])) {
    const [x, y] = [columnRef(left), columnRef(right)];
    if (x && y) add(ownerOf(x, joined), x.name, ownerOf(y, joined), y.name);
  }
  for (const {names, left, right} of sharedKeys(from)) {
    const [before, after] = [left, right].map(side => joined.filter(each => isBelow(each.node, side)));
    const owner = (side: Joined[] | undefined, name: string) => side?.find(({columns}) => columns.has(name));
    const shared = names ?? [...new Set(before?.flatMap(each => [...each.columns]))].filter(name => owner(after, name));
    for (const name of shared) add(owner(before, name.toLowerCase()), name, owner(after, name.toLowerCase()), name);
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

/** Every USING with the two sides of its join; `names` is null for a NATURAL join, which takes all they share. */
function sharedKeys(from: unknown): {names: string[] | null; left: unknown; right: unknown}[] {
  if (!isNode(from) || from.type !== 'JOIN') return [];
  const {left, right} = from;
  const using = Array.isArray(from.using_columns) ? from.using_columns.map(String) : [];
  const names = from.ref_type === 'NATURAL' ? null : using;
  return [{names, left, right}, ...listOf([left, right]).flatMap(sharedKeys)];
}

function isBelow(node: Node, from: unknown): boolean {
  if (from === node) return true;
  return isNode(from) && from.type === 'JOIN' && (isBelow(node, from.left) || isBelow(node, from.right));
}

function ownerOf({name, table}: {name: string; table: string | null}, joined: readonly Joined[]): Joined | undefined {
  const owners = joined.filter(({alias, columns}) =>
    table === null ? columns.has(name.toLowerCase()) : alias.toLowerCase() === table.toLowerCase(),
  );
  return owners.length === 1 && owners[0]?.columns.has(name.toLowerCase()) ? owners[0] : undefined;
}

/** Null where the engine can't count this join by itself, such as one that reads a table outside of it. */
async function lineOf(rows: Rows, {a, b, pairs}: Key): Promise<string | null> {
  const found = await countsOf(rows, keySql({a, b, pairs}));
  if (!found) return null;
  const [rowsA, rowsB, pairsFound, onlyA, onlyB, repeatedA, repeatedB] = found.map(value => formatCount(Number(value)));
  const side = (label: string, repeated: string | undefined, alone: string | undefined) =>
    `${label} has ${repeated} repeated key${repeated === '1' ? '' : 's'} and ${alone} unmatched row${alone === '1' ? '' : 's'}`;
  const on = pairs.map(([x, y]) => `${a.label}.${x} = ${b.label}.${y}`).join(' and ');
  const sizes = `${rowsA} and ${rowsB} rows make ${pairsFound} pairs`;
  return `Join on ${on}: ${sizes}; ${side(a.label, repeatedA, onlyA)}; ${side(b.label, repeatedB, onlyB)}.`;
}

async function countsOf(rows: Rows, sql: string): Promise<Cell[] | null> {
  try {
    return (await rows(sql))[0] ?? null;
  } catch (error) {
    if (error instanceof ToolError) return null;
    throw error;
  }
}

function keySql({a, b, pairs}: Key): string {
  // No dataset and no one else's WITH has these names, so that the second side never reads the first.
  const side = ({source}: Joined, names: readonly string[]) => {
    const keys = names.map((name, i) => `${quoteName(name)} AS k${i}`).join(', ');
    return `SELECT ${keys}, count(*) AS n FROM ${source} GROUP BY ALL`;
  };
  const same = pairs.map((_, i) => `a.k${i} = b.k${i}`).join(' AND ');
  const present = pairs.map((_, i) => `k${i} IS NOT NULL`).join(' AND ');
  return `WITH "left keys" AS MATERIALIZED (${side(
    a,
    pairs.map(([x]) => x),
  )}), "right keys" AS MATERIALIZED (${side(
    b,
    pairs.map(([, y]) => y),
  )})
SELECT (SELECT coalesce(sum(n), 0) FROM "left keys"), (SELECT coalesce(sum(n), 0) FROM "right keys"),
  (SELECT coalesce(sum(a.n * b.n), 0) FROM "left keys" a JOIN "right keys" b ON ${same}),
  (SELECT coalesce(sum(a.n), 0) FROM "left keys" a ANTI JOIN "right keys" b ON ${same}), (SELECT coalesce(sum(b.n), 0) FROM "right keys" b ANTI JOIN "left keys" a ON ${same}),
  (SELECT count(*) FROM "left keys" WHERE n > 1 AND ${present}), (SELECT count(*) FROM "right keys" WHERE n > 1 AND ${present})`;
}
