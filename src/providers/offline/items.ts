// Reads tokens as items: columns, known values, periods, numbers and vocabulary. The longest and surest reading wins.

import type {Subject} from './intent.ts';
import type {Meaning} from './meanings.ts';
import {formsOf, matchName, type NameForms, slip} from './names.ts';
import {dayLabel, monthLabel, monthOf, type Period, periodAt, weekdaysOf} from './periods.ts';
import {
  type ColumnMatch,
  indexOf,
  type KnownValue,
  type SchemaIndex,
  stemForm,
  valueForm,
  valueSynonyms,
} from './schema-index.ts';
import type {Token} from './tokens.ts';
import {correctable, grammarWords, phraseIndex} from './vocabulary.ts';

/** `used` is set once a reading has taken the item, so that what is left over can be told to the user. */
export type Item = {text: string; lower: string; used: boolean} & (
  | {kind: 'column'; matches: ColumnMatch[]; meaning: Meaning | null}
  | {kind: 'value'; values: KnownValue[]; guessed: boolean}
  | {kind: 'number'; value: number; percent: boolean; ordinal: boolean; token: Token}
  | {kind: 'period'; period: Period}
  | {kind: 'part'; part: 'month' | 'weekday'; values: number[]; label: string}
  | {kind: 'quoted'}
  | {kind: 'meaning'; meaning: Meaning}
  | {kind: 'dataset'}
  | {kind: 'word'}
);

const longestName = 6;

/** The items of a question about `subject`. `datasetNames` are recognised where they are spoken of as a dataset. */
export function readItems(tokens: Token[], subject: Subject, datasetNames: string[]): Item[] {
  const index = indexOf(subject);
  const datasets = datasetNames.map(formsOf);
  const items: Item[] = [];
  for (let at = 0; at < tokens.length; ) {
    const {item, length} = itemAt(tokens, at, index, datasets);
    items.push(item);
    at += length;
  }
  return items;
}

type Found = {item: Item; length: number};

function itemAt(tokens: Token[], at: number, index: SchemaIndex, datasets: NameForms[]): Found {
  const token = tokens[at];
  if (!token) return {item: {kind: 'word', text: '', lower: '', used: true}, length: 1};
  const exact = exactColumn(tokens, at, index);
  const phrase = phraseAt(tokens, at);
  const period = periodAt(tokens, at);
  const dataset = datasetAt(tokens, at, datasets);
  if (dataset && (!exact || spokenAsDataset(tokens, at))) {
    return found(tokens, at, dataset, {kind: 'dataset'});
  }
  // "ticket price" is the fare, though there is a column Ticket.
  const whole = exact?.length === 1 ? likelyColumn(tokens, at, index) : null;
  const [meant] = whole && whole.length > 1 ? whole.matches : [];
  if (
    whole &&
    meant?.quality === 'synonym' &&
    meant.score >= 0.86 &&
    meant.column.kind === 'number' &&
    isText(exact?.matches)
  )
    return found(tokens, at, whole.length, {kind: 'column', matches: whole.matches, meaning: null});
  if (exact && exact.length >= (phrase?.length ?? 0) && exact.length >= (period?.length ?? 0)) {
    const meaning = phrase && phrase.length === exact.length ? phrase.meaning : null;
    return found(tokens, at, exact.length, {kind: 'column', matches: exact.matches, meaning});
  }
  // "max temperature" is the column "max temp" rather than the maximum of something.
  const longer = phrase?.meaning.kind === 'aggregate' && phrase.length === 1 ? likelyColumn(tokens, at, index) : null;
  if (longer && longer.length > 1 && longer.score >= 0.85) {
    return found(tokens, at, longer.length, {kind: 'column', matches: longer.matches, meaning: null});
  }
  const value = knownValue(tokens, at, index);
  if (value && value.length > (phrase?.length ?? 0)) {
    return found(tokens, at, value.length, {kind: 'value', values: value.values, guessed: value.guessed});
  }
  if (period) return found(tokens, at, period.length, {kind: 'period', period: period.period});
  if (phrase) {
    const part = partOf(token, tokens[at - 1]);
    if (part) return found(tokens, at, 1, part);
    return found(tokens, at, phrase.length, {kind: 'meaning', meaning: phrase.meaning});
  }
  if (token.kind === 'quoted') return found(tokens, at, 1, {kind: 'quoted'});
  if (token.kind === 'number') {
    const {value: number = 0, percent = false, ordinal = false} = token;
    return found(tokens, at, 1, {kind: 'number', value: number, percent, ordinal, token});
  }
  return guessAt(tokens, at, index);
}

