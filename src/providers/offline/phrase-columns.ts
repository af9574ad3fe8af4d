// Answers about rows and whole columns: rankings, distributions, correlations, missing values, outliers, duplicates.

import type {Cell, Column, Table} from '../../core/dataset.ts';
import {formatCell, formatNumber} from '../../core/text.ts';
import type {DataIntent} from './intent.ts';
import {type CellStyle, count, markdownTable, numberOf, percent, rowsWord, wholeTable, writeCell} from './markdown.ts';
import {isYearColumn} from './periods.ts';
import type {Success} from './phrase.ts';
import {isDiscrete} from './plan-columns.ts';
import {list, ordinal} from './wording.ts';

type Of<Kind extends DataIntent['kind']> = DataIntent & {kind: Kind};

export function phraseColumns(
  intent:
    | Of<'rank_rows'>
    | Of<'rows'>
    | Of<'distribution'>
    | Of<'correlation'>
    | Of<'missing'>
    | Of<'outliers'>
    | Of<'duplicates'>,
  results: Success[],
): string {
  const tables = results.map(({table}) => table).filter(table => table !== undefined);
  const [table] = tables;
  if (!table) return results[0]?.summary ?? 'No result came back.';
  switch (intent.kind) {
    case 'rank_rows':
      return phraseRank(intent, table);
    case 'rows':
      return table.rows.length === 0
        ? 'No rows match.'
        : `${sayRows(intent, table, tables[1])}\n\n${rowsTable(intent, table, [])}`;
    case 'distribution':
      return phraseDistribution(intent, results);
    case 'correlation':
      return phraseCorrelation(intent, table);
    case 'missing':
      return phraseMissing(intent, table);
    case 'outliers':
      return phraseOutliers(intent, table, tables[1]);
    case 'duplicates':
      return phraseDuplicates(intent, table, tables[1]);
    default:
      return intent satisfies never;
  }
}

function sayRows({from}: Of<'rows'>, {rows}: Table, counted: Table | undefined): string {
  const all = numberOf(counted?.rows[0]?.[0]);
  if (all === rows.length) return all === 1 ? '**1** row matches:' : `**${all}** rows match:`;
  const of = all === null ? '' : ` of **${formatNumber(all)}** matching`;
  if (from === 'random')
    return `${rows.length} random ${rowsWord(rows.length)}${of ? of.replace('matching', 'matching rows') : ''} (the same ones each time):`;
  const shown = rows.length === 1 ? `The ${from} row` : `The ${from} ${rows.length}`;
  return of ? `${shown}${of} rows:` : `${shown}${rows.length === 1 ? '' : ' rows'}:`;
}

/** At most ten columns: the named ones first. */
function rowsTable({subject}: DataIntent, table: Table, first: string[]): string {
  const order = [...table.columns.keys()].sort((a, b) => rank(table, a, first) - rank(table, b, first));
  const arranged: Table = {
    columns: order.map(at => table.columns[at]).filter(column => column !== undefined),
    rows: table.rows.map(row => order.map(at => row[at] ?? null)),
    totalRows: table.rows.length,
  };
  const years = new Set(subject.columns.filter(isYearColumn).map(({name}) => name));
  return wholeTable(arranged, 50, 10, name => years.has(name));
}

const rank = (table: Table, at: number, first: string[]) => {
  const place = first.indexOf(table.columns[at]?.name ?? '');
  return place >= 0 ? place - first.length : at;
};

function phraseRank(intent: Of<'rank_rows'>, table: Table): string {
  const {by, direction, subject} = intent;
  const at = table.columns.findIndex(({name}) => name === by.name);
  const {nth = 1} = intent;
  const top = table.rows[nth - 1];
  if (table.rows.length > 0 && !top) return `There are only ${table.rows.length} rows with a ${by.name}.`;
  if (!top || at < 0) return `No rows have a ${by.name}${intent.where ? ' and match the condition' : ''}.`;
  const style: CellStyle = isYearColumn(by) ? 'plain' : 'value';
  const ties = table.rows.filter(row => row[at] === top[at]).length;
  const label = labelOf(subject, table, top, by.name);
  const tie = ties > 1 ? ` At least ${ties} rows share it.` : '';
  const word = direction === 'desc' ? 'highest' : 'lowest';
  const place = intent.nth === undefined ? '' : `${ordinal(nth)} `;
  return `The ${place}${word} ${by.name} is **${writeCell(top[at] ?? null, style)}**${label}.${tie}\n\n${rowsTable(intent, table, [by.name])}`;
}

