// Which words stand for a missing value, and SQL that takes them out.

import {quoteText} from '../../engine/sql-text.ts';

/** What pandas reads as missing. */
export const missingWords = ['', 'NA', 'N/A', 'n/a', 'NaN', 'nan', 'NULL', 'null', 'None', '#N/A', '-nan'];

/** Missing only where the rest of a column is numbers or dates: elsewhere they may mean something. */
export const placeholders =
  '- -- ? . .. ... \\N na n.a. N.A. none NONE unknown Unknown UNKNOWN missing Missing MISSING undefined * — –'.split(
    ' ',
  );

/**
 * SQL for the cell, NULL where it is one of `words` with or without blanks around it. Looking at both ends of a cell is
 * much cheaper than trimming it and trying every word, so only what may be a word is.
 */
export function withoutWords(cell: string, words: Iterable<string>): string {
  return `CASE WHEN ${isNoWord(cell, words)} THEN ${cell} WHEN trim(${cell}) IN ${listOf(words)} THEN NULL ELSE ${cell} END`;
}

/** The same, without the blanks around what is left. */
export function trimmedWithoutWords(cell: string, words: Iterable<string>): string {
  return `CASE WHEN ${isNoWord(cell, words)} THEN ${cell} WHEN trim(${cell}) IN ${listOf(words)} THEN NULL ELSE trim(${cell}) END`;
}

export function listOf(words: Iterable<string>): string {
  return `(${[...words].map(quoteText).join(', ')})`;
}

function isNoWord(cell: string, words: Iterable<string>): string {
  const longest = Math.max(...[...words].map(word => Buffer.byteLength(word)));
  const hasNumbers = [...words].some(word => /^\d/.test(word));
  const isOther = `strlen(${cell}) > ${longest}${hasNumbers ? '' : ` OR (${cell} >= '0' AND ${cell} < ':')`}`;
  return `(${isOther}) AND NOT starts_with(${cell}, ' ') AND NOT ends_with(${cell}, ' ')`;
}
