// Each cleaning step as SQL over the relation before it, together with what it counts. Pure but for the limits it asks for.

import type {Cell, TableColumn} from '../core/dataset.ts';
import {ToolError} from '../core/errors.ts';
import {formatNumber} from '../core/text.ts';
import {quoteName, quoteText} from '../engine/sql-text.ts';
import {columnNamed, isNumeric} from './column-values.ts';
import {literal} from './profile-sql.ts';

export const cleaningActions = [
  'drop_missing',
  'fill',
  'drop_duplicates',
  'trim',
  'case',
  'replace',
  'cast',
  'rename',
  'drop_columns',
  'filter',
  'derive',
  'cap_outliers',
  'drop_outliers',
  'flag_outliers',
  'scale',
  'one_hot',
] as const;

export type CleaningStep = {
  do: (typeof cleaningActions)[number];
  columns?: readonly string[] | undefined;
  by?: string | undefined;
  value?: string | number | undefined;
  to?: string | undefined;
  sql?: string | undefined;
};

/** The relation a step works on: its name in the statement, its columns, the order of its rows, and a way to ask about it. */
export type Relation = {
  name: string;
  columns: readonly TableColumn[];
  order: string;
  ask(select: string): Promise<Cell[]>;
};

/**
 * `select` is the whole step. `edits` are new values beside old ones, so that changed cells can be counted; where they are
 * `retyped` the two can't be compared, and only values that became missing count as changed.
 */
export type CompiledStep = {
  what: string;
  select: string;
  edits: {column: string; expression: string}[];
  retyped?: boolean;
};

/** @throws ToolError `clean.*`, `analysis.unknown_column` */
export async function compileStep(step: CleaningStep, relation: Relation): Promise<CompiledStep> {
  const {columns, name} = relation;
  const chosen = (step.columns ?? []).map(each => columnNamed(columns, each));
  const names = chosen.map(column => quoteName(column.name)).join(', ');
  const listed = chosen.length > 0 ? chosen.map(column => column.name).join(', ') : 'all columns';
  const all = chosen.length > 0 ? chosen : columns;
  const edit = (what: string, edited: readonly TableColumn[], to: (column: TableColumn) => string): CompiledStep => {
    if (edited.length === 0) throw missing(step, 'columns');
    const edits = edited.map(column => ({column: column.name, expression: to(column)}));
    const replaced = edits.map(({column, expression}) => `${expression} AS ${quoteName(column)}`).join(', ');
    return {what, select: `SELECT * REPLACE (${replaced}) FROM ${name}`, edits};
  };
  const select = (what: string, text: string): CompiledStep => ({what, select: text, edits: []});
  switch (step.do) {
    case 'drop_missing': {
      const conditions = all.map(column => `${presentSql(column)} IS NOT NULL`);
      return select(`drop rows missing in ${listed}`, `SELECT * FROM ${name} WHERE ${conditions.join(' AND ')}`);
    }
    case 'drop_duplicates': {
      const keys = all.map(column => quoteName(column.name)).join(', ');
      const first = `row_number() OVER (PARTITION BY ${keys} ORDER BY ${relation.order}) = 1`;
      return select(`keep the first row of each ${listed}`, `SELECT * FROM ${name} QUALIFY ${first}`);
    }
    case 'filter':
      return select(`keep rows where ${step.sql}`, `SELECT * FROM ${name} WHERE (\n${needed(step, 'sql')}\n)`);
    case 'drop_columns':
      if (chosen.length === 0) throw missing(step, 'columns');
      if (chosen.length === columns.length) throw new ToolError('clean.no_columns', 'No column would be left.');
      return select(`drop ${listed}`, `SELECT * EXCLUDE (${names}) FROM ${name}`);
    case 'rename': {
      const [from] = chosen;
      if (!from) throw missing(step, 'columns');
      const to = quoteName(newName(columns, needed(step, 'to')));
      return select(
        `rename ${from.name} to ${step.to}`,
        `SELECT * RENAME (${quoteName(from.name)} AS ${to}) FROM ${name}`,
      );
    }
    case 'derive': {
      const to = quoteName(newName(columns, needed(step, 'to')));
      return select(`add ${step.to} = ${step.sql}`, `SELECT *, (\n${needed(step, 'sql')}\n) AS ${to} FROM ${name}`);
    }
    case 'trim': {
      const texts = all.filter(column => column.kind === 'text');
      const trimmed = (column: TableColumn) =>
        `nullif(regexp_replace(trim(${quoteName(column.name)}), '\\s+', ' ', 'g'), '')`;
      return edit('trim blanks; empty texts become missing', texts, trimmed);
    }
    case 'case':
      return edit(`write ${listed} in ${needed(step, 'value')} case`, chosen, column => cased(column, step));
    case 'replace':
      return edit(
        `replace ${needed(step, 'value')} by ${step.to ?? 'missing'} in ${listed}`,
        chosen,
        column =>
          `CASE WHEN ${quoteName(column.name)}::VARCHAR = ${quoteText(String(step.value))} THEN ${constant(column, step.to)} ELSE ${quoteName(column.name)} END`,
      );
    case 'cast': {
      const type = typeName(needed(step, 'value'));
      const read = (column: TableColumn) => `TRY_CAST(${quoteName(column.name)} AS ${type})`;
      return {...edit(`read ${listed} as ${type}`, chosen, read), retyped: true};
    }
    case 'fill':
      return edit(`fill missing ${listed} with ${needed(step, 'value')}`, chosen, column =>
        filled(column, step, relation),
      );
    case 'scale':
      return scale(step, chosen, relation, edit);
    case 'one_hot':
      return oneHot(chosen, relation);
    default:
      return outliers(step.do, chosen, relation, edit);
  }
}