/** " (name: Allen)": the first text or time column that names a row. */
function labelOf(subject: DataIntent['subject'], table: Table, row: Cell[], by: string): string {
  const naming =
    subject.columns.find(
      ({name, kind, distinctCount}) => name !== by && kind === 'text' && distinctCount > subject.rows / 2,
    ) ?? subject.columns.find(({name, kind}) => name !== by && kind === 'time');
  const at = table.columns.findIndex(({name}) => name === naming?.name);
  return naming && at >= 0 ? ` (${naming.name}: ${formatCell(row[at] ?? null)})` : '';
}

function phraseDistribution({column}: Of<'distribution'>, results: Success[]): string {
  const [first, second] = results;
  const isNumber = column.kind === 'number';
  const values = (isNumber ? second : first)?.table;
  const drawn = results.find(result => result.artifacts && result.artifacts.length > 0)?.summary ?? '';
  const style: CellStyle = isYearColumn(column) ? 'plain' : 'value';
  const table =
    !values || values.rows.length === 0
      ? ''
      : isDiscrete(column)
        ? markdownTable([column.name, 'rows', 'percent'], values.rows, [style, 'value', 'percent'])
        : markdownTable(['from', 'to', 'rows'], values.rows, [style, style]);
  const bins =
    isNumber && !isDiscrete(column) && table
      ? 'Equal bins; each holds its lower end, the last also its upper end.'
      : '';
  const lead = isNumber && first?.table ? numberLead(column.name, first.table, style) : valueLead(column.name, values);
  return [lead, table, bins, drawn].filter(text => text !== '').join('\n\n');
}

function numberLead(name: string, {rows}: Table, style: CellStyle): string {
  const [row = []] = rows;
  const [n, missing, mean, sd, min, q1, median, q3, max, skewness] = row;
  if (numberOf(n ?? null) === 0) return `${name} has no values.`;
  const write = (cell: Cell | undefined) => writeCell(cell ?? null, style);
  const skew = numberOf(skewness ?? null);
  const shape =
    skew === null
      ? ''
      : ` Skewness ${formatNumber(skew)}: ${Math.abs(skew) < 0.5 ? 'roughly symmetric' : skew > 0 ? 'a longer tail to the right' : 'a longer tail to the left'} (beyond ±0.5).`;
  return (
    `${name}: median **${write(median)}**, mean **${formatCell(mean ?? null)}**, sd ${formatCell(sd ?? null)}; the middle half lies between ` +
    `${write(q1)} and ${write(q3)}, the range is ${write(min)} to ${write(max)} (n = ${count(n)}, ${count(missing)} missing).${shape}`
  );
}

function valueLead(name: string, table: Table | undefined): string {
  const [top] = table?.rows ?? [];
  if (!top) return `${name} has no values.`;
  const cut = table && table.rows.length >= 20 ? ' The 20 most frequent values:' : '';
  return `The most frequent ${name} is **${formatCell(top[0] ?? null)}** with ${count(top[1])} rows (${percent(numberOf(top[2]) ?? 0)} % of the rows that have one).${cut}`;
}

function phraseCorrelation({target, columns, method}: Of<'correlation'>, table: Table): string {
  const usable = table.rows.filter(row => Number.isFinite(numberOf(row[2]) ?? Number.NaN));
  const [top] = usable;
  const name = method === 'spearman' ? 'rho' : 'r';
  if (!top) return 'No pair has a correlation: that needs at least two rows and two different values in both columns.';
  const r = numberOf(top[2]) ?? 0;
  const figures = `${name} = **${formatNumber(r)}** (n = ${count(top[3])}), ${strength(r)}`;
  const said = `${formatCell(top[0] ?? null)} and ${formatCell(top[1] ?? null)}: ${figures}`;
  if (columns.length === 2 && table.rows.length === 1) return `${said}. Correlation alone does not show a cause.`;
  const lead = target
    ? `Strongest with ${formatCell(target.name)}: ${paired(target, top)}, ${figures}.`
    : `Strongest pair: ${said}.`;
  const shown = table.rows.slice(0, 20);
  const cut = shown.length < table.rows.length ? `\n\nShowing ${shown.length} of ${table.rows.length} pairs.` : '';
  return `${lead} Correlation alone does not show a cause.\n\n${markdownTable(['column', 'with', name, 'n'], shown)}${cut}`;
}

/** The column of a pair that is not the one asked about. */
const paired = (target: Column, [a = null, b = null]: Cell[]) => formatCell(a === target.name ? b : a);

