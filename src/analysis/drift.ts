// How the columns of one table differ from those of an earlier one, or the second half of a table from its first.

import type {Column, TableColumn} from '../core/dataset.ts';
import {formatCount} from '../core/text.ts';
import {quoteName} from '../engine/sql-text.ts';
import type {Reader} from './column-values.ts';
import {chiSquaredIndependence} from './hypothesis/contingency.ts';
import {ksTwoSamples} from './hypothesis/kolmogorov-smirnov.ts';
import {adjustPValues} from './hypothesis/multiple-testing.ts';
import type {TestResult} from './hypothesis/result.ts';
import {literal, placeOf, present} from './profile-sql.ts';

/** `from` is what stands after FROM. */
export type DriftSide = {from: string; rows: number; columns: readonly Column[]};

/**
 * `psi` is the population stability index, Σ (q − p) · ln(q / p): over ten bins between the deciles of the earlier values for
 * numbers, over the values for categories; a share of nothing counts as 0.0001. From 0.1 it is usually called a moderate change,
 * from 0.25 a strong one. Numbers are tested by Kolmogorov and Smirnov (scipy.stats.ks_2samp), categories by chi²
 * (chi2_contingency); `pAdjusted` is Benjamini and Hochberg's over all columns. Missing values are left out of both.
 */
export type ColumnDrift = {
  column: string;
  psi: number | null;
  test: TestResult | null;
  pAdjusted: number | null;
  missingBefore: number;
  missingAfter: number;
  /** Values that only one of both has, or why nothing was compared; it may name values. */
  note: string;
};

export type Drift = {columns: ColumnDrift[]; added: string[]; removed: string[]; retyped: string[]};

const bins = 10;
const leastShare = 1e-4;
const mostLevels = 100;
/** More values than this are compared by bins only. */
const mostTested = 1_000_000;

export const halves = 'halves';

/** The two halves of a dataset in the order of its rows; an odd row belongs to the first. */
export function halvesOf(dataset: string, rows: number, columns: readonly Column[]): [DriftSide, DriftSide] {
  const middle = Math.ceil(rows / 2);
  const numbered = `(SELECT *, row_number() OVER () AS "__ds_agent_row" FROM ${quoteName(dataset)})`;
  return [
    {from: `(SELECT * FROM ${numbered} WHERE "__ds_agent_row" <= ${middle})`, rows: middle, columns},
    {from: `(SELECT * FROM ${numbered} WHERE "__ds_agent_row" > ${middle})`, rows: rows - middle, columns},
  ];
}

export async function findDrift(
  reader: Reader,
  before: DriftSide,
  after: DriftSide,
  signal?: AbortSignal,
): Promise<Drift> {
  const same = before.columns.flatMap(a => {
    const b = after.columns.find(({name}) => name === a.name);
    return b ? [{a, b}] : [];
  });
  const found: ColumnDrift[] = [];
  for (const {a, b} of same) {
    signal?.throwIfAborted();
    // A column without any value has the kind that nobody gave it.
    const isEmpty = a.nullCount === before.rows || b.nullCount === after.rows;
    if (a.kind !== b.kind && isEmpty) found.push(notCompared(a, b));
    if (a.kind !== b.kind) continue;
    if (a.kind === 'number') found.push(await numberDrift(reader, before, after, a, b));
    else if (a.kind === 'text' || a.kind === 'boolean') found.push(await categoryDrift(reader, before, after, a));
  }
  const adjusted = adjustPValues(found.map(({test}) => test?.p ?? Number.NaN));
  const has = (side: DriftSide, name: string) => side.columns.some(column => column.name === name);
  return {
    columns: found
      .map((each, i) => ({...each, pAdjusted: each.test === null ? null : (adjusted[i] ?? null)}))
      .sort((x, y) => (y.psi ?? -1) - (x.psi ?? -1)),
    added: after.columns.filter(({name}) => !has(before, name)).map(({name}) => name),
    removed: before.columns.filter(({name}) => !has(after, name)).map(({name}) => name),
    retyped: same
      .filter(({a, b}) => a.kind !== b.kind && !found.some(({column}) => column === a.name))
      .map(({a, b}) => `${a.name} (${a.type} → ${b.type})`),
  };
}

function notCompared({name, nullCount}: Column, other: Column): ColumnDrift {
  const counts = {missingBefore: nullCount, missingAfter: other.nullCount};
  return {column: name, psi: null, test: null, pAdjusted: null, ...counts, note: 'no values on one side'};
}

