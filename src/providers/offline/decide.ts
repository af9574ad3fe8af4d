// Chooses the Intent that the parts of a question add up to. The order of the readings is the order of this file.

import type {Column} from '../../core/dataset.ts';
import {
  defaultMeasure,
  distributionOf,
  has,
  mentioned,
  notNumeric,
  unclear,
  unknownColumn,
  withNumbers,
} from './choices.ts';
import {appeal, isIdentifier, isMeasurable, isNumeric, measureColumns} from './choose.ts';
import {decideChart} from './decide-chart.ts';
import {decideRank, tradedColumn} from './decide-rank.ts';
import {
  decideCompare,
  decideCorrelation,
  decideDistribution,
  decideQuantiles,
  decideTrend,
} from './decide-relations.ts';
import {decideShare} from './decide-share.ts';
import type {About, AggregateName, DataIntent, Intent, Measure} from './intent.ts';
import type {Parts} from './parts.ts';
import {isCalendar} from './periods.ts';
import {conditionColumns} from './sql.ts';

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
    decideShape,
    decideAggregate,
    decideOverview,
    decideColumns,
  ];
  for (const reader of readers) {
    const read = reader(parts, about);
    const intent = read && withNumbers(read, parts);
    if (!intent) continue;
    const words = parts.unread.filter(word => word.length > 2).slice(0, 4);
    if ('notes' in intent && words.length > 0)
      intent.notes.push(`Not used: ${words.map(word => `“${word}”`).join(', ')}.`);
    return intent;
  }
  return unclear(parts, `I did not understand that as a question about ${parts.subject.name}.`);
}

function refusal(parts: Parts): Intent | null {
  const [problem] = parts.remarks.problems;
  if (problem) return unclear(parts, problem.reason, problem.suggestions);
  const beyond =
    /\b(train|predict|prediction|forecast|classify|classifier|cluster|clustering|regression|t test|ttest|anova|p value|significance|significant|significantly|hypothesis|chi square)\b/.exec(
      parts.text,
    )?.[0];
  if (beyond && !mentioned(parts).some(({name}) => name.toLowerCase().includes(beyond))) {
    return unclear(
      parts,
      `“${beyond}” is beyond this built-in analyst: it describes data, it trains no models and makes no significance tests.`,
    );
  }
  const [name] = parts.unknownColumns;
  return name === undefined ? null : unknownColumn(parts, name);
}

function decideQuality(parts: Parts, about: About): Intent | null {
  const columns = mentioned(parts);
  const all = parts.subject.columns;
  if (has(parts, 'duplicates')) return {kind: 'duplicates', columns, ...about};
  const computes = parts.bare.length > 0 || parts.measures.some(({fn}) => fn !== 'count');
  if (has(parts, 'missing_values') && !computes)
    return {kind: 'missing', columns: columns.length > 0 ? columns : all, ...about};
  if (!has(parts, 'outliers', 'z_score')) return null;
  const numeric = columns.length > 0 ? columns.filter(isNumeric) : measureColumns(parts.subject).slice(0, 20);
  if (numeric.length === 0) return unclear(parts, notNumeric(columns, parts, 'Outliers need a number column'));
  return {kind: 'outliers', columns: numeric, rule: has(parts, 'z_score') ? 'z' : 'iqr', ...about};
}

function decideDistinct(parts: Parts, about: About): Intent | null {
  const {columns, measures, bare, keys} = parts;
  const [column] = columns;
  const asked = parts.asked && !parts.superlative && parts.asked.part === null ? parts.asked.column : null;
  if (
    asked &&
    columns.length === 0 &&
    measures.length === 0 &&
    bare.length === 0 &&
    keys.length === 0 &&
    !isMeasurable(asked)
  ) {
    if (!isCalendar(asked)) return {kind: 'distinct', column: asked, ...about};
    const measures: Measure[] = [
      {fn: 'min', column: asked},
      {fn: 'max', column: asked},
    ];
    return {kind: 'aggregate', measures, keys: [], pick: null, ...about};
  }
  if (
    has(parts, 'distinct') &&
    column &&
    keys.length > 0 &&
    measures.length === 0 &&
    bare.length === 0 &&
    !isMeasurable(column)
  ) {
    return {kind: 'aggregate', measures: [{fn: 'distinct', column}], keys, pick: null, ...about};
  }
  if (!column || measures.length > 0 || bare.length > 0 || keys.length > 0) return null;
  const lists =
    has(parts, 'distinct') ||
    (has(parts, 'show', 'which') &&
      columns.length === 1 &&
      !isMeasurable(column) &&
      parts.limit === null &&
      !has(parts, 'rows', 'first', 'last', 'random'));
  if (!lists || columns.length > 1) return null;
  if (isCalendar(column) && !has(parts, 'distinct')) {
    const measures: Measure[] = [
      {fn: 'min', column},
      {fn: 'max', column},
    ];
    return {kind: 'aggregate', measures, keys: [], pick: null, ...about};
  }
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

/** "how many columns": the profile tells. */
function decideShape(parts: Parts, about: About): Intent | null {
  const counts = parts.measures.length === 1 && parts.measures[0]?.column === null;
  return has(parts, 'columns') && counts && parts.keys.length === 0 && !parts.where
    ? {kind: 'columns', ...about}
    : null;
}

function decideAggregate(parts: Parts, about: About): Intent | null {
  const measures = [...parts.measures];
  const keys = parts.keys;
  if (
    parts.bare.includes('average') &&
    measures.some(({fn, column}) => fn === 'count' && column === null) &&
    keys.length > 0
  ) {
    return unclear(parts, 'An average of counts takes two steps; count by group first, then average with SQL.');
  }
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
    else about.notes.push(`Not used: ${column.name}.`);
  }
  if (parts.asked && groups.length === 0) groups.push(parts.asked);
  const split = parts.remarks.contrast === 'split' && groups.length === 0 ? splitColumn(parts) : null;
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
  return columns.length === 1 && only ? distributionOf(only, about) : {kind: 'column_summary', columns, ...about};
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
