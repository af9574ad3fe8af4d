// What differs between a table and what a plan makes of it: rows, columns, cells, gaps, means.

import type {Cell, TableColumn} from '../../core/dataset.ts';
import {quoteName} from '../../engine/sql-text.ts';
import {presentSql} from './step.ts';

/** Gaps and the mean (numbers only) before and after; `cells` are those of rows that stayed whose value is another one. */
export type ColumnDiff = {
  column: string;
  cells: number;
  nullsBefore: number;
  nullsAfter: number;
  meanBefore: number | null;
  meanAfter: number | null;
};

/** `columns` are those in both tables that differ in anything. */
export type DataDiff = {
  rowsBefore: number;
  rowsAfter: number;
  added: string[];
  removed: string[];
  cells: number;
  columns: ColumnDiff[];
};

type Side = {name: string; columns: readonly TableColumn[]};

const columnsAtOnce = 30;

/** Both relations carry the place of each row in `order`. A column of another type is compared as text. */
export async function diffTables(
  {before, after, order}: {before: Side; after: Side; order: string},
  rows: (select: string) => Promise<Cell[][]>,
): Promise<DataDiff> {
  const pairs = before.columns.flatMap(a => {
    const b = after.columns.find(({name}) => name === a.name);
    return b ? [{a, b}] : [];
  });
  const [[rowsBefore, rowsAfter] = []] = await rows(
    `SELECT (SELECT count(*) FROM ${before.name}), (SELECT count(*) FROM ${after.name})`,
  );
  const columns: ColumnDiff[] = [];
  for (let start = 0; start < pairs.length; start += columnsAtOnce) {
    const batch = pairs.slice(start, start + columnsAtOnce);
    const [was = []] = await rows(`SELECT ${batch.map(({a}) => facts(a)).join(', ')} FROM ${before.name}`);
    const [is = []] = await rows(`SELECT ${batch.map(({b}) => facts(b)).join(', ')} FROM ${after.name}`);
    const counts = batch.map(({a, b}) => `count(*) FILTER (${differs(a, b)})`).join(', ');
    const joined = `${before.name} AS a JOIN ${after.name} AS b ON a.${order} = b.${order}`;
    const [cells = []] = await rows(`SELECT ${counts} FROM ${joined}`);
    batch.forEach(({a}, i) => {
      const [nullsBefore, meanBefore, nullsAfter, meanAfter] = [was[2 * i], was[2 * i + 1], is[2 * i], is[2 * i + 1]];
      columns.push({
        column: a.name,
        cells: Number(cells[i] ?? 0),
        nullsBefore: Number(nullsBefore ?? 0),
        nullsAfter: Number(nullsAfter ?? 0),
        meanBefore: typeof meanBefore === 'number' ? meanBefore : null,
        meanAfter: typeof meanAfter === 'number' ? meanAfter : null,
      });
    });
  }
  // The last digits of the mean of the same values may differ between two readings.
  const isChanged = ({cells, nullsBefore, nullsAfter, meanBefore, meanAfter}: ColumnDiff) =>
    cells > 0 || nullsBefore !== nullsAfter || (rowsBefore !== rowsAfter && meanBefore !== meanAfter);
  const has = (side: Side, name: string) => side.columns.some(column => column.name === name);
  return {
    rowsBefore: Number(rowsBefore ?? 0),
    rowsAfter: Number(rowsAfter ?? 0),
    added: after.columns.filter(({name}) => !has(before, name)).map(({name}) => name),
    removed: before.columns.filter(({name}) => !has(after, name)).map(({name}) => name),
    cells: columns.reduce((sum, {cells}) => sum + cells, 0),
    columns: columns.filter(isChanged),
  };
}

function facts(column: TableColumn): string {
  const value = presentSql(column);
  const mean =
    column.kind === 'number' ? `avg(CASE WHEN isfinite((${value})::DOUBLE) THEN (${value})::DOUBLE END)` : 'NULL';
  return `count(*) - count(${value}), ${mean}`;
}

function differs(a: TableColumn, b: TableColumn): string {
  const as = a.type === b.type ? '' : '::VARCHAR';
  return `a.${quoteName(a.name)}${as} IS DISTINCT FROM b.${quoteName(b.name)}${as}`;
}
