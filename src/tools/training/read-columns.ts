// Reads the columns of a dataset as what a recipe takes, and says which ones no honest model should see.

import {
  columnNamed,
  fromSql,
  isNumeric,
  numberSql,
  type Reader,
  readNumbers,
  type Selection,
} from '../../analysis/column-values.ts';
import type {Column, TableColumn} from '../../core/dataset.ts';
import {ToolError} from '../../core/errors.ts';
import {formatCount} from '../../core/text.ts';
import {quoteName} from '../../engine/sql-text.ts';
import type {RawColumn} from '../../models/recipe.ts';

/** A text column with more different values is free text or names: one feature a value would only be learnt by heart. */
const mostCategories = 50;
const mostTextCells = 20_000_000;

/** What of a column goes in: the value itself, or a part of a moment. */
export type Input = {name: string; column: string; kind: RawColumn['kind']; part: string | null; sql: string};
export type Left = {column: string; why: string};

const dateParts = [
  ['year', (name: string) => `year(${name})::DOUBLE`],
  ['month', (name: string) => `month(${name})::DOUBLE`],
  ['weekday', (name: string) => `isodow(${name})::DOUBLE`],
] as const;

/** The inputs of a column; empty with a reason in `left` where it has none. */
export function inputsOf(column: Column, rows: number, left: Left[]): Input[] {
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
      if (distinctCount > mostCategories)
        return leave(
          distinctCount > 0.9 * present
            ? 'a different text in nearly every row'
            : `${formatCount(distinctCount)} different texts`,
        );
      return [{name, column: name, kind: 'category', part: null, sql: `${quoteName(name)}::VARCHAR`}];
    case 'time':
      if (!/^(DATE|TIMESTAMP)/.test(type)) return leave(`${type} is not used yet`);
      return dateParts.map(([part, sql]) => ({
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

function looksLikeId(name: string): boolean {
  return (
    /(^|[_ .-])(id|key|no|nr|number|index|uuid|row)s?$/i.test(name) ||
    /^(id|index|row)/i.test(name) ||
    /[a-z]Id$/.test(name)
  );
}

/** All rows of the selection; every array has the same order. @throws ToolError `analysis.too_many_values` */
export async function readInputs(reader: Reader, selection: Selection, inputs: readonly Input[]): Promise<RawColumn[]> {
  const numbers = inputs.filter(({kind}) => kind === 'number');
  const values =
    numbers.length > 0
      ? await readNumbers(
          reader,
          selection,
          numbers.map(({sql}) => sql),
        )
      : [];
  const columns: RawColumn[] = [];
  for (const input of inputs) {
    const at = numbers.indexOf(input);
    const number = values[at];
    columns.push(
      number
        ? {name: input.name, kind: 'number', values: number}
        : {name: input.name, kind: 'category', values: await readTexts(reader, selection, input.sql)},
    );
  }
  return columns;
}

/** The texts of one expression, null where there is none. */
export async function readTexts(reader: Reader, selection: Selection, sql: string): Promise<(string | null)[]> {
  const rows = await reader.rows(`SELECT ${sql} ${fromSql(selection)}`, mostTextCells);
  return rows.map(([cell]) => (cell === null || cell === undefined ? null : String(cell)));
}

/**
 * The inputs of a kept model, read from another table of the same columns.
 * @throws ToolError `model.column_missing`, `model.column_kind`
 */
export function inputsAgain(
  kept: readonly Omit<Input, 'sql'>[],
  columns: readonly TableColumn[],
  dataset: string,
): Input[] {
  const missing = kept.filter(({column}) => !columns.some(({name}) => name === column)).map(({column}) => column);
  if (missing.length > 0)
    throw new ToolError(
      'model.column_missing',
      `${dataset} has no ${[...new Set(missing)].join(', ')}, which the model needs.`,
      {
        hint: 'Rename columns with clean_data, or choose another dataset.',
      },
    );
  return kept.map(input => {
    const column = columnNamed(columns, input.column);
    const part = dateParts.find(([name]) => name === input.part);
    const fits = part ? column.kind === 'time' : input.kind === 'category' || isNumeric(column);
    if (!fits)
      throw new ToolError(
        'model.column_kind',
        `${dataset}.${column.name} is ${column.type}; the model learnt from ${part ? 'dates' : 'numbers'}.`,
      );
    const name = quoteName(column.name);
    return {...input, sql: part ? part[1](name) : input.kind === 'category' ? `${name}::VARCHAR` : numberSql(column)};
  });
}
