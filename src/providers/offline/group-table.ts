// How groups, their values and what they leave out are written, in sentences and as a table.

import type {Cell, Table} from '../../core/dataset.ts';
import {formatNumber} from '../../core/text.ts';
import type {DataIntent, Key, Measure} from './intent.ts';
import {type CellStyle, markdownTable, numberOf, percent, writeCell} from './markdown.ts';
import {isCalendar, isYearColumn} from './periods.ts';
import {countsRowsBeside, measuredColumn} from './plan.ts';
import {list, sayMeasure} from './wording.ts';

type Of<Kind extends DataIntent['kind']> = DataIntent & {kind: Kind};

export const isPercent = ({fn}: Measure) => fn === 'share' || fn === 'rate';

/** A value of a measure with its unit: per cent, or plain. */
export function value(measure: Measure, cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return 'no value';
  return isPercent(measure) ? `${percent(numberOf(cell) ?? Number.NaN)} %` : writeYear(measure, cell);
}

function writeYear({fn, column}: Measure, cell: Cell): string {
  const isYear = column !== null && isYearColumn(column) && /^(min|max|median)$/.test(fn);
  return writeCell(cell, isYear ? 'plain' : 'value');
}

export const groupStyle = ({column, part}: Key): CellStyle =>
  part !== null || isYearColumn(column) || isCalendar(column) ? 'plain' : 'value';
export const group = (keys: Key[], row: Cell[]) => keys.map((key, at) => sayGroup(key, row[at] ?? null)).join(' / ');

/** "returned = false" says more than "false". */
function sayGroup(key: Key, cell: Cell): string {
  const text = writeCell(cell, groupStyle(key));
  return key.column.kind === 'boolean' ? `${key.column.name} = ${text}` : text;
}

/** Header and style of each column of a grouped result: keys, measures, then n or rows. */
export function groupTable({keys, measures}: Pick<Of<'aggregate'>, 'keys' | 'measures'>, rows: Cell[][]): string {
  const column = measuredColumn(measures);
  const beside = column ? ['n'] : countsRowsBeside(measures) ? ['rows'] : [];
  const headers = [...keys.map(headerOf), ...measures.map(sayMeasure), ...beside];
  const styles: CellStyle[] = [
    ...keys.map(groupStyle),
    ...measures.map((measure): CellStyle => (isPercent(measure) ? 'percent' : 'value')),
  ];
  return markdownTable(headers, rows, styles);
}

export const headerOf = ({column, part}: Key) => part?.replaceAll('_', ' ') ?? column.name;

/** Rows that no group shows: without a group, or without a value. */
export function leftOut(
  {keys, measures}: Pick<Of<'aggregate'>, 'keys' | 'measures'>,
  coverage: Table | undefined,
): string {
  const row = coverage?.rows[0];
  if (!row) return '';
  const [rows, withoutGroup, withoutValue] = row.map(numberOf);
  const column = measuredColumn(measures);
  const said: string[] = [];
  if (withoutGroup) {
    const names = list(keys.filter(key => key.column.nullCount > 0).map(key => key.column.name)).replace(
      ' and ',
      ' or ',
    );
    said.push(`Left out: ${formatNumber(withoutGroup)} of ${formatNumber(rows ?? 0)} rows without ${names}.`);
  }
  if (withoutValue && column) {
    said.push(
      `${formatNumber(withoutValue)} ${withoutValue === 1 ? 'row has' : 'rows have'} no ${column.name}; n leaves those out.`,
    );
  }
  return said.join(' ');
}
