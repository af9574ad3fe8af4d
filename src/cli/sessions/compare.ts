// Says what differs between a result as it was and as it is now: cell by cell where there are tables, else line by line.

import type {Cell, Table, TableColumn} from '../../core/dataset.ts';
import {clip, formatCell} from '../../core/text.ts';
import type {ToolResult} from '../../core/tool.ts';
import {jsonSafe} from '../jsonl-file.ts';

/** `where` names the row by its first text cells, or by its number; `column` is null for a whole row or line. */
export type Change = {where: string; column: string | null; before: Cell; after: Cell};

type Success = Extract<ToolResult, {ok: true}>;

/** Sums of floating-point numbers depend on the order of the threads in their last digits. */
const relativeTolerance = 1e-9;

/**
 * Empty when both say the same; numbers may differ by a relative 1e-9, rows may stand in another order, and how long a
 * tool worked on its parts is no result.
 */
export function compareResults(before: Success, after: Success): Change[] {
  if (!before.table || !after.table) return compareTexts(before.summary, after.summary);
  const isTimed = before.receipt.tool !== 'run_sql';
  const [was, is] = [before.table, storable(after.table)].map(table => (isTimed ? withoutTimes(table) : table));
  const tables = was && is ? compareTables(was, is) : [];
  return tables.length > 0 ? tables : compareTexts(prose(before.summary), prose(after.summary));
}

function withoutTimes({columns, rows, totalRows}: Table): Table {
  const kept = columns.flatMap(({name}, index) => (name === 'ms' ? [] : [index]));
  const only = <Item>(items: readonly Item[]) => items.filter((_, index) => kept.includes(index));
  return {columns: only(columns), rows: rows.map(only), totalRows};
}

/** The lines around the table, which was compared by its cells. */
function prose(text: string): string {
  return text
    .split('\n')
    .filter(line => !line.startsWith('|'))
    .join('\n');
}

/** As a session file keeps it, so that both sides went through the same. */
function storable(table: Table): Table {
  return JSON.parse(JSON.stringify(table, jsonSafe));
}

function compareTables(before: Table, after: Table): Change[] {
  const names = (table: Table) => table.columns.map(column => column.name).join(', ');
  if (names(before) !== names(after))
    return [{where: 'columns', column: null, before: names(before), after: names(after)}];
  const changes: Change[] = [];
  if (before.totalRows !== after.totalRows)
    changes.push({where: 'rows', column: null, before: before.totalRows, after: after.totalRows});
  if (sameRows(before.rows, after.rows) || sameRows(sorted(before.rows), sorted(after.rows))) return changes;
  const keys = keyWidth(before, after);
  return [...changes, ...(keys > 0 ? changesByKey(before, after, keys) : changesByPlace(before, after))];
}

/** How many leading columns that are no numbers tell all rows apart in both tables; 0 when none do. */
function keyWidth(before: Table, after: Table): number {
  const leading = before.columns.findIndex(column => column.kind === 'number');
  const most = leading < 0 ? before.columns.length : leading;
  for (let width = 1; width <= most; width++) {
    const isKey = ({rows}: Table) => new Set(rows.map(row => keyOf(row, width))).size === rows.length;
    if (isKey(before) && isKey(after)) return width;
  }
  return 0;
}

function keyOf(row: readonly Cell[], width: number): string {
  return JSON.stringify(row.slice(0, width));
}

function changesByKey(before: Table, after: Table, width: number): Change[] {
  const {columns} = before;
  const now = new Map(after.rows.map(row => [keyOf(row, width), row]));
  const changes = before.rows.flatMap((row): Change[] => {
    const where = placeOf(row, columns, width);
    const other = now.get(keyOf(row, width));
    now.delete(keyOf(row, width));
    return other
      ? cellChanges(row, other, columns, where)
      : [{where, column: null, before: 'present', after: 'absent'}];
  });
  const added = [...now.values()].map(row => ({
    where: placeOf(row, columns, width),
    column: null,
    before: 'absent',
    after: 'present',
  }));
  return [...changes, ...added];
}

function changesByPlace(before: Table, after: Table): Change[] {
  const shared = Math.min(before.rows.length, after.rows.length);
  return before.rows
    .slice(0, shared)
    .flatMap((row, index) => cellChanges(row, after.rows[index] ?? [], before.columns, `row ${index + 1}`));
}

function cellChanges(before: Cell[], after: Cell[], columns: readonly TableColumn[], where: string): Change[] {
  return columns.flatMap(({name}, index) => {
    const [was = null, is = null] = [before[index], after[index]];
    return sameCell(was, is) ? [] : [{where, column: name, before: was, after: is}];
  });
}

function placeOf(row: readonly Cell[], columns: readonly TableColumn[], width: number): string {
  return columns
    .slice(0, width)
    .map(({name}, index) => `${name}=${clip(formatCell(row[index] ?? null), 60)}`)
    .join(', ');
}

function sameRows(before: readonly Cell[][], after: readonly Cell[][]): boolean {
  return (
    before.length === after.length &&
    before.every((row, index) => row.every((cell, column) => sameCell(cell, after[index]?.[column] ?? null)))
  );
}

/** By all cells that are no fractions, whose last digits may differ. */
function sorted(rows: readonly Cell[][]): Cell[][] {
  const keys = rows.map(row => ({
    row,
    key: JSON.stringify(
      row.map(cell => (typeof cell === 'number' && !Number.isInteger(cell) ? cell.toPrecision(8) : cell)),
    ),
  }));
  return keys.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({row}) => row);
}

function sameCell(before: Cell, after: Cell): boolean {
  if (before === after) return true;
  return typeof before === 'number' && typeof after === 'number' && sameNumber(before, after);
}

function sameNumber(before: number, after: number): boolean {
  return Math.abs(before - after) <= relativeTolerance * Math.max(Math.abs(before), Math.abs(after));
}

/** Version numbers and the names of written files are no results. */
function linesOf(text: string): string[] {
  return text
    .replaceAll(/\bv\d+\b/g, 'v')
    .replaceAll(/\b(?:charts|models|reports)\/\S+/g, '')
    .split('\n');
}

function compareTexts(before: string, after: string): Change[] {
  const [was, is] = [linesOf(before), linesOf(after)];
  return Array.from({length: Math.max(was.length, is.length)}, (_, index) => index).flatMap(index => {
    const [old, now] = [was[index] ?? null, is[index] ?? null];
    if (old === now || (old !== null && now !== null && sameText(old, now))) return [];
    return [{where: `line ${index + 1}`, column: null, before: old, after: now}];
  });
}

function sameText(before: string, after: string): boolean {
  const number = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi;
  if (before.replaceAll(number, '#') !== after.replaceAll(number, '#')) return false;
  const now = after.match(number) ?? [];
  return (before.match(number) ?? []).every((text, index) => sameNumber(Number(text), Number(now[index])));
}
