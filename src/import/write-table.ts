// Types a loaded table by counting and writes it as Parquet.

import {quoteName, quoteText} from '../engine/sql-text.ts';
import type {LoadedTable, LoadJob, TablePart, WrittenTable} from './job.ts';
import {missingWords} from './typing/missing.ts';
import type {TypedColumn} from './typing/type-columns.ts';
import {typeColumns} from './typing/type-columns.ts';

/** The planner's time grows with the square of what is converted in one statement: a wider table is in parts. */
const partWidth = 64;
const wholeUpTo = 128;

/** Writes a Parquet file with the columns called as in `named`. */
export async function writeTable(
  job: LoadJob,
  table: LoadedTable,
  named: readonly {name: string}[],
): Promise<WrittenTable> {
  const engine = await job.engine();
  const sources = table.columns.map(column => column.source);
  const missing = job.options.na ? ['', ...job.options.na] : missingWords;
  const keepText = new Set(table.columns.filter(column => column.keepText).map(column => column.source));
  const {dateOrder} = job.options;
  const options = {keepText, dateOrder, missing, decimalComma: table.decimalComma};
  const typed = table.isText ? await typeColumns(engine, table.relation, sources, options, job.signal) : null;
  const parquetFile = job.temporary('.parquet');
  const columns = sources.map((source, at) => ({source, name: named[at]?.name ?? '', typed: typed?.columns[at]}));
  const parts = typed !== null && columns.length > wholeUpTo ? await convertParts(job, table.relation, columns) : [];
  const from =
    parts.length > 0
      ? `FROM ${parts.map(part => part.relation).join(' POSITIONAL JOIN ')}`
      : convertSql(table.relation, columns);
  const copy = `COPY (${from}) TO ${quoteText(parquetFile)} (FORMAT parquet, COMPRESSION zstd)`;
  const [[rows] = []] = (await engine.run(copy, job.signal)).rows;
  return {
    parquetFile,
    rows: Number(rows ?? 0),
    columns: typed?.columns ?? table.columns,
    decimalComma: typed?.decimalComma ?? false,
    ...(parts.length > 0 ? {parts} : {}),
  };
}

type Converted = {source: string; name: string; typed: TypedColumn | undefined};

async function convertParts(job: LoadJob, relation: string, columns: readonly Converted[]): Promise<TablePart[]> {
  const engine = await job.engine();
  const parts: TablePart[] = [];
  for (let start = 0; start < columns.length; start += partWidth) {
    const some = columns.slice(start, start + partWidth);
    const part = job.tableName();
    await engine.run(`CREATE TABLE ${part} AS ${convertSql(relation, some)}`, job.signal);
    parts.push({relation: part});
  }
  return parts;
}

/** The missing words go first, in a query of their own, so that each cell is looked at once. */
function convertSql(relation: string, columns: readonly Converted[]): string {
  const values = columns.map(({source, typed}, at) => `${typed?.value ?? quoteName(source)} AS v${at}`);
  const list = columns.map(({name, typed}, at) => `${typed?.convert(`v${at}`) ?? `v${at}`} AS ${quoteName(name)}`);
  return `SELECT ${list.join(', ')} FROM (SELECT ${values.join(', ')} FROM ${relation})`;
}
