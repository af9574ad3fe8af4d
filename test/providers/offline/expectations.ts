// Rows, parts of them and expected results that the corpora of questions share.

import type {Cell} from '../../../src/core/dataset.ts';
import {deviation, grouped, least, mean, median, most, numbers, pearson, quantile, split, sum} from './arithmetic.ts';
import {tables} from './datasets.ts';
import type {Row} from './laboratory.ts';

/** Phrasings, one a line, and the first columns of the result that all of them must lead to. */
export type Case = {ask: string; rows: Cell[][]};

export const o = tables.orders.rows;
export const t = tables.titanic.rows;
export const w = tables.weather.rows;

export const after2020 = o.filter(row => String(row.order_date) >= '2021-01-01');
export const in2021 = o.filter(row => String(row.order_date).startsWith('2021'));
export const women = t.filter(row => row.Sex === 'female');
export const men = t.filter(row => row.Sex === 'male');
export const count = (rows: Row[]): Cell[][] => [[rows.length]];
export const aged30to40 = t.filter(row => row.Age !== null && Number(row.Age) >= 30 && Number(row.Age) <= 40);
/** Orders with the product and the ratio of two of their columns; no ratio where the revenue is missing. */
export const withTimes: Row[] = o.map(row => ({
  ...row,
  times: Number(row.unit_price) * Number(row.quantity),
  ratio: row.revenue === null ? null : Number(row.revenue) / Number(row.quantity),
}));
export const times = numbers(withTimes, 'times');
/** The `limit` groups of the second key with the largest totals within each of the first. */
export const within = (rows: Row[], by: [string, string], column: string, limit: number): Cell[][] => {
  const all = grouped(rows, by, column, sum);
  const outer = [...new Set(all.map(row => String(row[0])))].sort();
  return outer.flatMap(name => all.filter(row => row[0] === name).slice(0, limit));
};
export const older = (age: number) => t.filter(row => row.Age !== null && Number(row.Age) > age);
export const top = (rows: Row[], column: string, limit: number, shown: string[], direction = -1): Cell[][] =>
  rows
    .filter(row => row[column] !== null)
    .map((row, at) => ({row, at}))
    .sort((a, b) => direction * (Number(a.row[column]) - Number(b.row[column])) || a.at - b.at)
    .slice(0, limit)
    .map(({row}) => shown.map(name => row[name] ?? null));
export const distinct = (rows: Row[], column: string) =>
  new Set(rows.map(row => row[column]).filter(value => value !== null)).size;
export const compared = (rows: Row[], by: string, column: string): Cell[][] =>
  split(rows, by)
    .map(group => {
      const values = numbers(group.rows, column);
      return [
        ...group.keys,
        mean(values),
        median(values),
        deviation(values),
        least(values),
        most(values),
        values.length,
      ];
    })
    .sort((a, b) => Number(b[1]) - Number(a[1]));
export const byKey = (lines: Cell[][]) => [...lines].sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
export const related = (name: string, others: string[]): Cell[][] =>
  others
    .map((other): Cell[] => [name, other, pearson(t, name, other).r, pearson(t, name, other).n])
    .sort((a, b) => Math.abs(Number(b[2])) - Math.abs(Number(a[2])));
export const gaps = (rows: Row[], columns: string[]): Cell[][] =>
  columns
    .map((name): Cell[] => [name, rows.filter(row => row[name] === null).length])
    .sort((a, b) => Number(b[1]) - Number(a[1]) || (String(a[0]) < String(b[0]) ? -1 : 1));
export const fences = (rows: Row[], column: string): Cell[][] => {
  const values = numbers(rows, column);
  const [q1, q3] = [quantile(0.25)(values) ?? 0, quantile(0.75)(values) ?? 0];
  const [low, high] = [q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1)];
  return [
    [
      column,
      values.filter(value => value < low).length,
      values.filter(value => value > high).length,
      values.length,
      low,
      high,
    ],
  ];
};