/** A column with NaN as NULL. */
export function presentSql({name, type}: TableColumn): string {
  const quoted = quoteName(name);
  return type === 'DOUBLE' || type === 'FLOAT' ? `(CASE WHEN isnan(${quoted}) THEN NULL ELSE ${quoted} END)` : quoted;
}

function filled(column: TableColumn, step: CleaningStep, relation: Relation): string {
  const value = presentSql(column);
  const by = step.by === undefined ? null : quoteName(columnNamed(relation.columns, step.by).name);
  const within = by === null ? '()' : `(PARTITION BY ${by})`;
  switch (step.value) {
    case 'mean':
    case 'median':
      needNumber(column);
      return `coalesce(${value}, ${step.value === 'mean' ? 'avg' : 'median'}(${value}) OVER ${within})`;
    case 'mode': {
      const common = `(SELECT ${value} FROM ${relation.name} WHERE ${value} IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1)`;
      return `coalesce(${value}, ${by === null ? common : `mode(${value}) OVER ${within}`})`;
    }
    case 'forward': {
      const order = by === null ? relation.order : `${by}, ${relation.order}`;
      return `coalesce(${value}, last_value(${value} IGNORE NULLS) OVER (ORDER BY ${order} ROWS UNBOUNDED PRECEDING))`;
    }
    default:
      return `coalesce(${value}, ${constant(column, step.value)})`;
  }
}

function cased({name, kind}: TableColumn, {value}: CleaningStep): string {
  if (kind !== 'text') throw new ToolError('clean.not_text', `"${name}" is not text.`);
  if (value !== 'lower' && value !== 'upper')
    throw new ToolError('clean.bad_value', 'The case is "lower" or "upper".', {hint: 'Give it as value.'});
  return `${value}(${quoteName(name)})`;
}

type Edit = (what: string, columns: readonly TableColumn[], to: (column: TableColumn) => string) => CompiledStep;

async function scale(step: CleaningStep, chosen: readonly TableColumn[], relation: Relation, edit: Edit) {
  const method = step.value ?? 'zscore';
  if (method !== 'zscore' && method !== 'minmax')
    throw new ToolError('clean.bad_value', 'The scale is "zscore" (population sd) or "minmax".');
  const facts = method === 'zscore' ? ['avg', 'stddev_pop'] : ['min', 'max'];
  const limits = new Map<string, {from: number; size: number}>();
  for (const column of chosen) {
    needNumber(column);
    const [from = 0, second = 0] = await numbers(relation, column, value => facts.map(fact => `${fact}(${value})`));
    const size = method === 'zscore' ? second : second - from;
    if (!(size > 0)) throw new ToolError('clean.no_variation', `"${column.name}" does not vary, so it has no scale.`);
    limits.set(column.name, {from, size});
  }
  return edit(`scale ${chosen.map(column => column.name).join(', ')} (${method})`, chosen, column => {
    const {from, size} = limits.get(column.name) ?? {from: 0, size: 1};
    return `(${quoteName(column.name)}::DOUBLE - ${literal(from)}) / ${literal(size)}`;
  });
}

