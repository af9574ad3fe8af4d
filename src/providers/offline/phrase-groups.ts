// Answers for questions with groups: aggregates, trends, shares, comparisons, lists of values.

import type {Cell, Table} from '../../core/dataset.ts';
import {formatCell, formatNumber} from '../../core/text.ts';
import type {DataIntent, Key, Measure} from './intent.ts';
import {type CellStyle, count, markdownTable, numberOf, percent, rowsWord, writeCell} from './markdown.ts';
import {isCalendar, isYearColumn} from './periods.ts';
import type {Success} from './phrase.ts';
import {
  compareMeasures,
  countsRowsBeside,
  isOrdered,
  measuredColumn,
  needsCoverage,
  orderOf,
  shownGroups,
} from './plan.ts';
import {list, sayCondition, sayKey, sayMeasure} from './wording.ts';

type Of<Kind extends DataIntent['kind']> = DataIntent & {kind: Kind};

export function phraseGroups(
  intent: Of<'aggregate'> | Of<'quantiles'> | Of<'trend'> | Of<'share'> | Of<'compare'> | Of<'distinct'>,
  results: Success[],
): string {
  const table = results[0]?.table;
  if (!table) return results[0]?.summary ?? 'No result came back.';
  switch (intent.kind) {
    case 'aggregate':
      return phraseAggregate(intent, table, results[1]?.table);
    case 'quantiles': {
      const measures = intent.quantiles.map((q): Measure => ({fn: 'quantile', column: intent.column, q}));
      return phraseAggregate({...intent, kind: 'aggregate', measures, pick: null}, table, results[1]?.table);
    }
    case 'trend':
      return phraseTrend(intent, table, results[1]?.table);
    case 'share':
      return phraseShare(intent, table);
    case 'compare':
      return phraseCompare(intent, table, results[1]?.table);
    case 'distinct':
      return phraseDistinct(intent, table, results[1]?.table);
    default:
      return intent satisfies never;
  }
}

const isPercent = ({fn}: Measure) => fn === 'share' || fn === 'rate';

/** A value of a measure with its unit: per cent, or plain. */
function value(measure: Measure, cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return 'no value';
  return isPercent(measure) ? `${percent(numberOf(cell) ?? Number.NaN)} %` : writeYear(measure, cell);
}

function writeYear({fn, column}: Measure, cell: Cell): string {
  const isYear = column !== null && isYearColumn(column) && /^(min|max|median)$/.test(fn);
  return writeCell(cell, isYear ? 'plain' : 'value');
}

const groupStyle = ({column, part}: Key): CellStyle =>
  part !== null || isYearColumn(column) || isCalendar(column) ? 'plain' : 'value';
const group = (keys: Key[], row: Cell[]) =>
  keys.map((key, at) => writeCell(row[at] ?? null, groupStyle(key))).join(' / ');

function phraseAggregate(intent: Of<'aggregate'>, table: Table, coverage: Table | undefined): string {
  const {keys, measures} = intent;
  if (keys.length === 0) return phraseTotals(intent, table);
  const {rows} = table;
  const [first] = rows;
  const [measure] = measures;
  if (!first || !measure)
    return `No rows${intent.where ? ' match the condition' : ''} have a ${list(keys.map(sayKey))}, so there are no groups.`;
  const limit = intent.pick?.limit ?? rows.length;
  const shown = rows.slice(0, Math.max(limit, Math.min(rows.length, 5)));
  const parts = [
    leadOfGroups(intent, measure, rows),
    groupTable(intent, shown),
    leftOut(intent, coverage, shown.length),
  ];
  return parts.filter(part => part !== '').join('\n\n');
}