const isText = (matches: ColumnMatch[] | undefined) => matches?.every(({column}) => column.kind === 'text') ?? false;

/** What is in no table: a part of a column's name, a day or month, a misspelt value or word. */
function guessAt(tokens: Token[], at: number, index: SchemaIndex): Found {
  const token = tokens[at];
  if (!token) return found(tokens, at, 1, {kind: 'word'});
  const part = partOf(token, tokens[at - 1]);
  if (part) return found(tokens, at, 1, part);
  const column = likelyColumn(tokens, at, index);
  const correction = column && column.score >= 0.72 ? null : correct(token.lower);
  if (correction) return found(tokens, at, 1, {kind: 'meaning', meaning: correction});
  const value = misspeltValue(token, index);
  if (value && (!column || column.score < 0.7)) {
    return found(tokens, at, 1, {kind: 'value', values: value, guessed: true});
  }
  if (column) return found(tokens, at, column.length, {kind: 'column', matches: column.matches, meaning: null});
  return found(tokens, at, 1, {kind: 'word'});
}

type ItemKind = Item extends infer Each ? (Each extends Item ? Omit<Each, 'text' | 'lower' | 'used'> : never) : never;

function found(tokens: Token[], at: number, length: number, kind: ItemKind): Found {
  const text = tokens
    .slice(at, at + length)
    .map(token => token.text)
    .join(' ');
  return {item: {...kind, text, lower: text.toLowerCase(), used: false}, length};
}

function exactColumn(tokens: Token[], at: number, index: SchemaIndex) {
  for (let length = Math.min(longestName, tokens.length - at); length >= 1; length--) {
    const text = phraseText(tokens, at, length);
    if (text === null) continue;
    const forms = formsOf(text);
    const isGrammar = length === 1 && tokens[at]?.kind !== 'quoted' && grammarWords.has(text.toLowerCase());
    const isYear = length === 1 && tokens[at]?.kind === 'number' && !/[a-z]/i.test(text);
    const matches = index.columns.flatMap(({column, forms: other}) => {
      const match = matchName(forms, other, true);
      if (!match || (isGrammar && (match.quality !== 'exact' || text === text.toLowerCase()))) return [];
      return isYear && match.quality !== 'exact' ? [] : [{...match, column}];
    });
    if (matches.length > 0) return {matches: matches.sort((a, b) => b.score - a.score).slice(0, 3), length};
  }
  return null;
}

/** The words of a possible name, or null when a sign or date stands among them. */
function phraseText(tokens: Token[], at: number, length: number): string | null {
  const words: string[] = [];
  for (const token of tokens.slice(at, at + length)) {
    const connects = words.length > 0 && words.length < length - 1 && /^[_&/]$/.test(token.text);
    if (token.kind === 'sign' && !connects) return null;
    if (token.kind === 'date' || (token.kind === 'quoted' && length > 1)) return null;
    words.push(token.text);
  }
  return words.join(' ');
}

function likelyColumn(tokens: Token[], at: number, index: SchemaIndex) {
  let best: {matches: ColumnMatch[]; length: number; score: number} | null = null;
  for (let length = Math.min(4, tokens.length - at); length >= 1; length--) {
    if (tokens.slice(at, at + length).some(token => token.kind !== 'word' || isGrammarWord(token, length))) continue;
    const forms = formsOf(phraseText(tokens, at, length) ?? '');
    const matches = index.columns
      .flatMap(({column, forms: other}) => {
        const match = matchName(forms, other, false);
        return match && match.score >= (length > 1 ? 0.7 : 0.55) ? [{...match, column}] : [];
      })
      .sort((a, b) => b.score - a.score);
    const score = matches[0]?.score ?? 0;
    if (score > (best?.score ?? 0) + (best ? 0.05 : 0)) {
      best = {matches: matches.filter(match => match.score >= score - 0.09).slice(0, 4), length, score};
    }
  }
  return best;
}

