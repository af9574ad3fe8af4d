// How a text is cut into terms, as SQL, so that the engine does it for a million rows within its memory limit.

import {quoteName, quoteText} from '../../engine/sql-text.ts';
import {fromSql, type Selection} from '../column-values.ts';

/** Scripts without blanks between words: every character is a term, and n-grams make words of them. */
const unspaced = '\\p{Han}\\p{Hiragana}\\p{Katakana}\\p{Thai}\\p{Lao}\\p{Khmer}\\p{Myanmar}';

/**
 * Two or more letters, marks, digits or `_` of any script (scikit-learn's `\w\w+`, which lacks marks), or one character of a script
 * without blanks.
 */
const term = `(?:[^\\P{L}${unspaced}]|[\\p{M}\\p{N}_]){2,}|[${unspaced}]`;

export type TextSource = {selection: Selection; column: string; exclude: readonly string[]};

/** The lower-case terms of the column as a list, without the excluded ones. */
function termsSql({column, exclude}: TextSource): string {
  const all = `regexp_extract_all(lower(${quoteName(column)}::VARCHAR), ${quoteText(term)})`;
  if (exclude.length === 0) return all;
  const words = exclude.map(word => quoteText(word.toLowerCase())).join(', ');
  return `list_filter(${all}, lambda w: NOT list_contains([${words}], w))`;
}

/** `SELECT <extra,> w`: one row a text that is not missing, `w` its list of terms joined to n-grams of `size`. */
export function termLists(source: TextSource, size = 1, extra = ''): string {
  const from = fromSql(source.selection);
  const present = `${from} ${source.selection.where === undefined ? 'WHERE' : 'AND'} ${quoteName(source.column)} IS NOT NULL`;
  const lists = `SELECT ${extra}${termsSql(source)} AS w ${present}`;
  if (size === 1) return lists;
  // The list beside itself, moved by one and more: looking into the whole list from each place would square a long text.
  const moved = Array.from({length: size - 1}, (_, i) => `w[${i + 2}:]`).join(', ');
  const joined = Array.from({length: size}, (_, i) => `g[${i + 1}]`).join(" || ' ' || ");
  const gram = `list_transform(list_zip(w, ${moved}, true), lambda g: ${joined})`;
  return `SELECT * REPLACE (${gram} AS w) FROM (${lists})`;
}

/** Each term with how often it occurs and in how many texts, most frequent first, equal ones in order of the alphabet. */
export function topTermsSql(source: TextSource, size: number, top: number): string {
  const numbered = termLists(source, size, 'row_number() OVER () AS id, ');
  const single = `SELECT id, t, count(*) AS n FROM (SELECT id, unnest(w) AS t FROM (${numbered})) GROUP BY id, t`;
  return `SELECT t, sum(n)::BIGINT AS n, count(*) AS texts FROM (${single}) GROUP BY t ORDER BY n DESC, t LIMIT ${top}`;
}
