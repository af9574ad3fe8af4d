// Which column orders the rows in time, so that models are tested on later rows than they learnt from.

import {columnNamed} from '../../analysis/column-values.ts';
import {type Column, currentVersion, type Dataset, isMoment} from '../../core/dataset.ts';
import {ToolError} from '../../core/errors.ts';
import {quoteName} from '../../engine/sql-text.ts';

/** `found` when nobody asked for it. */
export type Ordered = {column: Column; found: boolean};

const fewestMoments = 50;
const day = 86_400;
const months = 30.44 * day;
/** Seconds between the rows of a regular series; working days lie seven fifths of a day apart. */
const usualSteps = [1, 60, 300, 600, 900, 1_800, 3_600, 6 * 3_600, 12 * 3_600, day, 1.4 * day, 7 * day, months];
const slowSteps = [3 * months, 6 * months, 12 * months];
const stepTolerance = 0.03;

/**
 * The column asked for ("none" for none), or the one date or time that has another value in every row, at about the steps of a
 * regular series; null when rows have no order.
 */
export function orderOf(dataset: Dataset, asked: string | undefined, target: Column): Ordered | null {
  const {columns, rows} = currentVersion(dataset);
  if (asked === 'none') return null;
  if (asked !== undefined) return {column: columnNamed(columns, asked), found: false};
  const found = columns.filter(column => column !== target && isRegular(column, rows));
  const [only] = found;
  return only && found.length === 1 ? {column: only, found: true} : null;
}

/** Distinct values are counted approximately above 10,000. */
function isRegular(column: Column, rows: number): boolean {
  const {nullCount, distinctCount, min, max} = column;
  const isAlone = rows > 10_000 ? distinctCount > 0.95 * rows : distinctCount === rows;
  if (!isMoment(column) || nullCount > 0 || rows < fewestMoments || !isAlone) return false;
  const [first, last] = [secondsOf(min), secondsOf(max)];
  const step = (last - first) / (rows - 1);
  return [...usualSteps, ...slowSteps].some(usual => Math.abs(step / usual - 1) < stepTolerance);
}

function secondsOf(cell: Column['min']): number {
  return typeof cell === 'string' ? Date.parse(cell) / 1000 : Number.NaN;
}

/** What to read for the moment of a row, in days. @throws ToolError `model.bad_time` */
export function momentInput(column: Column) {
  const {name, kind, type} = column;
  const sql = quoteName(name);
  if (kind === 'number') return {name: `time ${name}`, kind: 'number', sql: `${sql}::DOUBLE`} as const;
  if (!isMoment(column))
    throw new ToolError('model.bad_time', `"${name}" is ${type}; a time is a date, a timestamp or a number.`);
  return {name: `time ${name}`, kind: 'number', sql: `(epoch(${sql}) / 86400)::DOUBLE`} as const;
}
