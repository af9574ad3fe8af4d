// How close a phrase is to the name of a column: split into pieces, brought to singular, compared piece by piece.

import type {Column} from '../../core/dataset.ts';
import {editDistance} from '../../core/text.ts';

/** "unit_price", "UnitPrice" and "unit price" all become ["unit", "price"], in lower case without accents. */
export function piecesOf(name: string): string[] {
  return name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(piece => piece !== '');
}

const irregular: Record<string, string> = {
  people: 'person',
  children: 'child',
  countries: 'country',
  men: 'man',
  women: 'woman',
  series: 'series',
  species: 'species',
  status: 'status',
  data: 'data',
  aged: 'age',
};

/** English plural to singular, roughly; words that only look plural ("class", "bus") stay. */
export function singular(word: string): string {
  const known = irregular[word];
  if (known) return known;
  if (word.length < 4 || !word.endsWith('s') || /(ss|us|is)$/.test(word)) return word;
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(sses|shes|ches|xes|zes)$/.test(word)) return word.slice(0, -2);
  return word.slice(0, -1);
}

// Words that mean the same as a column's name in most tables. The first of a group is only its label.
const synonymGroups = [
  ['sex', 'gender'],
  ['revenue', 'sale', 'turnover', 'income', 'amount'],
  ['quantity', 'qty', 'unit', 'volume'],
  ['date', 'day', 'when', 'datetime', 'timestamp'],
  ['temperature', 'temp'],
  ['customer', 'client', 'buyer', 'cust'],
  ['country', 'nation'],
  ['city', 'town'],
  ['rain', 'rainfall', 'precipitation', 'precip'],
  ['salary', 'wage', 'pay', 'compensation'],
  ['department', 'dept', 'division'],
  ['category', 'type', 'kind'],
  ['employee', 'staff', 'worker'],
  ['fare', 'ticket price'],
  ['latitude', 'lat'],
  ['longitude', 'lon', 'lng'],
  ['average', 'avg'],
  ['max', 'maximum'],
  ['min', 'minimum'],
  ['number', 'num', 'no', 'nr'],
  ['product', 'item', 'article'],
  ['gdp', 'gross domestic product'],
  ['dead', 'died', 'death'],
];

const takenAway =
  /^(?:refund|return|discount|rebate|tax|vat|fee|shipping|freight|cost|expense|tip|due|debt|loan|budget|target|goal|limit|min|max|minimum|maximum)$/;

/** A refund, a tax or a budget: an amount of money that is no revenue. */
export const isTakenAway = (pieces: readonly string[]) => pieces.some(piece => takenAway.test(piece));

const conceptOf = new Map(synonymGroups.flatMap(group => group.map(word => [word, group[0] ?? word] as const)));

export type NameForms = {name: string; pieces: string[]; joined: string; concepts: string[]};

export function formsOf(name: string): NameForms {
  const pieces = piecesOf(name).map(singular);
  return {name, pieces, joined: pieces.join(''), concepts: pieces.map(piece => conceptOf.get(piece) ?? piece)};
}

/** How a phrase was matched; `exact` and `same` need no remark, the others are said in the answer. */
export type MatchQuality = 'exact' | 'same' | 'part' | 'synonym' | 'spelling';

export type NameMatch = {score: number; quality: MatchQuality};

/** The likeness of a phrase to a name, 0.55 to 1, or null. `strict` accepts nothing but the same name. */
export function matchName(phrase: NameForms, column: NameForms, strict: boolean): NameMatch | null {
  if (phrase.name === column.name) return {score: 1, quality: 'exact'};
  if (phrase.joined === '' || column.joined === '') return null;
  if (phrase.joined === column.joined) return {score: 0.98, quality: 'same'};
  if (strict) return null;
  return synonymMatch(phrase, column) ?? partMatch(phrase, column) ?? spellingMatch(phrase, column);
}

function synonymMatch(phrase: NameForms, column: NameForms): NameMatch | null {
  const whole = conceptOf.get(phrase.pieces.join(' '));
  const concepts = whole ? [whole] : phrase.concepts;
  if (concepts.join(' ') === column.concepts.join(' ')) return {score: 0.86, quality: 'synonym'};
  const [only] = concepts;
  if (concepts.length === 1 && only && conceptOf.has(phrase.pieces[0] ?? '') && column.concepts.includes(only)) {
    if (only === 'revenue' && isTakenAway(column.pieces)) return null;
    const literal = column.pieces.includes(phrase.pieces[0] ?? '');
    if (!literal) return {score: column.concepts.at(-1) === only ? 0.66 : 0.6, quality: 'synonym'};
  }
  return null;
}

