// Questions that lean on the one before: "and by month?", "only for 2020", "same for quantity", "what about median?".

import type {Column} from '../../core/dataset.ts';
import {isMeasurable, isYesNo} from './choose.ts';
import {decideChart} from './decide-chart.ts';
import {significanceOf, whyOf} from './follow-up-test.ts';
import type {AggregateName, Condition, DataIntent, Intent, Key, Measure} from './intent.ts';
import {joinConditions} from './join-conditions.ts';
import {yes} from './operands.ts';
import type {Parts} from './parts.ts';
import {isStep} from './plan-views.ts';
import {conditionColumns} from './sql.ts';
import {sayIntent} from './wording.ts';

const leaning =
  /^(and\b|but\b|now\b|then\b|same\b|the same\b|again\b|only\b|just\b|what about\b|how about\b|by \w|per \w|for \w|in \w|without\b|excluding\b|plot (it|that|this)\b|chart (it|that|this)\b|draw (it|that|this)\b|graph (it|that|this)\b|with(out)? \w|not \w|except|excl|((make|turn|show) (it|that|this) (as |in |into )?|(as|in|into) )(a |an )?(\w+ )?(chart|graph|plot|diagram|bars?|line)\b|(chart|plot|draw|graph|visuali[sz]e) (it|that|this)\b|(top|bottom) \d|(show )?(me )?(only |just )?(the )?(top|bottom|first) \d)|\binstead[.?!]*$|^(the )?(mean|median|average|total|sum|min|max|minimum|maximum)[.?!]*$|^(a |bar |line )*(chart|plot|graph)( it)?[.?!]*$/i;

/** The earlier intent with what the new words change; null when they stand on their own. */
export function followUp(parts: Parts, before: DataIntent, text: string): Intent | null {
  const test = significanceOf(before, text) ?? whyOf(before, text);
  if (test) return test;
  if (!leaning.test(text) || text.length > 120) return null;
  if (parts.remarks.problems.length > 0 || parts.unknownColumns.length > 0) return null;
  const found = changedBy(parts, before, text);
  // On their own the words would be read as another question than the one that goes on.
  if (found || !/^(series|typical|growth)$/.test(before.kind) || parts.measures.length > 0) return found;
  const reason = `I cannot change “${sayIntent(before)}” in that way; ask for it in one sentence.`;
  return {kind: 'unclear', subject: before.subject, reason, suggestions: []};
}

const onlyNumber =
  /^(?:and |but |now |or |what about |how about |only )*(?:those )?(more than|over|above|at least|less than|fewer than|under|below|at most|exactly) (-?[\d.,]+)[?.! ]*$/i;

/** "and more than 20?" speaks of the column that was compared before, not of one that a number of that size fits. */
export function withColumnBefore(text: string, {where}: DataIntent): string {
  const [, how, number] = onlyNumber.exec(text) ?? [];
  const conditions = where?.kind === 'and' ? where.conditions : where ? [where] : [];
  const compared = conditions.flatMap(each =>
    each.kind === 'compare' && each.value.kind === 'number' ? [each.column] : [],
  );
  const [only, ...others] = new Set(compared);
  return how === undefined || !only || others.length > 0 ? text : `only where "${only.name}" ${how} ${number}`;
}

function changedBy(parts: Parts, before: DataIntent, text: string): Intent | null {
  const notes = [...parts.remarks.notes, 'This continues the question before.'];
  const base: DataIntent = {...before, notes, alternatives: []};
  const chart = chartOf(parts, base);
  if (chart) return chart;
  const cut = shortened(parts, base, text);
  if (cut) return cut;
  const people = onlyYes(parts, text);
  if (people) return {...base, where: narrowed(base.where, people)};
  const whole = parts.measures.some(({column}) => column !== null) && parts.keys.length > 0;
  if (whole || parts.superlative || parts.cues.has('show') || parts.cues.has('compare')) return null;
  const filtered = parts.where ? {...base, where: narrowed(base.where, parts.where)} : base;
  const remeasured = withMeasure(filtered, parts);
  const regrouped = remeasured && withKeys(remeasured, parts);
  const changed = parts.where !== null || remeasured !== filtered || regrouped !== remeasured;
  return changed ? regrouped : null;
}