/** Cohen's cut-offs, said with the word. */
function strength(r: number): string {
  const size = Math.abs(r);
  const word =
    size >= 0.5
      ? 'strong (|r| ≥ 0.5)'
      : size >= 0.3
        ? 'moderate (0.3 ≤ |r| < 0.5)'
        : size >= 0.1
          ? 'weak (0.1 ≤ |r| < 0.3)'
          : 'almost none (|r| < 0.1)';
  return `${r < 0 ? 'negative' : 'positive'}, ${word} by Cohen’s cut-offs`;
}

function phraseMissing({columns, subject}: Of<'missing'>, table: Table): string {
  const withGaps = table.rows.filter(row => (numberOf(row[1]) ?? 0) > 0);
  const rows = count(table.rows[0]?.[3]);
  const [only] = table.rows;
  if (table.rows.length === 1 && only) {
    return `${formatCell(only[0] ?? null)} is missing in **${count(only[1])}** of ${rows} rows (${percent(numberOf(only[2]) ?? 0)} %).`;
  }
  const [worst] = withGaps;
  if (!worst)
    return `No values are missing in ${columns.length === subject.columns.length ? `the ${columns.length} columns of ${subject.name}` : list(columns.map(({name}) => name))} (${rows} rows).`;
  const shown = withGaps.slice(0, 20);
  const lead = `**${withGaps.length}** of ${table.rows.length} columns have missing values, the most in ${formatCell(worst[0] ?? null)}: **${count(worst[1])}** of ${rows} rows (${percent(numberOf(worst[2]) ?? 0)} %).`;
  const table20 = markdownTable(['column', 'missing', 'percent'], shown, ['value', 'value', 'percent']);
  return `${lead}\n\n${table20}${shown.length < withGaps.length ? `\n\nShowing 20 of ${withGaps.length} columns.` : ''}`;
}

function phraseOutliers({rule}: Of<'outliers'>, table: Table, extremes: Table | undefined): string {
  const outside = (row: Cell[]) => (numberOf(row[1]) ?? 0) + (numberOf(row[2]) ?? 0);
  const [first] = table.rows;
  if (!first) return 'There are no values to look at.';
  const what =
    rule === 'iqr' ? 'outside the fences (quartiles ∓ 1.5 IQR)' : 'more than 3 standard deviations from the mean';
  const found = table.rows.filter(row => outside(row) > 0);
  const headers = ['column', 'below', 'above', 'n', 'lower fence', 'upper fence'];
  if (table.rows.length === 1) {
    const share = percent((100 * outside(first)) / Math.max(1, numberOf(first[3]) ?? 1));
    const lead = `${formatCell(first[0] ?? null)} has **${formatNumber(outside(first))}** of ${count(first[3])} values (${share} %) ${what}: ${count(first[1])} below ${formatCell(first[4] ?? null)}, ${count(first[2])} above ${formatCell(first[5] ?? null)}.`;
    const list10 =
      extremes && extremes.rows.length > 0
        ? `\n\nThe farthest:\n\n${markdownTable([String(first[0]), 'rows'], extremes.rows)}`
        : '';
    return `${lead} An outlier is not an error by itself.${list10}`;
  }
  const lead =
    found.length === 0
      ? `No number column has values ${what}.`
      : `**${found.length}** of ${table.rows.length} number columns have values ${what}; the most in ${formatCell(first[0] ?? null)}: **${formatNumber(outside(first))}** of ${count(first[3])}.`;
  return `${lead}\n\n${markdownTable(headers, table.rows.slice(0, 20))}`;
}

function phraseDuplicates({columns}: Of<'duplicates'>, table: Table, most: Table | undefined): string {
  const [rows, different, repeated] = (table.rows[0] ?? []).map(numberOf);
  const surplus = (rows ?? 0) - (different ?? 0);
  const what =
    columns.length > 0
      ? `combinations of ${list(columns.map(({name}) => name))}`.replace(/^combinations of ([^,]+)$/, '$1')
      : 'rows';
  if (surplus === 0) {
    return columns.length > 0
      ? `No ${what} occurs twice: all ${formatNumber(rows ?? 0)} rows differ in it.`
      : `There are no duplicate rows: all ${formatNumber(rows ?? 0)} rows differ.`;
  }
  const lead = `**${formatNumber(surplus)}** of ${formatNumber(rows ?? 0)} rows repeat an earlier one; ${formatNumber(repeated ?? 0)} different ${columns.length > 0 ? 'values' : 'rows'} occur more than once.`;
  return most && most.rows.length > 0
    ? `${lead}\n\nThe most repeated:\n\n${wholeTable({...most, totalRows: most.rows.length}, 10)}`
    : lead;
}