function partMatch(phrase: NameForms, column: NameForms): NameMatch | null {
  const {pieces} = phrase;
  if (pieces.every(piece => column.pieces.includes(piece)) && phrase.joined.length >= 2) {
    const share = pieces.length / column.pieces.length;
    const isHead = pieces.at(-1) === column.pieces.at(-1) ? 0.04 : 0;
    const isId = column.pieces.at(-1) === 'id' ? -0.02 : 0;
    return {score: 0.66 + 0.2 * share + isHead + isId, quality: 'part'};
  }
  if (pieces.length > 1 && phrase.joined.length > 5 && column.joined.startsWith(phrase.joined)) {
    return {score: 0.72, quality: 'part'};
  }
  const [piece] = pieces;
  if (pieces.length !== 1 || !piece || piece.length < 3) return null;
  const startsOne = column.pieces.some(other => other.startsWith(piece) && other.length - piece.length <= 9);
  if (startsOne) return {score: 0.62 + 0.1 * (piece.length / column.joined.length), quality: 'part'};
  if (piece.length >= 4 && column.joined.endsWith(piece)) return {score: 0.7, quality: 'part'};
  const stem = commonPrefix(piece, column.joined);
  if (stem >= 5 && stem >= 0.6 * Math.max(piece.length, column.joined.length)) return {score: 0.64, quality: 'part'};
  return null;
}

function spellingMatch(phrase: NameForms, column: NameForms): NameMatch | null {
  const whole = slip(phrase.joined, column.joined);
  if (whole !== null) return {score: 0.76 - 0.06 * whole, quality: 'spelling'};
  if (phrase.pieces.length !== 1) return null;
  const slips = column.pieces.map(piece => slip(phrase.joined, piece)).filter(count => count !== null);
  return slips.length > 0 ? {score: 0.66 - 0.06 * Math.min(...slips), quality: 'spelling'} : null;
}

/** The number of slips between two words when few enough for their length, else null. */
export function slip(a: string, b: string): number | null {
  const shortest = Math.min(a.length, b.length);
  if (shortest < 5 || Math.abs(a.length - b.length) > 2) return null;
  const distance = editDistance(a, b);
  return distance <= (shortest >= 7 ? 2 : 1) ? distance : null;
}

function commonPrefix(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

/** The column of exactly these words, apart from case, separators and plural. */
export function columnOf<Named extends Pick<Column, 'name'>>(words: string, columns: readonly Named[]): Named | null {
  const wanted = folded(words);
  return columns.find(column => folded(column.name) === wanted) ?? null;
}

/** A name in lower case, in the singular, with blanks for all separators. */
export function folded(name: string): string {
  return piecesOf(name)
    .map(piece => singular(piece.toLowerCase()))
    .join(' ');
}

/** `whole` is the text that `text` is a part of. Words that can only mean one column by a synonym or a form of its name ("sales", "survival") are put as that column. */
export function withColumnNames(
  text: string,
  {columns}: {columns: readonly Column[]},
  whole = text,
): {text: string; notes: string[]} {
  const notes: string[] = [];
  // The words of a name that stands there in full ("total charges") are no words for another.
  const said = ` ${folded(whole)} `;
  const written = columns
    .map(({name}) => folded(name))
    .filter(name => name.includes(' ') && said.includes(` ${name} `));
  const isWritten = (word: string) => written.some(name => name.split(' ').includes(folded(word)));
  const all = columns.map(column => ({column, forms: formsOf(column.name)}));
  const named = text.replace(/[\p{L}_]{3,}/gu, word => {
    if (isWritten(word)) return word;
    const forms = formsOf(word);
    const matches = all.flatMap(({column, forms: other}) => {
      const match = matchName(forms, other, false);
      // Of three letters only a whole piece: "LOS" of LOS_days.
      const isPiece = word.length > 3 || other.pieces.includes(forms.joined);
      return match && isPiece ? [{column, ...match}] : [];
    });
    const [best, second] = matches.sort((a, b) => b.score - a.score);
    const sure = best && best.score >= 0.6 && best.score < 0.9 && (second?.score ?? 0) < best.score - 0.05;
    if (!sure || !/^(synonym|part)$/.test(best.quality)) return word;
    notes.push(`“${word}” was read as the column ${best.column.name}.`);
    return best.column.name.toLowerCase();
  });
  return {text: named, notes};
}
