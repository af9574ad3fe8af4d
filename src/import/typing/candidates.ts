// What the types of a column may be, as a sample of its values proposes; only all its rows decide.

import type {Cell} from '../../core/dataset.ts';
import {kindOfCell} from '../cell-kinds.ts';
import type {DateOrder, MomentStyle} from './moments.ts';
import {momentStyles, partialStyles} from './moments.ts';
import type {NumberStyle} from './numbers.ts';
import {numberStyles, plainDecimals} from './numbers.ts';

/** `sql` makes SQL for the typed value of a trimmed cell, NULL where it does not fit. */
export type Candidate = {
  type: string;
  sql(value: string): string;
  style: NumberStyle | MomentStyle | null;
  order: DateOrder | null;
};

/** The cast alone takes "t", "1" and "yes" too. */
function booleanSql(value: string): string {
  return `CASE WHEN lower(${value}) IN ('true', 'false') THEN TRY_CAST(${value} AS BOOLEAN) END`;
}

export function candidatesFor(values: readonly string[], decimalComma: boolean): Candidate[] {
  if (values.length === 0) return [];
  if (values.every(value => /^(?:true|false)$/i.test(value)))
    return [{type: 'BOOLEAN', sql: booleanSql, style: null, order: null}];
  // A few odd values may be typing errors: count them, so that the note can say how many.
  const numberLike = values.filter(value => /^[-+(]?[^\p{L}]{0,3}\d/u.test(value));
  const tested = numberLike.length >= values.length * 0.9 ? numberLike : values;
  const numbers = numberStyles(tested).sort((a, b) => preference(a, decimalComma) - preference(b, decimalComma));
  const strict = numbers.length > 0 ? numbers : tested === values ? [] : numberStyles(values);
  const isWhole = strict.length > 0 && strict.every(style => style.whole && style.thousands === '' && !style.symbol);
  const fromNumbers = [...strict, ...(isWhole ? [plainDecimals(decimalComma ? ',' : '.')] : [])].map(style => ({
    type: style.whole ? 'BIGINT' : 'DOUBLE',
    sql: style.sql,
    style,
    order: null,
  }));
  const fromMoments = momentsOf(values).map(style => ({
    type: style.type,
    sql: style.sql,
    style,
    order: style.order,
  }));
  return [...fromNumbers, ...fromMoments].slice(0, 8);
}

/** Styles of all values; else, where most are moments, those of most, so that the note can say what is odd. */
function momentsOf(values: readonly string[]): MomentStyle[] {
  const whole = momentStyles(values);
  if (whole.length > 0) return whole;
  const moments = values.filter(value => kindOfCell(value) === 'moment');
  if (moments.length < values.length * 0.7) return [];
  const some = momentStyles(moments);
  return some.length > 0 ? some : partialStyles(moments).slice(0, 6);
}

/** "1,234" is thousands, unless the file writes decimals with a comma; "1.234" the other way round. */
function preference(style: NumberStyle, decimalComma: boolean): number {
  const commaStyle = style.decimal === ',';
  const plain = style.thousands === '' && style.whole ? 0 : 1;
  return plain + (commaStyle === decimalComma || plain === 0 ? 0 : 10) + (style.whole ? 0 : 1);
}

export function usesDecimalComma(values: readonly string[]): boolean {
  if (!values.some(value => /\d,\d/.test(value))) return false;
  const styles = numberStyles(values);
  return styles.length > 0 && styles.every(style => style.decimal === ',');
}

export function usualOrder(
  candidates: readonly Candidate[][],
  wanted: DateOrder | undefined,
  decimalComma: boolean,
): DateOrder {
  if (wanted) return wanted;
  for (const each of candidates) {
    const orders = new Set(each.flatMap(candidate => candidate.order ?? []));
    if (orders.size === 1) for (const order of orders) if (order !== 'ymd') return order;
  }
  return decimalComma || candidates.some(each => each.some(isPointDate)) ? 'dmy' : 'mdy';
}

/** 31.12.2024 is a form of countries that put the day first. */
function isPointDate(candidate: Candidate): boolean {
  return candidate.order === 'dmy' && candidate.style !== null && candidate.style.pattern.test('31.12.2024');
}

export function distinctValues(rows: readonly Cell[][], column: number, absent: ReadonlySet<string>): string[] {
  const found = new Set<string>();
  for (const row of rows) {
    const cell = row[column];
    if (typeof cell !== 'string') continue;
    const value = cell.trim();
    if (!absent.has(value)) found.add(value);
  }
  return [...found];
}
