// Answers for questions with groups: aggregates, trends, shares, comparisons, lists of values.

import type {Cell, Table} from '../../core/dataset.ts';
import {formatNumber} from '../../core/text.ts';
import {group, groupTable, leftOut, value} from './group-table.ts';
import type {DataIntent, Key, Measure, Pick} from './intent.ts';
import {count, numberOf, rowsWord} from './markdown.ts';
import type {Success} from './phrase.ts';
import {phraseCompare, phraseDistinct, phraseShare, phraseTrend} from './phrase-series.ts';
import {measuredColumn, orderOf, shownGroups} from './plan.ts';
import {list, ordinal, sayCondition, sayHaving, sayKey, sayMeasure} from './wording.ts';

/** Rows of a ranking within groups that are shown. */
const mostWithin = 60;

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

function phraseAggregate(intent: Of<'aggregate'>, table: Table, coverage: Table | undefined): string {
  const {keys, measures} = intent;
  if (keys.length === 0) return phraseTotals(intent, table);
  const {rows} = table;
  const [first] = rows;
  const [measure] = measures;
  if (intent.having && !first) return `No ${list(keys.map(sayKey))} has ${sayHaving(intent.having)}.`;
  if (!first || !measure)
    return `${intent.where ? 'No rows match the condition and have' : 'No rows have'} a ${list(keys.map(sayKey))}, so there are no groups.`;
  const shown = rows.slice(
    0,
    intent.pick?.within ? mostWithin : intent.pick ? shownOfPick(intent.pick.limit) : shownGroups,
  );
  const total = numberOf(coverage?.rows[0]?.[3]) ?? rows.length;
  const isCut = total > rows.length;
  const lead =
    havingLead(intent, coverage) ?? spotlightLead(intent, measure, rows) ?? leadOfGroups(intent, measure, rows, isCut);
  const showing =
    intent.pick?.within && rows.length <= shown.length
      ? ''
      : total > shown.length
        ? `Showing ${shown.length} of ${formatNumber(total)} groups.`
        : '';
  const parts = [
    lead,
    groupTable(intent, shown),
    [showing, leftOut(intent, coverage)].filter(text => text !== '').join(' '),
  ];
  return parts.filter(part => part !== '').join('\n\n');
}

/** "**37** values of customer have more than 10 rows". */
function havingLead({having, keys}: Of<'aggregate'>, coverage: Table | undefined): string | null {
  const groups = numberOf(coverage?.rows[0]?.[3]);
  if (!having || groups === null) return null;
  return `**${formatNumber(groups)}** ${groups === 1 ? 'value' : 'values'} of ${list(keys.map(sayKey))} ${groups === 1 ? 'has' : 'have'} ${sayHaving(having)}.`;
}

/** The groups the question is about come first: "Berlin: 18 % of the total revenue". */
function spotlightLead({keys, spotlight = []}: Of<'aggregate'>, measure: Measure, rows: Cell[][]): string | null {
  const asked = rows.filter(row => spotlight.includes(String(row[0])));
  if (asked.length === 0) return null;
  return asked
    .map(row => `**${group(keys, row)}**: ${value(measure, row[keys.length])} (${sayMeasure(measure)}).`)
    .join(' ');
}

/** The ends of the groups; when some were not read, only what is true of all of them is said. */
/** As many as were asked for; beside a single one, the next ones show how far ahead it is. */
function shownOfPick(limit: number): number {
  return limit === 1 ? 5 : limit;
}

export function leadOfGroups({keys, pick}: Of<'aggregate'>, measure: Measure, rows: Cell[][], isCut: boolean): string {
  const at = keys.length;
  const byValue = orderOf(keys) === 'value' || pick !== null;
  const valued = rows.filter(row => numberOf(row[at]) !== null);
  const [first] = rows;
  if (!first) return '';
  const sorted = byValue ? valued : [...valued].sort((a, b) => (numberOf(b[at]) ?? 0) - (numberOf(a[at]) ?? 0));
  const [top, next] = sorted;
  const last = sorted.at(-1);
  const name = sayMeasure(measure);
  if (!top || !last) return `The ${name} of ${group(keys, first)} is ${value(measure, first[at])}.`;
  if (pick?.within) {
    const outer = list(keys.slice(0, -1).map(sayKey));
    const ranked = list(keys.slice(-1).map(sayKey));
    return `Within each ${outer}, ${pick.limit === 1 ? `the ${ranked}` : `the ${pick.limit} values of ${ranked}`} with the ${pick.direction === 'desc' ? 'highest' : 'lowest'} ${name}:`;
  }
  if (pick?.nth !== undefined) return leadOfNth(keys, pick, {measure, sorted});
  if (pick) {
    const word = pick.direction === 'desc' ? 'highest' : 'lowest';
    const tie = next && numberOf(next[at]) === numberOf(top[at]) ? ` (tied with ${group(keys, next)})` : '';
    const then = next && !tie ? ` Next: ${group(keys, next)} with ${value(measure, next[at])}.` : '';
    return `**${group(keys, top)}** has the ${word} ${name}: **${value(measure, top[at])}**${tie}.${then}`;
  }
  const highest = `highest for **${group(keys, top)}** (${value(measure, top[at])})`;
  if (top === last)
    return `${sentence(name)} is **${value(measure, top[at])}** for ${group(keys, top)}, the only group with a value.`;
  if (!isCut && numberOf(top[at]) === numberOf(last[at]) && valued.length === rows.length)
    return `${sentence(name)} is the same in all groups: **${value(measure, top[at])}**.`;
  if (isCut && byValue) return `${sentence(name)} is ${highest}.`;
  const among = isCut ? `Among the first ${rows.length} groups the ${name}` : sentence(name);
  return `${among} is ${highest} and lowest for ${group(keys, last)} (${value(measure, last[at])}).`;
}

/** The one at the place that was asked for, and those beside it; equal values have places of their own. */
function leadOfNth(keys: Key[], pick: Pick, {measure, sorted}: {measure: Measure; sorted: Cell[][]}): string {
  const nth = pick.nth ?? 1;
  const at = keys.length;
  const row = sorted[nth - 1];
  if (!row) return `There are only ${sorted.length} groups with a value, so there is no ${ordinal(nth)}.`;
  const word = pick.direction === 'desc' ? 'highest' : 'lowest';
  const same = sorted.filter(other => other !== row && numberOf(other[at]) === numberOf(row[at]));
  const tie = same.length > 0 ? ` (tied with ${same.map(other => group(keys, other)).join(', ')})` : '';
  return `**${group(keys, row)}** has the ${ordinal(nth)} ${word} ${sayMeasure(measure)}: **${value(measure, row[at])}**${tie}.`;
}

const sentence = (name: string) => `The ${name}`;

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
    if (only.fn === 'distinct')
      return `**${count(row[0])}** different values of ${only.column?.name} in the rows${among}.`;
    return `${sentence(sayMeasure(only))} is **${value(only, row[0])}**.${based}`;
  }
  const lines = measures.map((measure, at) => `- ${sayMeasure(measure)}: **${value(measure, row[at])}**`);
  return `${lines.join('\n')}${based ? `\n\n${based.trim().replace(/^It is/, 'They are')}` : ''}`;
}
