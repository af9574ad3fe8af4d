// The target of a training: a number, or the classes of a category.

import {numberSql} from '../../analysis/column-values.ts';
import type {Column} from '../../core/dataset.ts';
import {ToolError} from '../../core/errors.ts';
import {formatCount, formatNumber} from '../../core/text.ts';
import {quoteName} from '../../engine/sql-text.ts';
import type {RawColumn} from '../../models/raw-columns.ts';

export const mostClasses = 50;
/** A whole number with no more different values than this is taken for a class. */
const fewNumbers = 10;

/** `values[i]` is the target of row i: its number, or the place of its class in `classes`, which is empty for a number. */
export type ReadGoal = {values: Float64Array; classes: string[]};

/** Whole numbers are so however they are written: with a value missing, other programs write 0 and 1 as 0.0 and 1.0. */
export function isClassTarget({kind, type, distinctCount, topValues}: Column): boolean {
  if (kind !== 'number') return kind === 'text' || kind === 'boolean';
  const isWhole = /INT/.test(type) || (topValues.length === distinctCount && topValues.every(isWholeNumber));
  return isWhole && distinctCount <= fewNumbers;
}

const isWholeNumber = (text: string) => text !== '' && Number.isSafeInteger(Number(text));

/** The name of the class that a value is: 1.0 is 1. */
export function classSql({name, kind, type}: Pick<Column, 'name' | 'kind' | 'type'>): string {
  const sql = quoteName(name);
  if (kind !== 'number' || /INT/.test(type)) return `${sql}::VARCHAR`;
  return `CASE WHEN ${sql} = floor(${sql}) AND abs(${sql}) < 1e15 THEN ${sql}::BIGINT::VARCHAR ELSE ${sql}::VARCHAR END`;
}

/** What to read for a target. @throws ToolError `model.bad_target` */
export function goalInput(column: Column) {
  const {name, kind, type} = column;
  if (isClassTarget(column)) return {name, kind: 'category', sql: classSql(column)} as const;
  if (kind !== 'number')
    throw new ToolError('model.bad_target', `"${name}" is ${type}; a target is a number or a category.`, {
      hint:
        kind === 'time' ? 'Predict a number made of it, such as the days between two dates.' : 'Choose another target.',
    });
  return {name, kind: 'number', sql: numberSql(column)} as const;
}

/** The rows that have a target; NaN and the infinities are none. */
export function presentSql({name, type}: Column): string {
  const present = `${quoteName(name)} IS NOT NULL`;
  return /DOUBLE|FLOAT/.test(type) ? `${present} AND isfinite(${quoteName(name)})` : present;
}

/** @throws ToolError `model.bad_target` where the rows have fewer than two values, `model.too_many_classes` */
export function goalOf(column: RawColumn): ReadGoal {
  const found = column.kind === 'number' ? column.values : column.codes;
  const [first] = found;
  if (found.every((value: number) => value === first)) throw oneValue(column, first);
  if (column.kind === 'number') return {values: column.values, classes: []};
  const classes = column.levels.toSorted((a, b) => a.localeCompare(b, 'en', {numeric: true}));
  if (classes.length > mostClasses)
    throw new ToolError(
      'model.too_many_classes',
      `"${column.name}" has ${formatCount(classes.length)} different values; a category to predict has 2 to ${mostClasses}.`,
      {hint: 'Choose another target, or group its values first.'},
    );
  const numbers = column.levels.map(level => classes.indexOf(level));
  return {values: Float64Array.from(column.codes, code => numbers[code] ?? 0), classes};
}

function oneValue(column: RawColumn, first: number | undefined): ToolError {
  const {name} = column;
  const hint = 'Choose another target, or another condition.';
  if (first === undefined)
    return new ToolError('model.bad_target', `"${name}" has no value in any of the rows; there is nothing to learn.`, {
      hint,
    });
  const value = column.kind === 'number' ? formatNumber(first) : `"${column.levels[first] ?? ''}"`;
  return new ToolError('model.bad_target', `"${name}" is ${value} in all of the rows; there is nothing to predict.`, {
    hint,
  });
}
