// Groups that a question makes: "customers with more than 10 orders" are groups of so many rows, "age groups" are bands of a number.

import type {Column} from '../../core/dataset.ts';
import {isIdentifier, isNumeric} from './choose.ts';
import type {Comparison, Having, Subject} from './intent.ts';
import {namesRows, rowNouns} from './measures.ts';
import {formsOf, matchName, singular} from './names.ts';
import {isCalendar} from './periods.ts';
import type {Rewording} from './rewordings.ts';
import {ident} from './sql.ts';

const operators: Record<string, Comparison> = {
  'more than': '>',
  over: '>',
  'at least': '>=',
  'fewer than': '<',
  'less than': '<',
  under: '<',
  'at most': '<=',
  exactly: '=',
  above: '>',
  'greater than': '>',
  'higher than': '>',
  below: '<',
  'lower than': '<',
};

const manyRows = new RegExp(
  String.raw`\b(?:how many |which |show |list |number of |what )?(\p{L}[\p{L}_]*) (?:with|have|has|had|having|get|gets|got|saw|that have|that has|who have|who made|made|placed|bought|ordered|who ordered|that ordered|who bought|with a count of) (${Object.keys(operators).join('|')}) (\d{1,6}|one|once|twice) ?(\p{L}[\p{L}_]*)?[?.!\s]*$`,
  'iu',
);
const repeated =
  /^(?:how many |which |show |list |who are )?(?:the |our )?(?:repeat|returning|recurring|loyal) (\p{L}[\p{L}_]*)[?.!\s]*$/iu;
const banded =
  /(?:\b(by|per|for each|across|between|in each|of each) )?(?:the )?\b(\p{L}[\p{L}_]*) (?:groups?|bands?|brackets?|buckets?|bins?|(?<=\b(?:by|per|each|across|between)\b.*)ranges?|classes)\b/iu;

export function withGroups(given: Rewording): Rewording {
  const open = groupsOrRows(given);
  if (open) return open;
  return withNever(given) ?? withMeasuredGroups(given) ?? withHaving(given) ?? withBands(given) ?? given;
}

const never =
  /\b(\p{L}[\p{L}_]*) (?:(?:who|that|which) )?(?:have |has |had |were |was )?(?:never|not once) (.+?)(?: anything)?[?.!\s]*$/iu;
