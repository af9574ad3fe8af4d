// Aggregates with their groups: "average price by region", "number of men and women", "total".

import type {Column} from '../../core/dataset.ts';
import {defaultMeasure, has, notNumeric, unclear} from './choices.ts';
import {appeal, isMeasurable, isNumeric, measureColumns} from './choose.ts';
import type {About, AggregateName, Intent, Measure} from './intent.ts';
import type {Parts} from './parts.ts';
import {isCalendar} from './periods.ts';
import {conditionColumns} from './sql.ts';

/** "how many columns": the profile tells. */
export function decideShape(parts: Parts, about: About): Intent | null {
  const counts = parts.measures.length > 0 && parts.measures.every(({fn, column}) => fn === 'count' && column === null);
  return has(parts, 'columns') && counts && parts.keys.length === 0 && !parts.where
    ? {kind: 'columns', ...about}
    : null;
}

export function decideAggregate(parts: Parts, about: About): Intent | null {
  const measures = [...parts.measures];
  const keys = parts.keys;
  if (
    parts.bare.includes('average') &&
    measures.some(({fn, column}) => fn === 'count' && column === null) &&
    keys.length > 0
  ) {
    return unclear(parts, 'An average of counts takes two steps; count by group first, then average with SQL.');
  }
  if (parts.bare.includes('distinct') && parts.columns.length === 0)
    return unclear(parts, 'I do not see which column’s different values to count.');
  if (parts.bare.length > 0) {
    const column = bareTarget(parts, about);
    if (!column && measures.length === 0)
      return unclear(parts, notNumeric([], parts, `Say which column to take the ${parts.bare[0]} of`));
    if (column) measures.push(...parts.bare.map((fn: AggregateName): Measure => ({fn, column})));
  }
  if (measures.length === 0) return null;
  const [stray] = parts.unread.filter(word => word.length > 2);
  // A word that was not understood may be what should have been counted.
  if (stray && measures.every(({column}) => column === null)) {
    return unclear(parts, `I do not know “${stray}” in ${parts.subject.name}: it is no column and no frequent value.`);
  }
  const columns = parts.columns.filter(column => !measures.some(measure => measure.column === column));
  const groups = [...keys];
  // "average price region" without "by" still names a group.
  for (const column of columns) {
    if (groups.length === 0 && !isNumeric(column) && !isCalendar(column)) groups.push({column, part: null});
    // "how many orders and how much revenue by country".
    else if (isNumeric(column) && measures.every(({fn}) => fn === 'count'))
      measures.push(defaultMeasure(column, about));
    else about.notes.push(`Not used: ${column.name}.`);
  }
  if (parts.asked && groups.length === 0) groups.push(parts.asked);
  const split =
    parts.remarks.contrast === 'split' && groups.length === 0 ? (parts.remarks.splitBy ?? splitColumn(parts)) : null;
  if (split) groups.push({column: split, part: null});
  return {kind: 'aggregate', measures, keys: groups.slice(0, 4), pick: null, ...about};
}

/** "number of men and women" is asked for each of them. */
function splitColumn({where}: Parts): Column | null {
  const conditions = where?.kind === 'and' ? where.conditions : where ? [where] : [];
  const listed = conditions.find(condition => condition.kind === 'in' && condition.values.length > 1);
  return listed?.kind === 'in' ? listed.column : null;
}

/** "average by region" names no column: the one compared, else the only one, else the likeliest, and it is said. */
function bareTarget(parts: Parts, about: About): Column | null {
  const [compared] = conditionColumns(parts.where).filter(isNumeric);
  const candidates = measureColumns(parts.subject).sort((a, b) => appeal(b) - appeal(a));
  const column = parts.columns.find(isMeasurable) ?? compared ?? candidates[0] ?? null;
  if (column && candidates.length > 1 && !parts.columns.includes(column)) {
    const others = candidates.filter(other => other !== column).slice(0, 3);
    about.notes.push(`No column was named; ${column.name} was taken.`);
    about.alternatives.push(`Other number columns: ${others.map(({name}) => name).join(', ')}.`);
  }
  return column;
}
