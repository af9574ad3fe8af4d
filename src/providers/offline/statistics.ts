// Questions that one of the statistical tools answers whole. Each pattern takes the whole sentence, so no word is dropped.

import type {Column} from '../../core/dataset.ts';
import {BARE_REQUESTS} from './bare-words.ts';
import {isIdentifier, isMeasurable, isYesNo} from './choose.ts';
import {cleaningIntent} from './cleaning.ts';
import type {Intent, Subject} from './intent.ts';
import {columnOf, withColumnNames} from './names.ts';
import {isCalendar} from './periods.ts';
import {differs} from './statistics-differences.ts';
import {EXPERIMENT_REQUESTS} from './statistics-experiments.ts';
import {EXPLORE_REQUESTS} from './statistics-explore.ts';
import {SERIES_REQUESTS} from './statistics-series.ts';

type Tool = Extract<Intent, {kind: 'tool'}>;
export type Asked = Omit<Tool, 'kind'>;
export type Request = {
  pattern: RegExp;
  read(found: string[], subject: Subject, others: Others): Asked | null;
};
/** All datasets, and the one that is worked on. */
export type Others = {names: readonly string[]; active: string | undefined};

const REQUESTS: readonly Request[] = [
  {
    pattern:
      /^(?:check|run|do|show|assess|audit)? ?(?:me )?(?:a |the )?(?:data )?quality(?: check| report| issues| problems)?(?: (?:of|in|for|on) (?:the |this |my |our |all )?(?:data|dataset|data set|table|file|rows|columns|it))?$/,
    read: (_, {name: dataset}) => ({tool: 'check_quality', args: {dataset}}),
  },
  {
    pattern: /^(?:show |draw |plot )?(?:me )?(?:the |a )?correlation (?:matrix|heat ?map)(?: as a heat ?map)?$/,
    read: (_, {name: dataset}) => ({tool: 'correlate', args: {dataset}}),
  },
  {pattern: /^(?:what|which columns?) (?:goes|go) (?:together )?with (?:the )?(.+)$/, read: goesWith},
  {
    pattern:
      /^(?=.*\bsignifican)(?:is|are) (?:the )?(.+?) (?:significantly )?(?:correlated|associated|related) (?:significantly )?(?:with|to) (?:the )?(.+?)(?: significantly)?$/,
    read: correlated,
  },
  {
    pattern:
      /^(?=.*\bsignifican)is (?:the |there a significant )?(?:correlation|association|relation(?:ship)?) between (?:the )?(.+?) and (?:the )?(.+?)(?: (?:statistically )?significant)?$/,
    read: correlated,
  },
  {
    pattern:
      /^(?:is|are|does|do|test (?:whether|if)) (?:the )?(.+?) (?:is |are )?(?:significantly )?(?:different|differs?) (?:significantly )?(?:between|by|across|among) (?:the )?(?:different )?(.+)$/,
    read: differs,
  },
  {
    pattern:
      /^is there an? (?:significant |statistically significant )?difference (?:in|of) (?:the )?(.+?) (?:between|by|across|among) (?:the )?(.+)$/,
    read: differs,
  },
  {
    pattern:
      /^(?:is|are|was|were) (?:the |there an? )?(?:differences?|gap) (?:in|of) (?:the )?(.+?) (?:between|by|across|among) (?:the )?(.+?) (?:statistically |really )?(?:significant|real|due to chance|by chance)$/,
    read: differs,
  },
  {
    pattern:
      /^(?:do|does|did) (?:the )?(.+?) have an? (?:statistically )?significantly (?:different|higher|lower) (.+)$/,
    read: ([group = '', value = ''], subject) => differs([value, group], subject),
  },
  {
    pattern:
      /^(?:run |do )?(?:an? |the )?(t[- ]?test|welch(?: t[- ]?test)?|anova|kruskal[- ]wallis|mann[- ]whitney(?: u)?|chi[- ]?squared?|levene)(?: test)? (?:of|on|for) (?:the )?(.+?) (?:by|between|across) (?:the )?(.+)$/,
    read: ([test = '', ...columns], subject) => {
      const asked = differs(columns, subject);
      return asked && {...asked, args: {...asked.args, test: testNames[test.replaceAll(/[^a-z]/g, '')] ?? 'auto'}};
    },
  },
  {
    pattern:
      /^(?:train|build|fit|make|create) (?:me )?(?:a |the )?(?:best )?(?:model|classifier|predictor)s? (?:for|of|on|to predict|that predicts|predicting) (?:the )?(.+)$/,
    read: trained,
  },
  {
    pattern:
      /^(?:predict|(?:can|could) (?:you|we|i) predict|is it possible to predict|model|how (?:can|could) (?:i|we) predict|(?:a |the )?(?:best )?model (?:for|of)) (?:the )?(.+)$/,
    read: trained,
  },
  {
    pattern:
      /^(?:what is |show )?(?:the )?p[- ]?values? (?:of|for|between) (?:the )?(.+?) (?:and|by|between|vs\.?) (?:the )?(.+)$/,
    read: differs,
  },
  {pattern: /^is (?:the )?(.+?) (?:normally|gaussian) distributed$/, read: distribution},
  {pattern: /^(?:test|check) (?:the )?(.+?) for normality$/, read: distribution},
  {pattern: /^(?:test |check )?(?:the )?normality of (?:the )?(.+)$/, read: distribution},
  {
    pattern: /^(?:which|what) distribution (?:best )?(?:fits|does|describes) (?:the )?(.+?)(?: best| follow)?$/,
    read: distribution,
  },
  {pattern: /^(?:fit|find) (?:a|the(?: best)?) distribution (?:to|for|of) (?:the )?(.+)$/, read: distribution},
  {
    pattern:
      /^(?:what|which (?:factors|columns|variables)) (?:drives?|affects?|influences?|explains?|determines?|predicts?) (?:the )?(.+)$/,
    read: drives,
  },
  {
    pattern: /^(?:what are )?(?:the )?(?:key |main |best |strongest )?(?:drivers|predictors) of (?:the )?(.+)$/,
    read: drives,
  },
  {
    pattern:
      /^(?:what|which (?:factors|columns|features|variables)) (?:matters?|(?:is|are) (?:most |the most )?important)(?: (?:the )?most)? (?:for|to|in) (?:the )?(.+)$/,
    read: drives,
  },
  {
    pattern: /^(?:what are )?(?:the )?most important (?:factors|columns|features|variables) (?:for|of) (?:the )?(.+)$/,
    read: drives,
  },
  {pattern: /^(?:regress|explain) (?:the )?(.+?) (?:on|by|from|with) (.+)$/, read: regressed},
];

