// Amounts with a unit ("lasted more than 10 hours"), codes of a column's own form ("C001"), rates per unit, and who is new.

import type {Column} from '../../core/dataset.ts';
import {isNumeric, timeColumn} from './choose.ts';
import type {Subject} from './intent.ts';
import {formsOf, matchName, piecesOf, singular} from './names.ts';
import {isYearColumn} from './periods.ts';
import type {Rewording} from './rewordings.ts';
import {indexOf, stemForm} from './schema-index.ts';
import {ident} from './sql.ts';

/** What people write behind a number, and the pieces of a column's name that hold the unit. */
const units: readonly [said: string, pieces: readonly string[]][] = [
  ['hours?|hrs?', ['hour', 'hr', 'h']],
  ['minutes?|mins?', ['minute', 'min']],
  ['seconds?|secs?', ['second', 'sec', 's']],
  ['days?', ['day']],
  ['weeks?', ['week']],
  ['km|kilomet(?:er|re)s?', ['km', 'kilometer', 'kilometre']],
  ['miles?', ['mile', 'mi']],
  ['met(?:er|re)s?', ['meter', 'metre', 'm']],
  ['cm|centimet(?:er|re)s?', ['cm']],
  ['kg|kilos?|kilograms?', ['kg', 'kilogram']],
  ['grams?', ['gram', 'g']],
  ['degrees?(?: celsius)?|celsius|°c', ['c', 'celsius', 'degree']],
  ['percent|%', ['pct', 'percent', 'percentage']],
  ['volts?', ['v', 'volt']],
];

const verbs =
  'lasted|lasts?|lasting|took|takes?|taking|ran|runs?|went|goes|travell?ed|covered|rode|weighed|weighs?|used|needed';
const compared =
  'more than|less than|fewer than|over|under|above|below|at least|at most|exactly|longer than|shorter than|heavier than|lighter than|warmer than|colder than|up to';

export function withMeasured(given: Rewording): Rewording {
  return [withTotalOf, withUnit, withCode, withRatio, withNew].reduce((so, change) => change(so), given);
}

/** The only column of that unit; the column may also be said. */
function withUnit(given: Rewording): Rewording {
  for (const [said, pieces] of units) {
    // Letters of all scripts take milliseconds to compile, which most questions need not wait for.
    if (!new RegExp(`\\d ?(?:${said})`, 'i').test(given.text)) continue;
    const pattern = new RegExp(
      String.raw`(?:\b(?:(?:that|which|who) )?(?:${verbs}) )?(?:\b(?:with|having) (?:an? )?[\p{L}_]+ of )?(?:\bof )?\b(${compared}) (-?\d+(?:[.,]\d+)?) ?(?:${said})(?![\p{L}\d])(?: to \p{L}+(?=[\s?.!]*$))?`,
      'iu',
    );
    const found = pattern.exec(given.text);
    if (!found) continue;
    const fitting = given.subject.columns.filter(
      column =>
        isNumeric(column) &&
        piecesOf(column.name)
          .map(singular)
          .some(piece => pieces.includes(piece)),
    );
    const [only, ...others] = fitting;
    if (!only || others.length > 0) return given;
    const [all, how = '', number = ''] = found;
    const text = given.text
      .replace(all, ` where "${only.name}" ${plainly(how)} ${number} `)
      .replace(/\s+/g, ' ')
      .trim();
    const note = `“${all.trim()}” was read as ${only.name}, the column of that unit.`;
    return {...given, text, notes: [...given.notes, note]};
  }
  return given;
}

/** "how many hours were ridden": the column of that name is added up, its rows are not counted. */
function withTotalOf(given: Rewording): Rewording {
  const found =
    /\bhow many (hours|minutes|seconds|days|km|kilometers|kilometres|miles|kg|units)\b(?! (?:have|has|with|are there|of data|without))/i.exec(
      given.text,
    );
  const pieces = units.find(([said]) => new RegExp(`^(?:${said})$`, 'i').test(found?.[1] ?? ''))?.[1] ?? [];
  const fitting = given.subject.columns.filter(
    column =>
      isNumeric(column) &&
      piecesOf(column.name)
        .map(singular)
        .some(piece => pieces.includes(piece)),
  );
  const [only, ...others] = fitting;
  if (!found || !only || others.length > 0) return given;
  const text = given.text
    .replace(found[0], `total "${only.name}"`)
    .replace(/\bin total\b/i, ' ')
    .replace(/\s+/g, ' ');
  return {...given, text, notes: [...given.notes, `“${found[0]}” was read as the total of ${only.name}.`]};
}

const plainly = (how: string) =>
  /^(?:longer|heavier|warmer)/i.test(how) ? 'more than' : /^(?:shorter|lighter|colder)/i.test(how) ? 'less than' : how;

