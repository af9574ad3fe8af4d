// What happened to a row, told by its dates: "shipped in May" is of shipped_at, "returned orders" are those with a returned_at.

import type {Column} from '../../core/dataset.ts';
import {timeColumn} from './choose.ts';
import type {Subject} from './intent.ts';
import {formsOf, matchName, piecesOf} from './names.ts';
import {isCalendar} from './periods.ts';
import type {Rewording} from './rewordings.ts';
import {indexOf, stemForm} from './schema-index.ts';

const ofTime = /^(?:at|on|date|time|datetime|timestamp|ts|day|dt)$/;
const months =
  'jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?';
const when = new RegExp(
  String.raw`^ (?:in|on|during|before|after|since|until|between|from) (?:the )?(?:\d|q[1-4]\b|(?:${months})\b)`,
  'i',
);
const event =
  /\b(?:(?:that|which|who) )?(?:(?:have been|has been|was|were|is|are|been|got) )?(not )?([a-z]{3,}(?:ed|en|ent|old|aid))\b(?![ _-](?:at|date|time|day)\b)( (?:orders|rows|records|items|purchases|sales|cases|patients|requests|tickets|shipments|customers|users|[a-z]+s)\b)?/gi;

export function withEvents(given: Rewording): Rewording {
  // "who ordered in 2020 but not in 2021" chooses groups, not rows.
  if (/\bnever\b|\b(?:but|and) (?:not|none)\b|\bnot once\b/i.test(given.text)) return given;
  const notes: string[] = [];
  const {subject} = given;
  let {rateOf} = given;
  const rated = given.text.replace(/\b([a-z]{4,})[ -]rates?\b/gi, (whole, word: string) => {
    const column = eventOf(`${word}ed`, subject);
    if (!column || column.nullCount === 0 || isKnown(word, subject) || isKnown(`${word} rate`, subject)) return whole;
    notes.push(`“${word} rate” was read as the percentage of rows with a ${column.name}.`);
    rateOf = column.name;
    return `percentage of rows where "${column.name}" is present`;
  });
  const text = rated.replace(event, (...found) => {
    const [whole, denied, word, noun = ''] = found as [string, string | undefined, string, string | undefined];
    const at: unknown = found.at(-2);
    const column = isKnown(word, subject) ? null : eventOf(word, subject);
    if (!column || typeof at !== 'number') return whole;
    if (noun === '' && denied === undefined && when.test(rated.slice(at + whole.length)))
      return `where "${column.name}" is`;
    // A date that every row has tells no rows apart; of the time that is meant anyway the verb says nothing.
    if (column.nullCount === 0) return column === timeColumn(subject) && denied === undefined ? noun.trim() : whole;
    notes.push(`“${word}” was read as: ${column.name} is present.`);
    return `${noun.trim()} where "${column.name}" ${denied ? 'is missing' : 'is present'}`.trim();
  });
  return {...given, text, ...(rateOf && {rateOf}), notes: [...given.notes, ...notes]};
}

/** The only date that is called after the verb: shipped_at of "shipped", "Admit Date" of "admitted". */
function eventOf(word: string, {columns}: Subject): Column | null {
  const verb = word.toLowerCase();
  const found = columns.filter(column => {
    if (!isCalendar(column)) return false;
    const [piece, ...more] = piecesOf(column.name).filter(each => !ofTime.test(each));
    if (!piece || more.length > 0) return false;
    if (piece === verb) return true;
    const stem = piece.replace(/e$/, '');
    return piece.length >= 4 && verb.startsWith(stem) && /^[a-z]?ed$/.test(verb.slice(stem.length));
  });
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** A column or a value of that name says it already. */
function isKnown(word: string, subject: Subject): boolean {
  const {columns, values} = indexOf(subject);
  return values.has(stemForm(word)) || columns.some(({forms}) => matchName(formsOf(word), forms, true) !== null);
}
