// Chooses the Intent that the parts of a question add up to. The order of the readings is the order of this file.

import type {Column} from '../../core/dataset.ts';
import {asksBack} from './bare-words.ts';
import {has, mentioned, unclear, unknownColumn, withNumbers} from './choices.ts';
import {isMeasurable, measureColumns} from './choose.ts';
import {decideAggregate, decideShape} from './decide-aggregate.ts';
import {decideChart} from './decide-chart.ts';
import {decideColumns, decideOverview} from './decide-overview.ts';
import {decideQuality} from './decide-quality.ts';
import {decideRank} from './decide-rank.ts';
import {
  decideCompare,
  decideCorrelation,
  decideDistribution,
  decideQuantiles,
  decideTrend,
} from './decide-relations.ts';
import {decideShare} from './decide-share.ts';
import type {About, Having, Intent, Measure} from './intent.ts';
import {otherQuestion} from './other-question.ts';
import type {Parts} from './parts.ts';
import {isCalendar} from './periods.ts';
import {granted} from './wishes.ts';
import {sayIntent} from './wording.ts';

type Reader = (parts: Parts, about: About) => Intent | null;

export function decide(parts: Parts): Intent {
  const intent = decidePlainly(parts);
  return parts.wish && 'notes' in intent ? granted(parts.wish, intent, parts) : intent;
}

function decidePlainly(parts: Parts): Intent {
  const refused = refusal(parts);
  if (refused) return refused;
  const about: About = {
    subject: parts.subject,
    where: parts.where,
    notes: parts.remarks.notes,
    alternatives: parts.remarks.alternatives,
  };
  const readers: Reader[] = [
    ...(has(parts, 'missing_map') ? [decideChart] : []),
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
    if (parts.having) {
      const chosen = havingOf(intent, parts.having);
      if (chosen) return chosen;
      continue;
    }
    const computed =
      intent.kind === 'column_summary'
        ? intent.columns.find(({name}) => parts.subject.derived?.some(each => each.name === name))
        : undefined;
    if (computed) return {kind: 'distribution', column: computed, drawn: false, ...about};
    if (has(parts, 'share') && !tellsShare(intent))
      return unclear(
        parts,
        'I read that a percentage is asked for, but not of what; “percentage of rows with …” counts rows.',
      );
    const words = parts.unread.filter(word => word.length > 2).slice(0, 4);
    if (intent.kind === 'unclear' || !('notes' in intent)) return intent;
    const other = otherQuestion(intent, parts);
    if (other) return other;
    if (parts.idle.length > 0)
      return unclear(
        parts,
        `I do not know what to do with ${quoted(parts.idle)} in that question, so I did not guess.`,
        nearestOf(intent.kind === 'aggregate' ? {...intent, pick: null} : intent),
      );
    if (words.length > 0)
      return unclear(
        parts,
        `I do not know what to do with ${quoted(words)} in that question, so I did not guess.`,
        nearestOf(intent.kind === 'aggregate' ? {...intent, pick: null} : intent),
      );
    // The axes of a chart are read with care of their own.
    // Whole rows show the thing asked for.
    const asked = parts.asked && intent.kind !== 'rank_rows' ? [parts.asked.column] : [];
    const idle = intent.kind === 'chart' ? [] : [...mentioned(parts), ...asked].filter(column => !uses(intent, column));
    if (idle.length > 0)
      return unclear(
        parts,
        `I found no use for the column ${quoted(idle.map(({name}) => name))} in that question, so I did not guess.`,
      );
    return intent;
  }
  return unclear(parts, `I did not understand that as a question about ${parts.subject.name}.`);
}

/** Groups of one kind, of periods too, that are kept by their size or by the measure that stands first. */
function havingOf(read: Intent, having: Having): Intent | null {
  const grouped: Intent =
    read.kind === 'trend' && read.keys.length === 0
      ? {...read, kind: 'aggregate', measures: [read.measure], keys: [{column: read.time, part: read.part}], pick: null}
      : read;
  if (grouped.kind !== 'aggregate' || grouped.keys.length !== 1) return null;
  const [measure] = grouped.measures;
  if (having.measure !== 'first') return {...grouped, having};
  return measure ? {...grouped, having: {...having, measure}} : null;
}

function tellsShare(intent: Intent): boolean {
  if (intent.kind === 'aggregate') return intent.measures.some(({fn}) => fn === 'share' || fn === 'rate');
  return (
    /^(share|chart|unclear|tool|missing|quantiles|duplicates|outliers|distribution)$/.test(intent.kind) &&
    !(intent.kind === 'distribution' && intent.column.kind === 'number')
  );
}

function refusal(parts: Parts): Intent | null {
  const [problem] = parts.remarks.problems;
  if (problem) return unclear(parts, problem.reason, problem.suggestions);
  if (/^(and |but )?why\b/.test(parts.text)) {
    const [measure] = [...mentioned(parts), ...measureColumns(parts.subject)].filter(isMeasurable);
    const reason = 'Data alone does not say why; it can show what goes with it.';
    return unclear(parts, reason, measure ? [`what drives ${measure.name}`] : []);
  }
  const bare = asksBack(parts);
  if (bare) return bare;
  const beyond =
    /\b(train|predict|prediction|forecast|classify|classifier|cluster|clustering|regression|t test|ttest|anova|p value|significance|significant|significantly|hypothesis|chi square)\b/.exec(
      parts.text,
    )?.[0];
  if (beyond && !mentioned(parts).some(({name}) => name.toLowerCase().includes(beyond))) {
    return unclear(
      parts,
      `“${beyond}” is beyond this built-in analyst in those words. It understands “predict COLUMN”, “forecast COLUMN for 12 months”, “is there a significant difference in COLUMN between GROUPS”, “cluster by COLUMN, COLUMN” and “what drives COLUMN”.`,
    );
  }
  // Quantity * price would otherwise be read as two columns.
  if (/[\p{L}\d_"]\s*[*×+]\s*["\p{L}_]|\p{L}\s+\/\s+\p{L}/u.test(parts.text))
    return unclear(parts, 'Arithmetic between columns needs SQL here, such as: SELECT sum("a" * "b") FROM data.');
  const [name] = parts.unknownColumns;
  return name === undefined ? null : unknownColumn(parts, name);
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

/** What the rest of the question would be, where that is a table that can be asked for in the same words. */
function nearestOf(intent: Intent): string[] {
  if (intent.kind === 'distinct' && !intent.where) return [`number of rows by ${intent.column.name}`];
  return intent.kind === 'aggregate' && !intent.where ? [sayIntent(intent)] : [];
}

function quoted(words: readonly string[]): string {
  return words.map(word => `“${word}”`).join(', ');
}

/** Whether the column occurs anywhere in what will be computed. */
function uses(intent: Intent, column: Column): boolean {
  const holds = (value: unknown): boolean =>
    value === column ||
    (typeof value === 'object' &&
      value !== null &&
      !('topValues' in value) &&
      Object.entries(value).some(([key, part]) => key !== 'subject' && holds(part)));
  return holds(intent);
}