/** Letters and digits as they follow each other: C001 and C120 are of one form. */
const shapeOf = (text: string) => text.replace(/\p{L}/gu, 'a').replace(/\d/g, '9');

/** A word of letters and digits that is of the form of one column's values; nobody has to know all of them. */
function withCode(given: Rewording): Rewording {
  const {subject} = given;
  for (const [code] of given.text.matchAll(
    /(?<![\w"'.@-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Za-z0-9][\w-]{2,19}(?![\w"'-])/g,
  )) {
    if (/^\d+(?:st|nd|rd|th|k|m|bn|d|h|p)$|^[qp]\d{1,2}$/i.test(code) || isKnown(code, subject)) continue;
    const fitting = subject.columns.filter(
      ({kind, topValues}) =>
        kind === 'text' && topValues.length > 0 && topValues.every(value => shapeOf(value) === shapeOf(code)),
    );
    const [only, ...others] = fitting;
    if (!only || others.length > 0) continue;
    const without = given.text
      .replace(
        new RegExp(
          String.raw`(?:\b(?:of|for|by|from|in|with|did|does|has|have|customer|client|user) (?:the )?)?${code.replaceAll('-', '\\-')}`,
        ),
        match => (/^d(?:id|oes)/i.test(match) ? match.replace(code, '') : ' '),
      )
      .replace(/[\s?!.]+$/, '');
    const note = `“${code}” was read as a value of ${only.name}, by its form.`;
    return {
      ...given,
      text: `${without} where "${only.name}" = "${code}"`.replace(/\s+/g, ' '),
      notes: [...given.notes, note],
    };
  }
  return given;
}

function isKnown(word: string, subject: Subject): boolean {
  const {columns, values} = indexOf(subject);
  return (
    values.has(stemForm(word)) ||
    values.has(word.toLowerCase()) ||
    columns.some(({forms}) => matchName(formsOf(word), forms, true) !== null)
  );
}

/** "price per hour": a number for each unit of another number is a ratio, not a group for each value. */
function withRatio(given: Rewording): Rewording {
  const found = /(?:\b(average|mean|median|total) )?\b([\p{L}_]+|"[^"]+") per ([\p{L}_]+)\b/iu.exec(given.text);
  const [all = '', how = '', over = '', unit = ''] = found ?? [];
  const columns = given.subject.columns.filter(isNumeric);
  const named = (word: string) =>
    columns.find(({name}) => matchName(formsOf(word.replaceAll('"', '')), formsOf(name), true));
  const below = named(unit);
  const above = named(over);
  const isAmount = below && below.distinctCount > 20 && !isYearColumn(below) && !/INT/i.test(below.type);
  if (!found || !above || !below || above === below || !isAmount) return given;
  const fn = how === '' || /total/i.test(how) ? 'average' : how;
  const note = `“${over} per ${unit}” is ${above.name} divided by ${below.name} in each row, then averaged.`;
  const text = given.text.replace(all, `${fn} "${above.name}" divided by "${below.name}"`);
  return {...given, text, notes: [...given.notes, note]};
}

/** "new customers per month": the rows that are the first of theirs. */
function withNew(given: Rewording): Rewording {
  const found =
    /\b(?:(?:number|count) of |how many )?(?:new|first[- ]time) ([a-z]{3,}s)\b(?: (?:did we (?:get|gain|win)|came|joined))?/i.exec(
      given.text,
    );
  const time = timeColumn(given.subject);
  const column = found && time ? repeatedColumn(found[1] ?? '', given.subject) : null;
  if (!found || !time || !column) return given;
  const name = `first of ${column.name}`;
  const sql = `${ident(column.name)} IS NOT NULL AND row_number() OVER (PARTITION BY ${ident(column.name)} ORDER BY ${ident(time.name)}) = 1`;
  const first: Column = {
    ...column,
    name,
    type: 'BOOLEAN',
    kind: 'boolean',
    distinctCount: 2,
    nullCount: 0,
    topValues: [],
    notes: [],
  };
  const derived = [...(given.subject.derived ?? []), {name, sql}];
  const text = given.text.replace(found[0], 'number of rows').replace(/[\s?!.]+$/, '');
  return {
    ...given,
    text: `${text} where "${name}" = true`,
    subject: {...given.subject, columns: [...given.subject.columns, first], derived},
    notes: [...given.notes, `A new ${column.name} is counted in the row with its first ${time.name}.`],
  };
}

/** A column of texts that come more than once. */
function repeatedColumn(word: string, {columns, rows}: Subject): Column | null {
  const fits = columns.filter(
    ({kind, distinctCount, nullCount}) => kind === 'text' && distinctCount < rows - nullCount,
  );
  return fits.find(({name}) => matchName(formsOf(word), formsOf(name), false)) ?? null;
}
