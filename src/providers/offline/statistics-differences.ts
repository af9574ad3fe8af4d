// The groups of a test of differences, as they are said: a column, both of its values, or two of its several values.

import type {Column} from '../../core/dataset.ts';
import {isYesNo} from './choose.ts';
import type {Condition, Subject} from './intent.ts';
import {columnOf} from './names.ts';
import {readParts} from './parts.ts';
import {conditionSql} from './sql.ts';
import type {Asked} from './statistics.ts';
import {tokenise} from './tokens.ts';
import {sayCondition} from './wording.ts';

/** `where` keeps the rows of the groups that were named, where the column has others. */
export type Groups = {column: Column; where: Condition | null};

export function differs([left = '', right = '']: string[], subject: Subject): Asked | null {
  const value = columnOf(left, subject.columns);
  const groups = groupsSaid(right.replace(/ groups?$/, ''), subject);
  return value && groups && value !== groups.column ? testBetween(value, groups, subject) : null;
}

export function testBetween(value: Column, {column, where}: Groups, {name: dataset}: Subject): Asked {
  const args = {dataset, value: value.name, group: column.name, ...(where && {where: conditionSql(where)})};
  return {tool: 'test_hypothesis', args, ...(where && {note: onlyWhere(where, dataset)})};
}

/** Said with every answer of a part of the rows. */
export const onlyWhere = (where: Condition, dataset: string) =>
  `Read as: only the rows of ${dataset} where ${sayCondition(where)}.`;

/** A column, or two of its values: "members and non-members", "web and app". */
export function groupsSaid(words: string, subject: Subject): Groups | null {
  const {columns} = subject;
  const named = columnOf(words, columns);
  if (named) return {column: named, where: null};
  const [first, second] = words.split(/ (?:and|or|vs\.?|versus) (?:the )?/);
  if (!first || !second) return null;
  const yesNo = /^(?:non|not)[- ]?(.+)$/.exec(second)?.[1];
  if (yesNo) {
    const column = columns.find(each => isYesNo(each) && columnOf(yesNo, [each]) && columnOf(first, [each]));
    return column ? {column, where: null} : null;
  }
  return valuesSaid(words.replace(/^(?:the )/, ''), subject);
}

/** Two values of one column and nothing else; only their rows, where it has more of them. */
function valuesSaid(words: string, subject: Subject): Groups | null {
  const parts = readParts(tokenise(words), subject, []);
  const {where} = parts;
  const isAll = parts.unread.length + parts.columns.length + parts.keys.length + parts.measures.length === 0;
  if (where?.kind !== 'in' || where.values.length !== 2 || !isAll || parts.remarks.problems.length > 0) return null;
  return {column: where.column, where: where.column.distinctCount > 2 ? where : null};
}
