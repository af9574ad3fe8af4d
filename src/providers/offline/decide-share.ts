// Percentages: of rows that meet a condition, of a total split by group, or of a yes/no column.

import {isMeasurable, isNumeric, isYesNo} from './choose.ts';
import type {About, Condition, Intent, Key} from './intent.ts';
import {joinConditions} from './join-conditions.ts';
import type {Parts} from './parts.ts';
import {conditionColumns} from './sql.ts';

export function decideShare(parts: Parts, about: About): Intent | null {
  const isShare = parts.cues.has('share');
  const isRate = parts.cues.has('rate');
  if (!isShare && !isRate) return null;
  const yesNo = [...parts.columns, ...parts.measures.map(({column}) => column)].find(
    column => column && isYesNo(column),
  );
  if (yesNo) {
    const keys = parts.keys.filter(({column}) => column !== yesNo);
    return {kind: 'aggregate', measures: [{fn: 'rate', column: yesNo}], keys, pick: rankOf(parts), ...about};
  }
  if (isRate && parts.where?.kind === 'in' && parts.where.values.length > 1) {
    const keys = [{column: parts.where.column, part: null}];
    return {kind: 'aggregate', measures: [{fn: 'share', column: null}], keys, pick: null, ...about};
  }
  if (!isShare) return parts.where && isYesCondition(parts.where) ? shareOf(parts, about, parts.where) : null;
  const value =
    parts.columns.find(column => isNumeric(column)) ?? parts.measures.find(({column}) => column)?.column ?? null;
  const group = groupOf(parts);
  if (value && isMeasurable(value)) {
    const split =
      parts.where?.kind === 'in'
        ? parts.where.column
        : conditionColumns(parts.where).find(column => column.kind === 'text');
    const keys = group ? [group] : split ? [{column: split, part: null}] : [];
    if (keys.length === 0) return null;
    // Of a filtered total every share would be 100 %, so the groups of that column are shown instead.
    const where = group ? about.where : null;
    const spotlight = !group && parts.where?.kind === 'in' ? parts.where.values : [];
    return {kind: 'aggregate', measures: [{fn: 'share', column: value}], keys, pick: null, spotlight, ...about, where};
  }
  if (parts.where) return shareOf(parts, about, parts.where);
  if (!group) return null;
  return {kind: 'aggregate', measures: [{fn: 'share', column: null}], keys: [group], pick: null, ...about};
}

function rankOf(parts: Parts): {direction: 'asc' | 'desc'; limit: number} | null {
  if (!parts.superlative || parts.keys.length === 0) return null;
  return {direction: parts.superlative.direction, limit: parts.limit ?? 5};
}

function groupOf(parts: Parts): Key | null {
  const [key] = parts.keys;
  const column = parts.columns.find(other => !isNumeric(other));
  return key ?? (column ? {column, part: null} : null);
}

const isYesCondition = (condition: Condition) => conditionColumns(condition).some(isYesNo);

/** Of several conditions the yes/no one, else the last, is what is counted; the others say among which rows. */
function shareOf(parts: Parts, about: About, where: Condition): Intent {
  const conditions = where.kind === 'and' ? where.conditions : [where];
  const of = conditions.find(isYesCondition) ?? conditions.at(-1) ?? where;
  const rest = conditions.filter(condition => condition !== of);
  return {kind: 'share', of, keys: parts.keys, ...about, where: rest.length > 0 ? joinConditions('and', rest) : null};
}
