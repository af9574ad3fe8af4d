// The numbers that were computed or told, ready to be looked up by size.

import {currentVersion, type Dataset} from '../../core/dataset.ts';
import type {ToolResult} from '../../core/tool.ts';
import {figuresIn} from './numbers-in-text.ts';

/** Distinct, in ascending order. */
export type Numbers = Float64Array;

/** Texts longer than this hold no answer worth looking into. */
const longestText = 200_000;

export function numbersOf(values: Iterable<number>): Numbers {
  return Float64Array.from(new Set([...values].filter(Number.isFinite))).sort();
}

/** All that a result holds, not only the rows that a model was shown: cells, counts, its words, and its own arguments. */
export function numbersOfResult(result: ToolResult): Numbers {
  if (!result.ok) return numbersOf(numbersInText(`${result.message} ${result.hint ?? ''}`));
  const {summary, table, receipt, cautions = []} = result;
  const found = numbersInText(summary);
  for (const {message, advice} of cautions) found.push(...numbersInText(`${message} ${advice}`));
  found.push(
    receipt.rowsRead,
    ...numbersInText(receipt.sql ?? ''),
    ...numbersInText(JSON.stringify(receipt.args, plain) ?? ''),
  );
  if (table) {
    found.push(table.rows.length, table.columns.length);
    if (table.totalRows !== null) found.push(table.totalRows);
    for (const {name} of table.columns) found.push(...numbersInText(name));
    for (const row of table.rows) {
      for (const cell of row) {
        if (typeof cell === 'number') found.push(cell);
        else if (typeof cell === 'bigint') found.push(Number(cell));
        else if (typeof cell === 'string') found.push(...digitsIn(cell));
      }
    }
  }
  return numbersOf(found);
}

/** What is told of datasets beside any result. */
export function numbersOfDatasets(datasets: readonly Dataset[]): Numbers {
  return numbersOf(
    datasets.flatMap(dataset => {
      const {rows, columns} = currentVersion(dataset);
      const facts = columns.flatMap(({min, max, nullCount, distinctCount, topValues}) => [
        ...[min, max].map(edge => (typeof edge === 'string' ? Number.NaN : Number(edge ?? Number.NaN))),
        nullCount,
        distinctCount,
        ...topValues.map(Number),
      ]);
      return [rows, columns.length, ...facts];
    }),
  );
}

export function numbersInText(text: string): number[] {
  const bare = text.length > longestText ? text.slice(0, longestText) : text;
  return [
    ...digitsIn(bare),
    ...figuresIn(bare).flatMap(({readings, negative}) => readings.map(({value}) => (negative ? -value : value))),
  ];
}

/** Also digits inside of words and dates: whoever repeats them made nothing up. */
function digitsIn(text: string): number[] {
  return [...text.matchAll(/\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g)].map(([digits]) => Number(digits));
}

/** The known number nearest to `value`, when it is at most `reach` away; NaN otherwise. */
export function near(numbers: Numbers, value: number, reach: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  const [below = Number.NaN, above = Number.NaN] = [numbers[low - 1], numbers[low]];
  const best = Number.isNaN(below) || Math.abs(above - value) < Math.abs(below - value) ? above : below;
  return Math.abs(best - value) <= reach ? best : Number.NaN;
}

function plain(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
