// From a loaded table to a Parquet file with its column facts: names, types, and the account of every row.

import type {Column, Table, TableColumn, TypeEvidence} from '../core/dataset.ts';
import {ImportError} from '../core/errors.ts';
import {formatCount, printable} from '../core/text.ts';
import type {ColumnFacts} from '../engine/profile-columns.ts';
import {profileColumns} from '../engine/profile-columns.ts';
import {quotePath} from '../engine/sql-text.ts';
import type {ImportReport, LoadedTable, LoadJob, TablePart, WrittenTable} from './job.ts';
import {columnNames, renamedOf} from './names.ts';
import type {LineKind} from './shape.ts';
import {dropTotalRow} from './total-row.ts';
import {writeTable} from './write-table.ts';

const previewRows = 8;
const openedOftenUpTo = 500;

export type FinishedTable = {
  label: string | null;
  parquetFile: string;
  rows: number;
  columns: Column[];
  warnings: string[];
  report: Omit<ImportReport, 'format' | 'sha256' | 'sizeBytes' | 'storedName' | 'ms'>;
};

/**
 * Types the table, writes it as Parquet and looks at every column.
 * @throws ImportError `import.rows_lost` if the rows do not add up, `import.needs_repair` under `strict`
 */
export async function finishTable(job: LoadJob, loaded: LoadedTable): Promise<FinishedTable> {
  const table = loaded.written ? loaded : await dropTotalRow(job, loaded);
  const named = columnNames(table.columns.map(column => column.originalName));
  const written = table.written ?? (await writeTable(job, table, named));
  const {parquetFile, rows, columns: typed, decimalComma} = written;
  if (table.rowsIn !== rows + table.rowsDropped) {
    throw new ImportError(
      'import.rows_lost',
      `${job.shown}: ${formatCount(table.rowsIn)} rows were read, ${formatCount(rows)} kept and ${formatCount(table.rowsDropped)} reported; the difference is a bug.`,
      {hint: 'Nothing was imported. Please report this with the file if you can.'},
    );
  }
  const columns = await describeColumns(job, written, named);
  const warnings = [...table.warnings, ...lineWarnings(table), ...columnWarnings(columns, named)];
  if (job.options.strict && Object.keys(table.counts).length > 0) {
    throw new ImportError('import.needs_repair', `${job.shown} needs repair: ${lineWarnings(table).join(' ')}`, {
      hint: 'Without --strict it is imported with these repairs, and each one is reported.',
    });
  }
  return {
    label: table.label,
    parquetFile,
    rows,
    columns,
    warnings,
    report: {
      dialect: table.dialect && {...table.dialect, decimal: decimalComma ? ',' : '.'},
      encoding: table.encoding,
      rowsIn: table.rowsIn,
      rowsOut: rows,
      rowsDropped: table.rowsDropped,
      counts: table.counts,
      lines: table.lines,
      renamed: renamedOf(named),
      types: columns.map(({name, type, notes}, index) => ({
        name,
        type,
        notes,
        evidence: table.isText ? (typed[index]?.evidence ?? allFit(rows, columns[index])) : null,
      })),
      warnings,
      ...(job.options.dryRun ? {preview: await firstRows(job, parquetFile)} : {}),
    },
  };
}

/** Of a column of which no value would have been written if it did not fit. */
function allFit(rows: number, column: Column | undefined): TypeEvidence {
  const missing = column?.nullCount ?? 0;
  return {filled: rows - missing, missing, placeholders: 0, misfits: 0, misfitExample: null};
}

async function describeColumns(
  job: LoadJob,
  written: WrittenTable,
  named: readonly {name: string; originalName: string}[],
): Promise<Column[]> {
  job.progress('describe', 0);
  const engine = await job.engine();
  const run = (sql: string) => engine.run(sql, job.signal);
  const described: (TableColumn & ColumnFacts)[] = [];
  for (const {relation} of written.parts ?? [await readable(job, written)]) {
    const {columns} = await run(`SELECT * FROM ${relation} LIMIT 0`);
    const facts = await profileColumns(run, relation, columns);
    described.push(...columns.flatMap((column, index) => (facts[index] ? [{...column, ...facts[index]}] : [])));
  }
  return described.flatMap((column, index) => {
    const name = named[index];
    const notes = written.columns[index]?.notes ?? [];
    return name ? [{...column, originalName: name.originalName, notes}] : [];
  });
}