function leadOfGroups({keys, pick}: Of<'aggregate'>, measure: Measure, rows: Cell[][]): string {
  const at = keys.length;
  const valued = rows.filter(row => numberOf(row[at]) !== null);
  const [first] = rows;
  if (!first) return '';
  const sorted =
    orderOf(keys) === 'value' || pick !== null
      ? valued
      : [...valued].sort((a, b) => (numberOf(b[at]) ?? 0) - (numberOf(a[at]) ?? 0));
  const [top, next] = sorted;
  const last = sorted.at(-1);
  const name = sayMeasure(measure);
  if (!top || !last) return `The ${name} of ${group(keys, first)} is ${value(measure, first[at])}.`;
  if (pick) {
    const word = pick.direction === 'desc' ? 'highest' : 'lowest';
    const tie = next && numberOf(next[at]) === numberOf(top[at]) ? ` (tied with ${group(keys, next)})` : '';
    const then = next && !tie ? ` Next: ${group(keys, next)} with ${value(measure, next[at])}.` : '';
    return `**${group(keys, top)}** has the ${word} ${name}: **${value(measure, top[at])}**${tie}.${then}`;
  }
  if (top === last || rows.length === 1)
    return `${sentence(name)} is **${value(measure, top[at])}** for ${group(keys, top)}, the only group.`;
  return `${sentence(name)} is highest for **${group(keys, top)}** (${value(measure, top[at])}) and lowest for ${group(keys, last)} (${value(measure, last[at])}).`;
}

const sentence = (name: string) => `The ${name}`;

/** Header and style of each column of a grouped result: keys, measures, then n or rows. */
function groupTable({keys, measures}: Pick<Of<'aggregate'>, 'keys' | 'measures'>, rows: Cell[][]): string {
  const column = measuredColumn(measures);
  const beside = column ? ['n'] : countsRowsBeside(measures) ? ['rows'] : [];
  const headers = [...keys.map(headerOf), ...measures.map(sayMeasure), ...beside];
  const styles: CellStyle[] = [
    ...keys.map(groupStyle),
    ...measures.map((measure): CellStyle => (isPercent(measure) ? 'percent' : 'value')),
  ];
  return markdownTable(headers, rows, styles);
}

const headerOf = ({column, part}: Key) => part?.replaceAll('_', ' ') ?? column.name;

/** What the groups do not show: further groups, rows without a group or without a value. */
function leftOut(
  {keys, measures, pick}: Pick<Of<'aggregate'>, 'keys' | 'measures' | 'pick'>,
  coverage: Table | undefined,
  shown: number,
): string {
  const row = coverage?.rows[0];
  const limit = pick && pick.limit > shownGroups ? pick.limit : shownGroups;
  if (!row || !needsCoverage({keys, measures, limit})) return '';
  const [rows, withoutGroup, withoutValue, groups] = row.map(numberOf);
  const column = measuredColumn(measures);
  const said: string[] = [];
  if ((groups ?? 0) > shown) said.push(`Showing ${shown} of ${formatNumber(groups ?? 0)} groups.`);
  if (withoutGroup)
    said.push(
      `Left out: ${formatNumber(withoutGroup)} of ${formatNumber(rows ?? 0)} rows without ${list(keys.map(({column: {name}}) => name))}.`,
    );
  if (withoutValue && column)
    said.push(
      `${formatNumber(withoutValue)} ${rowsWord(withoutValue)} have no ${column.name} and are not counted in n.`,
    );
  return said.join(' ');
}

function phraseTotals({measures, where, subject}: Of<'aggregate'>, table: Table): string {
  const [row = []] = table.rows;
  const [only] = measures;
  const column = measuredColumn(measures);
  const [n, missing] = [numberOf(row[measures.length]), numberOf(row[measures.length + 1])];
  const among = where ? ` of ${subject.name} where ${sayCondition(where)}` : ` of ${subject.name}`;
  const based =
    column && n !== null
      ? ` It is over ${formatNumber(n)} ${rowsWord(n)}${among}${missing ? `; ${formatNumber(missing)} more have no ${column.name}` : ''}.`
      : '';
  if (column && n === 0)
    return `There is no ${column.name} to compute from: no rows${where ? ' match with a value' : ' have one'}.`;
  if (measures.length === 1 && only) {
    if (!only.column && only.fn === 'count') return `**${count(row[0])}** ${rowsWord(numberOf(row[0]))}${among}.`;
    if (only.fn === 'distinct') return `**${count(row[0])}** different ${only.column?.name}${among}.`;
    return `${sentence(sayMeasure(only))} is **${value(only, row[0])}**.${based}`;
  }
  const lines = measures.map((measure, at) => `- ${sayMeasure(measure)}: **${value(measure, row[at])}**`);
  return `${lines.join('\n')}${based ? `\n\n${based.trim().replace(/^It is/, 'They are')}` : ''}`;
}

