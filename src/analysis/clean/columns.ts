// Steps on whole columns: their names, their types, new ones and dropped ones.

import {isMoment, type TableColumn} from '../../core/dataset.ts';
import {ToolError} from '../../core/errors.ts';
import {quoteName, quoteText} from '../../engine/sql-text.ts';
import {type Compile, edited, missing, needed, newName, selected} from './step.ts';

export const dropColumns: Compile = ({step, relation, chosen, listed}) => {
  if (chosen.length === 0) throw missing(step, 'columns');
  if (chosen.length === relation.columns.length) throw new ToolError('clean.no_columns', 'No column would be left.');
  const names = chosen.map(column => quoteName(column.name)).join(', ');
  return selected(`drop ${listed}`, `SELECT * EXCLUDE (${names}) FROM ${relation.name}`);
};

export const rename: Compile = ({step, relation, chosen}) => {
  const [from] = chosen;
  if (!from) throw missing(step, 'columns');
  const to = needed(step, 'to');
  newName(
    relation.columns.filter(column => column !== from),
    to,
  );
  return selected(`rename ${from.name} to ${to}`, renamed(relation.name, [[from.name, to]]));
};

/** "Unit Price (€)" → unit_price; letters of all scripts stay, and names that would be the same get a number. */
export const snakeNames: Compile = ({relation, all}) => {
  const taken = new Set(relation.columns.filter(column => !all.includes(column)).map(({name}) => name.toLowerCase()));
  const pairs = all.flatMap(({name}): [string, string][] => {
    const plain = snakeCase(name);
    let to = plain;
    for (let i = 2; taken.has(to); i++) to = `${plain}_${i}`;
    taken.add(to);
    return to === name ? [] : [[name, to]];
  });
  if (pairs.length === 0) return selected('names are in snake case already', `SELECT * FROM ${relation.name}`);
  const shown = pairs.map(([from, to]) => `${from} → ${to}`).join(', ');
  return selected(`rename to snake case: ${shown}`, renamed(relation.name, pairs));
};

export function snakeCase(name: string): string {
  const words = name
    .normalize('NFKC')
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1_$2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1_$2')
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '')
    .toLowerCase();
  return words === '' ? 'column' : /^\d/.test(words) ? `_${words}` : words;
}

function renamed(relation: string, pairs: readonly [string, string][]): string {
  // By way of other names, since the engine takes names that differ only by case for the same.
  const away = pairs.map(([from], i) => `${quoteName(from)} AS ${quoteName(`__ds_agent_${i}`)}`);
  const back = pairs.map(([, to], i) => `${quoteName(`__ds_agent_${i}`)} AS ${quoteName(to)}`);
  return `SELECT * RENAME (${back.join(', ')}) FROM (SELECT * RENAME (${away.join(', ')}) FROM ${relation})`;
}

export const derive: Compile = ({step, relation}) => {
  const to = quoteName(newName(relation.columns, needed(step, 'to')));
  const sql = needed(step, 'sql');
  return selected(`add ${step.to} = ${sql}`, `SELECT *, (\n${sql}\n) AS ${to} FROM ${relation.name}`);
};

/** `to` is the format of a date in a text, such as %d/%m/%Y. What can't be read becomes missing. */
export const cast: Compile = input => {
  const {step, chosen, listed} = input;
  const type = typeName(needed(step, 'value'));
  const read = (column: TableColumn) => {
    const name = quoteName(column.name);
    if (step.to === undefined || column.kind !== 'text') return `TRY_CAST(${name} AS ${type})`;
    return `TRY_CAST(try_strptime(trim(${name}::VARCHAR), ${quoteText(step.to)}) AS ${type})`;
  };
  return {...edited(input, `read ${listed} as ${type}`, chosen, read), retyped: true};
};

function typeName(text: string): string {
  if (/^[A-Za-z][A-Za-z ]*(\(\d+(,\s*\d+)?\))?$/.test(text)) return text;
  throw new ToolError('clean.bad_value', `"${text}" is not the name of a type.`, {
    hint: 'Such as DOUBLE, DATE, VARCHAR.',
  });
}

/** Weekdays from 1 for Monday, weeks as ISO counts them. */
const dateParts: Record<string, (value: string) => string> = {
  year: value => `year(${value})::INTEGER`,
  quarter: value => `quarter(${value})::INTEGER`,
  month: value => `month(${value})::INTEGER`,
  week: value => `weekofyear(${value})::INTEGER`,
  day: value => `day(${value})::INTEGER`,
  weekday: value => `isodow(${value})::INTEGER`,
  dayofyear: value => `dayofyear(${value})::INTEGER`,
  hour: value => `hour(${value})::INTEGER`,
  minute: value => `minute(${value})::INTEGER`,
  is_weekend: value => `isodow(${value}) >= 6`,
};

export const addDateParts: Compile = ({step, relation, chosen}) => {
  if (chosen.length === 0) throw missing(step, 'columns');
  const wanted = (step.value ?? 'year, month, day, weekday').split(',').map(part => part.trim());
  const added = chosen.flatMap(column => {
    if (!isMoment(column))
      throw new ToolError('clean.not_date', `"${column.name}" is ${column.type}, not a date.`, {
        hint: 'cast it first.',
      });
    return wanted.map(part => {
      const sql = Object.hasOwn(dateParts, part) ? dateParts[part] : undefined;
      if (!sql)
        throw new ToolError('clean.bad_value', `"${part}" is no part of a date.`, {
          hint: `Parts: ${Object.keys(dateParts).join(', ')}.`,
        });
      const name = quoteName(column.name);
      const finite = `(CASE WHEN isfinite(${name}) THEN ${name}::TIMESTAMP END)`;
      return {name: newName(relation.columns, `${column.name}_${part}`), sql: sql(finite)};
    });
  });
  const list = added.map(({name, sql}) => `${sql} AS ${quoteName(name)}`).join(', ');
  return selected(`add ${added.map(({name}) => name).join(', ')}`, `SELECT *, ${list} FROM ${relation.name}`);
};
