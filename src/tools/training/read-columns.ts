// Which columns of a dataset a model learns from and as what, and which ones no honest model should see.

import {columnNamed, isNumeric, numberSql} from '../../analysis/column-values.ts';
import {type Column, isMoment} from '../../core/dataset.ts';
import {ToolError} from '../../core/errors.ts';
import {quoteName} from '../../engine/sql-text.ts';
import type {RawColumn} from '../../models/raw-columns.ts';

/** A text column of no more different values is a category whatever its words. */
const fewCategories = 50;
/** Texts of so many words are prose rather than names. */
const wordsOfProse = 3;
/** Of the rows: with more different values a name is as good as a row number. */
const mostDistinctShare = 0.5;

/** What of a column goes in: the value itself, or a part of a moment. */
export type Input = {
  name: string;
  column: string;
  kind: RawColumn['kind'];
  part: string | null;
  sql: string;
  /** Set where a column of texts is read as these, with what is none missing. */
  tries?: 'number' | 'date';
};
export type Left = {column: string; why: string};

const dateParts = [
  ['days', (name: string) => `(epoch(${name}) / 86400)::DOUBLE`],
  ['year', (name: string) => `year(${name})::DOUBLE`],
  ['month', (name: string) => `month(${name})::DOUBLE`],
  ['weekday', (name: string) => `isodow(${name})::DOUBLE`],
  ['hour', (name: string) => `hour(${name})::DOUBLE`],
] as const;

/**
 * The inputs of a column; empty with a reason in `left` where it has none. `words` is the mean number of words of a text
 * column of many values (`wordCounts`).
 */
export function inputsOf(column: Column, rows: number, words: number | undefined, left: Left[]): Input[] {
  const {name, kind, distinctCount, nullCount, type} = column;
  const leave = (why: string): Input[] => {
    left.push({column: name, why});
    return [];
  };
  const present = rows - nullCount;
  if (present === 0) return leave('no values');
  if (distinctCount < 2 && nullCount === 0) return leave('one value only');
  switch (kind) {
    case 'number':
      if (/INT/.test(type) && distinctCount >= 0.98 * present && present > 50 && looksLikeId(name))
        return leave('an identifier');
      return [{name, column: name, kind: 'number', part: null, sql: numberSql(column)}];
    case 'boolean':
      return [{name, column: name, kind: 'number', part: null, sql: numberSql(column)}];
    case 'text':
      if (hasManyTexts(column) && (words ?? 0) < wordsOfProse && distinctCount > mostDistinctShare * present)
        return leave('a different text in nearly every row');
      return [
        {
          name,
          column: name,
          kind: hasManyTexts(column) && (words ?? 0) >= wordsOfProse ? 'text' : 'category',
          part: null,
          sql: `${quoteName(name)}::VARCHAR`,
        },
      ];
    case 'time':
      if (!isMoment(column)) return leave(`${type} is not used yet`);
      return dateParts
        .filter(([part]) => part !== 'hour' || type.startsWith('TIMESTAMP'))
        .map(([part, sql]) => ({
          name: `${name} (${part})`,
          column: name,
          kind: 'number',
          part,
          sql: sql(quoteName(name)),
        }));
    case 'nested':
      return leave(`${type} is not used yet`);
    default:
      return kind satisfies never;
  }
}

/** A part of a moment that is called as a column is gets a number. */
export function withOwnNames(inputs: readonly Input[]): Input[] {
  const taken = new Set(inputs.filter(({part}) => part === null).map(({name}) => name));
  return inputs.map(input => {
    if (input.part === null) return input;
    let {name} = input;
    for (let k = 2; taken.has(name); k++) name = `${input.name} ${k}`;
    taken.add(name);
    return {...input, name};
  });
}

/** Names, prose or keys: how many words they have tells which. */
export function hasManyTexts({kind, distinctCount}: Column): boolean {
  return kind === 'text' && distinctCount > fewCategories;
}

export function looksLikeId(name: string): boolean {
  return (
    /(^|[_ .-])(id|key|no|nr|number|index|uuid|row)s?$/i.test(name) ||
    /^(id|index|row)/i.test(name) ||
    /[a-z]Id$/.test(name)
  );
}

/**
 * The inputs of a kept model, read from another table of the same columns. With `texts` numbers and dates may stand in a column
 * of texts: what is none there is read as missing, and for whoever asked to count.
 * @throws ToolError `model.column_missing`, `model.column_kind`
 */
export function inputsAgain(
  kept: readonly Omit<Input, 'sql' | 'tries'>[],
  columns: readonly Column[],
  dataset: string,
  {texts = false} = {},
): Input[] {
  const missing = kept.filter(({column}) => !columns.some(({name}) => name === column)).map(({column}) => column);
  if (missing.length > 0)
    throw new ToolError(
      'model.column_missing',
      `${dataset} has no ${[...new Set(missing)].join(', ')}, which the model needs.`,
      {hint: missingHint(missing, columns)},
    );
  return kept.map(input => {
    const column = columnNamed(columns, input.column);
    // A column of no values has whatever type its reader thought of.
    if (isBlank(column)) return {...input, sql: input.kind === 'number' ? 'NULL::DOUBLE' : 'NULL::VARCHAR'};
    const part = dateParts.find(([name]) => name === input.part);
    if (texts && input.kind === 'number' && column.kind === 'text') {
      const tries = part ? 'date' : 'number';
      const sql = triedSql(column, tries);
      return {...input, tries, sql: part ? part[1](sql) : sql};
    }
    const fits = part ? column.kind === 'time' : input.kind !== 'number' || isNumeric(column);
    if (!fits)
      throw new ToolError(
        'model.column_kind',
        `${dataset}.${column.name} is ${column.type}; the model learnt from ${part ? 'dates' : 'numbers'}.`,
      );
    const name = quoteName(column.name);
    return {...input, sql: part ? part[1](name) : input.kind === 'number' ? numberSql(column) : `${name}::VARCHAR`};
  });
}

/** Names that differ in capitals and signs only are the likeliest mistake. */
function missingHint(missing: readonly string[], columns: readonly Column[]): string {
  const plain = (name: string) => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
  const meant = missing.flatMap(name => columns.find(column => plain(column.name) === plain(name))?.name ?? []);
  return meant.length > 0
    ? `It has ${meant.join(', ')}: give columns the names the model learnt.`
    : 'Rename its columns, or choose another dataset.';
}

/** Missing where the text is none; a date is one as the ISO writes it. */
export function triedSql({name}: {name: string}, wanted: 'number' | 'date'): string {
  return `TRY_CAST(${quoteName(name)} AS ${wanted === 'number' ? 'DOUBLE' : 'TIMESTAMP'})`;
}

function isBlank({min, max, kind}: Column): boolean {
  return min === null && max === null && kind !== 'nested';
}
