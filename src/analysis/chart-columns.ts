// The points of charts about many columns at once: correlations of all pairs, and where values are missing.

import {ToolError} from '../core/errors.ts';
import {formatCount} from '../core/text.ts';
import type {SqlEngine} from '../engine/sql-engine.ts';
import {quoteName} from '../engine/sql-text.ts';
import {type ChartQuery, finiteSql, options, type Points, sourceOf} from './chart-source.ts';

const mostCorrelated = 30;

export type CorrelationCell = {a: string; b: string; r: number | null; n: number};

/**
 * Pearson's r of every pair of number columns of the result, over the rows where both are finite (pandas' `corr`); null where
 * one does not vary. Both orders of a pair and each column with itself are cells.
 * @throws ToolError `chart.too_few_columns`, `chart.too_many_columns`
 */
export async function correlationCells(engine: SqlEngine, {sql, signal}: ChartQuery): Promise<Points<CorrelationCell>> {
  const source = await sourceOf(engine, {sql, signal});
  const names = numberColumns(source.columns, {least: 2, most: mostCorrelated});
  const pairs = names.flatMap((_, j) => names.slice(0, j).map((__, i) => [i, j] as const));
  const list = pairs.flatMap(([i, j]) => [`corr(c${i}, c${j})`, `regr_count(c${i}, c${j})`]);
  const counts = names.map((_, i) => `count(c${i})`);
  const statement = `SELECT ${[...counts, ...list].join(', ')} FROM (SELECT ${names.map((name, i) => `${finiteSql(name)} AS c${i}`).join(', ')} FROM ${source.from})`;
  const {table, datasets} = await engine.query(statement, options(signal, 1));
  const row = table.rows[0] ?? [];
  const found = new Map<string, {r: number | null; n: number}>();
  pairs.forEach(([i, j], place) => {
    const r = row[names.length + place * 2];
    const n = Number(row[names.length + place * 2 + 1] ?? 0);
    const known = typeof r === 'number' && Number.isFinite(r) ? Math.max(-1, Math.min(1, r)) : null;
    found.set(`${i} ${j}`, {r: known, n}).set(`${j} ${i}`, {r: known, n});
  });
  // As in pandas: a column that correlates with none does not vary, so not with itself either.
  const varies = (i: number) => names.some((_, j) => (found.get(`${i} ${j}`)?.r ?? null) !== null);
  const rows = names.flatMap((a, i) =>
    names.map((b, j): CorrelationCell => {
      const {r, n} =
        i === j ? {r: varies(i) ? 1 : null, n: Number(row[i] ?? 0)} : (found.get(`${i} ${j}`) ?? {r: null, n: 0});
      return {a, b, r, n};
    }),
  );
  return {rows, columns: source.columns, datasets, sql: statement};
}

const mostBlocks = 40;
const mostMapped = 60;

export type MissingBlock = {first: number; last: number; shares: number[]};

/**
 * The share of NULLs in each column of the result, in at most 40 equal blocks of rows in their order; `names` are the columns,
 * 60 at most.
 */
export async function missingBlocks(
  engine: SqlEngine,
  {sql, signal}: ChartQuery,
): Promise<Points<MissingBlock> & {names: string[]; total: number}> {
  const source = await sourceOf(engine, {sql, signal});
  const names = source.columns.slice(0, mostMapped).map(({name}) => name);
  const counted = await engine.query(`SELECT count(*) FROM ${source.from}`, options(signal, 1));
  const total = Number(counted.table.rows[0]?.[0] ?? 0);
  const blocks = Math.max(1, Math.min(mostBlocks, total));
  const flags = names.map((name, i) => `${quoteName(name)} IS NULL AS m${i}`);
  const statement = `SELECT row // ${Math.max(1, Math.ceil(total / blocks))} AS block, min(row), max(row), ${names.map((_, i) => `avg(m${i}::INTEGER)`).join(', ')}
FROM (SELECT row_number() OVER () - 1 AS row, ${flags.join(', ')} FROM ${source.from}) GROUP BY block ORDER BY block`;
  const {table} = await engine.query(statement, options(signal, mostBlocks + 1));
  const rows = table.rows.map(([, first, last, ...shares]) => ({
    first: Number(first) + 1,
    last: Number(last) + 1,
    shares: shares.map(Number),
  }));
  return {rows, names, total, columns: source.columns, datasets: counted.datasets, sql: statement};
}

/** The number columns of a result. @throws ToolError `chart.too_few_columns`, `chart.too_many_columns` */
export function numberColumns(
  columns: readonly {name: string; kind: string}[],
  {least, most}: {least: number; most: number},
): string[] {
  const names = columns.filter(({kind}) => kind === 'number').map(({name}) => name);
  if (names.length < least)
    throw new ToolError(
      'chart.too_few_columns',
      `The result has ${names.length} number columns; this chart needs ${least}.`,
      {
        hint: 'Select more number columns.',
      },
    );
  if (names.length > most)
    throw new ToolError(
      'chart.too_many_columns',
      `The result has ${formatCount(names.length)} number columns; this chart holds ${most}.`,
      {hint: `Select ${most} of them: ${names.slice(0, 6).join(', ')}, …`},
    );
  return names;
}
