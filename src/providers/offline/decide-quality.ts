// Questions about the quality of the data: duplicates, missing values, outliers.

import type {Column} from '../../core/dataset.ts';
import {has, mentioned, notNumeric, unclear} from './choices.ts';
import {isNumeric, measureColumns} from './choose.ts';
import type {About, Intent, Measure} from './intent.ts';
import type {Parts} from './parts.ts';

export function decideQuality(parts: Parts, about: About): Intent | null {
  const columns = mentioned(parts);
  const all = parts.subject.columns;
  if (has(parts, 'duplicates')) return {kind: 'duplicates', columns, ...about};
  const computes = parts.bare.length > 0 || parts.measures.some(({fn}) => fn !== 'count');
  const byGroup = has(parts, 'missing_values') && !computes ? missingByGroup(parts, about) : null;
  if (byGroup) return byGroup;
  if (has(parts, 'missing_values') && !computes)
    return {kind: 'missing', columns: columns.length > 0 ? columns : all, ...about};
  if (!has(parts, 'outliers', 'z_score')) return null;
  if (computes) {
    const [first] = columns.filter(isNumeric);
    const reason =
      'Figures without their outliers take two steps: the outliers tell where the fences lie, and a condition such as “where price < 20” leaves the rest out. The median hardly feels outliers.';
    return unclear(parts, reason, first ? [`outliers in ${first.name}`] : []);
  }
  const numeric = columns.length > 0 ? columns.filter(isNumeric) : measureColumns(parts.subject).slice(0, 20);
  if (numeric.length === 0) return unclear(parts, notNumeric(columns, parts, 'Outliers need a number column'));
  return {kind: 'outliers', columns: numeric, rule: has(parts, 'z_score') ? 'z' : 'iqr', ...about};
}

/** "which sensor has the most nulls": the missing values of each column that has some, in each group. */
function missingByGroup(parts: Parts, about: About): Intent | null {
  const keys = parts.keys.length > 0 ? parts.keys : parts.asked ? [parts.asked] : [];
  const isKey = (column: Column) => keys.some(key => key.column === column);
  const named = parts.columns.filter(column => !isKey(column));
  const columns = (named.length > 0 ? named : parts.subject.columns).filter(
    column => !isKey(column) && column.nullCount > 0,
  );
  if (keys.length === 0 || columns.length === 0) return null;
  const shown = columns.sort((a, b) => b.nullCount - a.nullCount).slice(0, mostMissing);
  if (shown.length < columns.length)
    about.notes.push(`The ${shown.length} of ${columns.length} columns that lack the most are shown.`);
  if (shown.length > 1 && parts.superlative)
    about.notes.push(`Ordered by ${shown[0]?.name}, the column that lacks the most.`);
  const measures = shown.map((column): Measure => ({fn: 'missing', column}));
  const direction = parts.superlative?.direction ?? 'desc';
  const pick = parts.superlative ? {direction, limit: parts.limit ?? 5} : null;
  return {kind: 'aggregate', measures, keys, pick, ...about};
}

/** Columns side by side in one answer. */
const mostMissing = 6;
