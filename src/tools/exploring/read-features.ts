// The columns that rows are compared by, and their complete rows; says what was left out and why.

import {
  columnNamed,
  fromSql,
  levelSql,
  levelsOf,
  mostValues,
  numberSql,
  type Reader,
  type Selection,
} from '../../analysis/column-values.ts';
import type {Column, Dataset} from '../../core/dataset.ts';
import {currentVersion} from '../../core/dataset.ts';
import {ToolError} from '../../core/errors.ts';
import {formatCount} from '../../core/text.ts';
import {quoteName} from '../../engine/sql-text.ts';
import type {Category} from '../../models/clustering/profile.ts';
import {takeNumbers} from '../../models/raw-columns.ts';
import {type Left, looksLikeId} from '../training/read-columns.ts';

/** Unless named, a column with a larger share of missing values is left out instead of its rows. */
const mostMissing = 0.2;
const mostLevels = 20;
const mostDescribed = 6;

/**
 * `columns[j][i]` are the complete rows in their order; row i is row `places[i]` of the selection, which has `total` rows.
 * `categories` describe the same rows and took no part. Each feature is `sql` as DOUBLE.
 */
export type Features = {
  names: string[];
  sql: string[];
  columns: Float64Array[];
  places: Uint32Array;
  total: number;
  left: Left[];
  categories: Category[];
};

/** `described`: the columns that tell of the rows without taking part; "categories" are those of few values. */
export type FeatureRequest = {
  named?: readonly string[] | undefined;
  described: 'categories' | readonly string[];
  least?: number;
};

/** @throws ToolError `explore.no_columns`, `analysis.unknown_column`, `analysis.not_numeric`, `analysis.too_many_values` */
export async function readFeatures(
  reader: Reader,
  dataset: Dataset,
  where: string | undefined,
  {named, described, least = 1}: FeatureRequest,
): Promise<Features> {
  const {columns: all, rows} = currentVersion(dataset);
  const left: Left[] = [];
  const used = named ? [...new Set(named)].map(name => columnNamed(all, name)) : measuresOf(all, rows, left);
  if (used.length < least)
    throw new ToolError(
      'explore.no_columns',
      `${dataset.name} has ${used.length === 0 ? 'no number column' : 'one number column'} to compare rows by; ${least} ${least === 1 ? 'is' : 'are'} needed.`,
      {
        hint:
          left.length > 0
            ? `Left out: ${leftText(left)}.${left.some(isNameable) ? ' Name columns to use them.' : ''}`
            : 'Choose another dataset.',
      },
    );
  const sql = used.map(numberSql);
  const others =
    described === 'categories'
      ? all.filter(column => isDescribing(column) && !used.includes(column))
      : described.map(name => columnNamed(all, name));
  const selection: Selection = {dataset: dataset.name, where};
  const levels: string[][] = [];
  // What only tells of the rows gives way to what compares them.
  const room = where === undefined ? Math.max(0, Math.floor(mostValues / rows) - used.length) : mostDescribed;
  for (const column of others.slice(0, Math.min(mostDescribed, room)))
    levels.push(await levelsOf(reader, selection, column));
  const codes = levels.map((each, j) => levelSql(others[j] ?? {name: '', type: '', kind: 'text'}, each));
  const values = await reader.numbers(selection, [...sql, ...codes]);
  const total = values[0]?.length ?? 0;
  const features = values.slice(0, used.length);
  const places = completeRows(features, total);
  return {
    names: used.map(({name}) => name),
    sql,
    columns: features.map(column => takeNumbers(column, places)),
    places,
    total,
    left,
    categories: levels.map((each, j) => ({
      name: others[j]?.name ?? '',
      levels: each,
      codes: takeNumbers(values[used.length + j] ?? new Float64Array(total).fill(Number.NaN), places),
    })),
  };
}

/** Plain loops: the chat waits for them. */
function completeRows(columns: readonly Float64Array[], total: number): Uint32Array {
  const lacks = new Uint8Array(total);
  for (const column of columns) for (let i = 0; i < total; i++) if (!Number.isFinite(column[i])) lacks[i] = 1;
  const places = new Uint32Array(total);
  let count = 0;
  for (let i = 0; i < total; i++) if (lacks[i] === 0) places[count++] = i;
  return places.slice(0, count);
}

const oneValue = 'one value only';

/** Left out for what it holds, not for what it is: whoever names it gets it. */
function isNameable({why}: Left): boolean {
  const never: readonly string[] = [oneValue, ...Object.values(kindWords)];
  return !never.includes(why);
}

/** The number columns that measure something. */
function measuresOf(columns: readonly Column[], rows: number, left: Left[]): Column[] {
  return columns.filter(column => {
    const {name, kind, type, distinctCount, nullCount} = column;
    if (kind !== 'number') {
      if (kind === 'text' || kind === 'boolean' || kind === 'time') left.push({column: name, why: kindWords[kind]});
      return false;
    }
    const present = rows - nullCount;
    const numbersRows = /INT/.test(type) && distinctCount >= 0.9 * present && looksLikeId(name);
    const why = column.computed
      ? 'computed by a model'
      : distinctCount < 2
        ? oneValue
        : numbersRows
          ? 'an identifier'
          : distinctCount === 2
            ? 'two values only'
            : nullCount > mostMissing * rows
              ? `${formatCount(nullCount)} missing`
              : null;
    if (why !== null) left.push({column: name, why});
    return why === null;
  });
}

const kindWords = {text: 'text', boolean: 'yes/no', time: 'date'} as const;

function isDescribing({kind, distinctCount}: Column): boolean {
  return (kind === 'text' || kind === 'boolean') && distinctCount >= 2 && distinctCount <= mostLevels;
}

const mostListed = 20;

/** The first of many, and how many more there are. */
export function listed(names: readonly string[]): string {
  const more = names.length - mostListed;
  return more <= 1 ? names.join(', ') : `${names.slice(0, mostListed).join(', ')} and ${formatCount(more)} more`;
}

export function leftText(left: readonly Left[]): string {
  return listed(left.map(({column, why}) => `${column} (${why})`));
}

/** `values[i]` (null: NULL) for row i. */
export type NewColumn = {name: string; type: 'INTEGER' | 'DOUBLE'; values: readonly (number | null)[]};

/**
 * One SELECT of the rows of the selection with columns more. The numbers stand in the text, so the receipt and the lineage hold all of it.
 */
export function withValuesSql(selection: Selection, columns: readonly NewColumn[]): string {
  const added = columns.map(({name, type, values}) => {
    const place = `string_split('${values.map(value => value ?? '').join(' ')}', ' ')[row_number() OVER ()]`;
    return `nullif(${place}, '')::${type} AS ${quoteName(name)}`;
  });
  return `SELECT *, ${added.join(', ')} ${fromSql(selection)}`;
}