/** Inside a longer name vocabulary is allowed ("total amount"), alone it is not. */
function isGrammarWord(token: Token, length: number): boolean {
  if (grammarWords.has(token.lower)) return true;
  if (length === 1) return false;
  const phrases = phraseIndex.get(token.lower);
  return phrases?.some(({words, meaning}) => words.length === 1 && meaning.kind !== 'aggregate') ?? false;
}

function phraseAt(tokens: Token[], at: number): {meaning: Meaning; length: number} | null {
  const candidates = tokens[at]?.kind === 'quoted' ? [] : (phraseIndex.get(tokens[at]?.lower ?? '') ?? []);
  for (const {words, meaning} of candidates) {
    if (words.every((word, offset) => tokens[at + offset]?.lower === word && tokens[at + offset]?.kind !== 'quoted')) {
      return {meaning, length: words.length};
    }
  }
  return null;
}

/** Very short values ("S", "no") are only known when quoted or written exactly so in capitals or digits. */
function knownValue(tokens: Token[], at: number, index: SchemaIndex) {
  for (let length = Math.min(5, tokens.length - at); length >= 1; length--) {
    const part = tokens.slice(at, at + length);
    if (part.some(token => token.kind === 'quoted') && length > 1) continue;
    const text = part.map(token => token.text).join(' ');
    const form = valueForm(text);
    const stem = stemForm(text);
    const values = index.values.get(form) ?? index.values.get(stem) ?? index.values.get(valueSynonyms[stem] ?? '\0');
    if (!values) continue;
    const quoted = part[0]?.kind === 'quoted';
    const sure = quoted || form.length > 2 || values.some(({value}) => value === text && /[A-Z0-9]/.test(value));
    if (!sure || (part[0]?.kind === 'number' && length === 1 && !quoted)) continue;
    const unique = values.filter((value, nth) => values.findIndex(other => other.column === value.column) === nth);
    return {values: unique, length, guessed: !index.values.has(form) && !index.values.has(stem)};
  }
  return null;
}

function misspeltValue(token: Token, index: SchemaIndex): KnownValue[] | null {
  if (token.kind !== 'word' || token.lower.length < 5) return null;
  for (const [form, values] of index.values) {
    // "unshipped" is no slip of "shipped" but its opposite.
    if (/^(?:un|non|in|dis|im)$/.test(token.lower.slice(0, -form.length)) && token.lower.endsWith(form)) return null;
    const distance = slip(form, token.lower);
    if (distance !== null && distance <= (token.lower.length >= 8 ? 2 : 1)) return values;
  }
  return null;
}

function correct(word: string): Meaning | null {
  if (word.length < 5) return null;
  return (
    correctable.find(
      candidate => slip(word, candidate.word) === 1 || (word.length >= 8 && slip(word, candidate.word) === 2),
    )?.meaning ?? null
  );
}

/** "in March", "on Mondays"; "may" alone stays a word unless "in" stands before it. */
function partOf(token: Token, before: Token | undefined): ItemKind | null {
  if (token.kind !== 'word') return null;
  const month = monthOf(token.lower);
  const ordinary = /^(may|mar|sun|sat|march|dec|oct|jan|jun)$/.test(token.lower);
  if (month !== null && (!ordinary || /^(in|during|for|of|since|every)$/.test(before?.lower ?? ''))) {
    return {kind: 'part', part: 'month', values: [month], label: monthLabel(month)};
  }
  const days = weekdaysOf(token.lower);
  if (!days) return null;
  const label = days.length === 1 ? dayLabel(days[0] ?? 1) : days.length === 2 ? 'weekends' : 'working days';
  return {kind: 'part', part: 'weekday', values: days, label};
}

function datasetAt(tokens: Token[], at: number, datasets: NameForms[]): number | null {
  for (let length = Math.min(longestName, tokens.length - at); length >= 1; length--) {
    const text = phraseText(tokens, at, length);
    if (text === null) continue;
    const forms = formsOf(text);
    if (datasets.some(dataset => matchName(forms, dataset, true))) return length;
  }
  return null;
}

/** "in sales", "describe sales", "sales dataset": the dataset is meant even where a column has the same name. */
function spokenAsDataset(tokens: Token[], at: number): boolean {
  const before = tokens[at - 1]?.lower ?? '';
  const after = tokens[at + 1]?.lower ?? '';
  return (
    /^(in|from|describe|profile|summarize|summarise|dataset|table|inside|within|use)$/.test(before) ||
    /^(dataset|table)$/.test(after)
  );
}
