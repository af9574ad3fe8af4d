// Answers for series and comparisons of groups: trends, shares, group statistics, lists of values.

import type {Cell, Table} from '../../core/dataset.ts';
import {formatCell, formatNumber} from '../../core/text.ts';
import {group, groupStyle, groupTable, headerOf, leftOut, value} from './group-table.ts';
import type {DataIntent, Key, Measure} from './intent.ts';
import {type CellStyle, count, markdownTable, numberOf, percent, writeCell} from './markdown.ts';
import {leadOfGroups} from './phrase-groups.ts';
import {compareMeasures, isOrdered, shownGroups} from './plan.ts';
import {sayCondition, sayMeasure} from './wording.ts';

type Of<Kind extends DataIntent['kind']> = DataIntent & {kind: Kind};

export function phraseTrend(intent: Of<'trend'>, table: Table, coverage: Table | undefined): string {
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
  const said = leftOut({keys, measures: [measure]}, coverage);
  const lead =
    intent.keys.length > 0
      ? leadOfGroups({...intent, kind: 'aggregate', measures: [measure], keys, pick: null}, measure, rows, false)
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
    `The first and the last ${part} may be incomplete.`
  );
}

export function phraseShare(intent: Of<'share'>, table: Table): string {
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
    return `**${percent(numberOf(share) ?? 0)} %** of the ${among} meet “${what}”: ${count(matching)} of ${count(rows)}.${open}`;
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

export function phraseCompare(intent: Of<'compare'>, table: Table, coverage: Table | undefined): string {
  const {measure, key} = intent;
  const rows = table.rows;
  const fns = compareMeasures(measure);
  const byMean = [...rows]
    .filter(row => numberOf(row[1]) !== null)
    .sort((a, b) => (numberOf(b[1]) ?? 0) - (numberOf(a[1]) ?? 0));
  const [top, second] = byMean;
  if (!top) return `No rows have both ${measure.name} and ${key.column.name}, so there is nothing to compare.`;
  const n = (row: Cell[]) => count(row[fns.length + 1]);
  const other = byMean.length === 2 ? second : byMean.at(-1);
  const name = (row: Cell[]) => group([key], row);
  let lead = `Only ${name(top)} has values of ${measure.name}: mean ${formatCell(top[1] ?? null)} (n = ${n(top)}).`;
  if (other && other !== top) {
    const [high, low] = [numberOf(top[1]) ?? 0, numberOf(other[1]) ?? 0];
    // The difference is that of the two numbers as they stand here, so that whoever subtracts them gets it.
    const difference = shownDifference(formatNumber(high), formatNumber(low)) ?? high - low;
    const ratio =
      low > 0 && Number(measure.min) >= 0 && high / low >= 1.05
        ? `, ${formatNumber(Number((high / low).toPrecision(3)))} times as much`
        : '';
    lead =
      `**${name(top)}** has the highest mean ${measure.name}, **${formatNumber(high)}** (n = ${n(top)}), ` +
      `${byMean.length === 2 ? 'against' : 'and the lowest is'} ${formatNumber(low)} for **${name(other)}** (n = ${n(other)}): ` +
      `a difference of ${formatNumber(difference)}${ratio}. No significance test was made.`;
  }
  const headers = [headerOf(key), 'mean', 'median', 'sd', 'min', 'max', ...(fns.includes('sum') ? ['total'] : []), 'n'];
  const parts = [
    lead,
    markdownTable(headers, rows, [groupStyle(key)]),
    leftOut({keys: [key], measures: fns.map(fn => ({fn, column: measure}))}, coverage),
  ];
  return parts.filter(part => part !== '').join('\n\n');
}

/** Null where a number is written with an exponent. */
function shownDifference(...shown: [string, string]): number | null {
  if (shown.some(text => /[^-\d.,]/.test(text))) return null;
  const [high, low] = shown.map(text => Number(text.replaceAll(',', '')));
  const decimals = Math.max(...shown.map(text => text.split('.')[1]?.length ?? 0));
  return Number(((high ?? 0) - (low ?? 0)).toFixed(decimals));
}

export function phraseDistinct(intent: Of<'distinct'>, table: Table, coverage: Table | undefined): string {
  const {column} = intent;
  const key: Key = {column, part: null};
  const total = numberOf(coverage?.rows[0]?.[3]) ?? table.rows.length;
  const names = table.rows.slice(0, 8).map(row => group([key], row));
  const more = total > names.length ? ', …' : '';
  const said = leftOut({keys: [key], measures: [{fn: 'count', column: null}]}, coverage);
  const lead = `${column.name} has **${formatNumber(total)}** different values: ${names.join(', ')}${more}${isOrdered(key) ? '' : ' (the most frequent first)'}.`;
  return [lead, markdownTable([column.name, 'rows'], table.rows, [groupStyle(key)]), said]
    .filter(part => part !== '')
    .join('\n\n');
}
