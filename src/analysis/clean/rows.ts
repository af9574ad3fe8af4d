// Steps that drop rows.

import {quoteName} from '../../engine/sql-text.ts';
import {type Compile, needed, presentSql, selected} from './step.ts';

export const dropMissing: Compile = ({relation, all, listed}) => {
  const conditions = all.map(column => `${presentSql(column)} IS NOT NULL`);
  return selected(`drop rows missing in ${listed}`, `SELECT * FROM ${relation.name} WHERE ${conditions.join(' AND ')}`);
};

export const dropDuplicates: Compile = ({relation, all, listed}) => {
  const keys = all.map(column => quoteName(column.name)).join(', ');
  const first = `row_number() OVER (PARTITION BY ${keys} ORDER BY ${relation.order}) = 1`;
  return selected(`keep the first row of each ${listed}`, `SELECT * FROM ${relation.name} QUALIFY ${first}`);
};

export const filter: Compile = ({step, relation}) =>
  selected(`keep rows where ${step.sql}`, `SELECT * FROM ${relation.name} WHERE (\n${needed(step, 'sql')}\n)`);
