// Questions that name no task: a dataset, a column or a condition alone, "describe", "columns".

import type {Column} from '../../core/dataset.ts';
import {defaultMeasure, distributionOf, has, mentioned, unclear, unknownColumn} from './choices.ts';
import {isIdentifier, isMeasurable, isNumeric} from './choose.ts';
import {tradedColumn} from './decide-rank.ts';
import type {About, DataIntent, Intent, Measure} from './intent.ts';
import type {Parts} from './parts.ts';
import {isCalendar} from './periods.ts';

export function decideOverview(parts: Parts, about: About): Intent | null {
  const columns = mentioned(parts);
  if (has(parts, 'columns') && columns.length === 0) return {kind: 'columns', ...about};
  if (has(parts, 'describe')) return columns.length > 0 ? overviewOf(columns, about) : {kind: 'describe', ...about};
  if (columns.length === 0 && parts.where === null && has(parts, 'dataset') && parts.words <= 3)
    return {kind: 'describe', ...about};
  return null;
}

function overviewOf(columns: Column[], about: About): DataIntent {
  const [only] = columns;
  return columns.length === 1 && only ? distributionOf(only, about) : {kind: 'column_summary', columns, ...about};
}

/** Only columns or conditions were named: the likeliest question about them. */
export function decideColumns(parts: Parts, about: About): Intent | null {
  const {keys, columns} = parts;
  const count: Measure = {fn: 'count', column: null};
  const numeric = columns.find(column => isMeasurable(column) && !isIdentifier(column, parts.subject.rows));
  const measurable = columns.filter(column => isMeasurable(column) && !isIdentifier(column, parts.subject.rows));
  if (measurable.length > 1 && keys.length > 0) {
    const measures = measurable.map(column => defaultMeasure(column, {...about, notes: []}));
    about.notes.push(
      'No aggregate was named, so each column got its likeliest; name one, such as “median”, for another.',
    );
    return {kind: 'aggregate', measures, keys, pick: null, ...about};
  }
  // "products by revenue": what is measured stands behind "by".
  const [swapped] = keys.length === 1 ? keys : [];
  const named = columns.length === 1 ? columns[0] : undefined;
  if (
    swapped?.part === null &&
    isNumeric(swapped.column) &&
    swapped.column.distinctCount > 20 &&
    named &&
    !isMeasurable(named)
  )
    return {
      kind: 'aggregate',
      measures: [defaultMeasure(swapped.column, about)],
      keys: [{column: named, part: null}],
      pick: null,
      ...about,
    };
  const group = columns.find(column => !isNumeric(column));
  if (numeric && (keys.length > 0 || group)) {
    const groups = keys.length > 0 ? keys : group ? [{column: group, part: null}] : [];
    return {kind: 'aggregate', measures: [defaultMeasure(numeric, about)], keys: groups, pick: null, ...about};
  }
  const [stray] = parts.unread.filter(word => word.length > 2);
  if (keys.length > 0 && stray && columns.length === 0) return unknownColumn(parts, stray);
  if (keys.length > 0) return {kind: 'aggregate', measures: [count], keys, pick: null, ...about};
  const numbers = columns.filter(isNumeric);
  if (numbers.length === 2) return {kind: 'correlation', columns: numbers, target: null, method: 'pearson', ...about};
  const [only] = columns;
  const ends = has(parts, 'first', 'last') && only && columns.length === 1 && isCalendar(only);
  if (ends)
    return {
      kind: 'aggregate',
      measures: [{fn: has(parts, 'last') ? 'max' : 'min', column: only}],
      keys: [],
      pick: null,
      ...about,
    };
  if (only && columns.length === 1 && parts.where && isMeasurable(only)) {
    return {kind: 'aggregate', measures: [defaultMeasure(only, about)], keys: [], pick: null, ...about};
  }
  if (only) return overviewOf(columns, about);
  const traded = /\bhow much\b/.test(parts.text) ? tradedColumn(parts, about) : null;
  if (traded) return {kind: 'aggregate', measures: [{fn: 'sum', column: traded}], keys: [], pick: null, ...about};
  if (parts.where && stray)
    return unclear(parts, `I do not know “${stray}” in ${parts.subject.name}: it is no column and no frequent value.`);
  if (parts.where) {
    about.alternatives.push('“show rows …” with the same words lists them.');
    return {kind: 'aggregate', measures: [count], keys: [], pick: null, ...about};
  }
  if (
    parts.words <= 2 &&
    parts.subject.name.length > 0 &&
    parts.unread.length === 0 &&
    parts.words > 0 &&
    parts.cues.size === 0
  ) {
    return {kind: 'describe', ...about};
  }
  return null;
}
