// Writes a dataset to a file a user named. Text that a spreadsheet would run as a formula is made plain, and counted.

import {type FileHandle, open, rm, stat} from 'node:fs/promises';
import {extname, resolve} from 'node:path';
import type {Column, DatasetVersion} from '../core/dataset.ts';
import {ImportError} from '../core/errors.ts';
import {printable} from '../core/text.ts';
import {openImportEngine} from '../engine/duckdb.ts';
import type {ImportEngine} from '../engine/import-engine.ts';
import {quoteName, quotePath, quoteText} from '../engine/sql-text.ts';
import {checkTarget, placeFile} from '../workspace/output-file.ts';
import type {Workspace} from '../workspace/workspace.ts';
import {writeXlsx} from './formats/xlsx-writer.ts';

export type ExportRequest = {
  /** `parquet` is relative to the workspace. */
  version: Pick<DatasetVersion, 'parquet' | 'columns' | 'rows'>;
  /** Where to; the extension says what: csv, tsv, parquet, json, ndjson (jsonl), xlsx. */
  output: string;
  /** Replace a file that is there. */
  force?: boolean | undefined;
};

/** `guardedCells` were prefixed with `'` because they begin like a formula. `path` is absolute. */
export type ExportResult = {path: string; format: string; rows: number; sizeBytes: number; guardedCells: number};

type Writing = {
  engine: ImportEngine;
  relation: string;
  columns: readonly Column[];
  target: string;
  rows: number;
  signal: AbortSignal;
};

type Writer = {guards: boolean; write(writing: Writing): Promise<void>};

/** Every format that can be written: one line each. */
const writers: Record<string, Writer> = {
  csv: {guards: true, write: writing => copyTo(writing, "FORMAT csv, HEADER true, DELIMITER ','")},
  tsv: {guards: true, write: writing => copyTo(writing, "FORMAT csv, HEADER true, DELIMITER '\t'")},
  parquet: {guards: false, write: writing => copyTo(writing, 'FORMAT parquet, COMPRESSION zstd')},
  json: {guards: false, write: writing => copyTo(writing, 'FORMAT json, ARRAY true')},
  ndjson: {guards: false, write: writing => copyTo(writing, 'FORMAT json, ARRAY false')},
  jsonl: {guards: false, write: writing => copyTo(writing, 'FORMAT json, ARRAY false')},
  xlsx: {guards: true, write: writing => writeXlsx(writing)},
};

/**
 * Writes `version` to `output`, whole or not at all.
 * @throws ImportError `export.exists`, `export.format`, `export.no_folder`, `export.not_writable`, `export.too_many_rows`
 */
export async function exportFile(
  {version, output, force = false}: ExportRequest,
  {workspace, signal}: {workspace: Workspace; signal: AbortSignal},
): Promise<ExportResult> {
  const path = resolve(output);
  const shown = printable(output, {oneLine: true});
  const {format, writer} = writerFor(output);
  await checkTarget(path, shown, force);
  return withDraft(version, {format, writer}, {workspace, signal}, async (draft, guardedCells) => {
    await placeFile(draft, path, shown, force);
    const {size} = await stat(path);
    return {path, format, rows: version.rows, sizeBytes: size, guardedCells};
  });
}

/**
 * The same as CSV that is read from an open file: its name is gone already, so that nothing is left behind however the
 * reading ends. The caller closes it.
 */
export function exportCsvHandle(
  version: ExportRequest['version'],
  {workspace, signal}: {workspace: Workspace; signal: AbortSignal},
): Promise<{handle: FileHandle; guardedCells: number}> {
  return withDraft(version, writerFor('rows.csv'), {workspace, signal}, async (draft, guardedCells) => ({
    handle: await open(draft, 'r'),
    guardedCells,
  }));
}

/** Runs `use` on a file of its own, which is removed afterwards. */
async function withDraft<T>(
  {parquet, columns, rows}: ExportRequest['version'],
  {format, writer}: {format: string; writer: Writer},
  {workspace, signal}: {workspace: Workspace; signal: AbortSignal},
  use: (draft: string, guardedCells: number) => Promise<T>,
): Promise<T> {
  const data = workspace.path('data');
  const engine = await openImportEngine({dataDirectory: data, spillDirectory: data, uploads: []});
  const target = workspace.temporaryPath('data', `.${format}`);
  try {
    const source = `read_parquet(${quotePath(workspace.path(parquet))}, hive_partitioning = false)`;
    const guarded = writer.guards ? await guardFormulas(engine, source, columns, signal) : null;
    const relation = guarded?.relation ?? `(SELECT * FROM ${source})`;
    await writer.write({engine, relation, columns, target, rows, signal});
    signal.throwIfAborted();
    return await use(target, guarded?.cells ?? 0);
  } finally {
    engine.close();
    await rm(target, {force: true});
  }
}

/** What the extension of `output` says to write. @throws ImportError `export.format` */
export function writerFor(output: string): {format: string; writer: Writer} {
  const format = extname(output).slice(1).toLowerCase();
  const writer = writers[format];
  if (writer) return {format, writer};
  const shown = printable(output, {oneLine: true});
  throw new ImportError('export.format', `${shown} has no extension that says what to write.`, {
    hint: `Use one of ${Object.keys(writers)
      .map(name => `.${name}`)
      .join(', ')}.`,
  });
}

async function copyTo({engine, relation, target, signal}: Writing, options: string): Promise<void> {
  await engine.run(`COPY ${relation} TO ${quoteText(target)} (${options})`, signal);
}

/** Text cells that begin like a formula get a leading apostrophe; numbers such as -5 or +49 123 stay as they are. */
async function guardFormulas(
  engine: ImportEngine,
  source: string,
  columns: readonly Column[],
  signal: AbortSignal,
): Promise<{relation: string; cells: number}> {
  const isText = ({kind, type}: Column) => kind === 'text' && type !== 'UUID';
  const risky = (name: string) =>
    `(regexp_matches(${name}, '^[=+@\\t\\r-]') AND NOT regexp_full_match(${name}, '[+-]?[0-9][0-9 .,/()-]*%?'))`;
  const list = columns.map(column => {
    const name = quoteName(column.name);
    const plain = /^[=+@\t\r-]/.test(column.name) ? quoteName(`'${column.name}`) : name;
    return isText(column)
      ? `CASE WHEN ${risky(name)} THEN '''' || ${name} ELSE ${name} END AS ${plain}`
      : `${name} AS ${plain}`;
  });
  const texts = columns.filter(isText);
  const counts = texts.map(({name}) => `count(*) FILTER (${risky(quoteName(name))})`);
  const [row = []] =
    counts.length > 0 ? (await engine.run(`SELECT ${counts.join(', ')} FROM ${source}`, signal)).rows : [];
  const cells = row.reduce<number>((sum, count) => sum + Number(count ?? 0), 0);
  return {relation: `(SELECT ${list.join(', ')} FROM ${source})`, cells};
}
