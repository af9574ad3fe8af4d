// Questions about how columns relate or spread: correlation, percentiles, comparison of groups, distribution, trend.

import type {Column} from '../../core/dataset.ts';
import {
  defaultMeasure,
  distributionOf,
  has,
  mentioned,
  notNumeric,
  onlyMeasure,
  sideBySide,
  unclear,
} from './choices.ts';
import {hintedColumn, isMeasurable, isNumeric, isYesNo, measureColumns} from './choose.ts';
import type {About, Intent, Key, Measure} from './intent.ts';
import type {Parts} from './parts.ts';
import {isCalendar, isYearColumn, periodFor} from './periods.ts';
import {conditionColumns} from './sql.ts';

export function decideCorrelation(parts: Parts, about: About): Intent | null {
  if (!has(parts, 'correlation', 'spearman')) return null;
  const columns = mentioned(parts);
  const numeric = columns.filter(isMeasurable);
  const [groups, otherGroups] = columns.filter(column => !isMeasurable(column));
  const method = has(parts, 'spearman') ? 'spearman' : 'pearson';
  const [first] = numeric;
  if (first && numeric.length === 1 && parts.measures.some(({fn, column}) => fn === 'count' && column === null)) {
    const reason = `A number of rows is counted in groups, so it has no value beside each ${first.name} to go with.`;
    return unclear(parts, reason, isYesNo(first) ? [] : [`number of rows by ${first.name} bands`]);
  }
  const told = parts.where?.kind === 'in' ? parts.where : null;
  if (first && told && numeric.length === 1 && columns.length === 1) {
    about.notes.push(
      `${told.values.join(', ')} is a value of ${told.column.name}, so ${first.name} is compared between its groups.`,
    );
    return comparison(first, {column: told.column, part: null}, {...about, where: null});
  }
  if (first && groups && numeric.length === 1) {
    about.notes.push(
      `${groups.name} is no number, so ${first.name} is compared between its groups instead of correlated.`,
    );
    return comparison(first, {column: groups, part: null}, about);
  }
  if (groups && otherGroups && !parts.where) {
    const args = {dataset: parts.subject.name, value: groups.name, group: otherGroups.name};
    return {kind: 'tool', tool: 'test_hypothesis', args};
  }
  if (groups && numeric.length === 0) return sideBySide({column: groups, part: null}, parts, about);
  if (numeric.length >= 2) return {kind: 'correlation', columns: numeric, target: null, method, ...about};
  const candidates = measureColumns(parts.subject).slice(0, first ? 40 : 12);
  if (!first && measureColumns(parts.subject).length > 12) {
    about.notes.push(`Only the first 12 number columns were paired.`);
  }
  if (candidates.length < 2) return unclear(parts, notNumeric([], parts, 'A correlation needs two number columns'));
  return {kind: 'correlation', columns: candidates, target: first ?? null, method, ...about};
}

export function decideQuantiles(parts: Parts, about: About): Intent | null {
  const quantiles = has(parts, 'deciles') ? [1, 2, 3, 4, 5, 6, 7, 8, 9].map(tenth => tenth / 10) : parts.quantiles;
  if (quantiles.length === 0 && !has(parts, 'quartiles')) return null;
  const columns = mentioned(parts).filter(isNumeric);
  const column = columns[0] ?? onlyMeasure(parts);
  if (!column) return unclear(parts, notNumeric(mentioned(parts), parts, 'Name the number column for the percentiles'));
  const keys = parts.keys.filter(key => key.column !== column);
  const asked = quantiles.length > 0 ? quantiles : [0.25, 0.5, 0.75];
  const beside = [...parts.measures, ...parts.bare.map((fn): Measure => ({fn, column}))];
  if (beside.length === 0) return {kind: 'quantiles', column, quantiles: asked, keys, ...about};
  // "median and 90th percentile of price": all that was asked for, in the order of a reader.
  const measures = [...beside, ...asked.map((q): Measure => ({fn: 'quantile', column, q}))];
  return {kind: 'aggregate', measures, keys, pick: null, ...about};
}

export function decideCompare(parts: Parts, about: About): Intent | null {
  const against = yesNoContrast(parts);
  if (against) {
    about.notes.push(`Compared with the other rows of ${parts.subject.name}.`);
    return comparison(against.measure, against.key, {...about, where: null});
  }
  if (!has(parts, 'compare')) return null;
  const columns = mentioned(parts);
  const [condition] = conditionColumns(parts.where).filter(column => column.kind === 'text');
  const measure =
    columns.find(column => isMeasurable(column) && !parts.keys.some(key => key.column === column)) ?? null;
  const spoken = parts.keys.find(({column}) => column !== measure);
  const split = /\b(between|across|among)\b/.test(parts.text);
  const isGroup = (column: Column) => !isNumeric(column) || (split && column.distinctCount <= 12);
  const grouping = columns.find(column => column !== measure && isGroup(column));
  const key: Key | null =
    spoken ?? (grouping ? {column: grouping, part: null} : condition ? {column: condition, part: null} : null);
  if (!key) {
    const numeric = columns.filter(isNumeric);
    if (numeric.length >= 2) return {kind: 'correlation', columns: numeric, target: null, method: 'pearson', ...about};
    return unclear(parts, `Say which groups to compare, such as “compare X between A and B”.`);
  }
  const counted = parts.measures.some(({column}) => column === null);
  const paid = /\b(pay|pays|paid|spend|spends|spent|cost|costs)\b/.test(parts.text)
    ? hintedColumn('price', parts.subject)
    : null;
  if (!measure && paid && !counted) {
    about.notes.push(`What is paid was read as ${paid.name}.`);
    return {kind: 'compare', measure: paid, key, ...about};
  }
  if (!measure) {
    if (counted) return {kind: 'aggregate', measures: [{fn: 'count', column: null}], keys: [key], pick: null, ...about};
    if (columns.length > 0 || condition) return sideBySide(key, parts, about);
    return unclear(parts, `Say what to compare between the groups of ${key.column.name}.`);
  }
  // What is asked for by name is computed, and nothing said of the means.
  const named = parts.measures.filter(({fn, column}) => column !== null && !/^(?:average|count)$/.test(fn));
  if (named.length > 0) return {kind: 'aggregate', measures: named, keys: [key], pick: null, ...about};
  return comparison(measure, key, about);
}

