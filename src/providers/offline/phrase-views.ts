// Answers for running totals, moving averages, changes from period to period, averages of groups, and growth.

import type {Cell, Table} from '../../core/dataset.ts';
import {formatNumber} from '../../core/text.ts';
import {group, groupStyle, headerOf, value} from './group-table.ts';
import type {DataIntent, Key, Measure} from './intent.ts';
import {type CellStyle, count, markdownTable, numberOf, percent, writeCell} from './markdown.ts';
import type {Success} from './phrase.ts';
import {isNoughtWithoutRows, isStep, type ViewIntent} from './plan-views.ts';
import {sayKey, sayMeasure, sayView} from './wording.ts';

type Of<Kind extends DataIntent['kind']> = DataIntent & {kind: Kind};

/** Rows of a series that are shown, the last ones. */
const shownRows = 24;

export function phraseView(intent: ViewIntent, results: Success[]): string {
  const table = results[0]?.table;
  if (!table) return results[0]?.summary ?? 'No result came back.';
  if (table.rows.length === 0) return 'No rows match, so there is nothing to compute.';
  if (intent.kind === 'series') return phraseSeries(intent, table);
  return intent.kind === 'typical' ? phraseTypical(intent, table) : phraseGrowth(intent, table);
}

const plain = (cell: Cell | undefined) => writeCell(cell ?? null, 'plain');
const signed = (text: string, amount: number) => (amount > 0 ? `+${text}` : text);

function phraseSeries(intent: Of<'series'>, table: Table): string {
  const {view, keys, measure, part} = intent;
  const headers = [part, ...keys.map(headerOf), sayMeasure(measure), ...viewHeaders(intent)];
  const styles: CellStyle[] = ['plain', ...keys.map(groupStyle), 'value', 'value', 'percent'];
  const shown = table.rows.slice(-shownRows);
  const cut =
    shown.length < table.rows.length
      ? `Showing the last ${shown.length} of ${formatNumber(table.rows.length)} rows.`
      : '';
  const at = 1 + keys.length;
  const lead = keys.length > 0 ? lastOfGroups(intent, table.rows) : seriesLead(intent, table.rows, at);
  const gaps = isNoughtWithoutRows(measure)
    ? `A ${part} without rows counts as 0.`
    : `A ${part} without a value has none here${view.kind === 'moving' ? ', nor has a window that holds it' : ''}.`;
  const said = [cut, gaps].filter(Boolean).join(' ');
  return `${lead}\n\n${markdownTable(headers, shown, styles)}\n\n${said}`;
}

function viewHeaders({view, part}: Of<'series'>): string[] {
  if (view.kind === 'running') return ['running total'];
  if (view.kind === 'change') return ['change', 'change in %'];
  return [`moving ${view.fn} of ${view.window} ${part}s`];
}

function seriesLead(intent: Of<'series'>, rows: Cell[][], at: number): string {
  const {view, measure, part} = intent;
  const place = at + 1;
  const valued = rows.filter(row => numberOf(row[place]) !== null);
  const [first] = valued;
  const last = valued.at(-1);
  if (!first || !last) return `There are too few ${part}s for it: ${formatNumber(rows.length)}.`;
  const amount = (row: Cell[]) => numberOf(row[place]) ?? 0;
  const high = valued.reduce((best, row) => (amount(row) > amount(best) ? row : best), first);
  const low = valued.reduce((best, row) => (amount(row) < amount(best) ? row : best), first);
  if (view.kind === 'running')
    return `The ${sayView(intent)} reaches **${value(measure, last[place])}** in ${plain(last[0])}; it begins with ${value(measure, first[place])} in ${plain(first[0])}.`;
  if (view.kind === 'moving')
    return `The ${sayView(intent)} ends at **${value(measure, last[place])}** in ${plain(last[0])}; highest ${value(measure, high[place])} in ${plain(high[0])}, lowest ${value(measure, low[place])} in ${plain(low[0])}. Its first value is that of ${plain(first[0])}, when the window is full.`;
  const relative = numberOf(last[place + 1]);
  const rise =
    amount(high) > 0 && high !== last
      ? ` The largest rise was +${value(measure, high[place])} in ${plain(high[0])}.`
      : '';
  const fall =
    amount(low) < 0 && low !== last ? ` The largest fall was ${value(measure, low[place])} in ${plain(low[0])}.` : '';
  const change = signed(value(measure, last[place]), amount(last));
  return (
    `In ${plain(last[0])} the ${sayMeasure(measure)} changed by **${change}**${relative === null ? '' : ` (${signed(`${percent(relative)} %`, relative)})`} to ` +
    `${value(measure, last[at])}.${rise}${fall} The first and the last ${part} may be incomplete.`
  );
}