/** The Parquet file, or a table of its rows where opening it again and again would cost most of the time. */
async function readable(job: LoadJob, {parquetFile, columns}: WrittenTable): Promise<TablePart> {
  const file = `read_parquet(${quotePath(parquetFile)}, hive_partitioning = false)`;
  if (columns.length <= openedOftenUpTo) return {relation: file};
  const engine = await job.engine();
  const relation = job.tableName();
  await engine.run(`CREATE TABLE ${relation} AS FROM ${file}`, job.signal);
  return {relation};
}

async function firstRows(job: LoadJob, parquetFile: string): Promise<Table> {
  const engine = await job.engine();
  const relation = `read_parquet(${quotePath(parquetFile)}, hive_partitioning = false)`;
  return engine.run(`SELECT * FROM ${relation} LIMIT ${previewRows}`, job.signal);
}

/** Of one line and of several. */
const lineWords: Record<LineKind, readonly [one: string, several: string]> = {
  padded: ['short row was filled up with missing values', 'short rows were filled up with missing values'],
  extra_cells: [
    'row had more cells than columns; the rest is in the column extra_cells',
    'rows had more cells than columns; the rest is in the column extra_cells',
  ],
  stray_quote: ['row had a stray quote in a cell', 'rows had a stray quote in a cell'],
  other_marks: [
    'row was written with other delimiters or quotes than the rest',
    'rows were written with other delimiters or quotes than the rest',
  ],
  empty_cell: [
    'row had an empty cell too many, which was left out',
    'rows had an empty cell too many, which was left out',
  ],
  joined_cells: [
    'row had a delimiter inside a cell without quotes; the parts were joined',
    'rows had a delimiter inside a cell without quotes; the parts were joined',
  ],
  open_quote: [
    'row had a quote that never closes; it was read as a plain character',
    'rows had a quote that never closes; it was read as a plain character',
  ],
  footer: ['line below the table was left out', 'lines below the table were left out'],
  second_table: ['line of a second table was left out', 'lines of a second table were left out'],
  repeated_header: ['repeated header row was left out', 'repeated header rows were left out'],
  total_row: ['total row below the others was left out', 'total rows below the others were left out'],
  rule: ['line of dashes under the header was left out', 'lines of dashes under the header were left out'],
  bad_record: ['line is no valid record and was left out', 'lines are no valid record and were left out'],
};

function lineWarnings({counts, lines}: LoadedTable): string[] {
  return (Object.keys(lineWords) as LineKind[]).flatMap(kind => {
    const count = counts[kind] ?? 0;
    if (count === 0) return [];
    const first = lines.find(line => line.kind === kind)?.line;
    const [one, several] = lineWords[kind];
    const where = first === undefined ? '' : ` (first: line ${formatCount(first)})`;
    return [`${formatCount(count)} ${count === 1 ? one : several}${where}.`];
  });
}

function columnWarnings(columns: readonly Column[], named: readonly {name: string; originalName: string}[]): string[] {
  const renamed = named.filter(({name, originalName}) => originalName.trim() !== '' && name !== originalName.trim());
  const warnings = columns.flatMap(({name, notes}) =>
    notes
      .filter(note => /ambiguous|kept as text/.test(note))
      .map(note => `Column ${printable(name, {oneLine: true})}: ${note}.`),
  );
  if (renamed.length > 0)
    warnings.push(
      `${formatCount(renamed.length)} ${renamed.length === 1 ? 'column was' : 'columns were'} renamed to be unique and usable.`,
    );
  return warnings;
}
