// The last step of an import: the upload gets its lasting name and every table becomes a version of a dataset.

import {rm} from 'node:fs/promises';
import type {Dataset, DatasetSource, DatasetVersion, FileReading} from '../core/dataset.ts';
import {currentVersion} from '../core/dataset.ts';
import type {FinishedTable} from './finish-table.ts';
import type {ImportDeps, Imported, ImportOptions, ImportReport, ImportResult} from './job.ts';
import {datasetNameFrom, freeName, renamedOf} from './names.ts';
import type {Stored} from './store.ts';
import {keepUpload} from './store.ts';

/** Where the data came from: the name and absolute path of the file, or `stdin` and `-`. */
export type Origin = {name: string; path: string};

type Kept = {stored: Stored; synced: Promise<void>; origin: Origin; format: string; started: number};

/** `rejectsFile` is the half-made file of the repaired and dropped lines. */
export type CommittedTable = FinishedTable & {rejectsFile?: string};

export async function commitTables(
  tables: readonly CommittedTable[],
  {stored, synced, origin, format, started}: Kept,
  options: ImportOptions,
  {workspace, clock, emit}: ImportDeps,
): Promise<ImportResult> {
  const extension = storedExtension(origin.name, format);
  await synced;
  const upload = options.dryRun ? null : await keepUpload(stored, workspace, clock.now(), extension);
  const source: DatasetSource = {
    kind: 'file',
    originalName: origin.name,
    originalPath: origin.path,
    storedName: upload?.name ?? '',
    format,
    sizeBytes: stored.sizeBytes,
    sha256: stored.sha256,
  };
  const results: Imported[] = [];
  try {
    for (const {report, ...table} of tables) {
      const name = targetName(await workspace.datasets(), origin, table.label, options, tables.length);
      const dataset = options.dryRun
        ? tryOut(name, {...table, source}, clock.now())
        : await workspace.addVersion(name, {...table, source, reading: readingOf(report)});
      const version = currentVersion(dataset);
      results.push({
        dataset,
        version,
        alreadyKnown: false,
        report: {
          ...report,
          format,
          sha256: stored.sha256,
          sizeBytes: stored.sizeBytes,
          storedName: source.storedName,
          ...(version.rejects === undefined ? {} : {rejectsFile: version.rejects}),
          ms: clock.monotonic() - started,
        },
      });
    }
  } catch (error) {
    if (upload && results.length === 0) await rm(upload.path, {force: true});
    throw error;
  }
  if (upload) for (const {dataset, version} of results) emit(added(dataset, version, source));
  const [first, ...others] = results;
  if (!first) throw new Error('an import without tables');
  return {...first, others};
}

function readingOf({dialect, encoding, rowsIn, rowsDropped, counts, types}: FinishedTable['report']): FileReading {
  return {dialect, encoding, rowsIn, rowsDropped, counts, evidence: types.map(({evidence}) => evidence)};
}

function added(
  {name}: Dataset,
  {version, rows, columns, warnings}: DatasetVersion,
  source: DatasetSource & {kind: 'file'},
) {
  const {sizeBytes, format, storedName} = source;
  return {
    type: 'dataset_added' as const,
    name,
    version,
    rows,
    columns: columns.length,
    sizeBytes,
    format,
    storedName,
    warnings,
  };
}

function tryOut(name: string, table: Omit<FinishedTable, 'report'> & {source: DatasetSource}, now: number): Dataset {
  const {rows, columns, warnings, source} = table;
  const createdAt = new Date(now).toISOString();
  const version = {version: 1, createdAt, parquet: '', sha256: '', rows, columns, source, warnings};
  return {name, versions: [version], current: 1};
}

/** The result of an earlier import of the same bytes, unless the user asks for another name or another reading. */
export function knownImport(
  datasets: readonly Dataset[],
  stored: Stored,
  origin: Origin,
  options: ImportOptions,
): ImportResult | null {
  const {sheet, delimiter, encoding, header, dateOrder, na, base64, strict, dryRun} = options;
  if (
    [sheet, delimiter, encoding, header, dateOrder, na, base64, strict, dryRun].some(
      value => value !== undefined && value !== false,
    )
  )
    return null;
  const wanted = options.name === undefined ? null : datasetNameFrom(options.name);
  const found = datasets.flatMap(dataset => {
    const version = currentVersion(dataset);
    const {source} = version;
    const isSame = source.kind === 'file' && source.sha256 === stored.sha256;
    return isSame && (wanted === null || wanted === dataset.name) ? [{dataset, version, source}] : [];
  });
  const [first, ...others] = found.toSorted(
    (a, b) => Number(b.source.originalPath === origin.path) - Number(a.source.originalPath === origin.path),
  );
  if (!first) return null;
  const siblings = others.filter(other => other.source.storedName === first.source.storedName);
  return {...asKnown(first.dataset, first.version), others: siblings.map(each => asKnown(each.dataset, each.version))};
}

function asKnown(dataset: Dataset, version: DatasetVersion): Imported {
  const source = version.source.kind === 'file' ? version.source : null;
  const {reading} = version;
  const report: ImportReport = {
    format: source?.format ?? '',
    dialect: reading?.dialect ?? null,
    encoding: reading?.encoding ?? null,
    rowsIn: reading?.rowsIn ?? version.rows,
    rowsOut: version.rows,
    rowsDropped: reading?.rowsDropped ?? 0,
    counts: reading?.counts ?? {},
    lines: [],
    renamed: renamedOf(version.columns),
    types: version.columns.map(({name, type, notes}, index) => ({
      name,
      type,
      notes,
      evidence: reading?.evidence[index] ?? null,
    })),
    warnings: version.warnings,
    sha256: source?.sha256 ?? '',
    sizeBytes: source?.sizeBytes ?? 0,
    storedName: source?.storedName ?? '',
    ...(version.rejects === undefined ? {} : {rejectsFile: version.rejects}),
    ms: 0,
  };
  return {dataset, version, alreadyKnown: true, report};
}

/** A named import or one of the same path makes a new version; anything else gets a name that is free. */
function targetName(
  datasets: readonly Dataset[],
  origin: Origin,
  label: string | null,
  options: ImportOptions,
  tableCount: number,
): string {
  const suffix = label !== null && tableCount > 1 ? ` ${label}` : '';
  if (options.name !== undefined) return datasetNameFrom(options.name + suffix);
  const plain = datasetNameFrom(origin.name);
  const wanted = suffix ? datasetNameFrom(`${plain}${suffix}`) : plain;
  const isOurs = ({name, versions}: Dataset) =>
    (name === wanted || name.startsWith(`${wanted}_`)) &&
    origin.path !== '-' &&
    versions.some(({source}) => source.kind === 'file' && source.originalPath === origin.path);
  const existing =
    datasets.find(each => each.name === wanted && isOurs(each)) ?? (suffix ? undefined : datasets.find(isOurs));
  return existing?.name ?? freeName(wanted, new Set(datasets.map(({name}) => name)));
}

function storedExtension(name: string, format: string): string {
  const extension = /\.([A-Za-z0-9]{1,8})$/.exec(name)?.[1]?.toLowerCase();
  return extension ?? format;
}
