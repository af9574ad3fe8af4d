// Words for the rows themselves: "rides" in a table of rentals is its rows, and an average "per ride" is over them.

import type {Subject} from './intent.ts';
import {namesRows, rowNouns} from './measures.ts';
import {formsOf, matchName, piecesOf, singular} from './names.ts';
import type {Rewording} from './rewordings.ts';
import {indexOf, stemForm, valueSynonyms} from './schema-index.ts';

const plural = /\b([a-z]{3,}s)\b/gi;

/** Nouns for the rows become "rows"; the note says so. */
export function withRows(given: Rewording): Rewording {
  const notes: string[] = [];
  const {subject} = given;
  const perRow = given.text.replace(
    /\b(?:(average|mean|median|typical) )?([\p{L}_" ]{1,40}?) (?:per|for each|of each|of every|of an?|in an?) ([a-z]+)\b/giu,
    (whole, how: string | undefined, what: string, noun: string) => {
      if (!isOneRow(noun.toLowerCase(), subject) || !endsInMeasure(what, subject)) return whole;
      notes.push(`“per ${noun}” was read as per row of ${subject.name}.`);
      return `${how ?? 'average'} ${what}`;
    },
  );
  const text = perRow.replace(plural, (word: string, _, at: number) => {
    const before = perRow.slice(0, at);
    if (/["“.@/-]$/.test(before) || !isRowWord(word.toLowerCase(), subject)) return word;
    if (!notes.some(note => note.includes(`“${word}”`)))
      notes.push(`“${word}” was read as the rows of ${subject.name}.`);
    return 'rows';
  });
  return {...given, text, notes: [...given.notes, ...notes]};
}

/** Not where the word can be a column, a value or the dataset. */
export function isRowWord(word: string, subject: Subject): boolean {
  const stem = singular(word);
  if (!rowNouns.has(stem) || subject.name.toLowerCase() === word || piecesOf(subject.name).includes(word)) return false;
  const index = indexOf(subject);
  const [form, value] = [formsOf(word), stemForm(word)];
  if (index.values.has(value) || index.values.has(valueSynonyms[value] ?? '\0')) return false;
  return !index.columns.some(({forms}) => matchName(form, forms, false) !== null);
}

/** True for a noun of which every row is one: not for "customer" where customers have several rows. */
function isOneRow(noun: string, subject: Subject): boolean {
  if (!namesRows(noun, subject) && !rowNouns.has(noun)) return false;
  const form = formsOf(noun);
  return subject.columns.every(({name, distinctCount, nullCount}) => {
    const pieces = formsOf(name).pieces.filter(piece => !/^(id|no|nr|number|key|code)$/.test(piece));
    const same = pieces.join('') === form.joined || matchName(form, formsOf(name), true) !== null;
    return !same || distinctCount >= subject.rows - nullCount;
  });
}

function endsInMeasure(what: string, subject: Subject): boolean {
  const last = what.replaceAll('"', '').trim().split(/\s+/).slice(-2);
  return indexOf(subject).columns.some(
    ({column, forms}) =>
      column.kind === 'number' &&
      [last.join(' '), last.at(-1) ?? ''].some(words => words !== '' && matchName(formsOf(words), forms, false)),
  );
}