/** "top 3 only" of groups or of rows that were ranked or can be. */
function shortened(parts: Parts, before: DataIntent, text: string): Intent | null {
  const {limit} = parts;
  if (limit === null || parts.measures.length + parts.bare.length + parts.columns.length + parts.keys.length > 0)
    return null;
  const direction = /\b(bottom|lowest|worst|smallest|last)\b/i.test(text) ? 'asc' : 'desc';
  if (before.kind === 'rank_rows' || before.kind === 'rows') return {...before, limit};
  if (before.kind === 'distinct')
    return {
      ...before,
      kind: 'aggregate',
      measures: [{fn: 'count', column: null}],
      keys: [{column: before.column, part: null}],
      pick: {direction, limit},
    };
  if (before.kind === 'compare')
    return {
      ...before,
      kind: 'aggregate',
      measures: [{fn: 'average', column: before.measure}],
      keys: [before.key],
      pick: {direction, limit},
    };
  if (before.kind !== 'aggregate' || before.keys.length === 0) return null;
  const kept = /\b(top|bottom|highest|lowest|best|worst)\b/i.test(text)
    ? direction
    : (before.pick?.direction ?? direction);
  return {...before, pick: {direction: kept, limit}};
}

/** "only for members", "only survivors": the rows in which a yes/no column says yes. */
function onlyYes(parts: Parts, text: string): Condition | null {
  const [column] = parts.columns;
  const said = /^(?:and |but |now )*(?:only|just|for)\b.*?\b(not|non|no)?\b/i.exec(text);
  const plain = parts.columns.length === 1 && parts.measures.length + parts.bare.length + parts.keys.length === 0;
  return said && plain && !parts.where && column && isYesNo(column) ? yes(column, !/\b(not|non)\b/i.test(text)) : null;
}

/** A new condition replaces the earlier one on the same column and is added to the others. */
function narrowed(before: Condition | null, added: Condition): Condition {
  const columns = conditionColumns(added);
  const earlier = before === null ? [] : before.kind === 'and' ? before.conditions : [before];
  const kept = earlier.filter(condition => !conditionColumns(condition).some(column => columns.includes(column)));
  return joinConditions('and', [...kept, added]);
}

function withMeasure(intent: DataIntent, parts: Parts): DataIntent | null {
  const column =
    [...parts.measures.map(measure => measure.column), ...parts.columns].find(other => other !== null) ?? null;
  const fns = [...parts.bare, ...parts.measures.map(({fn}) => fn)];
  if (!column && fns.length === 0) return intent;
  const change = (measure: Measure): Measure[] => changed(measure, fns, column);
  switch (intent.kind) {
    case 'aggregate': {
      const [first] = intent.measures;
      if (column && !isMeasurable(column) && fns.length === 0) return {...intent, keys: [{column, part: null}]};
      return first ? {...intent, measures: change(first)} : null;
    }
    case 'trend':
    case 'series':
    case 'typical':
    case 'growth': {
      const [measure] = change(intent.measure);
      return measure ? {...intent, measure} : null;
    }
    case 'compare':
      return column && isMeasurable(column) && fns.length === 0 ? {...intent, measure: column} : null;
    case 'distribution':
    case 'distinct':
      return column && fns.length === 0 ? {...intent, column} : null;
    case 'quantiles':
      return column && isMeasurable(column) ? {...intent, column} : null;
    case 'rank_rows':
      return column && isMeasurable(column) ? {...intent, by: column} : null;
    case 'outliers':
    case 'missing':
      return column && fns.length === 0 ? {...intent, columns: [column]} : null;
    default:
      return null;
  }
}

