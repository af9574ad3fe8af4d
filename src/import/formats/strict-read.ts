// Reads large clean text by DuckDB's strict reader: typed and written in one pass where a sample shows the types, else
// into a table of text. A single line that is not as the dialect says sends the file to our own parser instead.

import {open, rm} from 'node:fs/promises';
import {quoteName, quotePath, quoteText} from '../../engine/sql-text.ts';
import type {Dialect} from '../dialect/detect.ts';
import type {LoadJob, WrittenTable} from '../job.ts';
import {columnNames} from '../names.ts';
import type {Row} from '../rows.ts';
import {parseRows} from '../rows.ts';
import {isTotalLabel} from '../total-row.ts';
import {sureColumns} from '../typing/type-at-once.ts';

/** The planner's time grows faster than the number of columns. */
const widestAtOnce = 200;
const blockBytes = 16 * 1024;
const blocks = 12;
const headRows = 500;

/** `oddLines`: some line is not as the dialect says. */
export type StrictRead = {kind: 'written'; table: WrittenTable} | {kind: 'oddLines'} | {kind: 'misfit'};

/** One pass over the upload, from text to Parquet. `misfit`: the types can't be known without counting. */
export async function writeAtOnce(job: LoadJob, dialect: Dialect, originals: readonly string[]): Promise<StrictRead> {
  const {width} = dialect;
  if (width > widestAtOnce || job.options.na !== undefined) return {kind: 'misfit'};
  const sample = await sampleCells(job, dialect);
  const sources = originals.map((_, index) => `c${index}`);
  const sure = sample && sureColumns(sources, sample, job.options.dateOrder);
  if (!sure) return {kind: 'misfit'};
  const rejects = `rejects_${job.tableName()}`;
  const file = job.temporary('.parquet');
  const names = columnNames(originals);
  const list = sure.columns.map(({sql}, index) => `${sql} AS ${quoteName(names[index]?.name ?? '')}`);
  const copy = `COPY (SELECT ${list.join(', ')} FROM ${strictSource(job, dialect, rejects)}) TO ${quoteText(file)} (FORMAT parquet, COMPRESSION zstd)`;
  const counts = await countsAfter(job, copy, rejects, `read_parquet(${quotePath(file)}, hive_partitioning = false)`);
  if (counts !== null && counts.odd === 0) {
    const {columns, decimalComma} = sure;
    return {kind: 'written', table: {parquetFile: file, rows: counts.rows, columns, decimalComma}};
  }
  await rm(file, {force: true});
  return counts === null ? {kind: 'misfit'} : {kind: 'oddLines'};
}

/** The rows as text in a table of the engine; null when any line is odd. */
export async function readStrictly(job: LoadJob, dialect: Dialect): Promise<{relation: string; rows: number} | null> {
  const engine = await job.engine();
  const relation = job.tableName();
  const rejects = `rejects_${relation}`;
  const create = `CREATE TABLE ${relation} AS SELECT * FROM ${strictSource(job, dialect, rejects)}`;
  const counts = await countsAfter(job, create, rejects, relation);
  if (counts?.odd === 0) return {relation, rows: counts.rows};
  await engine.run(`DROP TABLE IF EXISTS ${relation}`);
  return null;
}

/** Runs `sql` and counts what it rejected and what it made. The table of rejects lives as long as its connection: one call. */
async function countsAfter(
  job: LoadJob,
  sql: string,
  rejects: string,
  relation: string,
): Promise<{odd: number; rows: number} | null> {
  const engine = await job.engine();
  const count = `SELECT (SELECT count(*) FROM ${rejects}), (SELECT count(*) FROM ${relation})`;
  try {
    const [[odd, rows] = []] = (await engine.run(`${sql}; ${count}`, job.signal)).rows;
    return {odd: Number(odd), rows: Number(rows)};
  } catch (error) {
    if (job.signal.aborted) throw error;
    return null;
  }
}

function strictSource({stored}: LoadJob, dialect: Dialect, rejects: string): string {
  return (
    `read_csv(${quotePath(stored.path)}, auto_detect = false, header = false, ` +
    `skip = ${dialect.firstLine - 1 + dialect.headerRows}, columns = {${textColumns(dialect.width)}}, ` +
    `delim = ${quoteText(dialect.delimiter ?? ',')}, quote = '"', escape = '"', strict_mode = true, ` +
    `store_rejects = true, rejects_table = '${rejects}', rejects_scan = '${rejects}_scan', rejects_limit = 100, ` +
    `hive_partitioning = false, max_line_size = 4194304)`
  );
}

/** The columns c0, c1 … of a text file, for read_csv. */
export function textColumns(width: number): string {
  return Array.from({length: width}, (_, index) => `${quoteText(`c${index}`)}: 'VARCHAR'`).join(', ');
}

/**
 * Rows from the whole length of the file, its first and last ones among them. Null where its end may be more than rows of
 * data: a footer, or a row of totals.
 */
async function sampleCells({stored}: LoadJob, dialect: Dialect): Promise<string[][] | null> {
  const file = await open(stored.path);
  try {
    const first = parseRows(stored.head.toString(), dialect, {complete: false});
    const rows = first.filter(({line}) => line >= dialect.firstLine + dialect.headerRows).slice(0, headRows);
    const buffer = Buffer.allocUnsafe(blockBytes);
    let last: Row | undefined;
    for (let block = 1; block <= blocks; block++) {
      const start = Math.floor(((stored.sizeBytes - blockBytes) * block) / blocks);
      const {bytesRead} = await file.read(buffer, 0, blockBytes, start);
      const text = buffer.toString('utf8', 0, bytesRead);
      // The first line began before this block; inside of quotes that may be any line, and its cells are too many or too few.
      const some = parseRows(text.slice(text.indexOf('\n') + 1), dialect, {complete: block === blocks});
      rows.push(...some);
      last = some.findLast(row => !row.blank);
    }
    if (last?.cells.length !== dialect.width || last.cells.slice(0, 3).some(isTotalLabel)) return null;
    return rows.filter(({cells}) => cells.length === dialect.width).map(({cells}) => cells);
  } finally {
    await file.close();
  }
}