function phraseTrend(intent: Of<'trend'>, table: Table, coverage: Table | undefined): string {
  const keys = [...intent.keys, {column: intent.time, part: intent.part}];
  const {measure} = intent;
  const at = keys.length;
  const rows = table.rows.filter(row => numberOf(row[at]) !== null);
  const [first] = rows;
  const last = rows.at(-1);
  if (!first || !last) return `No rows have both ${intent.time.name} and a value, so there is no trend.`;
  const shown =
    table.rows.length > 24 && intent.keys.length === 0
      ? table.rows.slice(-shownGroups)
      : table.rows.slice(0, shownGroups);
  const tableText = groupTable({keys, measures: [measure]}, shown);
  const total = table.totalRows ?? numberOf(coverage?.rows[0]?.[3]);
  const cut = shown.length < table.rows.length || total === null || total > shown.length;
  const which = intent.keys.length === 0 ? 'last ' : 'first ';
  const showing = cut
    ? `Showing the ${which}${shown.length} of ${total === null ? `more than ${table.rows.length}` : formatNumber(total)} periods.`
    : '';
  const said = leftOut({keys, measures: [measure], pick: null}, coverage, Number.POSITIVE_INFINITY);
  const lead =
    intent.keys.length > 0
      ? leadOfGroups({...intent, kind: 'aggregate', measures: [measure], keys, pick: null}, measure, rows)
      : trendLead(measure, rows, intent.part);
  return [lead, tableText, showing, said].filter(text => text !== '').join('\n\n');
}

function trendLead(measure: Measure, rows: Cell[][], part: string): string {
  const [first] = rows;
  const last = rows.at(-1);
  if (!first || !last) return '';
  const at = (row: Cell[]) => numberOf(row[1]) ?? 0;
  const name = (row: Cell[]) => writeCell(row[0] ?? null, 'plain');
  const peak = rows.reduce((best, row) => (at(row) > at(best) ? row : best), first);
  const low = rows.reduce((best, row) => (at(row) < at(best) ? row : best), first);
  if (rows.length === 1)
    return `There is one ${part} only, ${name(first)}: the ${sayMeasure(measure)} is **${value(measure, first[1])}**.`;
  const change =
    at(first) !== 0 && at(first) > 0
      ? ` (${at(last) >= at(first) ? '+' : ''}${percent((100 * (at(last) - at(first))) / at(first))} %)`
      : '';
  return (
    `The ${sayMeasure(measure)} went from **${value(measure, first[1])}** in ${name(first)} to **${value(measure, last[1])}** in ` +
    `${name(last)}${change}; highest ${value(measure, peak[1])} in ${name(peak)}, lowest ${value(measure, low[1])} in ${name(low)}. ` +
    `The first and last ${part} may be incomplete.`
  );
}

