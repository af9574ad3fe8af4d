// Searches texts for words as they stand, ignoring case.

import {quoteName, quoteText} from '../../engine/sql-text.ts';
import {fromSql, type Reader, type Selection} from '../column-values.ts';

/** `examples` are short stretches around the first occurrence in some of the texts. */
export type FoundText = {wanted: string; texts: number; occurrences: number; examples: string[]};

const shownExamples = 5;
const around = 40;

export async function findText(
  reader: Reader,
  selection: Selection,
  column: string,
  wanted: string,
): Promise<FoundText> {
  const text = `${quoteName(column)}::VARCHAR`;
  const small = quoteText(wanted.toLowerCase());
  const inner = `SELECT ${text} AS x, lower(${text}) AS l ${fromSql(selection)}`;
  const times = `(length(l) - length(replace(l, ${small}, ''))) / length(${small})`;
  const [[texts, occurrences] = []] = await reader.rows(
    `SELECT count(*), coalesce(sum(${times}), 0)::BIGINT FROM (${inner}) WHERE contains(l, ${small})`,
  );
  const start = `greatest(1, instr(l, ${small}) - ${around})`;
  const stretch = `substring(x, ${start}::BIGINT, ${2 * around + wanted.length})`;
  const rows = await reader.rows(
    `SELECT ${stretch} FROM (${inner}) WHERE contains(l, ${small}) LIMIT ${shownExamples}`,
  );
  return {
    wanted,
    texts: Number(texts ?? 0),
    occurrences: Number(occurrences ?? 0),
    examples: rows.map(([example]) => String(example)),
  };
}
