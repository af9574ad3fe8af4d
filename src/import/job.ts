// What one import is asked for, what it may use, and what it tells afterwards.

import type {Clock} from '../core/clock.ts';
import type {Dataset, DatasetVersion, DialectReport, EncodingReport, Table, TypeEvidence} from '../core/dataset.ts';
import type {AgentEvent, ImportPhase} from '../core/events.ts';
import type {ImportEngine} from '../engine/import-engine.ts';
import type {Workspace} from '../workspace/workspace.ts';
import type {MoreLines} from './rejects.ts';
import type {LineKind, ReportedLine} from './shape.ts';
import type {Stored} from './store.ts';
import type {DateOrder} from './typing/moments.ts';

/** What the user may fix by hand; everything left out is found by looking at the data. */
export type ImportOptions = {
  name?: string | undefined;
  sheet?: string | undefined;
  delimiter?: string | undefined;
  encoding?: string | undefined;
  /** True, false, or the number of header rows. */
  header?: boolean | number | undefined;
  dateOrder?: DateOrder | undefined;
  /** Words that mean missing, instead of the usual ones (an empty cell is always missing). */
  na?: readonly string[] | undefined;
  /** Refuse a file that needs any repair. */
  strict?: boolean | undefined;
  /** The file is base64 text of the real file. A `data:` URI says so itself. */
  base64?: boolean | undefined;
  /** Do everything but keep nothing. */
  dryRun?: boolean | undefined;
};

export type ImportRequest = ImportOptions & {path: string; limitBytes: number};

export type ImportDeps = {
  workspace: Workspace;
  signal: AbortSignal;
  clock: Clock;
  emit(event: AgentEvent): void;
  memoryLimitBytes?: number | undefined;
  threads?: number | undefined;
};

/** How a file was read. `rowsIn` = `rowsOut` + `rowsDropped`. `lines` are the first 1,000 of those `counts` counts. */
export type ImportReport = {
  format: string;
  dialect: DialectReport | null;
  encoding: EncodingReport | null;
  rowsIn: number;
  rowsOut: number;
  rowsDropped: number;
  counts: Partial<Record<LineKind, number>>;
  lines: ReportedLine[];
  renamed: {from: string; to: string}[];
  types: {name: string; type: string; notes: string[]; evidence: TypeEvidence | null}[];
  warnings: string[];
  sha256: string;
  sizeBytes: number;
  storedName: string;
  /** Every repaired or dropped line as JSON, one per line; relative to the workspace. Missing when there is none. */
  rejectsFile?: string;
  ms: number;
  /** The first rows; only of a dry run. */
  preview?: Table | undefined;
};

/** `version` belongs to `dataset`; with `dryRun` neither is in the workspace. */
export type Imported = {
  dataset: Dataset;
  version: DatasetVersion;
  alreadyKnown: boolean;
  report: ImportReport;
};

/** A file may hold several tables (sheets, tables of a database): the first is the result itself, `others` are the rest. */
export type ImportResult = Imported & {others: Imported[]};

/** A table of the engine. */
export type TablePart = {relation: string};

/** A table that is in its Parquet file already, typed. */
export type WrittenTable = {
  parquetFile: string;
  rows: number;
  /** `evidence` only where values were counted. */
  columns: {notes?: string[]; evidence?: TypeEvidence}[];
  decimalComma: boolean;
  /** The same columns, some in each part, where there are very many. */
  parts?: TablePart[];
};

/** A table in the import engine, not yet typed when `isText`. `label` names the sheet or table it came from. */
export type LoadedTable = {
  label: string | null;
  relation: string;
  /** Set where there is nothing left to do for `relation`, which does not exist then. */
  written?: WrittenTable;
  /** `keepText` columns are not typed: they hold several cells in one. `notes` are about columns that come with a type. */
  columns: {source: string; originalName: string; keepText?: boolean; notes?: string[]}[];
  isText: boolean;
  decimalComma: boolean | null;
  dialect: DialectReport | null;
  encoding: EncodingReport | null;
  rowsIn: number;
  rowsDropped: number;
  counts: Partial<Record<LineKind, number>>;
  lines: ReportedLine[];
  /** What `lines` has no room for. */
  more?: MoreLines;
  warnings: string[];
};

/** What a format gets to work with. Temporary paths are swept when the import ends, however it ends. */
export type LoadJob = {
  stored: Stored;
  /** Lower case, without dots. */
  extension: string;
  shown: string;
  options: ImportOptions;
  limitBytes: number;
  signal: AbortSignal;
  clock: Clock;
  /** The engine of this import; it can read the stored file and what lies in data/. */
  engine(): Promise<ImportEngine>;
  /** Tells how far the work is. */
  progress(phase: ImportPhase, readBytes: number): void;
  /** A new path in data/ for a half-made file. */
  temporary(suffix: string): string;
  /** A table name not used yet in this import. */
  tableName(): string;
};

/** One way of reading files; `kinds` are what the sniffer calls them. */
export type Format = {
  readonly name: string;
  readonly kinds: readonly string[];
  load(job: LoadJob): Promise<LoadedTable[]>;
};