const testNames: Record<string, string> = {
  ttest: 'welch_t',
  welch: 'welch_t',
  welchttest: 'welch_t',
  anova: 'anova',
  kruskalwallis: 'kruskal_wallis',
  mannwhitney: 'mann_whitney',
  mannwhitneyu: 'mann_whitney',
  chisquare: 'chi2_independence',
  chisquared: 'chi2_independence',
  levene: 'levene',
};

/** Null when the question is none of these, or names a column that is not there: then it is read word by word. */
export function statisticalIntent(text: string, subject: Subject, others: Others): Intent | null {
  const asked = exactRequest(text, subject, others);
  if (asked || text.length > longestRequest) return asked;
  const {text: named, notes} = withColumnNames(text, subject);
  const loosely = notes.length > 0 ? exactRequest(named, subject, others) : null;
  if (loosely?.kind !== 'tool') return loosely;
  return {...loosely, note: [...notes, loosely.note ?? ''].join(' ').trim()};
}

/** The request of a whole sentence whose columns stand in it by name. */
export function exactRequest(text: string, subject: Subject, others: Others): Intent | null {
  const spoken = text
    .toLowerCase()
    .replace(/[?!.]+$/, '')
    .replace(/^(?:please|can you|could you) /, '')
    .trim();
  const suffix = new RegExp(`^(.+?) (?:in|of|for|from|on) (?:the )?(?:dataset |data ?set |table )?${subject.name}$`);
  const readings = [spoken, suffix.exec(spoken)?.[1]].filter(each => each !== undefined);
  for (const plain of readings) {
    const cleaning = cleaningIntent(plain, subject);
    if (cleaning) return cleaning;
    for (const {pattern, read} of [
      ...REQUESTS,
      ...SERIES_REQUESTS,
      ...EXPLORE_REQUESTS,
      ...EXPERIMENT_REQUESTS,
      ...BARE_REQUESTS,
    ]) {
      const found = pattern.exec(plain);
      const asked = found && read(found.slice(1), subject, others);
      if (asked) return {kind: 'tool', ...asked};
    }
  }
  return null;
}

