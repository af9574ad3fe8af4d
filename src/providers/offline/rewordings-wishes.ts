// Takes off a question what is to be made of its answer ("running total of", "second best"), so that the rest is read as usual.

import {isAdditive, isIdentifier, isMeasurable} from './choose.ts';
import type {PeriodPart, Subject, Wish} from './intent.ts';
import {namesRows} from './measures.ts';
import {moneyColumns} from './money.ts';
import {columnOf, formsOf, matchName} from './names.ts';
import type {Rewording} from './rewordings.ts';
import {isRowWord} from './rewordings-rows.ts';

/** `to` gives the words to read and the wish, or null where the words mean something else. */
type Rule = {
  pattern: RegExp;
  to(
    found: string[],
    rest: {before: string; after: string},
    subject: Subject,
  ): {text: string; wish: Wish} | Plain | null;
};
/** Only other words, and what must be said of them. */
type Plain = {text: string; note: string};

const numberWords = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');
const places = 'zeroth first second third fourth fifth sixth seventh eighth ninth tenth'.split(' ');
const units: Record<string, PeriodPart> = {
  hourly: 'hour',
  daily: 'day',
  weekly: 'week',
  monthly: 'month',
  quarterly: 'quarter',
  yearly: 'year',
  annual: 'year',
};
const adverbs = Object.keys(units).join('|');
const unitWords = 'hour|day|week|month|quarter|year';
const inTime = new RegExp(String.raw`\b(?:${unitWords}|date|timestamp|${adverbs}|time)s?\b`, 'i');
const falling = /declin|shr[aiu]nk|fell|fall|decreas|dropp|los[et]|worsen/i;

const joined = ({before, after}: {before: string; after: string}, words = '') =>
  `${before} ${words} ${after}`.replace(/\s+/g, ' ').trim();
/** A series needs a period: where none was said, the span of the data chooses. */
const overTime = (text: string) => (inTime.test(text) ? text : `${text.replace(/[\s?!.]+$/, '')} over time`);
const numberOf = (word: string) => (numberWords.includes(word) ? numberWords.indexOf(word) : Number(word));

