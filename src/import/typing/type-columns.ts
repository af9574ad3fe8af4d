// Decides the type of each text column by counting over all rows. A sample only proposes what to count: one value that
// does not fit keeps the column text, so nothing is ever lost.

import type {Cell, TypeEvidence} from '../../core/dataset.ts';
import {clip, formatCount, printable} from '../../core/text.ts';
import type {ImportEngine} from '../../engine/import-engine.ts';
import {quoteName, quoteText} from '../../engine/sql-text.ts';
import {kindOfCell} from '../cell-kinds.ts';
import type {DateOrder, MomentStyle} from './moments.ts';
import {momentStyles, partialStyles} from './moments.ts';
import type {NumberStyle} from './numbers.ts';
import {numberStyles} from './numbers.ts';

/** What pandas reads as missing. */
export const missingWords = ['', 'NA', 'N/A', 'n/a', 'NaN', 'nan', 'NULL', 'null', 'None', '#N/A', '-nan'];

/** Missing only where the rest of a column is numbers or dates: elsewhere they may mean something. */
const placeholders =
  '- -- ? . .. ... \\N na n.a. N.A. none NONE unknown Unknown UNKNOWN missing Missing MISSING undefined * — –'.split(
    ' ',
  );

export type TypingOptions = {
  keepText: ReadonlySet<string>;
  dateOrder: DateOrder | undefined;
  missing: readonly string[];
  decimalComma: boolean | null;
};

/** `value` is SQL for the cell without missing words; `convert` makes SQL for the typed value of (a column of) it. */
export type TypedColumn = {
  source: string;
  type: string;
  value: string;
  convert(value: string): string;
  notes: string[];
  evidence: TypeEvidence;
};

type Candidate = {
  type: string;
  sql(value: string): string;
  style: NumberStyle | MomentStyle | null;
  order: DateOrder | null;
};

const sampleRows = 2_000;
/** The planner's time grows faster than the number of columns in one statement. */
const columnsAtOnce = 32;

/** Types the VARCHAR columns named `sources` of the table `relation`. */
export async function typeColumns(
  engine: ImportEngine,
  relation: string,
  sources: readonly string[],
  options: TypingOptions,
  signal: AbortSignal,
): Promise<{columns: TypedColumn[]; rows: number; decimalComma: boolean}> {
  if (sources.length === 0) return {columns: [], rows: 0, decimalComma: false};
  const select = sources.map(quoteName).join(', ');
  const sample = (await engine.run(`SELECT ${select} FROM ${relation} LIMIT ${sampleRows}`, signal)).rows;
  const absent = new Set([...options.missing, ...placeholders]);
  const values = sources.map((_, column) => distinctValues(sample, column, absent));
  const decimalComma = options.decimalComma ?? values.some(usesDecimalComma);
  const candidates = values.map((each, column) =>
    options.keepText.has(sources[column] ?? '') ? [] : candidatesFor(each, decimalComma),
  );
  const missing = `(${options.missing.map(quoteText).join(', ')})`;
  const absentList = `(${[...absent].map(quoteText).join(', ')})`;
  const rows = Number((await engine.run(`SELECT count(*) FROM ${relation}`, signal)).rows[0]?.[0] ?? 0);
  const found: Cell[] = [];
  for (let start = 0; start < sources.length; start += columnsAtOnce) {
    const batch = sources.slice(start, start + columnsAtOnce);
    const parts = batch.map((source, at) =>
      countsOf(source, start + at, candidates[start + at] ?? [], missing, absentList),
    );
    const inner = `SELECT ${parts.map(part => part.inner).join(', ')} FROM ${relation}`;
    const counts = parts.flatMap(part => part.counts);
    found.push(...((await engine.run(`SELECT ${counts.join(', ')} FROM (${inner})`, signal)).rows[0] ?? []));
  }
  let at = 0;
  const take = () => found[at++] ?? null;
  const usual = usualOrder(candidates, options.dateOrder, decimalComma);
  const columns: TypedColumn[] = [];
  for (const [column, source] of sources.entries()) {
    const filled = Number(take());
    const checks = candidates[column] ?? [];
    const counted = checks.length > 0 ? Number(take()) : filled;
    const results = checks.map(candidate => ({candidate, fits: Number(take())}));
    const typed = decide({source, filled, counted, rows, missing, absentList}, results, usual);
    const near = typed.type === 'VARCHAR' ? nearest(results, counted) : null;
    if (near) {
      const value = `(CASE WHEN trim(${quoteName(source)}) IN ${absentList} THEN NULL ELSE trim(${quoteName(source)}) END)`;
      const misfit = `${value} IS NOT NULL AND ${near.candidate.sql(value)} IS NULL`;
      const [[example = null] = []] = (
        await engine.run(`SELECT ${quoteName(source)} FROM ${relation} WHERE ${misfit} LIMIT 1`, signal)
      ).rows;
      noteMisfits(typed, near, counted, example);
    } else if (typed.type === 'VARCHAR') noteFormats(typed, results, counted);
    columns.push(typed);
  }
  return {columns, rows, decimalComma};
}

