// Profiles a dataset: a few passes of the engine over all rows, then pure reading of what came back.

import {type Cell, currentVersion, type Dataset, type TableColumn} from '../core/dataset.ts';
import {ToolError} from '../core/errors.ts';
import {nearest} from '../core/text.ts';
import type {SqlEngine} from '../engine/sql-engine.ts';
import {
  duplicatesSql,
  factNames,
  factsSql,
  histogramSql,
  outlierSql,
  type Span,
  topValuesSql,
  valueFactNames,
  valuesSql,
} from './profile-sql.ts';

export {profileSummary, profileTable} from './profile-text.ts';

import type {ColumnFacts, ColumnProfile, NumberFacts, Profile} from './profile-types.ts';
import {columnWarnings, type KindInput, semanticKind} from './semantic-kind.ts';

/** Columns asked for in one statement: wide tables are read in several passes, each over its own columns only. */
const batchSize = 40;
const mostBins = 12;

type Ask = (sql: string) => Promise<Cell[][]>;
type Draft = KindInput & {column: TableColumn; span: {low: number; high: number; bins: number} | null};

/**
 * The facts of every column (or of those named), over all rows.
 * @throws ToolError `profile.unknown_column` with the nearest names, and whatever the engine throws.
 */
export async function profileDataset(
  engine: SqlEngine,
  dataset: Dataset,
  {columns, signal}: {columns?: readonly string[] | undefined; signal?: AbortSignal | undefined} = {},
): Promise<Profile> {
  const version = currentVersion(dataset);
  const sql: string[] = [];
  let ms = 0;
  const ask: Ask = async statement => {
    sql.push(statement);
    const result = await engine.query(statement, {maxRows: 100_000, ...(signal && {signal})});
    ms += result.ms;
    return result.table.rows;
  };
  const wanted = chooseColumns(version.columns, columns);
  const profiles: ColumnProfile[] = [];
  let rows = version.rows;
  for (let start = 0; start < wanted.length; start += batchSize) {
    const batch = await profileBatch(ask, dataset.name, wanted.slice(start, start + batchSize));
    rows = batch.rows;
    profiles.push(...batch.profiles);
  }
  return {
    dataset: dataset.name,
    version: version.version,
    rows,
    columnCount: version.columns.length,
    duplicateRows: await countDuplicates(ask, dataset.name, rows, profiles),
    columns: profiles,
    sql,
    ms,
  };
}

function chooseColumns(all: readonly TableColumn[], names: readonly string[] | undefined): readonly TableColumn[] {
  if (!names || names.length === 0) return all;
  return names.map(name => {
    const column = all.find(candidate => candidate.name === name);
    if (column) return column;
    const near = nearest(
      name,
      all.map(candidate => candidate.name),
    );
    throw new ToolError('profile.unknown_column', `there is no column "${name}" among the ${all.length} columns`, {
      hint:
        near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'describe_dataset without columns lists all of them.',
    });
  });
}

async function profileBatch(ask: Ask, dataset: string, columns: readonly TableColumn[]) {
  const [values = []] = await ask(factsSql(dataset, columns));
  const rows = count(values[0]);
  let next = 1;
  const facts = columns.map(column => {
    const found: Record<string, Cell> = {};
    for (const name of factNames(column)) found[name] = values[next++] ?? null;
    return found;
  });
  await addValueFacts(ask, dataset, columns, facts);
  const drafts = columns.map((column, index) => draftOf(column, facts[index] ?? {}, rows));
  const kinds = drafts.map(semanticKind);
  await countOutliers(ask, dataset, drafts);
  const histograms = await readHistograms(ask, dataset, drafts);
  const listed = drafts.flatMap(({column}, index) =>
    ['category', 'boolean', 'constant', 'text'].includes(kinds[index] ?? '') ? [{column, index}] : [],
  );
  const topRows = listed.length > 0 ? await ask(topValuesSql(dataset, listed)) : [];
  const profiles = drafts.map((draft, index): ColumnProfile => {
    const {column: _column, span: _span, presentCount: _present, withBlankCount: _blank, ...known} = draft;
    const profile = {
      ...known,
      semantic: kinds[index] ?? 'text',
      topValues: topRows.filter(row => row[0] === index).map(row => ({value: String(row[1]), count: count(row[2])})),
      histogram: histograms.get(index) ?? [],
    };
    return {...profile, warnings: columnWarnings(profile, rows)};
  });
  return {rows, profiles};
}

