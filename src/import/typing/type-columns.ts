// Decides the type of each text column by counting over all rows. A sample only proposes what to count: one value that
// does not fit keeps the column text, so nothing is ever lost.

import type {Cell, TypeEvidence} from '../../core/dataset.ts';
import {clip, formatCount, printable} from '../../core/text.ts';
import type {ImportEngine} from '../../engine/import-engine.ts';
import {quoteName} from '../../engine/sql-text.ts';
import type {Candidate} from './candidates.ts';
import {candidatesFor, distinctValues, usesDecimalComma, usualOrder} from './candidates.ts';
import {listOf, placeholders, trimmedWithoutWords, withoutWords} from './missing.ts';
import type {DateOrder} from './moments.ts';

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

const sampleRows = 2_000;
const sampleCells = 400_000;
const leastSampleRows = 100;
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
  const limit = Math.max(leastSampleRows, Math.min(sampleRows, Math.floor(sampleCells / sources.length)));
  const sample = (await engine.run(`SELECT ${select} FROM ${relation} LIMIT ${limit}`, signal)).rows;
  const absent = new Set([...options.missing, ...placeholders]);
  const values = sources.map((_, column) => distinctValues(sample, column, absent));
  const decimalComma = options.decimalComma ?? values.some(usesDecimalComma);
  const candidates = values.map((each, column) =>
    options.keepText.has(sources[column] ?? '') ? [] : candidatesFor(each, decimalComma),
  );
  const words = {missing: options.missing, absent};
  const rows = Number((await engine.run(`SELECT count(*) FROM ${relation}`, signal)).rows[0]?.[0] ?? 0);
  const count = (wanted: readonly Wanted[]) => countCells(engine, relation, wanted, words, signal);
  // The likeliest type of each column alone first: where it fits all cells, and no other could, that is all to know.
  const first = await count(sources.map((source, at) => ({source, checks: (candidates[at] ?? []).slice(0, 1)})));
  const open = sources.flatMap((source, at) => {
    const checks = (candidates[at] ?? []).slice(1);
    const {counted = 0, fits = []} = first[at] ?? {};
    const isOpen = fits[0] !== counted || checks.some(({order}) => order === 'dmy' || order === 'mdy');
    return isOpen && checks.length > 0 ? [{source, at, checks}] : [];
  });
  const rest = new Map((await count(open)).map((counts, index) => [open[index]?.at, counts.fits]));
  const usual = usualOrder(candidates, options.dateOrder, decimalComma);
  const columns: TypedColumn[] = [];
  for (const [column, source] of sources.entries()) {
    const {filled = 0, counted = 0, fits = []} = first[column] ?? {};
    const results = [...fits, ...(rest.get(column) ?? [])].flatMap((fit, at) => {
      const candidate = candidates[column]?.[at];
      return candidate ? [{candidate, fits: fit}] : [];
    });
    const typed = decide({source, filled, counted, rows, ...words}, results, usual);
    const near = typed.type === 'VARCHAR' ? nearest(results, counted) : null;
    if (near) {
      const value = `(${trimmedWithoutWords(quoteName(source), absent)})`;
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

type Words = {missing: readonly string[]; absent: ReadonlySet<string>};

type Wanted = {source: string; checks: readonly Candidate[]};

/** Of one column: its filled cells, those in question (no placeholders), and how many of these fit each candidate. */
type Counts = {filled: number; counted: number; fits: number[]};

async function countCells(
  engine: ImportEngine,
  relation: string,
  wanted: readonly Wanted[],
  words: Words,
  signal: AbortSignal,
): Promise<Counts[]> {
  const counts: Counts[] = [];
  for (let start = 0; start < wanted.length; start += columnsAtOnce) {
    const batch = wanted.slice(start, start + columnsAtOnce);
    const parts = batch.map(({source, checks}, at) => countsOf(source, `v${at}`, checks, words));
    const inner = `SELECT ${parts.map(part => part.inner).join(', ')} FROM ${relation}`;
    const list = parts.flatMap(part => part.counts).join(', ');
    const found = (await engine.run(`SELECT ${list} FROM (${inner})`, signal)).rows[0] ?? [];
    let at = 0;
    for (const {counts: asked} of parts) {
      const numbers = asked.map(() => Number(found[at++]));
      const [filled = 0, counted = filled, ...fits] = numbers;
      counts.push({filled, counted, fits});
    }
  }
  return counts;
}

function countsOf(
  source: string,
  value: string,
  checks: readonly Candidate[],
  {missing, absent}: Words,
): {inner: string; counts: string[]} {
  const cell = quoteName(source);
  if (checks.length === 0) return {inner: `${withoutWords(cell, missing)} AS ${value}`, counts: [`count(${value})`]};
  const placed = `sum(CASE WHEN ${value} IS NULL AND ${cell} IS NOT NULL THEN (trim(${cell}) NOT IN ${listOf(missing)})::INT ELSE 0 END)`;
  return {
    inner: `${cell}, ${trimmedWithoutWords(cell, absent)} AS ${value}`,
    counts: [
      `count(${value}) + coalesce(${placed}, 0)`,
      `count(${value})`,
      ...checks.map(candidate => `count(${candidate.sql(value)})`),
    ],
  };
}

type Result = {candidate: Candidate; fits: number};

type Counted = Words & {source: string; filled: number; counted: number; rows: number};

function decide(column: Counted, results: Result[], usual: DateOrder): TypedColumn {
  const {source, filled, counted, rows} = column;
  const cell = quoteName(source);
  const fitting = results.filter(result => result.fits === counted && counted > 0);
  const best = fitting.find(({candidate}) => candidate.order === usual) ?? fitting[0];
  const evidence = {filled, missing: rows - filled, placeholders: 0, misfits: 0, misfitExample: null};
  if (!best) {
    const value = withoutWords(cell, column.missing);
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
  const value = trimmedWithoutWords(cell, column.absent);
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