async function outliers(
  action: 'cap_outliers' | 'drop_outliers' | 'flag_outliers',
  chosen: readonly TableColumn[],
  relation: Relation,
  edit: Edit,
): Promise<CompiledStep> {
  if (chosen.length === 0) throw missing({do: action}, 'columns');
  const fences = new Map<string, {low: number; high: number}>();
  for (const column of chosen) {
    needNumber(column);
    const quartiles = (value: string) => [0.25, 0.75].map(share => `quantile_cont(${value}::DOUBLE, ${share})`);
    const [q1 = 0, q3 = 0] = await numbers(relation, column, quartiles);
    if (Number.isNaN(q1 + q3))
      throw new ToolError('clean.no_values', `"${column.name}" has no values to find outliers among.`);
    fences.set(column.name, {low: q1 - 1.5 * (q3 - q1), high: q3 + 1.5 * (q3 - q1)});
  }
  const fenceOf = ({name}: TableColumn) => fences.get(name) ?? {low: Number.NaN, high: Number.NaN};
  const shown = chosen.map(column => {
    const {low, high} = fenceOf(column);
    return `${column.name} (${formatNumber(low)} to ${formatNumber(high)})`;
  });
  const what = `${action.replace('_', ' ')} beyond 1.5 IQR: ${shown.join(', ')}`;
  const outside = (column: TableColumn) => {
    const {low, high} = fenceOf(column);
    return `coalesce(${presentSql(column)} < ${literal(low)} OR ${presentSql(column)} > ${literal(high)}, false)`;
  };
  if (action === 'drop_outliers')
    return {what, select: `SELECT * FROM ${relation.name} WHERE NOT (${chosen.map(outside).join(' OR ')})`, edits: []};
  if (action === 'flag_outliers') {
    const flags = chosen.map(
      each => `${outside(each)} AS ${quoteName(newName(relation.columns, `${each.name}_outlier`))}`,
    );
    return {what, select: `SELECT *, ${flags.join(', ')} FROM ${relation.name}`, edits: []};
  }
  return edit(what, chosen, column => {
    const {low, high} = fenceOf(column);
    const value = presentSql(column);
    return `CASE WHEN ${value} < ${literal(low)} THEN ${literal(low)} WHEN ${value} > ${literal(high)} THEN ${literal(high)} ELSE ${value} END`;
  });
}

async function oneHot(chosen: readonly TableColumn[], relation: Relation): Promise<CompiledStep> {
  if (chosen.length === 0) throw missing({do: 'one_hot'}, 'columns');
  const added: string[] = [];
  for (const {name} of chosen) {
    const levels = await relation.ask(
      `list(DISTINCT ${quoteName(name)}::VARCHAR ORDER BY ${quoteName(name)}::VARCHAR)`,
    );
    const values: unknown = JSON.parse(String(levels[0] ?? '[]'));
    if (!Array.isArray(values) || values.length > 50)
      throw new ToolError('clean.too_many_levels', `"${name}" has more than 50 different values.`);
    for (const value of values.filter(each => each !== null)) {
      const to = newName(relation.columns, `${name}_${value}`);
      added.push(
        `coalesce(${quoteName(name)}::VARCHAR = ${quoteText(String(value))}, false)::INTEGER AS ${quoteName(to)}`,
      );
    }
  }
  const names = chosen.map(column => column.name);
  const rest = `* EXCLUDE (${names.map(quoteName).join(', ')})`;
  const what = `code ${names.join(', ')} as ${added.length} columns of 0 and 1`;
  return {what, select: `SELECT ${[rest, ...added].join(', ')} FROM ${relation.name}`, edits: []};
}

async function numbers(
  relation: Relation,
  column: TableColumn,
  expressions: (value: string) => string[],
): Promise<number[]> {
  const value = presentSql(column);
  const finite = column.type === 'DOUBLE' ? `CASE WHEN isfinite(${value}) THEN ${value} END` : value;
  return (await relation.ask(expressions(finite).join(', '))).map(cell => (cell === null ? Number.NaN : Number(cell)));
}

function needNumber(column: TableColumn): void {
  if (isNumeric(column) && column.kind !== 'boolean') return;
  throw new ToolError('analysis.not_numeric', `"${column.name}" is ${column.type}, not a number.`);
}

function newName(columns: readonly TableColumn[], name: string): string {
  // The engine takes names that differ only by case for the same.
  if (name.trim() !== '' && !columns.some(column => column.name.toLowerCase() === name.toLowerCase())) return name;
  throw new ToolError('clean.column_exists', `There is a column "${name}" already.`, {hint: 'Choose another name.'});
}

function constant({type}: TableColumn, value: string | number | undefined): string {
  return value === undefined ? 'NULL' : `CAST(${quoteText(String(value))} AS ${type})`;
}

function typeName(text: string): string {
  if (/^[A-Za-z][A-Za-z ]*(\(\d+(,\s*\d+)?\))?$/.test(text)) return text;
  throw new ToolError('clean.bad_value', `"${text}" is not the name of a type.`, {
    hint: 'Such as DOUBLE, DATE, VARCHAR.',
  });
}

function needed(step: CleaningStep, field: 'value' | 'to' | 'sql'): string {
  const value = step[field];
  if (value === undefined || value === '') throw missing(step, field);
  return String(value);
}

function missing(step: Pick<CleaningStep, 'do'>, field: string): ToolError {
  return new ToolError('clean.needs', `The step ${step.do} needs ${field}.`);
}