function changed(measure: Measure, fns: AggregateName[], column: Column | null): Measure[] {
  const target = column ?? measure.column;
  if (fns.length === 0) {
    if (!target || !isMeasurable(target)) return [];
    const fn = measure.fn === 'count' && !measure.column ? 'average' : measure.fn;
    return [{...measure, fn, column: target}];
  }
  return fns
    .map(fn => (fn === 'count' ? {fn, column: null} : {fn, column: target}))
    .filter(({fn, column: of}) => of !== null || fn === 'count');
}

function withKeys(intent: DataIntent, parts: Parts): DataIntent | null {
  const {keys} = parts;
  const [key] = keys;
  if (!key) return intent;
  const said = (names: Key[]) => names.map(({column, part}) => part ?? column.name).join(' and ');
  switch (intent.kind) {
    case 'aggregate':
      if (intent.keys.length > 0)
        intent.alternatives.push(`Ask “by ${said([...intent.keys, ...keys])}” for both groupings.`);
      if (
        key.part !== null &&
        keys.length === 1 &&
        intent.measures.length === 1 &&
        intent.measures[0] &&
        !/^(weekday|month_of_year|hour)$/.test(key.part)
      ) {
        return {
          ...base(intent),
          kind: 'trend',
          time: key.column,
          part: key.part,
          measure: intent.measures[0],
          keys: [],
        };
      }
      return {...intent, keys, pick: null};
    case 'trend':
      return key.part
        ? {...intent, time: key.column, part: key.part}
        : {...intent, kind: 'aggregate', measures: [intent.measure], keys, pick: null};
    case 'series': {
      if (key.part !== null && keys.length === 1 && isStep(key.part)) {
        const view = intent.view.kind === 'moving' ? null : intent.view;
        return view && {...intent, view, time: key.column, part: key.part};
      }
      return key.part === null && keys.length === 1 ? {...intent, keys} : null;
    }
    case 'typical':
      return keys.length === 1 && key.column !== intent.per.column ? {...intent, keys} : null;
    case 'growth':
      return keys.length === 1 && key.part === null ? {...intent, key} : null;
    case 'share':
    case 'quantiles':
      return {...intent, keys};
    case 'compare':
      return {...intent, key};
    case 'rank_rows':
    case 'distribution': {
      const column = intent.kind === 'distribution' ? intent.column : intent.by;
      return isMeasurable(column) ? {...base(intent), kind: 'compare', measure: column, key} : null;
    }
    default:
      return null;
  }
}

const base = ({subject, where, notes, alternatives}: DataIntent) => ({subject, where, notes, alternatives});

/** "plot it" draws what the question before was about. */
function chartOf(parts: Parts, before: DataIntent): Intent | null {
  const isChart = (['chart', 'bar', 'line', 'scatter', 'histogram'] as const).some(cue => parts.cues.has(cue));
  if (!isChart || parts.columns.length > 0 || parts.measures.length > 0) return null;
  // A picture of the plain values would be another answer than the one before.
  if (before.kind === 'series' || before.kind === 'typical' || before.kind === 'growth') return null;
  const measures =
    before.kind === 'aggregate'
      ? before.measures
      : before.kind === 'trend'
        ? [before.measure]
        : before.kind === 'compare'
          ? [{fn: 'average' as const, column: before.measure}]
          : [];
  const keys =
    before.kind === 'aggregate'
      ? before.keys
      : before.kind === 'trend'
        ? [{column: before.time, part: before.part}]
        : before.kind === 'compare'
          ? [before.key]
          : before.kind === 'distinct'
            ? [{column: before.column, part: null}]
            : [];
  const columns =
    before.kind === 'distribution'
      ? [before.column]
      : before.kind === 'compare'
        ? [before.measure]
        : before.kind === 'correlation'
          ? before.columns.slice(0, 2)
          : [];
  return decideChart({...parts, measures, keys: parts.keys.length > 0 ? parts.keys : keys, columns}, base(before));
}