function phraseShare(intent: Of<'share'>, table: Table): string {
  const {keys, of, where, subject} = intent;
  const at = keys.length;
  const [first] = table.rows;
  if (!first) return 'No rows match, so there is no percentage.';
  const what = sayCondition(of);
  if (at === 0) {
    const [share, matching, rows, undecided] = first;
    if (numberOf(rows) === 0) return 'No rows match, so there is no percentage.';
    const among = where ? `rows where ${sayCondition(where)}` : `rows of ${subject.name}`;
    const open = numberOf(undecided)
      ? ` The ${count(rows)} include ${count(undecided)} rows where this is not known.`
      : '';
    return `**${percent(numberOf(share) ?? 0)} %** of the ${among} have ${what}: ${count(matching)} of ${count(rows)}.${open}`;
  }
  const headers = [...keys.map(headerOf), 'percent', 'matching', 'rows', 'not known'];
  const styles: CellStyle[] = [...keys.map(groupStyle), 'percent'];
  const hasUnknown = table.rows.some(row => numberOf(row[at + 3]));
  const sorted = [...table.rows].sort((a, b) => (numberOf(b[at]) ?? 0) - (numberOf(a[at]) ?? 0));
  const [top = first] = sorted;
  const last = sorted.at(-1) ?? first;
  const lead = `The percentage with ${what} is highest for **${group(keys, top)}** (${percent(numberOf(top[at]) ?? 0)} %, ${count(top[at + 1])} of ${count(top[at + 2])}) and lowest for ${group(keys, last)} (${percent(numberOf(last[at]) ?? 0)} %).`;
  return `${lead}\n\n${markdownTable(hasUnknown ? headers : headers.slice(0, -1), table.rows, styles)}`;
}

function phraseCompare(intent: Of<'compare'>, table: Table, coverage: Table | undefined): string {
  const {measure, key} = intent;
  const rows = table.rows;
  const byMean = [...rows]
    .filter(row => numberOf(row[1]) !== null)
    .sort((a, b) => (numberOf(b[1]) ?? 0) - (numberOf(a[1]) ?? 0));
  const [top, second] = byMean;
  if (!top) return `No rows have both ${measure.name} and ${key.column.name}, so there is nothing to compare.`;
  const n = (row: Cell[]) => count(row[compareMeasures.length + 1]);
  const other = byMean.length === 2 ? second : byMean.at(-1);
  const name = (row: Cell[]) => group([key], row);
  let lead = `Only ${name(top)} has values of ${measure.name}: mean ${formatCell(top[1] ?? null)} (n = ${n(top)}).`;
  if (other && other !== top) {
    const [high, low] = [numberOf(top[1]) ?? 0, numberOf(other[1]) ?? 0];
    const ratio = low > 0 ? `, ${formatNumber(Number((high / low).toPrecision(3)))} times as much` : '';
    lead =
      `**${name(top)}** has the highest mean ${measure.name}, **${formatNumber(high)}** (n = ${n(top)}), ` +
      `${byMean.length === 2 ? 'against' : 'and the lowest is'} ${formatNumber(low)} for **${name(other)}** (n = ${n(other)}): ` +
      `a difference of ${formatNumber(Number((high - low).toPrecision(12)))}${ratio}. No significance test was made.`;
  }
  const headers = [headerOf(key), 'mean', 'median', 'sd', 'min', 'max', 'n'];
  const parts = [
    lead,
    markdownTable(headers, rows, [groupStyle(key)]),
    leftOut(
      {keys: [key], measures: compareMeasures.map(fn => ({fn, column: measure})), pick: null},
      coverage,
      rows.length,
    ),
  ];
  return parts.filter(part => part !== '').join('\n\n');
}

function phraseDistinct(intent: Of<'distinct'>, table: Table, coverage: Table | undefined): string {
  const {column} = intent;
  const key: Key = {column, part: null};
  const total = numberOf(coverage?.rows[0]?.[3]) ?? table.rows.length;
  const names = table.rows.slice(0, 8).map(row => group([key], row));
  const more = total > names.length ? ', …' : '';
  const said = leftOut({keys: [key], measures: [{fn: 'count', column: null}], pick: null}, coverage, table.rows.length);
  const lead = `${column.name} has **${formatNumber(total)}** different values: ${names.join(', ')}${more}${isOrdered(key) ? '' : ' (the most frequent first)'}.`;
  return [lead, markdownTable([column.name, 'rows'], table.rows, [groupStyle(key)]), said]
    .filter(part => part !== '')
    .join('\n\n');
}
