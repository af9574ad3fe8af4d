// Questions about experiments and about change: A/B tests, plans of sample size and power, drift.

import {isMeasurable, isYesNo} from './choose.ts';
import type {Subject} from './intent.ts';
import {columnOf} from './names.ts';
import type {Asked, Others, Request} from './statistics.ts';
import {groupsSaid, testBetween} from './statistics-differences.ts';

const compared = '(?:compared? (?:to|with)|against|from|since|versus|vs\\.?|relative to)';

export const EXPERIMENT_REQUESTS: readonly Request[] = [
  {
    pattern:
      /^(?:run |do |show |make |evaluate )?(?:me )?(?:an? |the )?(?:a\/b|ab|split)[- ]?test(?: (?:of|on|for))? (?:the )?(.+?) (?:by|between|across) (?:the )?(.+)$/,
    read: abTested,
  },
  {
    pattern:
      /^(?:check|test|look|search)? ?(?:for )?(?:the )?(?:data )?drift(?: (?:between|of|in) (?:the )?(?:two |first and (?:the )?second )?(?:halves|half))?$/,
    read: (_, {name: dataset}) => ({tool: 'check_quality', args: {dataset, compare_to: 'halves'}}),
  },
  {
    pattern:
      /^(?:has|have|did|does|is there(?: any)?|do) (?:the |my |this )?(?:data|it|distributions?|columns?)? ?(?:any )?(?:drift(?:ed|ing)?|shift(?:ed)?)(?: (?:over time|between (?:the )?(?:two |first and (?:the )?second )?(?:halves|half)))?$/,
    read: (_, {name: dataset}) => ({tool: 'check_quality', args: {dataset, compare_to: 'halves'}}),
  },
  {
    pattern: /^compare (?:the )?(?:two |first and (?:the )?second )?(?:halves|half)$/,
    read: (_, {name: dataset}) => ({tool: 'check_quality', args: {dataset, compare_to: 'halves'}}),
  },
  {
    pattern: new RegExp(
      `^(?:(?:check|test|show|find|is there(?: any)?|how (?:much|far))? ?(?:for )?(?:me )?(?:the )?(?:data )?(?:drift(?:ed)?|change)|(?:has|did) (?:the )?(?:data )?drift(?:ed)?|how (?:far )?(?:has|did) (?:the )?(?:data )?(?:drift(?:ed)?|changed?)) (?:of|in|from)? ?(.*?) ?(?:${compared}|to|and) (.+)$`,
    ),
    read: drifted,
  },
  {
    pattern: /^(?:(?:check|show|find) )?(?:the )?(?:data )?drift between (.+?) and (.+)$/,
    read: ([before, after], subject, others) => drifted([after, before], subject, others),
  },
  {pattern: /^(.+)$/, read: planned},
];

/** With two values of the group it is an A/B test; else the test that fits the columns. */
function abTested([left = '', right = '']: (string | undefined)[], subject: Subject): Asked | null {
  const value = columnOf(left, subject.columns);
  const groups = groupsSaid(right.replace(/ groups?$/, ''), subject);
  if (!value || !groups || value === groups.column) return null;
  const isTwo = groups.where !== null || groups.column.distinctCount === 2;
  const asked = testBetween(value, groups, subject);
  return isTwo && (isMeasurable(value) || value.distinctCount === 2)
    ? {...asked, args: {...asked.args, test: 'ab'}}
    : asked;
}

/** `before` is the earlier dataset. Without a name for the later one it is the one talked about. */
function drifted(
  [later = '', before = '']: (string | undefined)[],
  {name}: Subject,
  {names, active}: Others,
): Asked | null {
  const named = (words: string) =>
    names.find(each => each.toLowerCase() === words.replace(/^(?:the )?(?:dataset |table )?/, '').trim());
  const [after, earlier] = [/^(?:the |it|data)?$/.test(later.trim()) ? (active ?? name) : named(later), named(before)];
  if (!after || !earlier || after === earlier) return null;
  return {tool: 'check_quality', args: {dataset: after, compare_to: earlier}};
}

const rowWords = '(?:rows|users|visitors|customers|people|participants|subjects|observations|samples|records)';
const isPlan = new RegExp(
  `\\bsample size|\\bhow many ${rowWords} (?:do|would|should|must|per (?:group|variant|arm)|in each|are needed)\\b|\\bpower of an? (?:\\S+ )?(?:test|study|experiment|comparison)|\\bstatistical power\\b|\\bpower analysis\\b|\\b(?:minimum|smallest) detectable (?:effect|difference)|\\b(?:smallest|minimum) (?:effect|difference)`,
);

type Known = {baseline?: number; to?: number; effect?: number; lift?: number; sd?: number} & Partial<
  Record<'n' | 'power' | 'alpha', number>
>;

