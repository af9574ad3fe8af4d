// Questions for the tools of time series and of texts, as whole sentences.

import {isAdditive, timeColumn} from './choose.ts';
import type {Subject} from './intent.ts';
import {namesRows, rowNouns} from './measures.ts';
import {columnOf, singular} from './names.ts';
import {isCalendar, periodFor} from './periods.ts';
import type {Asked, Request} from './statistics.ts';

const step = '(?: (?:by|per|every) (day|week|month|quarter|year))?';

export const SERIES_REQUESTS: readonly Request[] = [
  {
    pattern: new RegExp(
      `^(?:is|are) there (?:an? |any )?(?:significant )?(?:trends?|seasonality|seasons?|seasonal patterns?|change points?|growth) in (?:the )?(.+?)${step}$`,
    ),
    read: series,
  },
  {
    pattern: new RegExp(
      `^(?:show |find |check |test )?(?:me )?(?:the )?(?:seasonality|seasonal pattern|change points?|stationarity|autocorrelation|decomposition) (?:of|in|for) (?:the )?(.+?)${step}$`,
    ),
    read: series,
  },
  {pattern: new RegExp(`^is (?:the )?(.+?) (?:seasonal|stationary|autocorrelated)${step}$`), read: series},
  {
    pattern: new RegExp(
      `^(?:is|are) (?:the )?(.+?) (?:declining|decreasing|falling|dropping|rising|increasing|growing|improving|going (?:up|down))(?: over time)?${step}$`,
    ),
    read: series,
  },
  {
    pattern:
      /^(?:which |how many |are there (?:any )?|list |show |on which )?(?:days|dates|weeks|months|hours) (?:with no|without(?: any)?|that have no|have no|had no|have there been no) ([a-z]+)$/,
    read: ([noun = ''], subject) =>
      namesRows(noun, subject) || rowNouns.has(singular(noun)) || noun === 'data' ? gaps([undefined], subject) : null,
  },
  {
    pattern:
      /^(?:are there |find |show |what are |list )?(?:me )?(?:any |the )?(?:(?:time )?gaps in (?:the )?(.+)|missing (?:days|dates|hours|weeks|months|timestamps))$/,
    read: gaps,
  },
  {pattern: new RegExp(`^(?:decompose|analy[sz]e) (?:the )?(.+?) over time${step}$`), read: series},
  {pattern: new RegExp(`^decompose (?:the )?(.+?)${step}$`), read: series},
  {pattern: new RegExp(`^time series analysis (?:of|for) (?:the )?(.+?)${step}$`), read: series},
  {
    pattern:
      /^(?:what are )?(?:show )?(?:me )?(?:the )?(?:top (\d{1,3}|) ?|most (?:common|frequent) |common |frequent )(?:words|terms|keywords) (?:in|of) (?:the )?(.+)$/,
    read: words,
  },
  {
    pattern: /^(?:what|which) ()(?:words|terms) are (?:the )?(?:most )?(?:common|frequent) in (?:the )?(.+)$/,
    read: words,
  },
  {pattern: /^()word (?:counts?|frequenc(?:y|ies)) (?:of|in|for) (?:the )?(.+)$/, read: words},
];

/** Over the first calendar column; rows of one step are put together by the tool. */
function series([goal = '', every]: (string | undefined)[], subject: Subject): Asked | null {
  const value = columnOf(goal, subject.columns);
  const time = timeColumn(subject);
  if (value?.kind !== 'number' || !time || !isCalendar(time)) return null;
  // Several rows of one time, or times of no fixed step, make no series before they are put together.
  const scattered = /^TIMESTAMP/i.test(time.type) || time.distinctCount < 0.6 * (subject.rows - time.nullCount);
  const chosen = every ?? (scattered ? periodFor(time) : undefined);
  const combine = chosen && isAdditive(value) ? {combine: 'sum'} : {};
  const args = {dataset: subject.name, time: time.name, value: value.name, ...(chosen && {every: chosen}), ...combine};
  const note =
    chosen && !every
      ? `Rows of one ${chosen} were put together; “by day”, “by month” or “by year” behind the question choose otherwise.`
      : undefined;
  return {tool: 'analyze_time_series', args, ...(note && {note})};
}

/** Of the time column; gaps in another column are its missing values. */
function gaps([goal]: (string | undefined)[], subject: Subject): Asked | null {
  const time = timeColumn(subject);
  const meant =
    goal === undefined ||
    /^(?:time|times|dates?|days|time series|data)$/.test(goal) ||
    columnOf(goal, subject.columns) === time;
  return time && isCalendar(time) && meant
    ? {tool: 'analyze_time_series', args: {dataset: subject.name, time: time.name}}
    : null;
}

function words([top = '', goal = '']: string[], {name: dataset, columns}: Subject): Asked | null {
  const column = columnOf(goal, columns);
  if (column?.kind !== 'text') return null;
  return {tool: 'analyze_text', args: {dataset, column: column.name, ...(top !== '' && {top: Number(top)})}};
}
