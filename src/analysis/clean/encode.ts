// Steps that write categories as numbers.

import {ToolError} from '../../core/errors.ts';
import {quoteName, quoteText} from '../../engine/sql-text.ts';
import {type Compile, edited, missing, newName, selected} from './step.ts';
import {levelsOf} from './values.ts';

const mostColumns = 50;

export const oneHot: Compile = async ({step, relation, chosen}) => {
  if (chosen.length === 0) throw missing(step, 'columns');
  const added: string[] = [];
  const taken = [...relation.columns.map(({name}) => ({name}))];
  for (const {name} of chosen) {
    const values = (await levelsOf(relation, name)).map(([text]) => text).sort();
    if (values.length > mostColumns)
      throw new ToolError('clean.too_many_levels', `"${name}" has more than ${mostColumns} different values.`);
    for (const value of values) {
      const to = newName(taken, `${name}_${value}`);
      taken.push({name: to});
      added.push(`coalesce(${quoteName(name)}::VARCHAR = ${quoteText(value)}, false)::INTEGER AS ${quoteName(to)}`);
    }
  }
  const names = chosen.map(column => column.name);
  // A table of nothing but the encoded columns has no rest of its own; the row's place is always there.
  const rest = `* EXCLUDE (${names.map(quoteName).join(', ')})`;
  const what = `code ${names.join(', ')} as ${added.length} columns of 0 and 1`;
  return selected(what, `SELECT ${[rest, ...added].join(', ')} FROM ${relation.name}`);
};

/** Whole numbers from 0 in the order given as `value` ("low, middle, high"), else sorted as sklearn's OrdinalEncoder. */
export const ordinal: Compile = async input => {
  const {step, relation, chosen, listed} = input;
  const given = step.value?.split(',').map(part => part.trim());
  const orders = new Map<string, string[]>();
  for (const column of chosen) {
    const levels = (await levelsOf(relation, column.name)).map(([text]) => text);
    const unknown = given && levels.find(level => !given.includes(level));
    if (unknown !== undefined)
      throw new ToolError('clean.bad_value', `"${unknown}" of "${column.name}" has no place in the order given.`);
    const isNumber = column.kind === 'number';
    orders.set(column.name, given ?? (isNumber ? levels.sort((a, b) => Number(a) - Number(b)) : levels.sort()));
  }
  const compiled = edited(input, `code ${listed} by its order, from 0`, chosen, column => {
    const cases = (orders.get(column.name) ?? []).map((level, i) => `WHEN ${quoteText(level)} THEN ${i}`);
    return cases.length === 0
      ? 'NULL::INTEGER'
      : `CASE ${quoteName(column.name)}::VARCHAR ${cases.join(' ')} END::INTEGER`;
  });
  return {...compiled, retyped: true};
};

/** The share of the rows with a value that have this one; missing stays missing. */
export const frequency: Compile = input => {
  const compiled = edited(input, `code ${input.listed} by how frequent each value is`, input.chosen, column => {
    const name = quoteName(column.name);
    return `CASE WHEN ${name} IS NOT NULL THEN count(*) OVER (PARTITION BY ${name}) / count(${name}) OVER ()::DOUBLE END`;
  });
  return {...compiled, retyped: true};
};