function goesWith([goal = '']: string[], {name: dataset, columns}: Subject): Asked | null {
  const target = columnOf(goal, columns);
  return target && {tool: 'correlate', args: {dataset, target: target.name}};
}

function correlated([left = '', right = '']: string[], {name: dataset, columns}: Subject): Asked | null {
  const [a, b] = [columnOf(left, columns), columnOf(right, columns)];
  return a && b && a !== b ? {tool: 'correlate', args: {dataset, columns: [a.name, b.name]}} : null;
}

function distribution([goal = '']: string[], {name: dataset, columns}: Subject): Asked | null {
  const column = columnOf(goal, columns);
  return column?.kind === 'number' ? {tool: 'check_distribution', args: {dataset, column: column.name}} : null;
}

function trained([goal = '']: string[], {name: dataset, columns}: Subject): Omit<Tool, 'kind'> | null {
  const target = columnOf(goal, columns);
  return target && {tool: 'train_model', args: {dataset, target: target.name}};
}

/** Characters; whoever writes more describes something, and names no column loosely. */
export const longestRequest = 300;
const mostFeatures = 12;
const mostMissing = 0.2;

/** All columns that could explain it: numbers that measure, and categories of few values; said in the note. */
function drives([goal = '']: string[], subject: Subject): Asked | null {
  const target = columnOf(goal, subject.columns);
  if (!target) return null;
  const usable = subject.columns.filter(column => column !== target && canExplain(column, subject));
  const features = usable.slice(0, mostFeatures);
  return features.length === 0 ? null : regression(target, features, subject, usable.length);
}

function canExplain(column: Column, subject: Subject): boolean {
  const {kind, distinctCount, nullCount} = column;
  if (distinctCount < 2 || nullCount > mostMissing * subject.rows || isCalendar(column)) return false;
  if (kind === 'text') return distinctCount <= 10;
  return isMeasurable(column) && !isIdentifier(column, subject.rows);
}

function regressed([goal = '', list = '']: string[], subject: Subject): Asked | null {
  const target = columnOf(goal, subject.columns);
  const named = list.split(/\s*,\s*(?:and )?|\s+and\s+/).map(each => columnOf(each, subject.columns));
  const features = named.filter(each => each !== null);
  if (!target || features.length < named.length || features.includes(target)) return null;
  return regression(target, features, subject, features.length);
}

function regression(target: Column, features: Column[], subject: Subject, usable: number): Asked | null {
  if (!isMeasurable(target)) return null;
  const family = isYesNo(target) ? 'logistic' : 'linear';
  const names = features.map(({name}) => name);
  const left = usable > features.length ? ` (the first ${features.length} of ${usable} that could)` : '';
  return {
    tool: 'regress',
    args: {dataset: subject.name, target: target.name, features: names, family},
    note: `Read as: ${target.name} explained by ${names.join(', ')}${left}. A coefficient says what goes with ${target.name} when the others stay the same, not what causes it.`,
  };
}
