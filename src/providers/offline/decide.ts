// Chooses the Intent that the parts of a question add up to. The order of the readings is the order of this file.

import type {Column} from '../../core/dataset.ts';
import {nearest} from '../../core/text.ts';
import {addOnce, isAdditive, isIdentifier, isMeasurable, isNumeric, isYesNo, measureColumns} from './choose.ts';
import {decideChart} from './decide-chart.ts';
import {decideRank} from './decide-rank.ts';
import {decideShare} from './decide-share.ts';
import type {About, AggregateName, DataIntent, Intent, Key, Measure} from './intent.ts';
import type {Parts} from './parts.ts';
import {isCalendar, isYearColumn, periodFor} from './periods.ts';
import {conditionColumns} from './sql.ts';
import type {Cue} from './vocabulary.ts';

type Reader = (parts: Parts, about: About) => Intent | null;

export function decide(parts: Parts): Intent {
  const refused = refusal(parts);
  if (refused) return refused;
  const about: About = {
    subject: parts.subject,
    where: parts.where,
    notes: parts.remarks.notes,
    alternatives: parts.remarks.alternatives,
  };
  const readers: Reader[] = [
    decideQuality,
    decideChart,
    decideCorrelation,
    decideQuantiles,
    decideShare,
    decideCompare,
    decideDistribution,
    decideTrend,
    decideRank,
    decideDistinct,
    decideRows,
    decideAggregate,
    decideOverview,
    decideColumns,
  ];
  for (const reader of readers) {
    const intent = reader(parts, about);
    if (!intent) continue;
    const words = parts.unread.filter(word => word.length > 2).slice(0, 4);
    if ('notes' in intent && words.length > 0)
      intent.notes.push(`Not used: ${words.map(word => `“${word}”`).join(', ')}.`);
    return intent;
  }
  return unclear(parts, `I did not understand that as a question about ${parts.subject.name}.`);
}

export function unclear({subject}: Parts, reason: string, suggestions: string[] = []): Intent {
  return {kind: 'unclear', subject, reason, suggestions};
}

export function unknownColumn(parts: Parts, name: string): Intent {
  const names = parts.subject.columns.map(column => column.name);
  const near = nearest(name, names);
  const list = near.length > 0 ? `nearest: ${near.join(', ')}` : `columns: ${names.slice(0, 12).join(', ')}`;
  return unclear(parts, `There is no column “${name}” in ${parts.subject.name}; ${list}.`, near);
}

function refusal(parts: Parts): Intent | null {
  const [problem] = parts.remarks.problems;
  if (problem) return unclear(parts, problem.reason, problem.suggestions);
  const [name] = parts.unknownColumns;
  return name === undefined ? null : unknownColumn(parts, name);
}

const has = ({cues}: Parts, ...wanted: Cue[]) => wanted.some(cue => cues.has(cue));

/** All columns a question names, whatever their part in it. */
export function mentioned(parts: Parts): Column[] {
  const measured = parts.measures.map(({column}) => column).filter(column => column !== null);
  return [...new Set([...measured, ...parts.columns, ...parts.keys.map(({column}) => column)])];
}

/** The aggregate a column gets when none is named; the choice and the other way are said. */
export function defaultMeasure(column: Column, about: About): Measure {
  if (isYesNo(column)) return {fn: 'rate', column};
  if (!isMeasurable(column)) return {fn: 'distinct', column};
  const fn = isAdditive(column) ? 'sum' : 'average';
  const other = fn === 'sum' ? 'average' : 'total';
  addOnce(about.alternatives, `No aggregate was named; ask for the ${other} of ${column.name} to get that instead.`);
  return {fn, column};
}

function decideQuality(parts: Parts, about: About): Intent | null {
  const columns = mentioned(parts);
  const all = parts.subject.columns;
  if (has(parts, 'duplicates')) return {kind: 'duplicates', columns, ...about};
  if (has(parts, 'missing_values')) return {kind: 'missing', columns: columns.length > 0 ? columns : all, ...about};
  if (!has(parts, 'outliers', 'z_score')) return null;
  const numeric = columns.length > 0 ? columns.filter(isNumeric) : measureColumns(parts.subject).slice(0, 20);
  if (numeric.length === 0) return unclear(parts, notNumeric(columns, parts, 'Outliers need a number column'));
  return {kind: 'outliers', columns: numeric, rule: has(parts, 'z_score') ? 'z' : 'iqr', ...about};
}

function notNumeric(columns: Column[], {subject}: Parts, need: string): string {
  const numbers = measureColumns(subject).map(({name}) => name);
  const what = columns.map(({name, kind}) => `${name} is ${kind}`).join(', ');
  return `${need}${what ? `; ${what}` : ''}. Number columns of ${subject.name}: ${numbers.slice(0, 10).join(', ') || 'none'}.`;
}

