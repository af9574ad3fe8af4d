// Choices that several readings of a question share: what was named, what to do with it by default, how to refuse.

import type {Column} from '../../core/dataset.ts';
import {nearest} from '../../core/text.ts';
import {addOnce, appeal, hintedColumn, isAdditive, isMeasurable, isYesNo, measureColumns} from './choose.ts';
import type {About, DataIntent, Intent, Key, Measure} from './intent.ts';
import type {Cue} from './meanings.ts';
import {moneyColumns} from './money.ts';
import type {Parts} from './parts.ts';
import {isCalendar, periodFor} from './periods.ts';

export function unclear({subject}: Parts, reason: string, suggestions: string[] = []): Intent {
  return {kind: 'unclear', subject, reason, suggestions};
}

export function unknownColumn(parts: Parts, name: string): Intent {
  const names = parts.subject.columns.map(column => column.name);
  // "revenue" where no column is called so: what could be it is offered, not taken.
  const money = /^(?:revenue|turnover|sales|income|earnings|money|spend|spending)$/i.test(name)
    ? moneyColumns(parts.subject).map(column => column.name)
    : [];
  const near = money.length > 0 ? money.slice(0, 3) : nearest(name, names);
  const list = near.length > 0 ? `nearest: ${near.join(', ')}` : `columns: ${names.slice(0, 12).join(', ')}`;
  return unclear(parts, `There is no column “${name}” in ${parts.subject.name}; ${list}.`, near);
}

export const has = ({cues}: Parts, ...wanted: Cue[]) => wanted.some(cue => cues.has(cue));

/** All columns a question names, whatever their part in it. */
export function mentioned(parts: Parts): Column[] {
  const measured = parts.measures.map(({column}) => column).filter(column => column !== null);
  return [...new Set([...measured, ...parts.columns, ...parts.keys.map(({column}) => column)])];
}

/** The aggregate a column gets when none is named; the choice and the other way are said. */
export function defaultMeasure(column: Column, about: About): Measure {
  if (isYesNo(column)) return {fn: 'rate', column};
  if (!isMeasurable(column)) return {fn: 'distinct', column};
  const fn = isAdditive(column) ? 'sum' : 'average';
  const [taken, other] = fn === 'sum' ? ['total', 'average'] : ['average', 'median'];
  addOnce(
    about.notes,
    `No aggregate was named, so the ${taken} was taken (“${other} ${column.name}” gives the other).`,
  );
  return {fn, column};
}

/** Groups set side by side without a measure: their rows, and the likeliest number column, which is said. */
export function sideBySide(key: Key, parts: Parts, about: About): DataIntent {
  const measures: Measure[] = [{fn: 'count', column: null}];
  const likeliest = measureColumns(parts.subject).sort((a, b) => appeal(b) - appeal(a));
  const priced = /\b(?:expensive|cheap|cheaper|pricier|costly)\b/.test(parts.text)
    ? hintedColumn('price', parts.subject)
    : null;
  if (priced) return {kind: 'compare', measure: priced, key, ...about};
  const column = moneyColumns(parts.subject)[0] ?? likeliest.find(each => each !== key.column && !isYesNo(each));
  if (column) {
    if (isAdditive(column)) measures.push({fn: 'sum', column});
    measures.push({fn: 'average', column});
    addOnce(about.notes, `No number column was named, so ${column.name} is shown beside the number of rows.`);
  }
  return {kind: 'aggregate', measures, keys: [key], pick: null, ...about};
}

export function notNumeric(columns: Column[], {subject}: Parts, need: string): string {
  const numbers = measureColumns(subject).map(({name}) => name);
  const what = columns.map(({name, kind}) => `${name} is ${kind}`).join(', ');
  return `${need}${what ? `; ${what}` : ''}. Number columns of ${subject.name}: ${numbers.slice(0, 10).join(', ') || 'none'}.`;
}

export const onlyMeasure = ({subject}: Parts) => {
  const columns = measureColumns(subject);
  return columns.length === 1 ? columns[0] : undefined;
};

/** Dates are spread over time, so their distribution is rows per period. */
export function distributionOf(column: Column, about: About): DataIntent {
  if (!isCalendar(column)) return {kind: 'distribution', column, drawn: false, ...about};
  return {
    kind: 'trend',
    time: column,
    part: periodFor(column),
    measure: {fn: 'count', column: null},
    keys: [],
    ...about,
  };
}

/** The intent, or why it cannot be: averages and totals need numbers, whatever reading asked for them. */
export function withNumbers(intent: Intent, parts: Parts): Intent {
  for (const {fn, column} of measuresOf(intent)) {
    const needsNumbers = /^(average|sum|median|stddev|variance|quantile|share|rate)$/.test(fn);
    if (needsNumbers && column && !isMeasurable(column)) {
      return unclear(parts, notNumeric([column], parts, `The ${fn} needs numbers`));
    }
  }
  return intent;
}

function measuresOf(intent: Intent): Measure[] {
  if (intent.kind === 'aggregate') return intent.measures;
  if (intent.kind === 'trend') return [intent.measure];
  return intent.kind === 'chart' && 'measure' in intent.chart ? [intent.chart.measure] : [];
}
