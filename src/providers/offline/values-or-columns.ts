// A word that is a value and something else besides: part of a column's name ("discount"), or a word of the language ("GET").

import {formsOf, matchName} from './names.ts';
import type {KnownValue, SchemaIndex} from './schema-index.ts';
import {valueForm} from './schema-index.ts';
import type {Token} from './tokens.ts';
import {phraseIndex} from './vocabulary.ts';

const passed = /^(?:of|the|a|an|in|on|between)$/;
const goesOn = /^(?:by|per|over|across|vs|versus|distribution|histogram|outliers|trend|>|<|>=|<=|=)$/;
const relates = /^(?:correlat\w*|relationship|scatter|affects?|influences?|regress\w*)$/;

/**
 * "average discount", "discount above 10", "correlation of discount and rating": the number column discount_pct, though a
 * category is called Discount. Written as the value is, in capitals, or beside a noun of the rows, it is the value.
 */
export function meansColumn(tokens: Token[], at: number, values: KnownValue[], {columns}: SchemaIndex): boolean {
  const token = tokens[at];
  if (token?.kind !== 'word' || (at > 0 && isWrittenSo(token, values))) return false;
  const forms = formsOf(token.text);
  const numbers = columns.filter(({column, forms: other}) => {
    const match = column.kind === 'number' ? matchName(forms, other, false) : null;
    return match !== null && match.quality !== 'spelling' && match.score >= 0.7;
  });
  if (numbers.length === 0) return false;
  const next = tokens[at + 1]?.lower ?? '';
  if (compares(tokens, at + 1) || (at === 0 && goesOn.test(next))) return true;
  // "no discount" is of the number: of the category it would be "not Discount".
  if (/^(?:no|without)$/.test(tokens[at - 1]?.lower ?? '')) return true;
  if (tokens.some(({lower}) => relates.test(lower))) return true;
  let before = at - 1;
  while (before >= 0 && passed.test(tokens[before]?.lower ?? '')) before--;
  return aggregates(tokens[before]);
}

const isWrittenSo = ({text}: Token, values: KnownValue[]) =>
  /\p{Lu}/u.test(text) && values.some(({value}) => value === text);

function aggregates(token: Token | undefined): boolean {
  const meanings = phraseIndex.get(token?.lower ?? '') ?? [];
  return meanings.some(
    ({words, meaning}) =>
      words.length === 1 &&
      ((meaning.kind === 'aggregate' && meaning.fn !== 'count') ||
        meaning.kind === 'superlative' ||
        (meaning.kind === 'cue' && /^(?:distribution|histogram|outliers|box)$/.test(meaning.cue))),
  );
}

/** "above 10", "is 20", "over 30 %". */
function compares(tokens: Token[], at: number): boolean {
  const meanings = phraseIndex.get(tokens[at]?.lower ?? '') ?? [];
  const found = meanings.find(
    ({words, meaning}) =>
      (meaning.kind === 'operator' || meaning.kind === 'between') &&
      words.every((word, offset) => tokens[at + offset]?.lower === word),
  );
  return found !== undefined && tokens[at + found.words.length]?.kind === 'number';
}

/** "GET" as the value is written, in capitals beside words in small letters, or set against another value: "get and post". */
export function isValueBeside(tokens: Token[], at: number, values: KnownValue[], index: SchemaIndex): boolean {
  const token = tokens[at];
  if (token?.kind !== 'word') return false;
  const shouted = token.text === token.text.toUpperCase() && /\p{Lu}{2}/u.test(token.text);
  const others = tokens.some(({text, kind}) => kind === 'word' && /\p{Ll}/u.test(text));
  if (shouted && others && isWrittenSo(token, values)) return true;
  const isJoint = (place: number) => /^(?:and|or|vs|versus|,|than)$/.test(tokens[place]?.lower ?? '');
  const holds = (place: number) =>
    (index.values.get(valueForm(tokens[place]?.text ?? '')) ?? []).some(known =>
      values.some(({column}) => column === known.column),
    );
  return (isJoint(at + 1) && holds(at + 2)) || (isJoint(at - 1) && holds(at - 2));
}