/** What is counted of one column: its filled cells, and where there are candidates the cells in question and what fits each. */
function countsOf(
  source: string,
  column: number,
  checks: readonly Candidate[],
  missing: string,
  absentList: string,
): {inner: string; counts: string[]} {
  const cell = quoteName(source);
  const filled = `count(${cell}) FILTER (trim(${cell}) NOT IN ${missing})`;
  if (checks.length === 0) return {inner: cell, counts: [filled]};
  const value = `v${column}`;
  const inner = `${cell}, CASE WHEN trim(${cell}) IN ${absentList} THEN NULL ELSE trim(${cell}) END AS ${value}`;
  return {inner, counts: [filled, `count(${value})`, ...checks.map(candidate => `count(${candidate.sql(value)})`)]};
}

type Result = {candidate: Candidate; fits: number};

type Counted = {source: string; filled: number; counted: number; rows: number; missing: string; absentList: string};

function decide(column: Counted, results: Result[], usual: DateOrder): TypedColumn {
  const {source, filled, counted, rows} = column;
  const cell = quoteName(source);
  const fitting = results.filter(result => result.fits === counted && counted > 0);
  const best = fitting.find(({candidate}) => candidate.order === usual) ?? fitting[0];
  const evidence = {filled, missing: rows - filled, placeholders: 0, misfits: 0, misfitExample: null};
  if (!best) {
    const value = `CASE WHEN trim(${cell}) IN ${column.missing} THEN NULL ELSE ${cell} END`;
    return {source, type: 'VARCHAR', value, convert: text => text, notes: [], evidence};
  }
  const {type, style, order, sql} = best.candidate;
  const isNumber = style !== null && 'thousands' in style;
  const notes = isNumber ? [...style.notes] : [];
  if (counted < filled) notes.push(`${formatCount(filled - counted)} placeholders such as "-" or "?" read as missing`);
  const orders = new Set(fitting.flatMap(({candidate}) => candidate.order ?? []));
  if (orders.has('dmy') && orders.has('mdy'))
    notes.push(`ambiguous dates: read as ${order === 'dmy' ? 'day/month' : 'month/day'}; --date-order decides`);
  if (style !== null && !isNumber) notes.push(...style.notes);
  const value = `CASE WHEN trim(${cell}) IN ${column.absentList} THEN NULL ELSE trim(${cell}) END`;
  return {source, type, value, convert: sql, notes, evidence: {...evidence, placeholders: filled - counted}};
}

/** The type that all but a few values fit, if there is one. */
function nearest(results: readonly Result[], counted: number): Result | null {
  const [best] = results.toSorted((a, b) => b.fits - a.fits);
  return best && best.fits < counted && best.fits >= counted * 0.9 ? best : null;
}

function noteMisfits(typed: TypedColumn, near: Result, counted: number, example: Cell): void {
  const shown = clip(printable(String(example), {oneLine: true}), 40);
  const misfits = counted - near.fits;
  typed.notes.push(
    `kept as text: ${formatCount(misfits)} of ${formatCount(counted)} values are no ${near.candidate.type}, such as "${shown}"`,
  );
  typed.evidence = {...typed.evidence, misfits, misfitExample: shown};
}

