// "is that significant?" and "why?" after an answer: the test that fits what was compared, and what may go with it.

import type {Column} from '../../core/dataset.ts';
import {isMeasurable} from './choose.ts';
import type {Condition, DataIntent, Intent, Key} from './intent.ts';
import {conditionSql} from './sql.ts';
import {onlyWhere} from './statistics-differences.ts';

const it =
  '(?:it|this|that|these|those|they|(?:the|this|that|these|those) (?:differences?|gaps?|effects?|results?|associations?|correlations?|relationships?))';
const asks = new RegExp(
  `^(?:and |but |ok |so )*(?:(?:is|are|was|were|could|can) ${it}(?: be)?(?: between them)?(?: actually| just| only| really| statistically| all| pure)* (?:significant|real|(?:by |due to |from )?(?:chance|noise|luck|random(?:ness)?))|(?:statistically )?significant|(?:test|check) ${it}(?: for (?:statistical )?significance)?|(?:do|does) (?:it|they|these|those|the groups) (?:really |actually )?differ significantly)[?.! ]*$`,
  'i',
);

/** What is tested: a value between groups, or two columns against each other. */
type Tested = {value: Column; group: Column} | {pair: [Column, Column]};

/** The test, or why there is none; null where the words do not ask for one. */
export function significanceOf(before: DataIntent, text: string): Intent | null {
  if (!asks.test(text)) return null;
  const {subject, where} = before;
  const tested = testedIn(before);
  if (tested === null || subject.derived)
    return {
      kind: 'unclear',
      subject,
      reason: 'What was asked before compares nothing that a test fits: it needs a measure or a category, and groups.',
      suggestions: [],
    };
  const base = {dataset: subject.name, ...condition(where)};
  const only = where === null ? [] : [onlyWhere(where, subject.name)];
  if ('pair' in tested)
    return {
      ...{kind: 'tool', tool: 'correlate', args: {...base, columns: tested.pair.map(({name}) => name)}},
      ...noted(only),
    };
  const {value, group} = tested;
  const isTotal = before.kind === 'aggregate' && before.measures.some(({fn}) => fn === 'sum');
  return {
    kind: 'tool',
    tool: 'test_hypothesis',
    args: {...base, value: value.name, group: group.name},
    ...noted([
      ...only,
      ...(isTotal
        ? [`Totals depend on the number of rows as well; tested are the single values of ${value.name}.`]
        : []),
    ]),
  };
}

/** What "why?" can be answered with: what goes with the number that the answer was about. */
export function whyOf(before: DataIntent, text: string): Intent | null {
  if (!/^(?:and |but |so )?why(?: is (?:that|this|it)(?: so)?)?[?.! ]*$/i.test(text)) return null;
  const column = numberIn(before);
  if (!column || !isMeasurable(column) || before.subject.derived) return null;
  return {
    kind: 'unclear',
    subject: before.subject,
    reason: 'Data alone does not say why; it can show what goes with it.',
    suggestions: [`what drives ${column.name}`],
  };
}

function numberIn(before: DataIntent): Column | null {
  switch (before.kind) {
    case 'compare':
      return before.measure;
    case 'aggregate':
      return before.measures[0]?.column ?? null;
    case 'trend':
    case 'series':
    case 'typical':
    case 'growth':
      return before.measure.column;
    case 'rank_rows':
      return before.by;
    case 'distribution':
      return before.column;
    default:
      return null;
  }
}

function testedIn(before: DataIntent): Tested | null {
  switch (before.kind) {
    case 'compare':
      return ofGroups(before.measure, [before.key]);
    case 'aggregate': {
      const [measure, ...more] = before.measures;
      if (!measure || more.length > 0 || before.having) return null;
      if (measure.column === null) return ofCounts(measure.fn, before.keys);
      const isTestable = /^(average|median|sum|rate|min|max|stddev|quantile)$/.test(measure.fn);
      return isTestable ? ofGroups(measure.column, before.keys) : null;
    }
    case 'correlation': {
      const [a, b, ...others] = before.columns;
      return a && b && others.length === 0 ? {pair: [a, b]} : null;
    }
    case 'chart': {
      const {chart} = before;
      if (chart.mark === 'scatter') return {pair: [chart.x, chart.y]};
      if (chart.mark === 'box' || chart.mark === 'violin' || chart.mark === 'ecdf')
        return chart.by && ofGroups(chart.column, [{column: chart.by, part: null}]);
      if (!('measure' in chart) || chart.series || chart.measure.column === null) return null;
      return ofGroups(chart.measure.column, [chart.key]);
    }
    default:
      return null;
  }
}

function ofGroups(value: Column, keys: readonly Key[]): Tested | null {
  const [key, ...others] = keys;
  if (!key || others.length > 0 || key.part !== null || key.column.name === value.name) return null;
  return isMeasurable(value) || value.kind === 'boolean' ? {value, group: key.column} : null;
}

/** Rows counted by two columns are a two-way table. */
function ofCounts(fn: string, keys: readonly Key[]): Tested | null {
  const [a, b, ...others] = keys;
  if (fn !== 'count' || !a || !b || others.length > 0 || a.part !== null || b.part !== null) return null;
  return {value: b.column, group: a.column};
}

const condition = (where: Condition | null) => (where === null ? {} : {where: conditionSql(where)});
const noted = (sentences: string[]) => (sentences.length === 0 ? {} : {note: sentences.join(' ')});