const rules: readonly Rule[] = [
  {
    pattern: new RegExp(
      String.raw`\b(?:(\d{1,3}|${numberWords.join('|')})[- ]?(${unitWords})s?[- ])?(?:moving|rolling|trailing) (average|mean|avg|sum|total)s?(?: (?:of|for))?(?: the)?`,
      'i',
    ),
    to: ([, window, unit, fn = ''], rest) => {
      const after =
        /^(.*?) (?:over|with|using|for|in) (?:an? )?(?:window of )?(\d{1,3})[- ]?(hour|day|week|month|quarter|year)s?(?:[- ]window)?(.*)$/i.exec(
          rest.after,
        );
      const size = window ?? after?.[2];
      const part = (unit ?? after?.[3])?.toLowerCase() as PeriodPart | undefined;
      const words = joined({before: rest.before, after: after ? `${after[1]}${after[4]}` : rest.after});
      const isSum = /sum|total/i.test(fn);
      const text = part && !inTime.test(words) ? `${words.replace(/[\s?!.]+$/, '')} by ${part}` : overTime(words);
      const count = size === undefined ? null : numberOf(size.toLowerCase());
      if (count !== null && (count < 2 || count > 500)) return null;
      return {text, wish: {kind: 'moving', fn: isSum ? 'sum' : 'average', window: count, unit: part ?? null}};
    },
  },
  {
    pattern:
      /\b(?:(?:running|cumulative|cumulated|accumulated) (total|sum|count)s?(?: (?:of|for))?(?: the)?|(?:cumulative|cumulated|accumulated)(?=\s))/i,
    to: ([, how], rest) => ({
      text: overTime(joined(rest, how === 'count' ? 'number of' : /total|sum/i.test(how ?? '') ? 'total' : '')),
      wish: {kind: 'running'},
    }),
  },
  {
    pattern: new RegExp(
      String.raw`\b(?:(${adverbs}) (?:growth(?: rate)?|(?:percentage |percent |relative )?change)s?|growth rates?|rates? of change|(?:percentage|percent|relative) change)(?: (?:of|in|for))?(?: the)?\b`,
      'i',
    ),
    to: ([, adverb], rest) => {
      const words = joined(rest);
      const isYears = /\b(?:19|20)\d\d (?:to|and|until) (?:19|20)\d\d\b/i.test(words) && !inTime.test(words);
      const unit = isYears ? 'year' : adverb && units[adverb.toLowerCase()];
      return {text: unit ? `${words.replace(/[\s?!.]+$/, '')} by ${unit}` : overTime(words), wish: {kind: 'change'}};
    },
  },
  {
    pattern: /\bgrowth(?= (?:by|per|each|every) (?:day|week|month|quarter|year)s?\b)/i,
    to: (_, rest) => ({text: joined(rest), wish: {kind: 'change'}}),
  },
  {
    pattern:
      /^which ([\p{L}_ ]+?) (?:is|are|was|were|has been|have been|has|have)? ?(?:growing|grown|grew|grows|increased|increasing|rose|rising|declining|declined|shrinking|shrank|fell|falling|decreased|decreasing|dropped|dropping)(?: the)? ?(fastest|most|quickest|strongest|slowest|least|more)?\b/iu,
    to: ([all = '', what = '', how = ''], rest, subject) =>
      grown(what, {how, falls: falling.test(all)}, rest.after, subject),
  },
  {
    pattern:
      /^(?:what (?:is|are) |which (?:is|are) |show )?(?:the |our )?(fastest|quickest|slowest)[- ](growing|shrinking|declining|falling) ([\p{L}_]+(?: [\p{L}_]+)?)/iu,
    to: ([, how = '', verb = '', what = ''], rest, subject) =>
      grown(what, {how, falls: falling.test(verb)}, rest.after, subject),
  },
  {
    pattern:
      /\b(average|mean|median|typical) (?:number|count|amount) of ([\p{L}_ ]+?) (?:per|for each|for every|in each|in an?|of each|each|every|an?|by each|by) (?=\p{L})/iu,
    to: ([, fn = '', what = ''], rest) => typical(fn, joined(rest, `number of ${what} by`)),
  },
  {
    pattern:
      /^(?:on average,? )?how many ([\p{L}_ ]+?) (?:are there |do we have |did we have |were there )?(?:per|each|every|an?|does each|does an?) (\p{L}+)\b(?=.*\bon average\b|(?<=^on average.*))/iu,
    to: ([, what = '', per = ''], rest) => typical('average', `number of ${what} by ${per} ${unsaid(rest.after)}`),
  },
  {
    pattern: new RegExp(
      String.raw`\b(average|mean|median|typical) (${adverbs}) (?:number of |count of )?(?=\p{L})`,
      'iu',
    ),
    to: ([said = '', fn = '', adverb = ''], rest) => {
      const counts = /number|count/i.test(said) ? 'number of ' : '';
      const unit = units[adverb.toLowerCase()] ?? null;
      return typical(fn, `${joined(rest, counts).replace(/[\s?!.]+$/, '')} by ${unit}`, unit);
    },
  },
  {
    pattern: /\b(average|mean|median|typical) ([\p{L}_]+) (?:per|for each|of each) ([\p{L}_]+)/iu,
    to: ([, fn = '', what = '', per = ''], rest, subject) => {
      const named = (word: string) => subject.columns.find(({name}) => matchName(formsOf(word), formsOf(name), true));
      const [amount, group] = [named(what), named(per)];
      const isEach = group?.kind === 'text' && group.distinctCount > 20 && group.distinctCount < subject.rows;
      return amount?.kind === 'number' && isAdditive(amount) && isEach
        ? typical(fn, joined(rest, `total "${amount.name}" by "${group.name}"`))
        : null;
    },
  },
  {
    pattern: /\b(average|mean|median|typical) ([a-z]+s) (per|each|every|an?|by|for each) (?=\p{L})/iu,
    to: ([said = '', fn = '', noun = '', how = ''], rest, subject) => {
      if (!countsRows(noun.toLowerCase(), subject)) return null;
      const text = joined(rest, `number of rows by`);
      if (how.toLowerCase() !== 'by') return typical(fn, text);
      const note = `“${said.trim().replace(/ by$/, '')}” names nothing to average over, so the rows of each group are counted; “${fn} ${noun} per month” averages over months.`;
      return {text, note};
    },
  },
  {
    pattern: new RegExp(
      String.raw`\b(${places.slice(2).join('|')}|(?:[2-9]|[1-9]\d)(?:nd|rd|th))[- ](best|worst|highest|lowest|largest|biggest|greatest|smallest|most|least|oldest|youngest|cheapest|longest|shortest|fastest|slowest|top)\b`,
      'i',
    ),
    to: ([, place = '', end = ''], rest) => {
      const word = place.toLowerCase();
      const nth = places.includes(word) ? places.indexOf(word) : Number.parseInt(word, 10);
      return {text: joined(rest, end), wish: {kind: 'nth', nth}};
    },
  },
];

