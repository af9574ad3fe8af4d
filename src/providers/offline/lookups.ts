// Looks the words of a question up: columns by name, frequent values, phrases of the vocabulary. Each gives how many words it took.

import type {Meaning} from './meanings.ts';
import {formsOf, matchName} from './names.ts';
import {type ColumnMatch, type SchemaIndex, stemForm, valueForm, valueSynonyms} from './schema-index.ts';
import type {Token} from './tokens.ts';
import {grammarWords, phraseIndex} from './vocabulary.ts';

/** Words of the longest name that is looked up. */
export const longestName = 6;

export function exactColumn(tokens: Token[], at: number, index: SchemaIndex) {
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
export function phraseText(tokens: Token[], at: number, length: number): string | null {
  const words: string[] = [];
  for (const token of tokens.slice(at, at + length)) {
    const connects = words.length > 0 && words.length < length - 1 && /^[_&/]$/.test(token.text);
    if (token.kind === 'sign' && !connects) return null;
    if (token.kind === 'date' || (token.kind === 'quoted' && length > 1)) return null;
    words.push(token.text);
  }
  return words.join(' ');
}

export function likelyColumn(tokens: Token[], at: number, index: SchemaIndex) {
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

export function phraseAt(tokens: Token[], at: number): {meaning: Meaning; length: number} | null {
  const candidates = tokens[at]?.kind === 'quoted' ? [] : (phraseIndex.get(tokens[at]?.lower ?? '') ?? []);
  for (const {words, meaning} of candidates) {
    if (words.every((word, offset) => tokens[at + offset]?.lower === word && tokens[at + offset]?.kind !== 'quoted')) {
      return {meaning, length: words.length};
    }
  }
  return null;
}

/** Very short values ("S", "no") are only known when quoted or written exactly so in capitals or digits. */
export function knownValue(tokens: Token[], at: number, index: SchemaIndex) {
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
