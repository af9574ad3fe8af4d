// Reads tokens as items: columns, known values, periods, numbers and vocabulary. The longest and surest reading wins.

import type {Subject} from './intent.ts';
import {exactColumn, knownValue, likelyColumn, longestName, phraseAt, phraseText} from './lookups.ts';
import type {Meaning} from './meanings.ts';
import {formsOf, matchName, type NameForms, slip} from './names.ts';
import {dayLabel, monthLabel, monthOf, type Period, periodAt, weekdaysOf} from './periods.ts';
import {type ColumnMatch, indexOf, type KnownValue, type SchemaIndex} from './schema-index.ts';
import type {Token} from './tokens.ts';
import {isValueBeside, meansColumn} from './values-or-columns.ts';
import {correctable} from './vocabulary.ts';

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
  if (value && value.length <= 1 && meansColumn(tokens, at, value.values, index)) {
    const column = likelyColumn(tokens, at, index);
    if (column) return found(tokens, at, column.length, {kind: 'column', matches: column.matches, meaning: null});
  }
  if (value && (value.length > (phrase?.length ?? 0) || isValueBeside(tokens, at, value.values, index))) {
    return found(tokens, at, value.length, {kind: 'value', values: value.values, guessed: value.guessed});
  }
  if (period) return found(tokens, at, period.length, {kind: 'period', period: period.period});
  if (phrase) {
    const part = partOf(token, tokens[at - 1]);
    if (part) return found(tokens, at, 1, part);
    // The "draw rate" of matches is no wish for a drawing.
    const isDraw = token.lower === 'draw' && /^rates?$/.test(tokens[at + 1]?.lower ?? '');
    const rates = isDraw && index.columns.some(({forms}) => forms.pieces.includes('rate'));
    if (isDraw && !rates) return found(tokens, at, 1, {kind: 'word'});
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