/** What each group ends with. */
function lastOfGroups(intent: Of<'series'>, rows: Cell[][]): string {
  const {keys, measure} = intent;
  const end = rows.at(-1)?.[0];
  const last = rows
    .filter(row => row[0] === end && numberOf(row[3]) !== null)
    .sort((a, b) => (numberOf(b[3]) ?? 0) - (numberOf(a[3]) ?? 0));
  const [top] = last;
  if (!top) return `The ${sayView(intent)}, in each ${keys.map(sayKey).join()}:`;
  const named = last.slice(0, 5).map((row, at) => {
    const text = value(measure, row[3]);
    return `${group(keys, row.slice(1))} ${at === 0 ? `**${text}**` : text}`;
  });
  return `In ${plain(end)} the ${sayView(intent)} is: ${named.join(', ')}${last.length > named.length ? ', …' : ''}.`;
}

const spread = ['average', 'median', 'lowest', 'highest'];

function phraseTypical(intent: Of<'typical'>, table: Table): string {
  const {keys, fn} = intent;
  const [row = []] = table.rows;
  if (keys.length === 0) return typicalLead(intent, row, 0);
  const step = isPeriods(intent) ? [`${intent.per.part}s`] : [`${intent.per.column.name} values`];
  const headers = [...keys.map(headerOf), ...spread, ...step];
  const rows = table.rows.map(each => each.slice(0, headers.length));
  const place = fn === 'median' ? 2 : 1;
  const top = [...table.rows].sort((a, b) => (numberOf(b[place]) ?? 0) - (numberOf(a[place]) ?? 0))[0] ?? row;
  const lead = `The ${sayMeasure(intent.measure)} per ${unitOf(intent.per)} is highest for **${group(keys, top)}**: ${fn} **${value(intent.measure, top[place])}**.`;
  return `${lead}\n\n${markdownTable(headers, rows, keys.map(groupStyle))}${emptyNote(intent)}`;
}

const isPeriods = ({per}: Of<'typical'>) => per.part !== null && isStep(per.part);
const unitOf = ({column, part}: Key) => part?.replaceAll('_', ' ') ?? column.name;

function emptyNote(intent: Of<'typical'>): string {
  return isPeriods(intent)
    ? `\n\nA ${intent.per.part} between the first and the last one that has no rows counts as 0.`
    : '';
}

function typicalLead(intent: Of<'typical'>, row: Cell[], at: number): string {
  const {measure, per, fn} = intent;
  const [average, median, low, high, n] = row.slice(at, at + 5);
  const [main, other] = fn === 'median' ? [median, average] : [average, median];
  const names = fn === 'median' ? ['median', 'average'] : ['average', 'median'];
  const unit = unitOf(per);
  const said = (cell: Cell | undefined) => value(measure, cell);
  const spread = `${names[1]} ${said(other)}, from ${said(low)} to ${said(high)}`;
  const lead = `The ${names[0]} ${sayMeasure(measure)} per ${unit} is **${said(main)}** (${spread})`;
  if (!isPeriods(intent)) return `${lead}, over ${count(n)} different values of ${per.column.name}.`;
  const [empty, first, last] = row.slice(at + 5);
  const none = numberOf(empty) ? `, ${count(empty)} of them without rows, which count as 0` : '';
  const partial = per.part === 'day' ? '' : ` The first and the last ${unit} may be incomplete.`;
  return `${lead}, over ${count(n)} ${unit}s from ${plain(first)} to ${plain(last)}${none}.${partial}`;
}

function phraseGrowth(intent: Of<'growth'>, table: Table): string {
  const {key, measure, before, after, by, direction} = intent;
  const place = by === 'percent' ? 4 : 3;
  const [top = []] = table.rows.filter(row => numberOf(row[place]) !== null);
  const headers = [headerOf(key), before.label, after.label, 'change', 'change in %'];
  const styles: CellStyle[] = [groupStyle(key), 'value', 'value', 'value', 'percent'];
  const shown = table.rows.slice(0, 20);
  const cut = shown.length < table.rows.length ? `\n\nShowing ${shown.length} of ${table.rows.length} groups.` : '';
  return `${growthLead()}\n\n${markdownTable(headers, shown, styles)}${cut}`;

  function growthLead(): string {
    const amount = numberOf(top[place]);
    if (amount === null) return `No ${sayKey(key)} has the ${sayMeasure(measure)} in both spans.`;
    const wanted = direction === 'desc';
    const does = amount === 0 ? 'did not change' : amount > 0 ? 'grew' : 'fell';
    const most = by === 'percent' ? 'by the largest share' : 'most';
    const least = wanted === amount > 0 ? most : 'least';
    const none = wanted === amount > 0 || amount === 0 ? '' : ` None ${wanted ? 'grew' : 'fell'}.`;
    const relative = numberOf(top[4]);
    return (
      `**${group([key], top)}** ${does} ${amount === 0 ? '' : `${least}: `}its ${sayMeasure(measure)} went from ${sayValue(measure, top[1])} to ` +
      `**${sayValue(measure, top[2])}**${relative === null ? '' : ` (${signed(`${percent(relative)} %`, relative)})`}.${none}`
    );
  }
}

const sayValue = (measure: Measure, cell: Cell | undefined) => value(measure, cell);
