// Datasets and tables: the shapes that the engine fills, tools pass on and views print.

/**
 * One value as it leaves the engine. SQL NULL is `null`. Integers are `number` when safe, else `bigint`. DECIMAL is
 * `number` when that is exact to 15 digits, else its text. Dates and times are ISO-8601 text. Nested values are JSON
 * text. NaN and the infinities stay numbers.
 */
export type Cell = null | boolean | number | bigint | string;

export type ColumnKind = 'number' | 'text' | 'boolean' | 'time' | 'nested';

/** `type` is the engine's own type name, such as `DECIMAL(10,2)`. */
export type TableColumn = {name: string; type: string; kind: ColumnKind};

/** A date or a moment, which has a place in time; not a time of day, a span, or a list of dates. */
export function isMoment({type, kind}: Pick<TableColumn, 'type' | 'kind'>): boolean {
  return kind === 'time' && /^(DATE|TIMESTAMP)/.test(type);
}

/** `rows` may be fewer than `totalRows`; `totalRows` is null when it is not known how many there would be. */
export type Table = {columns: TableColumn[]; rows: Cell[][]; totalRows: number | null};

/**
 * A column of a dataset version. `nullCount` and `distinctCount` are over all rows; `distinctCount` is approximate above
 * 10,000. `min` and `max` are null for an all-null or nested column. `topValues` holds the most frequent values as text,
 * most frequent first, only for columns with at most 1,000 distinct values (at most 20 are kept). `from` are the imported
 * columns ("dataset.column") that a column of a query result was computed from; `computed` is true of what a model said of the
 * rows: predictions, clusters, components, scores.
 */
export type Column = TableColumn & {
  originalName: string;
  nullCount: number;
  distinctCount: number;
  min: Cell;
  max: Cell;
  topValues: string[];
  /** Facts of the import a reader must know: unit, ambiguous dates, leading zeros kept as text. */
  notes: string[];
  from?: string[];
  computed?: boolean;
};

/** How delimited text is written. `confidence` is 0 to 1; a null `quote` or `escape` is one the text does not use. */
export type DialectReport = {
  delimiter: string | null;
  quote: string | null;
  escape: string | null;
  headerRows: number;
  preambleRows: number;
  decimal: '.' | ',';
  confidence: number;
  runnerUp: string | null;
};

export type EncodingReport = {name: string; confidence: number; badCharacters: number};

/** `filled` values are not missing; `misfits` of them did not fit the likeliest other type. */
export type TypeEvidence = {
  filled: number;
  missing: number;
  placeholders: number;
  misfits: number;
  misfitExample: string | null;
};

/** How a file became a version, kept so that it can be told again. `counts` are of lines, `evidence` of columns in order. */
export type FileReading = {
  dialect: DialectReport | null;
  encoding: EncodingReport | null;
  rowsIn: number;
  rowsDropped: number;
  counts: Record<string, number>;
  evidence: (TypeEvidence | null)[];
};

export type DatasetSource =
  | {
      kind: 'file';
      originalName: string;
      originalPath: string;
      storedName: string;
      format: string;
      sizeBytes: number;
      sha256: string;
    }
  | {kind: 'query'; sql: string; parents: DatasetRef[]};

/** Names one exact version of the data a number came from; `sha256` is of the Parquet file. */
export type DatasetRef = {name: string; version: number; sha256: string};

/** An immutable Parquet file and where it came from. `parquet` is relative to the workspace. */
export type DatasetVersion = {
  version: number;
  createdAt: string;
  parquet: string;
  sha256: string;
  rows: number;
  columns: Column[];
  source: DatasetSource;
  warnings: string[];
  /** JSON lines that tell of every line repaired or dropped on import; relative to the workspace. */
  rejects?: string;
  reading?: FileReading;
};

export type Dataset = {name: string; versions: DatasetVersion[]; current: number};

/** The version that questions are answered from. */
export function currentVersion(dataset: Dataset): DatasetVersion {
  const found = dataset.versions.find(v => v.version === dataset.current);
  if (!found) throw new Error(`dataset ${dataset.name} has no version ${dataset.current}`);
  return found;
}

export function refOf(dataset: Dataset): DatasetRef {
  const {version, sha256} = currentVersion(dataset);
  return {name: dataset.name, version, sha256};
}