function decideCorrelation(parts: Parts, about: About): Intent | null {
  if (!has(parts, 'correlation', 'spearman')) return null;
  const columns = mentioned(parts);
  const numeric = columns.filter(isMeasurable);
  const [groups] = columns.filter(column => !isMeasurable(column));
  const method = has(parts, 'spearman') ? 'spearman' : 'pearson';
  const [first] = numeric;
  if (first && groups && numeric.length === 1) {
    about.notes.push(
      `${groups.name} is no number, so ${first.name} is compared between its groups instead of correlated.`,
    );
    return {kind: 'compare', measure: first, key: {column: groups, part: null}, ...about};
  }
  if (groups && numeric.length === 0)
    return unclear(parts, notNumeric(columns, parts, 'A correlation needs number columns'));
  if (numeric.length >= 2) return {kind: 'correlation', columns: numeric, target: null, method, ...about};
  const candidates = measureColumns(parts.subject).slice(0, first ? 40 : 12);
  if (!first && measureColumns(parts.subject).length > 12) {
    about.notes.push(`Only the first 12 number columns were paired.`);
  }
  if (candidates.length < 2) return unclear(parts, notNumeric([], parts, 'A correlation needs two number columns'));
  return {kind: 'correlation', columns: candidates, target: first ?? null, method, ...about};
}

function decideQuantiles(parts: Parts, about: About): Intent | null {
  const quantiles = has(parts, 'deciles') ? [1, 2, 3, 4, 5, 6, 7, 8, 9].map(tenth => tenth / 10) : parts.quantiles;
  if (quantiles.length === 0 && !has(parts, 'quartiles')) return null;
  const columns = mentioned(parts).filter(isNumeric);
  const column = columns[0] ?? onlyMeasure(parts);
  if (!column) return unclear(parts, notNumeric(mentioned(parts), parts, 'Name the number column for the percentiles'));
  const keys = parts.keys.filter(key => key.column !== column);
  return {kind: 'quantiles', column, quantiles: quantiles.length > 0 ? quantiles : [0.25, 0.5, 0.75], keys, ...about};
}

const onlyMeasure = ({subject}: Parts) => {
  const columns = measureColumns(subject);
  return columns.length === 1 ? columns[0] : undefined;
};

function decideCompare(parts: Parts, about: About): Intent | null {
  if (!has(parts, 'compare')) return null;
  const columns = mentioned(parts);
  const [condition] = conditionColumns(parts.where).filter(column => column.kind === 'text');
  const measure =
    columns.find(column => isMeasurable(column) && !parts.keys.some(key => key.column === column)) ?? null;
  const spoken = parts.keys.find(({column}) => column !== measure);
  const grouping = columns.find(column => column !== measure && !isNumeric(column));
  const key: Key | null =
    spoken ?? (grouping ? {column: grouping, part: null} : condition ? {column: condition, part: null} : null);
  if (!key) {
    const numeric = columns.filter(isNumeric);
    if (numeric.length >= 2) return {kind: 'correlation', columns: numeric, target: null, method: 'pearson', ...about};
    return unclear(parts, `Say which groups to compare, such as “compare X between A and B”.`);
  }
  const counted = parts.measures.some(({column}) => column === null);
  if (!measure) {
    if (counted || columns.length > 0 || condition) {
      return {kind: 'aggregate', measures: [{fn: 'count', column: null}], keys: [key], pick: null, ...about};
    }
    return unclear(parts, `Say what to compare between the groups of ${key.column.name}.`);
  }
  const sums = parts.measures.filter(({fn}) => fn === 'sum');
  if (sums.length > 0) return {kind: 'aggregate', measures: sums, keys: [key], pick: null, ...about};
  return {kind: 'compare', measure, key, ...about};
}

function decideDistribution(parts: Parts, about: About): Intent | null {
  if (!has(parts, 'distribution')) return null;
  const [column] = [...mentioned(parts)];
  const [key] = parts.keys.filter(other => other.column !== column);
  if (!column) {
    const only = onlyMeasure(parts);
    return only ? {kind: 'distribution', column: only, drawn: false, ...about} : null;
  }
  if (key && isMeasurable(column)) return {kind: 'compare', measure: column, key, ...about};
  return {kind: 'distribution', column, drawn: false, ...about};
}