const butNot =
  /\b(\p{L}[\p{L}_]*) (?:who|that|which) (.+?) (?:but|and) (?:not|never|did not|didn't|none) (.+?)[?.!\s]*$/iu;

/** "customers who never returned anything", "who ordered in 2023 but not in 2024": the groups in which no row is so. */
function withNever(given: Rewording): Rewording | null {
  const [found, other] = [never.exec(given.text), butNot.exec(given.text)];
  const column = groupNamed((found ?? other)?.[1] ?? '', given.subject);
  if (!column) return null;
  const none = (found ? found[2] : other?.[3]) ?? '';
  const some = found ? {} : {some: other?.[2] ?? ''};
  return {...given, text: `number of rows by "${column.name}"`, never: {none, ...some}};
}

const measured =
  /^(?:which |what |how many |show |list )?(?:the )?([\p{L}_ ]+?) (?:with|having|whose|where|have|has) (?:an? |the )?(average|mean|total|median|maximum|minimum) ([\p{L}_ ]+?) (?:of |is |are |was )?(above|over|more than|greater than|higher than|at least|below|under|less than|lower than|at most) ([\d.,]+)[?.!\s]*$/iu;

/** "regions with an average price above 9": the groups are chosen, not the rows. */
function withMeasuredGroups(given: Rewording): Rewording | null {
  const [, what = '', fn, of, words = '', number = ''] = measured.exec(given.text) ?? [];
  const group = groupSaid(what, given.subject);
  const op = operators[words.toLowerCase()];
  const count = Number(number.replaceAll(',', ''));
  if (!group || !op || !Number.isFinite(count)) return null;
  return {...given, text: `${fn} ${of} by ${group}`, having: {op, count, measure: 'first'}};
}

const measuredRow =
  /^(?:which |what |show |list )?(?:the )?([\p{L}_]+s) (?:with|having) (?:an? )?([\p{L}_]+) (?:of )?(above|over|more than|greater than|higher than|at least|below|under|less than|lower than|at most) ([\d.,]+)[?.!\s]*$/iu;

/** "customers with revenue over 2000": all of a customer's rows, or one of them? Both can be asked for. */
function groupsOrRows(given: Rewording): Rewording | null {
  const [, what = '', of = '', words = '', number = ''] = measuredRow.exec(given.text) ?? [];
  const column = groupNamed(what, given.subject);
  const amount = given.subject.columns.find(
    each => isNumeric(each) && matchName(formsOf(of), formsOf(each.name), true),
  );
  if (!column || !amount || namesRows(what.toLowerCase(), given.subject)) return null;
  const reason = `I cannot tell whether all rows of a ${column.name} together are meant or single rows.`;
  const suggestions = [`${what} with total ${of} ${words} ${number}`];
  return {...given, problem: {reason, suggestions}};
}

/** A column that comes more than once, in quotes, or a unit of time. */
function groupSaid(word: string, subject: Subject): string | null {
  const column = groupNamed(word, subject);
  if (column) return `"${column.name}"`;
  const unit = /^(day|week|month|quarter|year)s?$/i.exec(word.trim())?.[1];
  return unit && subject.columns.some(isCalendar) ? unit.toLowerCase() : null;
}

function withHaving(given: Rewording): Rewording | null {
  const found = manyRows.exec(given.text);
  const again = repeated.exec(given.text);
  const group = groupSaid((found ?? again)?.[1] ?? '', given.subject);
  if (!group) return null;
  const [, , words = 'more than', number = '1', noun = ''] = found ?? [];
  // "with more than 2 siblings" is about a column.
  const measures = given.subject.columns.filter(each => isNumeric(each) && !isIdentifier(each, given.subject.rows));
  if (noun && measures.some(each => matchName(formsOf(noun), formsOf(each.name), false))) return null;
  if (noun && !namesRows(noun.toLowerCase(), given.subject) && !rowNouns.has(singular(noun.toLowerCase()))) return null;
  const count = {one: 1, once: 1, twice: 2}[number.toLowerCase()] ?? Number(number);
  const having: Having = {op: operators[words.toLowerCase()] ?? '>', count};
  return {...given, text: `number of rows by ${group}`, having};
}

/** A column of names that come more than once. */
function groupNamed(word: string, {columns, rows}: Subject): Column | null {
  if (word.length < 3) return null;
  const fits = (column: Column) =>
    !isNumeric(column) || isIdentifier(column, rows) ? column.distinctCount < rows - column.nullCount : false;
  const matches = columns.flatMap(column => {
    const match = fits(column) ? matchName(formsOf(word), formsOf(column.name), false) : null;
    return match ? [{column, score: match.score}] : [];
  });
  return matches.sort((a, b) => b.score - a.score)[0]?.column ?? null;
}

/** About eight bands of 1, 2 or 5 times a power of ten; ages by ten years. */
function withBands(given: Rewording): Rewording | null {
  const found = banded.exec(given.text);
  const [all = '', by, word = ''] = found ?? [];
  const column = given.subject.columns
    .filter(each => isNumeric(each) && !isIdentifier(each, given.subject.rows) && each.distinctCount > 12)
    .find(each => matchName(formsOf(word), formsOf(each.name), false));
  if (!column || given.subject.columns.some(({name}) => matchName(formsOf(`${word} group`), formsOf(name), true)))
    return null;
  const [low, high] = [Number(column.min), Number(column.max)];
  const width = /age/i.test(column.name) ? 10 : niceWidth((high - low) / 8);
  if (!Number.isFinite(width) || width <= 0) return null;
  const name = `${column.name} from`;
  const sql = `floor(${ident(column.name)} / ${width}) * ${width}`;
  const band = {
    ...column,
    name,
    type: 'DOUBLE',
    distinctCount: Math.ceil((high - low) / width) + 1,
    topValues: [],
    notes: [],
  };
  const subject = {
    ...given.subject,
    columns: [...given.subject.columns, band],
    derived: [...(given.subject.derived ?? []), {name, sql}],
  };
  const note = `${column.name} was put into bands of ${width}; each is named by its lower end, which it holds.`;
  const start = given.text.replace(all, by ? `by "${name}"` : ` by "${name}"`).trim();
  const text = by || /\S/.test(given.text.replace(all, '').replace(/[?.!]/g, '')) ? start : `number of rows ${start}`;
  return {...given, text, subject, notes: [...given.notes, note]};
}

function niceWidth(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find(each => each * power >= rough) ?? 10;
  return Number((step * power).toPrecision(6));
}
