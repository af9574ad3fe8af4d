// Profiles a dataset: a few passes of the engine over all rows, then pure reading of what came back.

import {type Cell, type Column, currentVersion, type Dataset} from '../core/dataset.ts';
import {ToolError} from '../core/errors.ts';
import {nearest} from '../core/text.ts';
import type {SqlEngine} from '../engine/sql-engine.ts';
import {mayHoldUnits, mixedUnits} from './mixed-units.ts';
import {type Ask, finiteNumber, type Measured, measureSmall, readTopValues} from './profile-batch.ts';
import {largeFrom, measureLarge} from './profile-large.ts';
import {duplicatesSql, repeatedHashesSql} from './profile-sql.ts';

export {profileLines, profileSummary, profileTable} from './profile-text.ts';

import type {ColumnFacts, ColumnProfile, Profile} from './profile-types.ts';
import {columnWarnings, type KindInput, semanticKind} from './semantic-kind.ts';

/** Columns asked for in one statement: wide tables are read in several passes, each over its own columns only. */
const batchSize = 40;

export type ProfileOptions = {
  columns?: readonly string[] | undefined;
  signal?: AbortSignal | undefined;
  /** Rows from which a table counts as large; both ways of measuring give the same figures. */
  largeFrom?: number;
};

/**
 * The facts of every column (or of those named), over all rows.
 * @throws ToolError `profile.unknown_column` with the nearest names, and whatever the engine throws.
 */
export async function profileDataset(
  engine: SqlEngine,
  dataset: Dataset,
  {columns, signal, largeFrom: limit = largeFrom}: ProfileOptions = {},
): Promise<Profile> {
  const version = currentVersion(dataset);
  const sql: string[] = [];
  let ms = 0;
  const ask: Ask = async statement => {
    sql.push(statement);
    const result = await engine.query(statement, {maxRows: 1_000_000, ...(signal && {signal})});
    ms += result.ms;
    return result.table.rows;
  };
  const wanted = chooseColumns(version.columns, columns);
  const profiles: ColumnProfile[] = [];
  let rows = version.rows;
  const measure = version.rows >= limit ? measureLarge : measureSmall;
  for (let start = 0; start < wanted.length; start += batchSize) {
    const batch = wanted.slice(start, start + batchSize);
    const found = await measure(ask, dataset.name, batch);
    rows = found.rows;
    profiles.push(...(await profilesOf(ask, dataset.name, batch, found)));
  }
  return {
    dataset: dataset.name,
    version: version.version,
    rows,
    columnCount: version.columns.length,
    duplicateRows: await countDuplicates(ask, dataset, profiles, rows >= limit),
    columns: profiles,
    sql,
    ms,
  };
}

function chooseColumns(all: readonly Column[], names: readonly string[] | undefined): readonly Column[] {
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

async function profilesOf(
  ask: Ask,
  dataset: string,
  columns: readonly Column[],
  {rows, measured}: {rows: number; measured: readonly Measured[]},
): Promise<ColumnProfile[]> {
  const drafts = columns.map((column, index) => draftOf(column, measured[index], rows));
  const kinds = drafts.map(semanticKind);
  const hasList = (index: number) => ['category', 'boolean', 'constant', 'text'].includes(kinds[index] ?? '');
  const open = columns.flatMap((column, index) =>
    hasList(index) && measured[index]?.topValues === null && !measured[index]?.isEstimate ? [{column, index}] : [],
  );
  const listed = await readTopValues(ask, dataset, open);
  const topOf = (index: number) => (hasList(index) ? (measured[index]?.topValues ?? listed.get(index) ?? []) : []);
  const texts = columns.flatMap((column, index) =>
    column.kind === 'text' && kinds[index] !== 'constant' && mayHoldUnits(topOf(index)) ? [{column, index}] : [],
  );
  const units = await mixedUnits(ask, dataset, texts);
  return drafts.map((draft, index): ColumnProfile => {
    const {presentCount: _present, withBlankCount: _blank, ...known} = draft;
    const profile = {
      ...known,
      semantic: kinds[index] ?? 'text',
      topValues: topOf(index),
      histogram: measured[index]?.histogram ?? [],
    };
    return {
      ...profile,
      warnings: columnWarnings(profile, rows, [...unitNote(units.get(index)), ...(columns[index]?.notes ?? [])]),
    };
  });
}

function unitNote(units: readonly string[] | undefined): string[] {
  return units ? [`amounts in ${units.length} units: ${units.join(', ')}`] : [];
}

function draftOf(column: Column, measured: Measured | undefined, rows: number): KindInput {
  const {facts = {}, outliers = 0, isEstimate = false} = measured ?? {};
  const presentCount = count(facts.present);
  return {
    name: column.name,
    type: column.type,
    columnKind: column.kind,
    nullCount: rows - presentCount,
    distinctCount: count(facts.distinct),
    distinctIsEstimate: isEstimate,
    presentCount,
    withBlankCount: count(facts.with_blank),
    facts: factsOf(column, facts, presentCount, outliers),
  };
}

function factsOf(column: Column, facts: Record<string, Cell>, presentCount: number, outliers: number): ColumnFacts {
  switch (column.kind) {
    case 'number':
      return {
        kind: 'number',
        min: facts.min ?? null,
        q1: measuredNumber(facts.q1),
        median: measuredNumber(facts.median),
        q3: measuredNumber(facts.q3),
        max: facts.max ?? null,
        mean: measuredNumber(facts.mean),
        sampleStdDev: measuredNumber(facts.sd),
        skewness: measuredNumber(facts.skew),
        nanCount: count(facts.not_null) - presentCount,
        infiniteCount: presentCount - count(facts.finite),
        outlierCount: outliers,
      };
    case 'time':
      return {kind: 'time', min: facts.min ?? null, max: facts.max ?? null};
    case 'text':
      return {
        kind: 'text',
        meanLength: measuredNumber(facts.mean_length),
        numericCount: count(facts.numeric),
        zeroCount: count(facts.zeros),
        variantCount: count(facts.distinct) - count(facts.folded),
      };
    default:
      return {kind: 'other'};
  }
}

/**
 * A column without missing values in which all differ proves that no row repeats, and so do hashes that all differ; only
 * rows of equal hashes are compared.
 */
async function countDuplicates(
  ask: Ask,
  dataset: Dataset,
  profiles: readonly ColumnProfile[],
  isLarge: boolean,
): Promise<number> {
  const {rows, columns} = currentVersion(dataset);
  const isKey = (column: ColumnProfile) =>
    column.nullCount === 0 && column.distinctCount === rows && !column.distinctIsEstimate;
  if (rows < 2 || profiles.some(isKey)) return 0;
  if (isLarge) {
    const [[hashes] = []] = await ask(repeatedHashesSql(dataset.name, columns));
    if (count(hashes) === rows) return 0;
  }
  const [[distinctRows] = []] = await ask(duplicatesSql(dataset.name));
  return rows - count(distinctRows);
}

function count(cell: Cell | undefined): number {
  return Number(cell ?? 0);
}

function measuredNumber(cell: Cell | undefined): number | null {
  return typeof cell === 'number' ? finiteNumber(cell) : null;
}