function decideTrend(parts: Parts, about: About): Intent | null {
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
  const part = timeKey?.part ?? parts.period ?? null;
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

function decideDistinct(parts: Parts, about: About): Intent | null {
  const {columns, measures, bare, keys} = parts;
  const [column] = columns;
  if (!column || measures.length > 0 || bare.length > 0 || keys.length > 0) return null;
  const lists =
    has(parts, 'distinct') ||
    (has(parts, 'show', 'which') &&
      columns.length === 1 &&
      !isMeasurable(column) &&
      parts.limit === null &&
      !has(parts, 'rows', 'first', 'last', 'random'));
  if (!lists || columns.length > 1) return null;
  return {kind: 'distinct', column, ...about};
}

function decideRows(parts: Parts, about: About): Intent | null {
  const {measures, bare, keys, columns, cues} = parts;
  if (measures.length > 0 || bare.length > 0 || keys.length > 0 || cues.has('columns') || cues.has('describe'))
    return null;
  const asks = has(parts, 'show', 'first', 'last', 'random', 'rows');
  if (!asks || (columns.length > 0 && !has(parts, 'show', 'rows') && parts.limit === null && !has(parts, 'random')))
    return null;
  const from = has(parts, 'random') ? 'random' : has(parts, 'last') ? 'last' : 'first';
  return {kind: 'rows', from, limit: Math.min(parts.limit ?? 10, 100), columns, ...about};
}

function decideAggregate(parts: Parts, about: About): Intent | null {
  const measures = [...parts.measures];
  const keys = parts.keys;
  if (parts.bare.length > 0) {
    const column = bareTarget(parts, about);
    if (!column && measures.length === 0)
      return unclear(parts, notNumeric([], parts, `Say which column to take the ${parts.bare[0]} of`));
    if (column) measures.push(...parts.bare.map((fn: AggregateName): Measure => ({fn, column})));
  }
  if (measures.length === 0) return null;
  for (const {fn, column} of measures) {
    const numbersOnly = /^(average|sum|median|stddev|variance|quantile|share|rate)$/.test(fn);
    if (numbersOnly && column && !isMeasurable(column)) {
      return unclear(parts, notNumeric([column], parts, `The ${fn} needs numbers`));
    }
  }
  const columns = parts.columns.filter(column => !measures.some(measure => measure.column === column));
  const groups = [...keys];
  // "average price region" without "by" still names a group.
  for (const column of columns) {
    if (groups.length === 0 && !isNumeric(column) && !isCalendar(column)) groups.push({column, part: null});
    else about.notes.push(`Not used: ${column.name}.`);
  }
  if (parts.asked && groups.length === 0) groups.push(parts.asked);
  return {kind: 'aggregate', measures, keys: groups.slice(0, 4), pick: null, ...about};
}

/** "average by region" names no column: the one compared, else the only one, else the likeliest, and it is said. */
function bareTarget(parts: Parts, about: About): Column | null {
  const [compared] = conditionColumns(parts.where).filter(isNumeric);
  const candidates = measureColumns(parts.subject);
  const column = parts.columns.find(isMeasurable) ?? compared ?? candidates.find(isAdditive) ?? candidates[0] ?? null;
  if (column && candidates.length > 1 && !parts.columns.includes(column)) {
    const others = candidates.filter(other => other !== column).slice(0, 3);
    about.notes.push(`No column was named; ${column.name} was taken.`);
    about.alternatives.push(`Other number columns: ${others.map(({name}) => name).join(', ')}.`);
  }
  return column;
}

function decideOverview(parts: Parts, about: About): Intent | null {
  const columns = mentioned(parts);
  if (has(parts, 'columns') && columns.length === 0) return {kind: 'columns', ...about};
  if (has(parts, 'describe')) return columns.length > 0 ? overviewOf(columns, about) : {kind: 'describe', ...about};
  if (columns.length === 0 && parts.where === null && has(parts, 'dataset') && parts.words <= 3)
    return {kind: 'describe', ...about};
  return null;
}

function overviewOf(columns: Column[], about: About): DataIntent {
  const [only] = columns;
  return columns.length === 1 && only
    ? {kind: 'distribution', column: only, drawn: false, ...about}
    : {kind: 'column_summary', columns, ...about};
}

/** Only columns or conditions were named: the likeliest question about them. */
function decideColumns(parts: Parts, about: About): Intent | null {
  const {keys, columns} = parts;
  const count: Measure = {fn: 'count', column: null};
  const numeric = columns.find(column => isMeasurable(column) && !isIdentifier(column, parts.subject.rows));
  const group = columns.find(column => !isNumeric(column));
  if (numeric && (keys.length > 0 || group)) {
    const groups = keys.length > 0 ? keys : group ? [{column: group, part: null}] : [];
    return {kind: 'aggregate', measures: [defaultMeasure(numeric, about)], keys: groups, pick: null, ...about};
  }
  if (keys.length > 0) return {kind: 'aggregate', measures: [count], keys, pick: null, ...about};
  const numbers = columns.filter(isNumeric);
  if (numbers.length === 2) return {kind: 'correlation', columns: numbers, target: null, method: 'pearson', ...about};
  const [only] = columns;
  if (only)
    return columns.length === 1
      ? {kind: 'distribution', column: only, drawn: false, ...about}
      : overviewOf(columns, about);
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
