// Rates of a value or an event ("cache hit rate", "return rate"), and amounts per unit that no calendar gives ("per day of stay").

import type {Column} from '../../core/dataset.ts';
import {isYesNo} from './choose.ts';
import type {Subject} from './intent.ts';
import {formsOf, matchName, piecesOf} from './names.ts';
import {isCalendar} from './periods.ts';
import type {Rewording} from './rewordings.ts';
import {indexOf, stemForm} from './schema-index.ts';

const rate = /\b(?:([\p{L}_][\p{L}\p{N}_]*)[ -])?([\p{L}_][\p{L}\p{N}_]*)[ -]rates?\b/giu;

export function withRates(given: Rewording): Rewording {
  const notes: string[] = [];
  let {rateOf} = given;
  const text = given.text.replace(rate, (whole, before: string | undefined, word: string) => {
    const found = isColumn(`${word} rate`, given.subject) ? null : onlyValue(word, given.subject);
    if (!found) return whole;
    // "cache hit rate": the column of the value, said before it.
    const own = before !== undefined && matchName(formsOf(before), formsOf(found.column.name), false) !== null;
    notes.push(`“${word} rate” was read as the percentage of rows with ${found.column.name} = ${found.value}.`);
    rateOf = found.column.name;
    const kept = before === undefined || own ? '' : `${before} `;
    return `${kept}percentage of rows where "${found.column.name}" is "${found.value}"`;
  });
  return withUnits({...given, text, ...(rateOf && {rateOf}), notes: [...given.notes, ...notes]});
}

const isColumn = (words: string, {columns}: Subject) =>
  columns.some(({name}) => matchName(formsOf(words), formsOf(name), true) !== null);

function onlyValue(word: string, subject: Subject): {column: Column; value: string} | null {
  if (word.length < 3 || isColumn(word, subject)) return null;
  const [only, ...others] = indexOf(subject).values.get(stemForm(word)) ?? [];
  return only && others.length === 0 && !isYesNo(only.column) ? only : null;
}

const perUnit = /\bper (minute|hour|day|night|week|month) of (?:the |an? )?([\p{L}_]+)/iu;

/** No period of a date: the amount of a row for each of its own days. */
function withUnits(given: Rewording): Rewording {
  const [said, unit = '', of = ''] = perUnit.exec(given.text) ?? [];
  if (!said || /^(?:day|week|month|quarter|year)s?$/i.test(of)) return given;
  const named = (column: Column) => matchName(formsOf(of), formsOf(column.name), false) !== null;
  if (given.subject.columns.some(column => isCalendar(column) && named(column))) return given;
  const measured = given.subject.columns.find(
    ({name, kind}) => kind === 'number' && piecesOf(name).some(piece => piece === `${unit}s` || piece === unit),
  );
  const reason = `“${said}” is no period of a date; it asks for each row's amount divided by its own ${unit}s.`;
  const before = given.text.slice(0, given.text.search(perUnit)).trim();
  const suggestions = measured && before !== '' ? [`${before} divided by "${measured.name}"`] : [];
  return {...given, problem: {reason, suggestions}};
}
