// Finds texts that are amounts in different units, such as "10 kg" and "15 lb": they can't be compared as they stand.

import type {TableColumn} from '../core/dataset.ts';
import {quoteName, quoteText} from '../engine/sql-text.ts';
import type {Ask} from './profile-batch.ts';

const symbols = '[$€£¥₹]';
// Only known ones: after a number may also stand a street or a name.
const words =
  '%|°?c|°?f|k|mg|g|kg|t|oz|lbs?|mm|cm|m|km|in|ft|yd|mi|ml|cl|l|gal|ms|s|min|h|hrs?|kb|mb|gb|tb|hz|khz|mhz|ghz|w|kw|mw|wh|kwh|mwh|usd|eur|gbp|jpy|chf|inr|cny';
const amount = `^\\s*[-+]?(${symbols})?\\s*[0-9][0-9.,]*\\s*(${words}|${symbols})?\\s*$`;

const lookedAt = 10_000;
const leastShare = 0.5;

/** Of each text column that is mostly amounts and holds more than one unit in its first 10,000 values: its units, in order. */
export async function mixedUnits(
  ask: Ask,
  dataset: string,
  columns: readonly {column: TableColumn; index: number}[],
): Promise<Map<number, string[]>> {
  if (columns.length === 0) return new Map();
  const rows = await ask(columns.map(({column, index}) => unitsSql(dataset, column, index)).join('\nUNION ALL\n'));
  return new Map(
    rows.flatMap(([index, looked, found, units]) => {
      const names = String(units ?? '')
        .split(' ')
        .filter(name => name !== '');
      const isMixed = names.length > 1 && Number(found) >= leastShare * Number(looked);
      return isMixed ? [[Number(index), names] as const] : [];
    }),
  );
}

/** One row: index, values looked at, those of them that are amounts with a unit, the units. */
function unitsSql(dataset: string, column: TableColumn, index: number): string {
  const name = quoteName(column.name);
  const part = (group: 1 | 2) => `regexp_extract(lower(v), ${quoteText(amount)}, ${group})`;
  return `SELECT ${index} AS col, count(*), count(unit), array_to_string(list_sort(list_distinct(list(unit))), ' ')
FROM (SELECT nullif(${part(1)} || ${part(2)}, '') AS unit
  FROM (SELECT ${name}::VARCHAR AS v FROM ${quoteName(dataset)} WHERE ${name} IS NOT NULL LIMIT ${lookedAt}))`;
}

/** False where the most frequent values tell that the column holds no amounts. */
export function mayHoldUnits(topValues: readonly {value: string}[]): boolean {
  return topValues.length === 0 || topValues.some(({value}) => new RegExp(amount, 'i').test(value));
}