const value = '(-?\\d+(?:\\.\\d+)?|\\.\\d+) ?(%|percent(?:age points?)?|points?|pp)?';
/** Each way to say one of the numbers of a plan; an earlier one is read first. */
const phrases: readonly [keyof Known, RegExp][] = [
  ['alpha', new RegExp(`(?:at |with )?(?:the |an? )?(?:alpha|significance(?: level)?)(?: of|=| =)? ?${value}`)],
  ['alpha', new RegExp(`at (?:the )?${value} (?:significance )?level`)],
  ['power', new RegExp(`(?:with |at )?(?:an? )?power (?:of|=) ?${value}`)],
  ['power', new RegExp(`(?:with |at )${value} power`)],
  ['sd', new RegExp(`(?:with |and )?(?:an? )?(?:sd|standard deviation)(?: of|=| =)? ?${value}`)],
  [
    'n',
    new RegExp(`(?:with |and )?${value} ${rowWords} ?(?:per|a|in each|in every|for each)? ?(?:group|variant|arm)?`),
  ],
  ['n', new RegExp(`(?:with )?\\bn ?= ?${value}(?: (?:per|a|in each) (?:group|variant|arm))?`)],
  ['lift', new RegExp(`(?:an? )?(?:relative (?:lift|increase|change)|lift|uplift) (?:of|=) ?${value}`)],
  ['lift', new RegExp(`(?:an? )?${value} (?:relative )?(?:lift|uplift)`)],
  [
    'effect',
    new RegExp(`(?:an? |the )?(?:difference|effect(?: size)?|increase|change|rise|drop)(?: of| =)? ?${value}`),
  ],
  ['effect', new RegExp(`(?:an? )?${value} (?:difference|increase|change|effect)`)],
  [
    'baseline',
    new RegExp(
      `(?:from|with|given|for|of)? ?(?:an? |the )?(?:baseline|conversion|rate|share)(?: rate| share)? ?(?:of|=|at) ?${value}`,
    ),
  ],
  ['baseline', new RegExp(`\\bfrom (?:a share of )?${value}`)],
  ['to', new RegExp(`\\bto ${value}`)],
];
const filler = new Set(
  (
    'what which is are the a an sample size how many do does i we you need needs needed required would should must have be per in each every group groups ' +
    'variant arm to for detect show find see prove with and at of test tests t-test study experiment comparison power statistical analysis minimum ' +
    'smallest detectable effect difference necessary can could there will two-sided when go get raise improve if run from my our on that ' +
    'rows users visitors customers people participants subjects observations samples records'
  ).split(' '),
);

/** Every number has to be read as one of the plan's, and every other word be a column or say nothing. */
function planned([text = '']: (string | undefined)[], {name: dataset, columns}: Subject): Asked | null {
  if (!isPlan.test(text)) return null;
  const known: Known = {};
  let rest = text;
  for (const [key, pattern] of phrases) {
    if (known[key] !== undefined) continue;
    const found = pattern.exec(rest);
    if (!found) continue;
    const isShare = /^(?:%|p)/.test(found[2] ?? '');
    known[key] = Number(found[1]) / (isShare ? 100 : 1);
    rest = `${rest.slice(0, found.index)} ${rest.slice(found.index + found[0].length)}`;
  }
  const words = rest.split(/[\s,]+/).filter(word => word !== '');
  const column = columnOf(words.filter(word => !filler.has(word)).join(' '), columns);
  if (!column && words.some(word => !filler.has(word))) return null;
  // Nothing but the wish: the tool says what a plan needs.
  if (!column && Object.keys(known).length === 0)
    return /\bsample size\b|\bpower analysis\b/.test(text)
      ? {tool: 'test_hypothesis', args: {dataset, test: 'power'}}
      : null;
  return planOf(dataset, known, column && (isYesNo(column) || isMeasurable(column)) ? column.name : undefined);
}

function planOf(dataset: string, known: Known, column: string | undefined): Asked | null {
  const {baseline, to, lift, sd, n, power, alpha} = known;
  const byLift = lift !== undefined && baseline !== undefined ? Number((baseline * lift).toPrecision(12)) : undefined;
  const byEnd = to !== undefined && baseline !== undefined ? Number((to - baseline).toPrecision(12)) : undefined;
  const effect = known.effect ?? byEnd ?? byLift;
  if ((lift !== undefined || to !== undefined) && effect === undefined) return null;
  // Without a unit an effect is one in standard deviations, Cohen's d.
  const scale = sd ?? (baseline === undefined && column === undefined && effect !== undefined ? 1 : undefined);
  const numbers = {effect, n, power, alpha, baseline, sd: scale};
  const given = Object.fromEntries(Object.entries(numbers).filter(([, each]) => each !== undefined));
  const args = {dataset, test: 'power', ...(column !== undefined && {value: column}), ...given};
  const of = Object.entries(given).map(([name, each]) => `${name} ${each}`);
  const spread = column === undefined ? [] : [`the values of ${column} in ${dataset}`];
  if (of.length + spread.length === 0) return null;
  return {
    tool: 'test_hypothesis',
    args,
    note: `Read as: a plan of two equal groups from ${[...of, ...spread].join(', ')}.`,
  };
}
