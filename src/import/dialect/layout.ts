// Finds the parts of a table in the rows of one reading: what stands above it, its header rows, its width.

import type {CellKind} from '../cell-kinds.ts';
import {isValueKind, kindOfCell} from '../cell-kinds.ts';
import type {Row} from '../rows.ts';

/** `firstLine` is the line of the first header row, or of the first data row when there is no header. */
export type Layout = {
  firstLine: number;
  preambleLines: number;
  headerRows: number;
  width: number;
  /** The names as written, "" where there is none; null without a header. */
  names: string[] | null;
};

type LayoutHints = {declaredSeparator: boolean; header: boolean | number | undefined};

export function findLayout(all: readonly Row[], hints: LayoutHints): Layout {
  const rows = all.filter(row => !row.blank && !(hints.declaredSeparator && row.line === 1));
  const usual = usualWidth(rows);
  const start = firstTableRow(rows, usual);
  const width = usual - emptyAtTheEnd(rows.slice(start), usual);
  const table = rows.slice(start).map(row => withoutEmptyEnd(row, width));
  const first = table[0];
  const preambleLines = first ? first.line - 1 : 0;
  const wanted = hints.header;
  const headerRows =
    wanted === undefined ? countHeaderRows(table, width) : typeof wanted === 'number' ? wanted : wanted ? 1 : 0;
  const names = headerRows > 0 ? joinHeader(table.slice(0, headerRows), table.slice(headerRows), width) : null;
  return {
    firstLine: first?.line ?? 1,
    preambleLines,
    headerRows,
    width: Math.max(width, names?.length ?? 0, 1),
    names,
  };
}

/** The most frequent number of cells; of equals the larger. Rows of one cell only count when nothing else is there. */
export function usualWidth(rows: readonly Row[]): number {
  const counts = new Map<number, number>();
  for (const row of rows)
    counts.set(row.cells.length, (counts.get(row.cells.length) ?? 0) + (row.cells.length > 1 ? 1 : 0.34));
  let width = 1;
  let best = 0;
  for (const [cells, count] of counts) {
    if (count > best || (count === best && cells > width)) [width, best] = [cells, count];
  }
  return width;
}

/** Lines above the table are shorter than it, or hold one filled cell where the table holds many. */
function firstTableRow(rows: readonly Row[], width: number): number {
  if (width < 2) return commentRows(rows);
  const from = commentRows(rows);
  const limit = Math.min(rows.length, from + 50);
  for (let index = from; index < limit; index++) {
    const row = rows[index];
    if (!row) break;
    const filled = row.cells.filter(cell => cell.trim() !== '').length;
    const next = rows[index + 1];
    if (isAboveHeader(row, next, rows[index + 2], width)) continue;
    const fits =
      row.cells.length === width || (row.cells.length === width - 1 && index === from && next?.cells.length === width);
    if (isTooLongHeader(row, next, width)) return index;
    if (fits && (filled > 1 || width === 2 || (filled === 1 && next !== undefined && isGroupRow(row, next, width))))
      return index;
  }
  const fallback = rows.findIndex(row => row.cells.length === width);
  return Math.max(0, fallback);
}

/** A few facts over a full row of names, such as the number of rows and columns. */
function isAboveHeader(row: Row, names: Row | undefined, first: Row | undefined, width: number): boolean {
  const filled = row.cells.filter(cell => cell.trim() !== '').length;
  const isAtLeft = row.cells.slice(0, filled).every(cell => cell.trim() !== '');
  if (width < 4 || filled > width * 0.4 || !isAtLeft) return false;
  const areNames = names?.cells.length === width && names.cells.every(cell => kindOfCell(cell) === 'word');
  return areNames && first !== undefined && first.cells.filter(cell => isValueKind(kindOfCell(cell))).length > filled;
}

/** Names of which one is empty or too many, over a row of the usual width. */
function isTooLongHeader({cells}: Row, next: Row | undefined, width: number): boolean {
  const filled = cells.filter(cell => cell.trim() !== '');
  return (
    width > 2 &&
    cells.length > width &&
    cells.length <= width + 3 &&
    next?.cells.length === width &&
    filled.length >= width &&
    filled.every(cell => !isValueKind(kindOfCell(cell)) && cell.length <= 80) &&
    next.cells.some(cell => isValueKind(kindOfCell(cell)))
  );
}

/** How many columns at the right hold nothing at all, not even a name: a delimiter ends each row. */
function emptyAtTheEnd(rows: readonly Row[], width: number): number {
  const some = rows.slice(0, 200).filter(row => row.cells.length >= width - 1);
  if (width < 3 || some.length < 2) return 0;
  return some.every(row => (row.cells[width - 1] ?? '').trim() === '') ? 1 : 0;
}

