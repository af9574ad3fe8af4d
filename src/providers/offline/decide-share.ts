// Percentages: of rows that meet a condition, of a total split by group, or of a yes/no column.

import type {Column} from '../../core/dataset.ts';
import {unclear} from './choices.ts';
import {isAdditive, isMeasurable, isNumeric, isYesNo} from './choose.ts';
import type {About, Condition, Intent, Key} from './intent.ts';
import {joinConditions} from './join-conditions.ts';
import {namesRows, rowNouns} from './measures.ts';
import {moneyColumns} from './money.ts';
import {singular} from './names.ts';
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
    const amount = isShare ? amountIn(parts, yesNo) : null;
    if (amount) return shareOfAmount(parts, about, amount, yesNo);
    const keys = keysOf(parts).filter(({column}) => column !== yesNo);
    return {kind: 'aggregate', measures: [{fn: 'rate', column: yesNo}], keys, pick: rankOf(parts, keys), ...about};
  }
  if (isRate && parts.where?.kind === 'in' && parts.where.values.length > 1) {
    const keys = [{column: parts.where.column, part: null}];
    return {kind: 'aggregate', measures: [{fn: 'share', column: null}], keys, pick: null, ...about};
  }
  if (!isShare) return parts.where && isYesCondition(parts.where) ? shareOf(parts, about, parts.where) : null;
  const value =
    parts.columns.find(column => isNumeric(column)) ?? parts.measures.find(({column}) => column)?.column ?? null;
  const group = groupOf(parts);
  if (value && isNumeric(value) && !isYesNo(value) && !addsUp(value, parts)) {
    const reason = `Shares are of a total, and adding up ${value.name} has no meaning; “number of rows by ${value.name}” counts its values.`;
    return unclear(parts, reason);
  }
  if (value && isMeasurable(value)) {
    const split =
      parts.where?.kind === 'in'
        ? parts.where.column
        : conditionColumns(parts.where).find(column => column.kind === 'text' || isYesNo(column));
    const keys = group ? [group] : split ? [{column: split, part: null}] : [];
    if (keys.length === 0) return null;
    // Of a filtered total every share would be 100 %, so the groups of that column are shown instead.
    const where = group ? about.where : without(about.where, split);
    const spotlight = group ? [] : namedIn(parts.where);
    return {kind: 'aggregate', measures: [{fn: 'share', column: value}], keys, pick: null, spotlight, ...about, where};
  }
  // "share of tickets by channel for enterprise": of the rows that are so, not the part of them that is.
  if (parts.where && !(group && parts.keys.length > 0 && isOfRows(parts))) return shareOf(parts, about, parts.where);
  if (!group) return null;
  return {kind: 'aggregate', measures: [{fn: 'share', column: null}], keys: [group], pick: null, ...about};
}

/** The conditions on other columns than that. */
function without(where: Condition | null, column: Column | undefined): Condition | null {
  const conditions = where?.kind === 'and' ? where.conditions : where ? [where] : [];
  const kept = conditions.filter(each => column === undefined || !conditionColumns(each).includes(column));
  return kept.length > 0 ? joinConditions('and', kept) : null;
}

function isOfRows({text, subject}: Parts): boolean {
  const noun =
    /\b(?:share|percentage|percent|proportion|fraction) of (?:the |all |all the )?(\w+) (?:by|per|for each|across)\b/.exec(
      text,
    )?.[1];
  return noun !== undefined && (namesRows(noun, subject) || rowNouns.has(singular(noun)));
}

const addsUp = (column: Column, {subject}: Parts) =>
  isAdditive(column) || moneyColumns(subject).includes(column) || column.distinctCount > 50;

/** The values that a condition names. */
function namedIn(where: Condition | null): string[] {
  if (where?.kind === 'in') return where.values;
  const literal = where?.kind === 'compare' && where.op === '=' ? where.value : null;
  return literal && literal.kind !== 'column' ? [String(literal.value)] : [];
}

/** "which channel has the highest rate": the thing asked for is what the rows are grouped by. */
function keysOf({keys, asked, superlative, columns}: Parts): Key[] {
  if (keys.length > 0) return keys;
  // "the category with the lowest return rate".
  const ranked = superlative ? columns.find(column => column.kind === 'text') : undefined;
  return asked ? [asked] : ranked ? [{column: ranked, part: null}] : [];
}

/** The number column beside a yes/no one: "what percentage of revenue comes from members". */
function amountIn(parts: Parts, yesNo: Column): Column | null {
  const named = [...parts.columns, ...parts.measures.map(({column}) => column)];
  return named.find(column => column && column !== yesNo && isNumeric(column) && !isYesNo(column)) ?? null;
}

/** The shares of both answers; the one that was asked for comes first. */
function shareOfAmount(parts: Parts, about: About, amount: Column, yesNo: Column): Intent {
  const denied = /\b(?:non|not|no)\b/.test(parts.text);
  const said = yesNo.kind === 'boolean' ? String(!denied) : denied ? '0' : '1';
  const keys: Key[] = [...parts.keys.filter(({column}) => column !== yesNo), {column: yesNo, part: null}];
  const spotlight = keys.length === 1 ? [said] : [];
  if (keys.length > 1) about.notes.push('The shares of all groups together make 100 %.');
  return {kind: 'aggregate', measures: [{fn: 'share', column: amount}], keys, pick: null, spotlight, ...about};
}

function rankOf(parts: Parts, keys: Key[]): {direction: 'asc' | 'desc'; limit: number} | null {
  if (!parts.superlative || keys.length === 0) return null;
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
  // "percentage of major cases among men": what stands behind "among" says of which rows.
  const isAmong = /\S\s+among(?:st)?\b/.test(parts.text);
  const isRated = (condition: Condition) => conditionColumns(condition).some(({name}) => name === parts.rateOf);
  const of = conditions.find(isRated) ?? conditions.find(isYesCondition) ?? conditions.at(isAmong ? 0 : -1) ?? where;
  const rest = conditions.filter(condition => condition !== of);
  return {
    kind: 'share',
    of,
    keys: keysOf(parts),
    ...about,
    where: rest.length > 0 ? joinConditions('and', rest) : null,
  };
}
