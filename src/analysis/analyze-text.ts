// What a column of texts holds: lengths, terms, n-grams, terms that set groups apart, patterns, and where a word stands.

import type {Column} from '../core/dataset.ts';
import {ToolError} from '../core/errors.ts';
import type {SqlEngine} from '../engine/sql-engine.ts';
import {quoteName} from '../engine/sql-text.ts';
import {columnNamed, createReader, fromSql, type Reader, type Selection} from './column-values.ts';
import {type FoundText, findText} from './text/find-text.ts';
import {countGroups, type GroupTerm, groupTerms} from './text/group-terms.ts';
import {countPatterns, countRegex, type PatternCount, within} from './text/patterns.ts';
import {type TextSource, termLists, topTermsSql} from './text/tokens.ts';

export type TextRequest = {
  columns: readonly Column[];
  column: string;
  group?: string | undefined;
  find?: string | undefined;
  regex?: string | undefined;
  /** Terms up to so many in a row. */
  ngrams?: number | undefined;
  top?: number | undefined;
  /** Words that are no terms. */
  exclude?: readonly string[] | undefined;
  limitMs?: number | undefined;
};

/** `sd` is the sample's. Of all texts that are not missing. */
export type Spread = {min: number; mean: number; sd: number | null; median: number; max: number};
export type TermCount = {term: string; count: number; texts: number};

/** `terms[0]` are single terms, `terms[1]` pairs, and so on. Without texts `characters` and `words` are null. */
export type TextAnswer = {
  column: string;
  group: string | null;
  rows: number;
  missing: number;
  blank: number;
  distinct: number;
  vocabulary: number;
  characters: Spread | null;
  words: Spread | null;
  terms: TermCount[][];
  groupTerms: GroupTerm[];
  groupCount: number;
  patterns: PatternCount[];
  regex: PatternCount | null;
  found: FoundText | null;
  sql: string[];
};

const mostGroups = 50;
const usualLimitMs = 120_000;

/** @throws ToolError `text.not_text`, `text.too_many_groups`, `text.bad_regex`, `text.time_limit`, `analysis.unknown_column` */
export function analyzeText(
  engine: SqlEngine,
  selection: Selection,
  request: TextRequest,
  signal?: AbortSignal,
): Promise<TextAnswer> {
  const column = columnNamed(request.columns, request.column);
  if (column.kind !== 'text')
    throw new ToolError('text.not_text', `"${column.name}" is ${column.type}, not text.`, {
      hint: 'Choose a text column, or cast it with run_sql and save_as.',
    });
  const group = request.group === undefined ? null : columnNamed(request.columns, request.group);
  return within(request.limitMs ?? usualLimitMs, signal, async limited => {
    const reader = createReader(engine, limited);
    const source = {selection, column: column.name, exclude: request.exclude ?? []};
    const {ngrams = 2, top = 15} = request;
    const groupCount = group ? await countGroups(reader, source, group.name) : 0;
    if (groupCount > mostGroups)
      throw new ToolError(
        'text.too_many_groups',
        `"${group?.name}" has ${groupCount} different values, at most ${mostGroups} can be compared.`,
      );
    const overview = await overviewOf(reader, source);
    const terms: TermCount[][] = [];
    for (let size = 1; size <= ngrams; size++) terms.push(await topTerms(reader, source, size, top));
    return {
      column: column.name,
      group: group?.name ?? null,
      ...overview,
      terms,
      groupTerms: group ? await groupTerms(reader, source, group.name, top) : [],
      groupCount,
      patterns: await countPatterns(reader, selection, column.name),
      regex: request.regex === undefined ? null : await countRegex(reader, selection, column.name, request.regex),
      found: request.find === undefined ? null : await findText(reader, selection, column.name, request.find),
      sql: reader.sql,
    };
  });
}

async function overviewOf(reader: Reader, source: TextSource) {
  const text = `${quoteName(source.column)}::VARCHAR`;
  const from = fromSql(source.selection);
  const spread = (of: string) => `min(${of}), avg(${of}), stddev_samp(${of}), median(${of}), max(${of})`;
  const blank = `count(*) FILTER (regexp_full_match(${text}, '[\\s\\p{Z}]*'))`;
  const [[rows, missing, blanks, distinct, ...characters] = []] = await reader.rows(
    `SELECT count(*), count(*) - count(${text}), ${blank}, count(DISTINCT ${text}), ${spread(`length(${text})`)} ${from}`,
  );
  const [[vocabulary, ...words] = []] = await reader.rows(
    `WITH lists AS MATERIALIZED (${termLists(source)}) SELECT (SELECT count(DISTINCT t) FROM (SELECT unnest(w) AS t FROM lists)), ${spread('len(w)')} FROM lists`,
  );
  const spreadOf = (cells: readonly unknown[]): Spread | null => {
    if (cells[0] === null || cells[0] === undefined) return null;
    const [min = 0, mean = 0, , median = 0, max = 0] = cells.map(Number);
    return {min, mean, sd: cells[2] === null ? null : Number(cells[2]), median, max};
  };
  return {
    rows: Number(rows),
    missing: Number(missing),
    blank: Number(blanks),
    distinct: Number(distinct),
    vocabulary: Number(vocabulary ?? 0),
    characters: spreadOf(characters),
    words: spreadOf(words),
  };
}

async function topTerms(reader: Reader, source: TextSource, size: number, top: number): Promise<TermCount[]> {
  const rows = await reader.rows(topTermsSql(source, size, top));
  return rows.map(([term, count, texts]) => ({term: String(term), count: Number(count), texts: Number(texts)}));
}