function withoutEmptyEnd(row: Row, width: number): Row {
  if (row.cells.length <= width || row.cells.slice(width).some(cell => cell.trim() !== '')) return row;
  return {...row, cells: row.cells.slice(0, width)};
}

/** A single label over a full header row belongs to the header only when it does not stand at the far left. */
function isGroupRow(row: Row, next: Row, width: number): boolean {
  return row.cells[0]?.trim() === '' && next.cells.length === width && next.cells.every(cell => cell.trim() !== '');
}

function commentRows(rows: readonly Row[]): number {
  let count = 0;
  while (count < rows.length && /^\s*(#|\/\/|%)/.test(rows[count]?.text ?? '')) count++;
  const last = rows[count - 1];
  const next = rows[count];
  if (count === rows.length) return 0;
  // "#id,name" over values is a header with a mark, not a comment.
  const isHeader = last && next && last.cells.length === next.cells.length && last.cells.length > 1;
  const isMarked = isHeader && last.cells.length > 2 && /^#\w/.test(last.text);
  return isMarked || (isHeader && next.cells.some(cell => isValueKind(kindOfCell(cell)))) ? count - 1 : count;
}

function countHeaderRows(table: readonly Row[], width: number): number {
  const [first, ...rest] = table;
  if (!first) return 0;
  const body = rest.filter(row => row.cells.length === width).slice(0, 200);
  if (!looksLikeHeader(first, body, width)) return 0;
  const usual = usualKinds(body.slice(1), width);
  const valueColumns = usual.flatMap((kind, column) => (kind !== null && isValueKind(kind) ? [column] : []));
  let count = 1;
  // A second header row (names under groups, units) holds no value where the columns hold values.
  while (count < 4 && body.length - count >= 2 && valueColumns.length > 0) {
    const cells = rest[count - 1]?.cells ?? [];
    const kinds = valueColumns.map(column => kindOfCell(cells[column] ?? ''));
    const named = kinds.filter(kind => kind === 'word' || kind === 'text' || kind === 'code').length;
    const above = table[count - 1]?.cells ?? [];
    if (areYearsUnderGroups(above, cells, body.slice(count), valueColumns)) {
      count++;
      break;
    }
    if (cells.length !== width || named === 0 || kinds.some(isValueKind)) break;
    if (named < kinds.length * 0.5) break;
    if (!continuesHeader(above, cells, valueColumns)) break;
    count++;
  }
  return count;
}

const units =
  /^(?:[([].*[)\]]|[%‰$€£]|°?[cfk]|deg ?[cf]?|[munkcdp]?[mgslvawhj]|[cmk]?m[²³23]|ha|hz|[mgk]hz|min|hrs?|kwh?|mwh?|h?pa|kpa|m?bar|m\/s|km\/h|mph|[mµu]?g\/(?:l|m[³3])|pp[mb]|db|usd|eur|gbp|pieces|pcs|count|number|ratio|years?|days?|hours?|minutes?|seconds?|int(?:eger)?|float|double|string|text|date(?:time)?|varchar|boolean)$/i;

/**
 * A row with no value where its columns hold values is data when a single one is odd ("A; unknown"); it belongs to the
 * header under names of groups, or when it holds units or several different names.
 */
function continuesHeader(above: readonly string[], cells: readonly string[], valueColumns: readonly number[]): boolean {
  const filled = valueColumns.map(column => cells[column]?.trim() ?? '').filter(cell => cell !== '');
  if (filled.every(cell => units.test(cell))) return true;
  const hasGroups = above.some((cell, column) => cell.trim() === '' && (cells[column] ?? '').trim() !== '');
  return hasGroups || (filled.length > 1 && new Set(filled).size > 1);
}

/** Names of groups over years: ",Male,Male,Female,Female" over "State,2020,2021,2020,2021". */
function areYearsUnderGroups(
  above: readonly string[],
  cells: readonly string[],
  body: readonly Row[],
  valueColumns: readonly number[],
): boolean {
  const isYear = (cell: string | undefined) => /^(?:1[7-9]|2[01])\d\d$/.test(cell?.trim() ?? '');
  const hasCorner = cells.some((cell, column) => cell.trim() !== '' && !isYear(cell) && above[column]?.trim() === '');
  const namesGroups = valueColumns.some(column => above[column]?.trim() !== '');
  return (
    hasCorner &&
    namesGroups &&
    valueColumns.length > 1 &&
    valueColumns.every(column => isYear(cells[column])) &&
    body.every(row => !valueColumns.every(column => isYear(row.cells[column])))
  );
}

function looksLikeHeader(first: Row, body: readonly Row[], width: number): boolean {
  const cells = first.cells.map(cell => cell.trim());
  const kinds = cells.map(kindOfCell);
  const filled = cells.filter(cell => cell !== '');
  if (filled.length === 0) return false;
  if (body.length === 0) return !kinds.some(isValueKind) && filled.length === cells.length;
  const usual = usualKinds(body, width);
  const values = kinds.flatMap((kind, column) => (isValueKind(kind) ? [column] : []));
  if (values.length > 0) return areYears(cells, values, kinds, body);
  const columns = usual.filter(kind => kind !== null && isValueKind(kind)).length;
  if (columns > 0) return true;
  // All is text: names are short, all different, and do not turn up again below.
  const distinct = new Set(filled.map(cell => cell.toLowerCase())).size === filled.length;
  const again = cells.filter(
    (cell, column) => cell !== '' && body.some(row => row.cells[column]?.trim() === cell),
  ).length;
  // A line of a log starts with its moment, as no name does.
  if (width === 1 && /^\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(cells[0] ?? '')) return false;
  const booleans = kinds.filter(kind => kind === 'boolean').length;
  if (booleans > 0 && usual.some((kind, column) => kind === 'boolean' && kinds[column] === 'boolean')) return false;
  return distinct && again === 0 && filled.length >= cells.length - 1 && filled.every(cell => cell.length <= 80);
}

/** Years or running numbers may head columns: "country, 2019, 2020". */
function areYears(
  cells: readonly string[],
  values: readonly number[],
  kinds: readonly CellKind[],
  body: readonly Row[],
): boolean {
  const numbers = values.map(column => (/^\d{1,4}$/.test(cells[column] ?? '') ? Number(cells[column]) : Number.NaN));
  if (values.length < 2 || numbers.some(Number.isNaN)) return false;
  if (kinds.every(isValueKind)) return false;
  const step = (numbers[1] ?? 0) - (numbers[0] ?? 0);
  if (step === 0 || numbers.some((value, index) => index > 0 && value - (numbers[index - 1] ?? 0) !== step))
    return false;
  const inRange = numbers.every(value => (value >= 1700 && value <= 2200) || Math.abs(step) === 1);
  // Values below that follow the same steps would make the first row one of them.
  const same = body.filter(row =>
    values.every((column, index) => Number(row.cells[column]) === (numbers[index] ?? 0)),
  ).length;
  return inRange && same === 0;
}

/** The kind most cells of each column have, empty ones aside; null for an empty column. */
function usualKinds(rows: readonly Row[], width: number): (CellKind | null)[] {
  return Array.from({length: width}, (_, column) => {
    const counts = new Map<CellKind, number>();
    let total = 0;
    for (const row of rows) {
      const kind = kindOfCell(row.cells[column] ?? '');
      if (kind === 'empty') continue;
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      total++;
    }
    for (const [kind, count] of counts) if (count >= total * 0.7) return kind;
    return total === 0 ? null : 'text';
  });
}

/** Where quotes went wrong, those around a name do not belong to it. */
function nameOf({cells, fault}: Row, column: number): string {
  const name = (cells[column] ?? '').trim();
  return fault === null ? name : name.replace(/^["']+|["']+$/g, '').trim();
}

/** Qualtrics writes under its names the question, and under that what imports it again. */
function areImportIds(row: Row | undefined): boolean {
  return row?.cells.every(cell => /^\s*\{"ImportId":/.test(cell)) ?? false;
}

/**
 * Names of several header rows joined by a blank; a group label reaches over the empty cells to its right. Of a survey
 * each is a line of its own: the name, the question, the id.
 */
function joinHeader(rows: readonly Row[], body: readonly Row[], width: number): string[] {
  const size = Math.max(width, ...rows.map(row => row.cells.length));
  const trimmed = rows.map(row => Array.from({length: size}, (_, column) => nameOf(row, column)));
  const filled = trimmed.map((cells, index) => {
    if (index === trimmed.length - 1) return cells;
    let last = '';
    return cells.map(cell => {
      if (cell !== '') last = cell;
      return cell === '' ? last : cell;
    });
  });
  const isSurvey = areImportIds(rows.at(-1));
  const names = Array.from({length: size}, (_, column) => {
    const parts = filled.map(cells => cells[column] ?? '').filter(part => part !== '');
    return parts.filter((part, index) => part !== parts[index - 1]).join(isSurvey ? '\n' : ' ');
  });
  while (names.length > width && names.at(-1) === '') names.pop();
  // A delimiter too many among the names leaves an empty one.
  const gap = names.length === width + 1 ? names.indexOf('') : -1;
  if (gap >= 0) return names.toSpliced(gap, 1);
  // One name too few: the first column holds row names, as R writes them.
  const isShort = rows.length === 1 && rows[0]?.cells.length === width - 1;
  return isShort && areRowNames(body) ? ['', ...names.slice(0, width - 1)] : names;
}

/** The first cells name their rows: no two are equal. */
function areRowNames(body: readonly Row[]): boolean {
  const cells = body.slice(0, 500).map(row => row.cells[0]?.trim() ?? '');
  return cells.every(cell => cell !== '') && new Set(cells).size === cells.length;
}