/** Of a yes/no column the percentages are compared. */
function comparison(measure: Column, key: Key, about: About): Intent {
  if (!isYesNo(measure)) return {kind: 'compare', measure, key, ...about};
  return {kind: 'aggregate', measures: [{fn: 'rate', column: measure}], keys: [key], pick: null, ...about};
}

export function decideDistribution(parts: Parts, about: About): Intent | null {
  if (!has(parts, 'distribution')) return null;
  const [column] = [...mentioned(parts)];
  if (column && isCalendar(column) && /\branges?\b/.test(parts.text)) {
    const measures: Measure[] = [
      {fn: 'min', column},
      {fn: 'max', column},
    ];
    return {kind: 'aggregate', measures, keys: [], pick: null, ...about};
  }
  const [key] = parts.keys.filter(other => other.column !== column);
  if (!column) {
    const only = onlyMeasure(parts);
    return only ? {kind: 'distribution', column: only, drawn: false, ...about} : null;
  }
  if (key && isMeasurable(column)) return {kind: 'compare', measure: column, key, ...about};
  return distributionOf(column, about);
}

export function decideTrend(parts: Parts, about: About): Intent | null {
  const timeKey = parts.keys.find(({column, part}) => part !== null || isCalendar(column) || isYearColumn(column));
  const isTrend = has(parts, 'trend');
  if (!isTrend && (!timeKey || parts.superlative || parts.measures.length > 1 || parts.keys.length > 1)) return null;
  if (!isTrend && has(parts, 'show', 'rows') && parts.columns.length === 0 && parts.measures.length === 0) return null;
  const time = timeKey?.column ?? parts.subject.columns.find(isCalendar) ?? parts.subject.columns.find(isYearColumn);
  if (!time) {
    return unclear(parts, `${parts.subject.name} has no date column, so there is no trend over time to show.`);
  }
  const keys = parts.keys.filter(key => key !== timeKey && key.column !== time);
  const [given] = parts.measures;
  const column = parts.columns.find(other => other !== time && isMeasurable(other));
  const bare = parts.bare[0];
  const measure: Measure =
    given ?? (column ? (bare ? {fn: bare, column} : defaultMeasure(column, about)) : {fn: 'count', column: null});
  if (bare && !column && !given) return null;
  // "by day" where the column of dates is called day.
  const spoken = timeKey && time.type === 'DATE' && /^days?$/i.test(time.name) ? 'day' : null;
  const part = timeKey?.part ?? spoken ?? parts.period ?? null;
  if (!isCalendar(time)) {
    return {kind: 'aggregate', measures: [measure], keys: [...keys, {column: time, part: null}], pick: null, ...about};
  }
  if (part === 'weekday' || part === 'month_of_year' || part === 'hour') {
    return {kind: 'aggregate', measures: [measure], keys: [...keys, {column: time, part}], pick: null, ...about};
  }
  const chosen = part ?? periodFor(time);
  if (!part)
    about.notes.push(
      `The period (${chosen}) was chosen from the span of ${time.name}; “by day”, “by month” or “by year” also work.`,
    );
  return {kind: 'trend', time, part: chosen, measure, keys, ...about};
}

/** "is revenue higher for returned orders": against those that were not. */
function yesNoContrast(parts: Parts): {measure: Column; key: Key} | null {
  const {where, columns, measures} = parts;
  const asks =
    /^(is|are|was|were|do|does|did)\b/.test(parts.text) &&
    /\b(higher|lower|more|less|bigger|smaller|larger)\b/.test(parts.text);
  const key =
    where?.kind === 'compare' && isYesNo(where.column)
      ? where.column
      : where === null
        ? columns.find(isYesNo)
        : undefined;
  const pays = /\b(pay|pays|spend|spends|cost|costs)\b/.test(parts.text) ? hintedColumn('price', parts.subject) : null;
  const named = [...columns, ...measures.map(({column}) => column)];
  const measure = named.find(column => column && column !== key && isMeasurable(column)) ?? pays;
  if (!asks || !measure || !key || parts.keys.length > 0) return null;
  return {measure, key: {column: key, part: null}};
}