/** Dates in several formats, none of which most values have. */
function noteFormats(typed: TypedColumn, results: readonly Result[], counted: number): void {
  const moments = results.filter(({candidate, fits}) => fits > 0 && isMoment(candidate));
  const [most] = moments.toSorted((a, b) => b.fits - a.fits);
  if (!most || moments.length < 2 || most.fits === counted) return;
  typed.notes.push(
    `kept as text: dates in several formats; the most frequent one fits ${formatCount(most.fits)} of ${formatCount(counted)} values`,
  );
  typed.evidence = {...typed.evidence, misfits: counted - most.fits};
}

function isMoment({type}: Candidate): boolean {
  return type === 'DATE' || type === 'TIME' || type.startsWith('TIMESTAMP');
}

function candidatesFor(values: readonly string[], decimalComma: boolean): Candidate[] {
  if (values.length === 0) return [];
  if (values.every(value => /^(?:true|false)$/i.test(value)))
    return [{type: 'BOOLEAN', sql: value => `TRY_CAST(${value} AS BOOLEAN)`, style: null, order: null}];
  // A few odd values may be typing errors: count them, so that the note can say how many.
  const numberLike = values.filter(value => /^[-+(]?[^\p{L}]{0,3}\d/u.test(value));
  const tested = numberLike.length >= values.length * 0.9 ? numberLike : values;
  const numbers = numberStyles(tested).sort((a, b) => preference(a, decimalComma) - preference(b, decimalComma));
  const strict = numbers.length > 0 ? numbers : tested === values ? [] : numberStyles(values);
  const fromNumbers = strict.map(style => ({
    type: style.whole ? 'BIGINT' : 'DOUBLE',
    sql: style.sql,
    style,
    order: null,
  }));
  const fromMoments = momentsOf(values).map(style => ({
    type: style.type,
    sql: style.sql,
    style,
    order: style.order,
  }));
  return [...fromNumbers, ...fromMoments].slice(0, 8);
}

/** Styles of all values; else, where most are moments, those of most, so that the note can say what is odd. */
function momentsOf(values: readonly string[]): MomentStyle[] {
  const whole = momentStyles(values);
  if (whole.length > 0) return whole;
  const moments = values.filter(value => kindOfCell(value) === 'moment');
  if (moments.length < values.length * 0.7) return [];
  const some = momentStyles(moments);
  return some.length > 0 ? some : partialStyles(moments).slice(0, 6);
}

/** "1,234" is thousands, unless the file writes decimals with a comma; "1.234" the other way round. */
function preference(style: NumberStyle, decimalComma: boolean): number {
  const commaStyle = style.decimal === ',';
  const plain = style.thousands === '' && style.whole ? 0 : 1;
  return plain + (commaStyle === decimalComma || plain === 0 ? 0 : 10) + (style.whole ? 0 : 1);
}

function usesDecimalComma(values: readonly string[]): boolean {
  if (!values.some(value => /\d,\d/.test(value))) return false;
  const styles = numberStyles(values);
  return styles.length > 0 && styles.every(style => style.decimal === ',');
}

function usualOrder(
  candidates: readonly Candidate[][],
  wanted: DateOrder | undefined,
  decimalComma: boolean,
): DateOrder {
  if (wanted) return wanted;
  for (const each of candidates) {
    const orders = new Set(each.flatMap(candidate => candidate.order ?? []));
    if (orders.size === 1) for (const order of orders) if (order !== 'ymd') return order;
  }
  return decimalComma || candidates.some(each => each.some(isPointDate)) ? 'dmy' : 'mdy';
}

/** 31.12.2024 is a form of countries that put the day first. */
function isPointDate(candidate: Candidate): boolean {
  return candidate.order === 'dmy' && candidate.style !== null && candidate.style.pattern.test('31.12.2024');
}

function distinctValues(rows: readonly Cell[][], column: number, absent: ReadonlySet<string>): string[] {
  const found = new Set<string>();
  for (const row of rows) {
    const cell = row[column];
    if (typeof cell !== 'string') continue;
    const value = cell.trim();
    if (!absent.has(value)) found.add(value);
  }
  return [...found];
}
