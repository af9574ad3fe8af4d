// What a cleaning step is, what it works on and what it becomes; and the few checks that all steps share.

import type {Cell, TableColumn} from '../../core/dataset.ts';
import {ToolError} from '../../core/errors.ts';
import {quoteName, quoteText} from '../../engine/sql-text.ts';
import {columnNamed, isNumeric} from '../column-values.ts';

/** `values` of a map are texts as the cells show them; `to` left out makes the value missing. */
export type CleaningStep = {
  do: CleaningAction;
  columns?: readonly string[] | undefined;
  by?: string | undefined;
  value?: string | undefined;
  to?: string | undefined;
  sql?: string | undefined;
  map?: readonly {from: string; to?: string | undefined}[] | undefined;
};

export const cleaningActions = [
  'drop_missing',
  'fill',
  'drop_duplicates',
  'filter',
  'trim',
  'case',
  'replace',
  'map',
  'merge_spellings',
  'lump_rare',
  'cast',
  'date_parts',
  'rename',
  'snake_names',
  'drop_columns',
  'derive',
  'cap_outliers',
  'drop_outliers',
  'flag_outliers',
  'scale',
  'bin',
  'one_hot',
  'ordinal',
  'frequency',
] as const;
export type CleaningAction = (typeof cleaningActions)[number];

/** The relation a step works on: its name in the statement, its columns, the order of its rows, and a way to ask about it. */
export type Relation = {
  name: string;
  columns: readonly TableColumn[];
  order: string;
  /** The one row of `SELECT select FROM` the relation. */
  ask(select: string): Promise<Cell[]>;
  /** All rows of a whole statement; at most `maxRows` are read. */
  rows(statement: string, maxRows: number): Promise<Cell[][]>;
  signal: AbortSignal | undefined;
};

/**
 * `select` is the whole step. `edits` are new values beside old ones, so that changed cells can be counted; where they are
 * `retyped` the two can't be compared, and only values that became missing count as changed. `from` is what stands after FROM
 * where that is more than the relation.
 */
export type CompiledStep = {
  what: string;
  select: string;
  edits: {column: string; expression: string}[];
  retyped?: boolean;
  from?: string;
};

/** A step with its columns looked up: `chosen` are those named, `all` those named or else every column. */
export type StepInput = {
  step: CleaningStep;
  relation: Relation;
  chosen: readonly TableColumn[];
  all: readonly TableColumn[];
  /** The names of `chosen` for people, or "all columns". */
  listed: string;
};

export type Compile = (input: StepInput) => CompiledStep | Promise<CompiledStep>;

/** @throws ToolError `analysis.unknown_column` */
export function stepInput(step: CleaningStep, relation: Relation): StepInput {
  const chosen = [...new Set(step.columns)].map(each => columnNamed(relation.columns, each));
  const listed = chosen.length > 0 ? chosen.map(column => column.name).join(', ') : 'all columns';
  return {step, relation, chosen, all: chosen.length > 0 ? chosen : relation.columns, listed};
}

/** Replaces columns by expressions of the same row. */
export function edited(
  {step, relation}: StepInput,
  what: string,
  columns: readonly TableColumn[],
  to: (column: TableColumn) => string,
  from = relation.name,
): CompiledStep {
  if (columns.length === 0) throw missing(step, 'columns');
  const edits = columns.map(column => ({column: column.name, expression: to(column)}));
  const replaced = edits.map(({column, expression}) => `${expression} AS ${quoteName(column)}`).join(', ');
  const rest = from === relation.name ? '*' : `${relation.name}.*`;
  return {what, select: `SELECT ${rest} REPLACE (${replaced}) FROM ${from}`, edits, from};
}

export function selected(what: string, select: string): CompiledStep {
  return {what, select, edits: []};
}

/** A column with NaN as NULL. */
export function presentSql({name, type}: TableColumn): string {
  const quoted = quoteName(name);
  return type === 'DOUBLE' || type === 'FLOAT' ? `(CASE WHEN isnan(${quoted}) THEN NULL ELSE ${quoted} END)` : quoted;
}

/** The figures of a number column's finite values; NaN where there is none. */
export async function numbersOf(
  relation: Relation,
  column: TableColumn,
  expressions: (value: string) => string[],
): Promise<number[]> {
  needNumber(column);
  const value = presentSql(column);
  const finite = column.type === 'DOUBLE' ? `CASE WHEN isfinite(${value}) THEN ${value} END` : value;
  return (await relation.ask(expressions(`(${finite})::DOUBLE`).join(', '))).map(cell =>
    cell === null ? Number.NaN : Number(cell),
  );
}

export function needNumber(column: TableColumn): void {
  if (isNumeric(column) && column.kind !== 'boolean') return;
  throw new ToolError('analysis.not_numeric', `"${column.name}" is ${column.type}, not a number.`);
}

export function needText({name, kind, type}: TableColumn): void {
  if (kind !== 'text') throw new ToolError('clean.not_text', `"${name}" is ${type}, not text.`);
}

/** @throws ToolError `clean.column_exists` */
export function newName(columns: readonly {name: string}[], name: string): string {
  // The engine takes names that differ only by case for the same.
  if (name.trim() !== '' && !columns.some(column => column.name.toLowerCase() === name.toLowerCase())) return name;
  throw new ToolError('clean.column_exists', `There is a column "${name}" already.`, {hint: 'Choose another name.'});
}

/** A text as a value of the column's type; nothing is NULL. */
export function constant({type}: TableColumn, value: string | undefined): string {
  return value === undefined ? 'NULL' : `CAST(${quoteText(value)} AS ${type})`;
}

export function needed(step: CleaningStep, field: 'value' | 'to' | 'sql'): string {
  const value = step[field];
  if (value === undefined || value === '') throw missing(step, field);
  return value;
}

export function missing(step: Pick<CleaningStep, 'do'>, field: string): ToolError {
  return new ToolError('clean.needs', `The step ${step.do} needs ${field}.`);
}

/** @throws ToolError `clean.bad_value` unless the step's value is one of these; without a value the first */
export function oneOf<Choice extends string>(step: CleaningStep, choices: readonly [Choice, ...Choice[]]): Choice {
  if (step.value === undefined) return choices[0];
  const found = choices.find(choice => choice === step.value);
  if (found) return found;
  throw new ToolError('clean.bad_value', `${step.do} can be ${choices.join(', ')}, not "${step.value}".`);
}
