// Puts a profile into words and into a table; computes nothing.

import type {Cell, Table} from '../core/dataset.ts';
import {clip, formatCell, formatCount, formatNumber, printable} from '../core/text.ts';
import type {ColumnProfile, NumberFacts, Profile} from './profile-types.ts';
import {percent} from './semantic-kind.ts';
import {sparkline} from './sparkline.ts';

/** Columns that the summary lists; further ones are counted. */
const listedColumns = 60;

/** The profile as text: one line on the table, one line a column. This is what a model reads. */
export function profileSummary(profile: Profile): string {
  return profileLines(profile)
    .map(({text}) => text)
    .join('\n');
}

/** The lines of the summary with the column each is about; `otherwise` is the line without values of the data. */
export function profileLines(profile: Profile): {text: string; column: ColumnProfile | null; otherwise?: string}[] {
  const listed = profile.columns.slice(0, listedColumns);
  const more = profile.columns.length - listed.length;
  return [
    {text: headline(profile), column: null},
    ...listed.map(column => ({
      text: columnLine(column, profile.rows),
      column,
      otherwise: countsLine(column, profile.rows),
    })),
    ...(more > 0 ? [{text: `… and ${formatCount(more)} more columns; ask for them by name.`, column: null}] : []),
  ];
}

function headline({dataset, version, rows, columnCount, duplicateRows, columns}: Profile): string {
  const withGaps = columns.filter(column => column.nullCount > 0);
  const missing = withGaps.reduce((sum, column) => sum + column.nullCount, 0);
  return [
    `${dataset} v${version}: ${counted(rows, 'row')} × ${counted(columnCount, 'column')}`,
    duplicateRows === 0 ? 'no duplicate rows' : `${counted(duplicateRows, 'duplicate row')}`,
    missing === 0 ? 'nothing missing' : `${counted(missing, 'missing value')} in ${counted(withGaps.length, 'column')}`,
  ].join(', ');
}

function columnLine(column: ColumnProfile, rows: number): string {
  const values = valuesText(column, rows);
  const notes = column.warnings.map(warning => `! ${warning}`);
  return [countsLine(column, rows), ...(values ? [values] : []), ...notes].join('; ');
}

function countsLine(column: ColumnProfile, rows: number): string {
  const parts = [
    `${column.distinctIsEstimate ? 'about ' : ''}${formatCount(column.distinctCount)} distinct`,
    column.nullCount === 0
      ? 'none missing'
      : `${formatCount(column.nullCount)} missing (${percent(column.nullCount / rows)})`,
  ];
  return `${printable(column.name, {oneLine: true})} [${column.semantic}, ${column.type}]: ${parts.join(', ')}`;
}

function valuesText(column: ColumnProfile, rows: number): string {
  const {facts, semantic} = column;
  if (facts.kind === 'number' && semantic === 'measure') return numberText(facts);
  if (facts.kind === 'time' && facts.min !== null) return `${formatCell(facts.min)} to ${formatCell(facts.max)}`;
  if (column.topValues.length === 0) return '';
  const shown = column.topValues.map(
    ({value, count}) =>
      `${clip(printable(value, {oneLine: true}), 40)} ${percent(count / Math.max(1, rows - column.nullCount))}`,
  );
  return shown.join(', ') + (column.distinctCount > shown.length ? ', …' : '');
}

function numberText({min, q1, median, q3, max, mean, sampleStdDev}: NumberFacts): string {
  const quartiles = [q1, median, q3].map(formatMaybe).join(' / ');
  return `min ${formatCell(min)}, quartiles ${quartiles}, max ${formatCell(max)}, mean ${formatMaybe(mean)}, sd ${formatMaybe(sampleStdDev)}`;
}

function formatMaybe(value: number | null): string {
  return value === null ? '∅' : formatNumber(value);
}

/** The profile for a screen: one row a column. `missing` is a count; `values` are range and mean, or the most frequent. */
export function profileTable(profile: Profile): Table {
  const text = (name: string) => ({name, type: '', kind: 'text' as const});
  const number = (name: string) => ({name, type: '', kind: 'number' as const});
  const rows = profile.columns.map((column): Cell[] => [
    column.name,
    column.semantic,
    column.nullCount,
    column.distinctCount,
    sparkline(column.histogram),
    shortValues(column, profile.rows),
    column.warnings.join('; '),
  ]);
  return {
    columns: [
      text('column'),
      text('kind'),
      number('missing'),
      number('distinct'),
      text('shape'),
      text('values'),
      text('notes'),
    ],
    rows,
    totalRows: rows.length,
  };
}

function shortValues(column: ColumnProfile, rows: number): string {
  const {facts, semantic} = column;
  if (facts.kind !== 'number' || semantic !== 'measure') return valuesText(column, rows);
  const {min, median, max, mean} = facts;
  const short = (value: Cell) =>
    typeof value === 'number' ? formatNumber(Number(value.toPrecision(4))) : formatCell(value);
  return `${short(min)} … ${short(median)} … ${short(max)}, mean ${short(mean)}`;
}

function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}
