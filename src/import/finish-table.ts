// From a loaded table to a Parquet file with its column facts: names, types, and the account of every row.

import type {Column, Table, TypeEvidence} from '../core/dataset.ts';
import {ImportError} from '../core/errors.ts';
import {formatCount, printable} from '../core/text.ts';
import {profileColumns} from '../engine/profile-columns.ts';
import {quoteName, quotePath, quoteText} from '../engine/sql-text.ts';
import type {ImportReport, LoadedTable, LoadJob, WrittenTable} from './job.ts';
import {columnNames, renamedOf} from './names.ts';
import type {LineKind} from './shape.ts';
import {dropTotalRow} from './total-row.ts';
import {missingWords} from './typing/missing.ts';
import type {TypedColumn} from './typing/type-columns.ts';
import {typeColumns} from './typing/type-columns.ts';

const previewRows = 8;

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
  const {parquetFile, rows, columns: typed, decimalComma} = table.written ?? (await writeTable(job, table, named));
  if (table.rowsIn !== rows + table.rowsDropped) {
    throw new ImportError(
      'import.rows_lost',
      `${job.shown}: ${formatCount(table.rowsIn)} rows were read, ${formatCount(rows)} kept and ${formatCount(table.rowsDropped)} reported; the difference is a bug.`,
      {hint: 'Nothing was imported. Please report this with the file if you can.'},
    );
  }
  const columns = await describeColumns(job, parquetFile, named, typed);
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

/** Types the table by counting, and writes it. */
async function writeTable(job: LoadJob, table: LoadedTable, named: readonly {name: string}[]): Promise<WrittenTable> {
  const engine = await job.engine();
  const sources = table.columns.map(column => column.source);
  const missing = job.options.na ? ['', ...job.options.na] : missingWords;
  const keepText = new Set(table.columns.filter(column => column.keepText).map(column => column.source));
  const {dateOrder} = job.options;
  const options = {keepText, dateOrder, missing, decimalComma: table.decimalComma};
  const typed = table.isText ? await typeColumns(engine, table.relation, sources, options, job.signal) : null;
  const parquetFile = job.temporary('.parquet');
  const copy = copySql(table, named, typed?.columns ?? [], parquetFile);
  const [[rows] = []] = (await engine.run(copy, job.signal)).rows;
  return {
    parquetFile,
    rows: Number(rows ?? 0),
    columns: typed?.columns ?? table.columns,
    decimalComma: typed?.decimalComma ?? false,
  };
}

/** Of a column of which no value would have been written if it did not fit. */
function allFit(rows: number, column: Column | undefined): TypeEvidence {
  const missing = column?.nullCount ?? 0;
  return {filled: rows - missing, missing, placeholders: 0, misfits: 0, misfitExample: null};
}

/** The missing words go first, in a query of their own, so that each cell is looked at once. */
function copySql(
  table: LoadedTable,
  named: readonly {name: string}[],
  typed: readonly TypedColumn[],
  parquetFile: string,
): string {
  const sources = table.columns.map(({source}, index) => `${typed[index]?.value ?? quoteName(source)} AS v${index}`);
  const list = named.map(
    ({name}, index) => `${typed[index]?.convert(`v${index}`) ?? `v${index}`} AS ${quoteName(name)}`,
  );
  const select = `SELECT ${list.join(', ')} FROM (SELECT ${sources.join(', ')} FROM ${table.relation})`;
  return `COPY (${select}) TO ${quoteText(parquetFile)} (FORMAT parquet, COMPRESSION zstd)`;
}

async function describeColumns(
  job: LoadJob,
  parquetFile: string,
  named: readonly {name: string; originalName: string}[],
  typed: readonly {notes?: string[]}[],
): Promise<Column[]> {
  const engine = await job.engine();
  const relation = `read_parquet(${quotePath(parquetFile)}, hive_partitioning = false)`;
  const {columns} = await engine.run(`SELECT * FROM ${relation} LIMIT 0`, job.signal);
  const facts = await profileColumns(sql => engine.run(sql, job.signal), relation, columns);
  return columns.flatMap((column, index) => {
    const fact = facts[index];
    const name = named[index];
    return fact && name
      ? [{...column, ...fact, originalName: name.originalName, notes: typed[index]?.notes ?? []}]
      : [];
  });
}

async function firstRows(job: LoadJob, parquetFile: string): Promise<Table> {
  const engine = await job.engine();
  const relation = `read_parquet(${quotePath(parquetFile)}, hive_partitioning = false)`;
  return engine.run(`SELECT * FROM ${relation} LIMIT ${previewRows}`, job.signal);
}

const lineWords: Record<LineKind, string> = {
  padded: 'short rows were filled up with missing values',
  extra_cells: 'rows had more cells than columns; the rest is in the column extra_cells',
  stray_quote: 'rows had a stray quote in a cell',
  other_marks: 'rows were written with other delimiters or quotes than the rest',
  empty_cell: 'rows had an empty cell too many, which was left out',
  joined_cells: 'rows had a delimiter inside a cell without quotes; the parts were joined',
  open_quote: 'rows had a quote that never closes; it was read as a plain character',
  footer: 'lines below the table were left out',
  second_table: 'lines of a second table were left out',
  repeated_header: 'repeated header rows were left out',
  total_row: 'last row only adds up the others and was left out',
  bad_record: 'lines are no valid record and were left out',
};

function lineWarnings({counts, lines}: LoadedTable): string[] {
  return (Object.keys(lineWords) as LineKind[]).flatMap(kind => {
    const count = counts[kind] ?? 0;
    if (count === 0) return [];
    const first = lines.find(line => line.kind === kind)?.line;
    return [
      `${formatCount(count)} ${lineWords[kind]}${first === undefined ? '' : ` (first: line ${formatCount(first)})`}.`,
    ];
  });
}

function columnWarnings(columns: readonly Column[], named: readonly {name: string; originalName: string}[]): string[] {
  const renamed = named.filter(({name, originalName}) => originalName.trim() !== '' && name !== originalName.trim());
  const warnings = columns.flatMap(({name, notes}) =>
    notes
      .filter(note => /ambiguous|kept as text/.test(note))
      .map(note => `Column ${printable(name, {oneLine: true})}: ${note}.`),
  );
  if (renamed.length > 0) warnings.push(`${formatCount(renamed.length)} columns were renamed to be unique and usable.`);
  return warnings;
}