const averageNumber = /\b(average|mean|median) (?:number|count) of ([\p{L}_]+)/iu;

export function withWish(given: Rewording): Rewording {
  const read = granted(given);
  const found = read === given ? averageNumber.exec(given.text) : null;
  if (!found) return read;
  // "average number of moves" of a column that holds the number of each row.
  const column = columnOf(found[2] ?? '', given.subject.columns);
  if (column && isMeasurable(column) && !isIdentifier(column, given.subject.rows)) {
    const text = `${given.text.slice(0, found.index)}${found[1]} "${column.name}"${given.text.slice(found.index + found[0].length)}`;
    return {...given, text};
  }
  const reason = `“${found[0]}” needs something to average over, such as “per day” or “per month”.`;
  return {...given, problem: {reason, suggestions: []}};
}

function granted(given: Rewording): Rewording {
  for (const {pattern, to} of rules) {
    const found = pattern.exec(given.text);
    if (!found) continue;
    const rest = {before: given.text.slice(0, found.index), after: given.text.slice(found.index + found[0].length)};
    const read = to([...found], rest, given.subject);
    if (!read) continue;
    return 'wish' in read ? {...given, ...read} : {...given, text: read.text, notes: [...given.notes, read.note]};
  }
  return given;
}

function typical(fn: string, text: string, unit: PeriodPart | null = null): {text: string; wish: Wish} {
  return {text, wish: {kind: 'typical', fn: /median/i.test(fn) ? 'median' : 'average', unit}};
}

const unsaid = (text: string) =>
  text.replace(/\b(?:on average|have|has|make|place|are there)\b/gi, ' ').replace(/[\s?!.]+$/, '');

/** "growing fastest" is by per cent, "grew most" by the amount; years that are named are the two spans. */
function grown(
  what: string,
  {how, falls}: {how: string; falls: boolean},
  after: string,
  subject: Subject,
): {text: string; wish: Wish} {
  const years =
    /\b(?:between|from|in|comparing)? ?((?:19|20)\d\d) (?:and|to|vs\.?|versus|until) ((?:19|20)\d\d)\b/i.exec(after);
  const pair: [number, number] | null = years ? [Number(years[1]), Number(years[2])] : null;
  const rest = (years ? after.replace(years[0], ' ') : after)
    .replace(/^\s*(?:in|by|in terms of|with)\b/i, ' ')
    .replace(/[\s?!.]+$/, '');
  const slow = /slowest|least/i.test(how);
  const wish: Wish = {
    kind: 'growth',
    by: /fastest|quickest|slowest/i.test(how) || how === '' ? 'percent' : 'amount',
    direction: falls !== slow ? 'asc' : 'desc',
    years: pair && [Math.min(...pair), Math.max(...pair)],
  };
  const usual = moneyColumns(subject).length > 0 ? 'total money' : 'number of rows';
  const named = rest.trim() === '' ? usual : rest.trim();
  return {text: `${named} by ${what}`, wish};
}

/** A plural that names the rows, and no column or value. */
function countsRows(noun: string, subject: Subject): boolean {
  const named = subject.columns.some(({name}) => matchName(formsOf(noun), formsOf(name), true));
  return !named && (namesRows(noun, subject) || isRowWord(noun, subject));
}
