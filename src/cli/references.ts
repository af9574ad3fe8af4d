// Rows named in a question, "@sales[rows 10-20, price by price desc where region = 'North']": read, written and fetched.

import {UsageError} from '../core/errors.ts';
import {formatCount, nearest, printable} from '../core/text.ts';
import {quoteName, quoteText} from '../engine/sql-text.ts';

export type Sort = {column: string; descending: boolean};

/** `of` is a dataset, or the number of a result. Rows are counted from 1; `columns` empty means all. */
export type Reference = {
  of: string;
  first: number;
  last: number;
  columns: readonly string[];
  sort: Sort | null;
  filter: string | null;
};

export type FoundReference = Reference & {text: string; index: number};

/** More rows than this are a question for SQL and not for a reference. */
const mostRows = 10_000;

/** Every reference with brackets in `text`. @throws UsageError `reference.unreadable` for one that can't be read */
export function referencesIn(text: string): FoundReference[] {
  const found: FoundReference[] = [];
  for (const match of text.matchAll(/(?<![\w@])@(\w+)\[/g)) {
    const start = match.index + match[0].length;
    const end = closingBracket(text, start);
    if (end === null) throw unreadable(match[0]);
    const whole = text.slice(match.index, end + 1);
    found.push({...read(match[1] ?? '', text.slice(start, end), whole), text: whole, index: match.index});
  }
  return found;
}

/** The reference as it stands in a question; `referencesIn` reads it back. */
export function referenceText({of, first, last, columns, sort, filter}: Reference): string {
  const rows = first === last ? `row ${first}` : `rows ${first}-${last}`;
  const by = sort ? ` by ${word(sort.column)}${sort.descending ? ' desc' : ''}` : '';
  const where = filter === null ? '' : ` where ${filter}`;
  return `@${of}[${[rows, ...columns.map(word)].join(', ')}${by}${where}]`;
}

/** The rows as one SELECT. `source` is what stands behind FROM. */
export function referenceSql({first, last, columns, sort, filter}: Reference, source: string): string {
  const list = columns.length === 0 ? '*' : columns.map(quoteName).join(', ');
  return `SELECT ${list} FROM ${rowsOf(source, filter, sort)} LIMIT ${last - first + 1} OFFSET ${first - 1}`;
}

/** What stands behind FROM and before LIMIT for rows in this order; equal rows keep the order of the data. */
export function rowsOf(source: string, filter: string | null, sort: Sort | null): string {
  const where = filter === null ? '' : ` WHERE (${filter})`;
  if (!sort) return `${source}${where}`;
  const order = `${quoteName(sort.column)} ${sort.descending ? 'DESC' : 'ASC'} NULLS LAST, "row of data"`;
  const numbered = `(SELECT *, row_number() OVER () AS "row of data" FROM ${source}${where})`;
  return `(SELECT * EXCLUDE ("row of data") FROM (SELECT * FROM ${numbered} ORDER BY ${order}))`;
}

/** What stands behind FROM for a dataset. */
export function datasetSource(name: string): string {
  return quoteName(name);
}

/** A condition that is met by rows with `text` anywhere in them. */
export function anywhere(text: string, columns: readonly string[]): string {
  const pattern = quoteText(`%${text.replaceAll(/[\\%_]/g, '\\$&')}%`);
  return columns.map(name => `CAST(${quoteName(name)} AS VARCHAR) ILIKE ${pattern} ESCAPE '\\'`).join(' OR ');
}

function read(of: string, content: string, whole: string): Reference {
  const [, head = '', filter = null] = /^([\s\S]*?)(?:\swhere\s+([\s\S]+))?$/i.exec(content.trim()) ?? [];
  const [, list = '', by = '', direction = ''] =
    /^([\s\S]*?)(?:\sby\s+("(?:[^"]|"")*"|[^\s,]+)(?:\s+(asc|desc))?)?\s*$/i.exec(head) ?? [];
  const [rows = '', ...columns] = list.match(/"(?:[^"]|"")*"|[^,]+/g)?.map(each => each.trim()) ?? [];
  const [, from, to] = /^rows?\s+(\d{1,12})(?:\s*[-–]\s*(\d{1,12}))?$/i.exec(rows) ?? [];
  if (from === undefined) throw unreadable(whole);
  const first = Number(from);
  const last = Number(to ?? from);
  if (first < 1 || last < first) throw unreadable(whole);
  if (last - first >= mostRows)
    throw new UsageError('reference.too_long', `A reference takes at most ${formatCount(mostRows)} rows.`, {
      hint: 'Ask about the dataset itself, or use a condition.',
    });
  const sort = by === '' ? null : {column: bare(by), descending: direction.toLowerCase() === 'desc'};
  return {of, first, last, columns: columns.filter(Boolean).map(bare), sort, filter: filter?.trim() ?? null};
}

/** The index of the "]" that ends a reference; quoted text may hold others. */
function closingBracket(text: string, start: number): number | null {
  const token = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\[|\]/g;
  token.lastIndex = start;
  let depth = 0;
  for (let found = token.exec(text); found; found = token.exec(text)) {
    if (found[0] === '[') depth++;
    if (found[0] === ']' && depth-- === 0) return found.index;
  }
  return null;
}

function unreadable(text: string): UsageError {
  return new UsageError('reference.unreadable', `${printable(text, {oneLine: true})} can't be read as rows.`, {
    hint: 'Write @sales[rows 10-20] or @sales[rows 10-20, price, region by price desc where price > 5].',
  });
}

function word(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) && !/^(by|where|rows?)$/i.test(name) ? name : quoteName(name);
}

function bare(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
}

/** @throws UsageError `reference.unknown_column` for the first column that is not among `known` */
export function checkColumns({columns, sort, of}: Reference, known: readonly string[]): void {
  const wanted = [...columns, ...(sort ? [sort.column] : [])];
  const missing = wanted.find(name => !known.includes(name));
  if (missing === undefined) return;
  const near = nearest(missing, known, 3);
  throw new UsageError('reference.unknown_column', `${of} has no column ${printable(missing, {oneLine: true})}.`, {
    ...(near.length > 0 ? {hint: `Did you mean ${near.map(name => printable(name)).join(', ')}?`} : {}),
  });
}