async function addValueFacts(
  ask: Ask,
  dataset: string,
  columns: readonly TableColumn[],
  facts: Record<string, Cell>[],
): Promise<void> {
  for (const [index, ...values] of await ask(valuesSql(dataset, columns))) {
    const found = facts[count(index)];
    valueFactNames.forEach((name, i) => {
      if (found) found[name] = values[i] ?? null;
    });
  }
}

function draftOf(column: TableColumn, facts: Record<string, Cell>, rows: number): Draft {
  const presentCount = count(facts.present);
  const low = measured(facts.low);
  const high = measured(facts.high);
  return {
    column,
    name: column.name,
    type: column.type,
    columnKind: column.kind,
    nullCount: rows - presentCount,
    distinctCount: count(facts.distinct),
    presentCount,
    withBlankCount: count(facts.with_blank),
    facts: factsOf(column, facts, presentCount),
    span: low !== null && high !== null && low < high ? spanOf(column, low, high) : null,
  };
}

/** One bin per value for a few whole numbers, so that no bin is empty only because no number falls into it. */
function spanOf(column: TableColumn, low: number, high: number): {low: number; high: number; bins: number} {
  const isFew = /INT/.test(column.type) && high - low < mostBins;
  return isFew ? {low: low - 0.5, high: high + 0.5, bins: high - low + 1} : {low, high, bins: mostBins};
}

function factsOf(column: TableColumn, facts: Record<string, Cell>, presentCount: number): ColumnFacts {
  switch (column.kind) {
    case 'number':
      return {
        kind: 'number',
        min: facts.min ?? null,
        q1: measured(facts.q1),
        median: measured(facts.median),
        q3: measured(facts.q3),
        max: facts.max ?? null,
        mean: measured(facts.mean),
        sampleStdDev: measured(facts.sd),
        skewness: measured(facts.skew),
        nanCount: count(facts.not_null) - presentCount,
        infiniteCount: presentCount - count(facts.finite),
        outlierCount: 0,
      };
    case 'time':
      return {kind: 'time', min: facts.min ?? null, max: facts.max ?? null};
    case 'text':
      return {
        kind: 'text',
        meanLength: measured(facts.mean_length),
        numericCount: count(facts.numeric),
        variantCount: count(facts.distinct) - count(facts.folded),
      };
    default:
      return {kind: 'other'};
  }
}

async function countOutliers(ask: Ask, dataset: string, drafts: readonly Draft[]): Promise<void> {
  const measured: {facts: NumberFacts; column: TableColumn; low: number; high: number}[] = [];
  for (const {column, facts} of drafts) {
    if (facts.kind !== 'number' || facts.q1 === null || facts.q3 === null) continue;
    const reach = 1.5 * (facts.q3 - facts.q1);
    measured.push({facts, column, low: facts.q1 - reach, high: facts.q3 + reach});
  }
  if (measured.length === 0) return;
  const [counts = []] = await ask(outlierSql(dataset, measured));
  measured.forEach(({facts}, index) => {
    facts.outlierCount = count(counts[index]);
  });
}

async function readHistograms(ask: Ask, dataset: string, drafts: readonly Draft[]): Promise<Map<number, number[]>> {
  const spans: Span[] = drafts.flatMap(({column, span}, index) => (span ? [{column, index, ...span}] : []));
  const histograms = new Map(spans.map(({index, bins}) => [index, new Array<number>(bins).fill(0)]));
  if (spans.length === 0) return histograms;
  for (const [index, bin, n] of await ask(histogramSql(dataset, spans))) {
    const bins = histograms.get(count(index));
    if (bins) bins[count(bin)] = count(n);
  }
  return histograms;
}

/** A column without missing values in which all differ proves that no row repeats; only without one the rows are compared. */
async function countDuplicates(ask: Ask, dataset: string, rows: number, profiles: ColumnProfile[]): Promise<number> {
  if (rows < 2 || profiles.some(column => column.nullCount === 0 && column.distinctCount === rows)) return 0;
  const [[distinctRows] = []] = await ask(duplicatesSql(dataset));
  return rows - count(distinctRows);
}

function count(cell: Cell | undefined): number {
  return Number(cell ?? 0);
}

function measured(cell: Cell | undefined): number | null {
  return typeof cell === 'number' && Number.isFinite(cell) ? cell : null;
}
