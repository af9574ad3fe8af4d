// What texts contain beside words: addresses, links, numbers, dates, tags, or what a regular expression asks for.

import {AbortedError, ToolError} from '../../core/errors.ts';
import {quoteName, quoteText} from '../../engine/sql-text.ts';
import {fromSql, type Reader, type Selection} from '../column-values.ts';

/** `group` is the part of the match that is taken; `keep` a condition on it, written of `m`. */
type Pattern = {name: string; regex: string; group: number; keep?: string};

const digits = "length(regexp_replace(m, '[^0-9]', '', 'g'))";
const dates = '\\d{4}-\\d{1,2}-\\d{1,2}|\\d{1,2}[./]\\d{1,2}[./]\\d{2,4}';

/** The expressions are RE2's, whose time grows with the length of a text only. */
const patterns: readonly Pattern[] = [
  {name: 'email', regex: '[\\p{L}\\p{N}._%+\\-]+@[\\p{L}\\p{N}\\-]+(?:\\.[\\p{L}\\p{N}\\-]+)*\\.\\p{L}{2,}', group: 0},
  {name: 'url', regex: '(?i)(?:https?://|www\\.)[^\\s<>"\']*[^\\s<>"\'.,;:!?)\\]]', group: 0},
  {
    name: 'phone',
    regex: '(?:^|[^\\p{L}\\p{N}.,/\\-])(\\+?\\(?\\d[\\d ().\\-/]{5,}\\d)',
    group: 1,
    keep: `${digits} BETWEEN 7 AND 15 AND (starts_with(m, '+') OR NOT regexp_full_match(m, '(?:${dates})(?: .*)?|\\d+(?:[.,]\\d+)?'))`,
  },
  {
    name: 'number',
    regex: '(?:^|[^\\p{L}\\p{N}_.,/:\\-])([+\\-]?\\d+(?:[.,]\\d+)*(?:[eE][+\\-]?\\d+)?)',
    group: 1,
  },
  {name: 'date', regex: `(?:^|[^\\d])(${dates})(?:$|[^\\d])`, group: 1},
  {name: 'hashtag', regex: '(?:^|[^\\p{L}\\p{N}_&/])(#[\\p{L}\\p{N}_]*[\\p{L}_][\\p{L}\\p{N}_]*)', group: 1},
  {name: 'mention', regex: '(?:^|[^\\p{L}\\p{N}_.@])(@[\\p{L}\\p{N}_]+)', group: 1},
];

/** `texts` hold the pattern at least once. `most` are the values that occur most. */
export type PatternCount = {name: string; matches: number; texts: number; most: {value: string; count: number}[]};

const shownValues = 5;

/** Counts every known pattern in one pass, then the most frequent values of those that occur. */
export async function countPatterns(reader: Reader, selection: Selection, column: string): Promise<PatternCount[]> {
  return counted(reader, selection, column, patterns);
}

/**
 * Counts what an expression of the user's matches; its first group where it has one.
 * @throws ToolError `text.bad_regex`, `text.time_limit`
 */
export async function countRegex(
  reader: Reader,
  selection: Selection,
  column: string,
  regex: string,
): Promise<PatternCount> {
  await reader.rows(`SELECT regexp_matches('', ${quoteText(regex)})`).catch(error => {
    if (!(error instanceof ToolError)) throw error;
    throw new ToolError('text.bad_regex', `The expression is not valid: ${error.message}`, {
      hint: 'RE2 syntax: no look-ahead, look-behind or back-references.',
    });
  });
  const withoutClasses = regex.replace(/\\./g, '').replace(/\[[^\]]*\]/g, '');
  const hasGroup = /\((?!\?(?!P?<))/.test(withoutClasses);
  const [found] = await counted(reader, selection, column, [{name: 'regex', regex, group: hasGroup ? 1 : 0}]);
  return found ?? {name: 'regex', matches: 0, texts: 0, most: []};
}

async function counted(
  reader: Reader,
  selection: Selection,
  column: string,
  wanted: readonly Pattern[],
): Promise<PatternCount[]> {
  const text = `${quoteName(column)}::VARCHAR`;
  const lists = wanted.map(each => `${matchesSql(text, each)} AS ${quoteName(each.name)}`);
  const sums = wanted.flatMap(({name}) => [
    `coalesce(sum(len(${quoteName(name)})), 0)::BIGINT`,
    `count(*) FILTER (len(${quoteName(name)}) > 0)`,
  ]);
  const [counts = []] = await reader.rows(
    `SELECT ${sums.join(', ')} FROM (SELECT ${lists.join(', ')} ${fromSql(selection)})`,
  );
  const found: PatternCount[] = [];
  for (const [index, each] of wanted.entries()) {
    const [matches, texts] = [Number(counts[2 * index]), Number(counts[2 * index + 1])];
    const values = `SELECT m, count(*) AS n FROM (SELECT unnest(${matchesSql(text, each)}) AS m ${fromSql(selection)}) GROUP BY m ORDER BY n DESC, m LIMIT ${shownValues}`;
    const most = matches === 0 ? [] : await reader.rows(values);
    found.push({
      name: each.name,
      matches,
      texts,
      most: most.map(([value, count]) => ({value: String(value), count: Number(count)})),
    });
  }
  return found;
}

function matchesSql(text: string, {regex, group, keep}: Pattern): string {
  const all = `regexp_extract_all(${text}, ${quoteText(regex)}, ${group})`;
  return keep === undefined ? all : `list_filter(${all}, lambda m: ${keep})`;
}

/** Runs work that may not take longer than `limitMs`. @throws ToolError `text.time_limit` */
export async function within<T>(
  limitMs: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = AbortSignal.timeout(limitMs);
  try {
    return await work(signal ? AbortSignal.any([signal, limit]) : limit);
  } catch (error) {
    if (!(error instanceof AbortedError) || !limit.aborted || signal?.aborted) throw error;
    throw new ToolError('text.time_limit', `The search took longer than ${limitMs / 1000} s and was stopped.`, {
      hint: 'Use a simpler expression, or fewer rows with where.',
    });
  }
}
