// The expected numbers, computed from the rows in plain JavaScript, independent of any SQL.

import type {Cell} from '../../../src/core/dataset.ts';
import type {Row} from './laboratory.ts';

export type Aggregate = (values: number[]) => number | null;

export const sum: Aggregate = values => (values.length === 0 ? null : values.reduce((a, b) => a + b, 0));
export const mean: Aggregate = values =>
  values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length;
export const least: Aggregate = values => (values.length === 0 ? null : Math.min(...values));
export const most: Aggregate = values => (values.length === 0 ? null : Math.max(...values));
export const size: Aggregate = values => values.length;
export const percentTrue: Aggregate = values =>
  values.length === 0 ? null : (100 * values.reduce((a, b) => a + b, 0)) / values.length;

/** Linear interpolation between order statistics, type 7. */
export const quantile =
  (q: number): Aggregate =>
  values => {
    const sorted = [...values].sort((a, b) => a - b);
    if (sorted.length === 0) return null;
    const place = (sorted.length - 1) * q;
    const [low, high] = [sorted[Math.floor(place)] ?? 0, sorted[Math.ceil(place)] ?? 0];
    return low + (high - low) * (place - Math.floor(place));
  };
export const median = quantile(0.5);

/** Of a sample, n − 1. */
export const variance: Aggregate = values => {
  const centre = mean(values);
  if (values.length < 2 || centre === null) return null;
  return values.reduce((total, value) => total + (value - centre) ** 2, 0) / (values.length - 1);
};
export const deviation: Aggregate = values => {
  const spread = variance(values);
  return spread === null ? null : Math.sqrt(spread);
};

export const numbers = (rows: Row[], column: string): number[] =>
  rows
    .map(row => row[column] ?? null)
    .filter(value => value !== null)
    .map(Number);

export function pearson(rows: Row[], a: string, b: string): {r: number; n: number} {
  const pairs = rows
    .filter(row => row[a] !== null && row[b] !== null)
    .map(row => [Number(row[a]), Number(row[b])] as const);
  return {
    r: correlate(
      pairs.map(([x]) => x),
      pairs.map(([, y]) => y),
    ),
    n: pairs.length,
  };
}

export function spearman(rows: Row[], a: string, b: string): {r: number; n: number} {
  const pairs = rows.filter(row => row[a] !== null && row[b] !== null);
  return {r: correlate(ranks(numbers(pairs, a)), ranks(numbers(pairs, b))), n: pairs.length};
}

function ranks(values: number[]): number[] {
  return values.map(value => {
    const below = values.filter(other => other < value).length;
    const equal = values.filter(other => other === value).length;
    return below + (equal + 1) / 2;
  });
}

function correlate(x: number[], y: number[]): number {
  const [mx, my] = [mean(x) ?? 0, mean(y) ?? 0];
  const product = x.reduce((total, value, at) => total + (value - mx) * ((y[at] ?? 0) - my), 0);
  const sx = x.reduce((total, value) => total + (value - mx) ** 2, 0);
  const sy = y.reduce((total, value) => total + (value - my) ** 2, 0);
  return product / Math.sqrt(sx * sy);
}

export type Grouping = string | ((row: Row) => Cell);

const keyOf = (row: Row, by: Grouping): Cell => (typeof by === 'string' ? (row[by] ?? null) : by(row));

function compare(a: Cell, b: Cell): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}

/** Rows split by one or more keys; rows without a key are left out. */
export function split(rows: Row[], ...by: Grouping[]): {keys: Cell[]; rows: Row[]}[] {
  const groups = new Map<string, {keys: Cell[]; rows: Row[]}>();
  for (const row of rows) {
    const keys = by.map(each => keyOf(row, each));
    if (keys.includes(null)) continue;
    const name = JSON.stringify(keys);
    const group = groups.get(name) ?? {keys, rows: []};
    group.rows.push(row);
    groups.set(name, group);
  }
  return [...groups.values()];
}

export type Order = 'desc' | 'asc' | 'key';

/** [key, value, n] for each group, by value (ties by key) or by key. */
export function grouped(
  rows: Row[],
  by: Grouping | Grouping[],
  column: string | null,
  aggregate: Aggregate,
  order: Order = 'desc',
  limit = 1_000,
): Cell[][] {
  const keys = Array.isArray(by) ? by : [by];
  const lines = split(rows, ...keys).map(group => {
    const values = column === null ? group.rows.map(() => 1) : numbers(group.rows, column);
    return [...group.keys, aggregate(values), ...(column === null ? [] : [values.length])];
  });
  const byKeys = (a: Cell[], b: Cell[]) =>
    keys.reduce((found, _, at) => found || compare(a[at] ?? null, b[at] ?? null), 0);
  const at = keys.length;
  const direction = order === 'asc' ? 1 : -1;
  return lines
    .sort((a, b) => (order === 'key' ? 0 : direction * (Number(a[at]) - Number(b[at]))) || byKeys(a, b))
    .slice(0, limit);
}

/** [value, n, missing] of a column over all rows. */
export function total(rows: Row[], column: string, ...aggregates: Aggregate[]): Cell[][] {
  const values = numbers(rows, column);
  return [[...aggregates.map(aggregate => aggregate(values)), values.length, rows.length - values.length]];
}

export const month =
  (column: string) =>
  (row: Row): Cell =>
    String(row[column] ?? '').slice(0, 7) || null;
export const year =
  (column: string) =>
  (row: Row): Cell =>
    String(row[column] ?? '').slice(0, 4) || null;
export const quarter =
  (column: string) =>
  (row: Row): Cell => {
    const date = String(row[column] ?? '');
    return date === '' ? null : `${date.slice(0, 4)}-Q${Math.ceil(Number(date.slice(5, 7)) / 3)}`;
  };
export const share = (part: number, whole: number): Cell[] => [(100 * part) / whole, part, whole];
