// A last row that only adds up the others is no data. It is recognised by its label and by its sums, or by a label with
// nothing beside it where the rows above are filled.

import type {Cell} from '../core/dataset.ts';
import {clip} from '../core/text.ts';
import {quoteName} from '../engine/sql-text.ts';
import type {LoadedTable, LoadJob} from './job.ts';

const label =
  /^(?:(?:grand|sub)[ -]?)?(?:totals?|sum|summe|gesamt|insgesamt|gesamtsumme|suma|somme|totale|итого)\s*:?$/i;

export function isTotalLabel(cell: Cell): boolean {
  return typeof cell === 'string' && label.test(cell.trim());
}

/** The table without its total row, which is reported; the table as it is when there is none. */
export async function dropTotalRow(job: LoadJob, table: LoadedTable): Promise<LoadedTable> {
  if (!table.isText || table.columns.length < 2 || table.rowsIn - table.rowsDropped < 3) return table;
  const engine = await job.engine();
  const list = table.columns.map(({source}) => quoteName(source)).join(', ');
  const last = `(SELECT max(rowid) FROM ${table.relation})`;
  const [[place = null, ...cells] = []] = (
    await engine.run(`SELECT rowid, ${list} FROM ${table.relation} WHERE rowid = ${last}`, job.signal)
  ).rows;
  if (place === null || !cells.slice(0, 3).some(isTotalLabel)) return table;
  const added = cells.flatMap((cell, column) => {
    const value = plainNumber(cell);
    const source = table.columns[column]?.source;
    return value === null || value === 0 || source === undefined ? [] : [{value, source}];
  });
  if (added.length === 0) {
    const isBare = cells.length > 2 && cells.filter(cell => !isEmpty(cell)).length === 1;
    return isBare && !(await hasBareRow(job, table, place)) ? withoutLast(job, table, place, cells) : table;
  }
  if (table.rowsIn - table.rowsDropped < 4) return table;
  const sums = added.map(({source}) => `sum(TRY_CAST(trim(replace(${quoteName(source)}, ',', '')) AS DOUBLE))`);
  const [found = []] = (
    await engine.run(`SELECT ${sums.join(', ')} FROM ${table.relation} WHERE rowid < ${place}`, job.signal)
  ).rows;
  if (!added.some(({value}, index) => isNear(value, found[index] ?? null))) return table;
  return withoutLast(job, table, place, cells);
}

async function withoutLast(
  job: LoadJob,
  table: LoadedTable,
  place: NonNullable<Cell>,
  cells: readonly Cell[],
): Promise<LoadedTable> {
  const engine = await job.engine();
  await engine.run(`DELETE FROM ${table.relation} WHERE rowid = ${place}`, job.signal);
  const above = (table.dialect?.preambleRows ?? 0) + (table.dialect?.headerRows ?? 1);
  const line = {
    line: above + table.rowsIn,
    kind: 'total_row' as const,
    text: clip(cells.map(cell => cell ?? '').join(' | '), 500),
  };
  return {
    ...table,
    rowsDropped: table.rowsDropped + 1,
    counts: {...table.counts, total_row: 1},
    lines: [...table.lines, line],
  };
}

/** Whether a row above holds one cell too: then such rows are part of the data. */
async function hasBareRow(job: LoadJob, table: LoadedTable, place: NonNullable<Cell>): Promise<boolean> {
  const engine = await job.engine();
  const filled = table.columns.map(({source}) => `(coalesce(trim(${quoteName(source)}), '') <> '')::INTEGER`);
  const bare = `SELECT 1 FROM ${table.relation} WHERE rowid < ${place} AND ${filled.join(' + ')} <= 1 LIMIT 1`;
  return (await engine.run(bare, job.signal)).rows.length > 0;
}

function isEmpty(cell: Cell): boolean {
  return cell === null || (typeof cell === 'string' && cell.trim() === '');
}

function plainNumber(cell: Cell): number | null {
  if (typeof cell !== 'string') return null;
  const text = cell.trim().replaceAll(',', '');
  return /^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : null;
}

/** Totals are often rounded: equal to one part in a thousand. */
function isNear(total: number, sum: Cell): boolean {
  return typeof sum === 'number' && Math.abs(total - sum) <= Math.max(0.011, Math.abs(total) * 0.001);
}