async function numberDrift(reader: Reader, before: DriftSide, after: DriftSide, a: TableColumn, b: TableColumn) {
  const shares = Array.from({length: bins - 1}, (_, i) => (i + 1) / bins);
  const facts = shares.map(share => `quantile_cont(${placeOf(a)}, ${share})`).join(', ');
  const [[countBefore, ...edges] = []] = await reader.rows(`SELECT count(${placeOf(a)}), ${facts} FROM ${before.from}`);
  const [[countAfter] = []] = await reader.rows(`SELECT count(${placeOf(b)}) FROM ${after.from}`);
  const [m, n] = [Number(countBefore ?? 0), Number(countAfter ?? 0)];
  const base = {column: a.name, missingBefore: before.rows - m, missingAfter: after.rows - n, pAdjusted: null};
  if (m === 0 || n === 0) return {...base, psi: null, test: null, note: 'no values on one side'};
  const different = [...new Set(edges.map(Number))];
  const counts = async (side: DriftSide, column: TableColumn) => {
    const bin = different.map(edge => `(v > ${literal(edge)})::INTEGER`).join(' + ');
    const values = `SELECT ${placeOf(column)} AS v FROM ${side.from}`;
    const rows = await reader.rows(`SELECT ${bin} AS bin, count(*) FROM (${values}) WHERE v IS NOT NULL GROUP BY bin`);
    const found = new Array<number>(different.length + 1).fill(0);
    for (const [at, count] of rows) found[Number(at)] = Number(count);
    return found;
  };
  const psi = stabilityIndex(await counts(before, a), await counts(after, b));
  if (Math.max(m, n) > mostTested)
    return {...base, psi, test: null, note: `more than ${formatCount(mostTested)} values: not tested`};
  const values = async (side: DriftSide, column: TableColumn) => {
    const sql = `SELECT v FROM (SELECT ${placeOf(column)} AS v FROM ${side.from}) WHERE v IS NOT NULL`;
    return Float64Array.from(await reader.rows(sql, mostTested), ([value]) => Number(value));
  };
  const test = ksTwoSamples(await values(before, a), await values(after, b));
  return {...base, psi, test, note: ''};
}

async function categoryDrift(reader: Reader, before: DriftSide, after: DriftSide, column: TableColumn) {
  const value = `${present(column)}::VARCHAR`;
  const side = (from: string, name: string) =>
    `(SELECT v, count(*) AS ${name} FROM (SELECT ${value} AS v FROM ${from}) GROUP BY v)`;
  const sql = `SELECT coalesce(a.v, b.v) AS v, coalesce(x, 0) AS x, coalesce(y, 0) AS y
FROM ${side(before.from, 'x')} AS a FULL JOIN ${side(after.from, 'y')} AS b ON a.v = b.v
ORDER BY coalesce(a.v, b.v) IS NULL DESC, x + y DESC, v LIMIT ${mostLevels + 3}`;
  const rows = await reader.rows(sql, mostLevels + 3);
  const missing = rows.filter(([v]) => v === null);
  const levels = rows.filter(([v]) => v !== null).map(([v, x, y]) => ({v: String(v), x: Number(x), y: Number(y)}));
  const total = (at: 1 | 2) => missing.reduce((sum, row) => sum + Number(row[at]), 0);
  const base = {column: column.name, missingBefore: total(1), missingAfter: total(2), pAdjusted: null};
  if (levels.length > mostLevels)
    return {...base, psi: null, test: null, note: `more than ${mostLevels} different values: not compared`};
  if (!levels.some(({x}) => x > 0) || !levels.some(({y}) => y > 0))
    return {...base, psi: null, test: null, note: 'no values on one side'};
  const [xs, ys] = [levels.map(({x}) => x), levels.map(({y}) => y)];
  const test = levels.length > 1 ? chiSquaredIndependence([xs, ys]) : null;
  const names = (found: typeof levels) =>
    found
      .slice(0, 5)
      .map(({v}) => JSON.stringify(v))
      .join(', ');
  const fresh = levels.filter(({x}) => x === 0);
  const gone = levels.filter(({y}) => y === 0);
  const notes = [
    ...(fresh.length > 0 ? [`new: ${names(fresh)}${fresh.length > 5 ? `, … (${fresh.length})` : ''}`] : []),
    ...(gone.length > 0 ? [`gone: ${names(gone)}${gone.length > 5 ? `, … (${gone.length})` : ''}`] : []),
  ];
  return {...base, psi: stabilityIndex(xs, ys), test, note: notes.join('; ')};
}

/** Of two lists of counts in the same bins. */
export function stabilityIndex(before: readonly number[], after: readonly number[]): number {
  const [m, n] = [before, after].map(list => list.reduce((sum, count) => sum + count, 0));
  return before.reduce((sum, count, i) => {
    const p = Math.max(leastShare, count / (m ?? 1));
    const q = Math.max(leastShare, (after[i] ?? 0) / (n ?? 1));
    return sum + (q - p) * Math.log(q / p);
  }, 0);
}
