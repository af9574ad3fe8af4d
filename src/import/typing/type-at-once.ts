// Types of columns without a first pass that counts: what a sample proposes is checked at each value while it is written,
// and the first one that does not fit ends that attempt. So the result is what counting would have decided.

import {quoteName} from '../../engine/sql-text.ts';
import type {Candidate} from './candidates.ts';
import {candidatesFor, distinctValues, usesDecimalComma, usualOrder} from './candidates.ts';
import {listOf, missingWords, placeholders, withoutWords} from './missing.ts';
import type {DateOrder} from './moments.ts';

/** `sql` is the typed value of the column `source`; it fails at a value that is none. */
export type SureColumn = {source: string; type: string; sql: string; notes: string[]};

/**
 * What each column is if all its values are like those of `sample` (rows of cells). Null when only counting can tell: some
 * values fit no type or several orders of a date, or words that mean missing here and not there are among them.
 */
export function sureColumns(
  sources: readonly string[],
  sample: readonly string[][],
  dateOrder: DateOrder | undefined,
): {columns: SureColumn[]; decimalComma: boolean} | null {
  const known = new Set(missingWords);
  const values = sources.map((_, column) => distinctValues(sample, column, known));
  const decimalComma = values.some(usesDecimalComma);
  const candidates = values.map(each => candidatesFor(each, decimalComma));
  const usual = usualOrder(candidates, dateOrder, decimalComma);
  const columns: SureColumn[] = [];
  for (const [column, source] of sources.entries()) {
    const sure = sureColumn(source, values[column] ?? [], candidates[column] ?? [], usual);
    if (!sure) return null;
    columns.push(sure);
  }
  return {columns, decimalComma};
}

function sureColumn(
  source: string,
  values: readonly string[],
  candidates: readonly Candidate[],
  usual: DateOrder,
): SureColumn | null {
  const cell = quoteName(source);
  const placed = placeholders.some(word => values.includes(word));
  if (candidates.length === 0) {
    // Without the placeholders it might be a column of numbers or dates.
    if (
      placed &&
      candidatesFor(
        values.filter(value => !placeholders.includes(value)),
        false,
      ).length > 0
    )
      return null;
    return {source, type: 'VARCHAR', sql: withoutWords(cell, missingWords), notes: []};
  }
  const orders = new Set(candidates.flatMap(({order}) => order ?? []));
  const best = candidates.find(({order}) => order === usual) ?? candidates[0];
  if (!best || placed || (orders.has('dmy') && orders.has('mdy'))) return null;
  const {type, style, sql} = best;
  const pattern = style?.pattern ?? /^(?:true|false)$/i;
  if (!values.every(value => pattern.test(value))) return null;
  const checked =
    `coalesce(${sql(cell)}, CASE WHEN ${cell} IS NULL OR trim(${cell}) IN ${listOf(missingWords)} THEN NULL ` +
    `ELSE coalesce(${sql(`trim(${cell})`)}, CAST(error('no ${type}') AS ${type})) END)`;
  return {source, type, sql: checked, notes: style?.notes ?? []};
}
