// Questions for the tools that look for structure, as whole sentences: clusters, components, forecasts.

import {isIdentifier, isMeasurable, timeColumn} from './choose.ts';
import type {Subject} from './intent.ts';
import {rowNouns} from './measures.ts';
import {columnOf, formsOf, singular} from './names.ts';
import {isCalendar} from './periods.ts';
import type {Asked, Request} from './statistics.ts';

const unit = '(days?|weeks?|months?|quarters?|years?|hours?|steps?|periods?|values?)';
const groups = '(?:clusters?|groups?|segments?)';

export const EXPLORE_REQUESTS: readonly Request[] = [
  {
    pattern: new RegExp(
      `^(?:cluster|segment)(?: (?:the |all )?(.+?))??(?: (?:by|on|using) (.+?))?(?: into (\\d{1,2}) ${groups})?$`,
    ),
    read: clustered,
  },
  {
    pattern:
      /^(?:find|show|detect|identify|make|are there(?: any)?|what are the) (?:me )?(?:(\d{1,2}) )?(?:natural )?(?:clusters|segments|groups of similar (?:rows|\w+))(?: (?:of|in|among) (?:the )?(\w+))?(?: (?:by|on|using) (.+))?$/,
    read: ([k, what, columns], subject) => clustered([what, columns, k], subject),
  },
  {
    pattern:
      /^(?:do|run|perform|apply) (?:a )?(?:k-?means|clustering|cluster analysis)(?: (?:of|on) (?:the )?(\w+))?(?: (?:by|using) (.+))?$/,
    read: ([what, columns], subject) => clustered([what, columns, undefined], subject),
  },
  {
    pattern:
      /^(?:(?:find|detect|show|list|are there|what are|which are|any) )?(?:me )?(?:any |the )?(?:most )?(?:anomalies|(?:anomalous|unusual|strange|odd|weird|suspicious|abnormal|atypical) (?:rows|records|entries|cases|data|values))(?: (?:of|in|among|by) (?:the )?(.+))?$/,
    read: unusual,
  },
  {
    pattern:
      /^(?:do |run |show |perform )?(?:me )?(?:a |the )?(pca|umap|principal components?(?: analysis)?|dimensionality reduction|reduce (?:the )?dimensions?)(?: (?:of|on|for) (?:the )?(.+?))?(?: (?:by|colou?red by) (.+))?$/,
    read: reduced,
  },
  {
    pattern: new RegExp(
      `^(?:forecast|predict|project|extrapolate) (?:the )?(?:future )?(.+?) (?:(?:for|over|in) (?:the )?(?:next |coming )?|(?:the )?(?:next|coming) )(\\d{1,3}|a|one)? ?${unit}(?: ahead)?$`,
    ),
    read: forecast,
  },
  {
    pattern: new RegExp(
      `^(?:forecast|predict|project) (?:the )?(.+?) (\\d{1,3}|a|one) ${unit} (?:ahead|out|in advance|into the future)$`,
    ),
    read: forecast,
  },
  {
    pattern: new RegExp(
      `^how many (.+?) (?:will there be|(?:can|should|do) (?:we|i) expect|are expected) (?:in |over |for )?(?:the )?(?:next|coming) (\\d{1,3}|) ?${unit}$`,
    ),
    read: ([what, count, step], subject) => forecast([`number of ${what}`, count, step], subject),
  },
  {
    pattern: new RegExp(`^(?:forecast|predict) (?:the )?next (\\d{1,3}|) ?${unit} of (?:the )?(.+)$`),
    read: ([count, step, what], subject) => forecast([what, count, step], subject),
  },
  {
    pattern: new RegExp(
      `^(?:what|how (?:much|many|high)) will (?:the )?(.+?) be (?:in |over |for )?(?:the )?(?:next|coming) (\\d{1,3}|) ?${unit}$`,
    ),
    read: forecast,
  },
  {
    pattern:
      /^(?:forecast|make a forecast (?:of|for)|do a forecast (?:of|for)) (?:the )?(.+?)(?: (?:by|per) (day|week|month|quarter|year|hour)s?)?$/,
    read: ([what, every], subject) => forecast([what, undefined, every && `${every}s`], subject),
  },
];

/** Of whole rows; what is unusual in one column alone are its outliers. */
function unusual([what]: (string | undefined)[], subject: Subject): Asked | null {
  const columns = what === undefined ? null : columnsIn(what, subject);
  // Groups of another column are not asked of this tool.
  if (columns === null && what !== undefined && columnOf(what, subject.columns)) return null;
  if (columns?.length === 1 || (columns === null && what !== undefined && !areRows(what, subject))) return null;
  const names = columns && {columns: columns.map(({name}) => name)};
  return {tool: 'cluster', args: {dataset: subject.name, method: 'isolation_forest', ...names}};
}

function reduced([how, what, by]: (string | undefined)[], subject: Subject): Asked | null {
  const named = what === undefined ? null : columnsIn(what, subject);
  const category = by === undefined ? null : columnOf(by, subject.columns);
  if (by !== undefined && category === null) return null;
  if (named === null && what !== undefined && !areRows(what, subject)) return null;
  const columns = named && named.length > 1 ? named.map(({name}) => name) : null;
  return {
    tool: 'reduce',
    args: {
      dataset: subject.name,
      ...(how === 'umap' && {method: 'umap'}),
      ...(columns && {columns}),
      ...(category && {by: category.name}),
    },
  };
}

/** Steps that are said in a unit are those of that unit; the only calendar column is the time, else the tool asks. */
function forecast([what = '', count, step]: (string | undefined)[], subject: Subject): Asked | null {
  const named = what.replace(/ by (day|week|month|quarter|year|hour)s?$/, '');
  const value = columnOf(named, subject.columns);
  const isRows = value === null && namesTheRows(named.replace(/^(?:the )?(?:number|count) of /, ''), subject);
  if (!isRows && (value === null || !isMeasurable(value))) return null;
  const time = timeColumn(subject);
  const every = /^(?:day|week|month|quarter|year|hour)/.exec(step ?? '')?.[0];
  const steps =
    count === 'a' || count === 'one' || (!count && every && !step?.endsWith('s')) ? 1 : Number(count || Number.NaN);
  return {
    tool: 'forecast',
    args: {
      dataset: subject.name,
      ...(value && {value: value.name}),
      ...(time && isCalendar(time) && {time: time.name}),
      ...(Number.isInteger(steps) && {steps}),
      ...(every && {every}),
    },
  };
}

/** "rentals" where the dataset is bike_rentals, "orders" where each row has an order_id. */
function namesTheRows(words: string, {name, columns, rows}: Subject): boolean {
  if (/^(?:rows|records|entries)$/.test(words)) return true;
  const noun = formsOf(words);
  const ids = columns.filter(column => isIdentifier(column, rows) && column.distinctCount === rows);
  const names = [name, ...ids.map(each => withoutId(each.name))];
  return names.some(each => formsOf(each).joined === noun.joined || formsOf(each).pieces.at(-1) === noun.joined);
}

/** "the data", "customers" where each row is one; not a value such as "women", nor what several rows have in common. */
function areRows(words: string, subject: Subject): boolean {
  const noun = words.replace(/^(?:all )?(?:the |my |our |this )?(?:all )?/, '').replace(/(?<=.) (?:rows|data)$/, '');
  if (/^(?:data|dataset|data set|table|file|points|observations|cases|everything|it)$/.test(noun)) return true;
  if (noun === subject.name.toLowerCase() || namesTheRows(noun, subject)) return true;
  const repeats = subject.columns.some(({name}) => columnOf(noun, [{name: withoutId(name)}]) !== null);
  return rowNouns.has(singular(noun)) && !repeats;
}

const withoutId = (name: string) => name.replace(/[ _-]?(?:id|no|nr|number|key|code)$/i, '');

/** What is clustered may be a word for the rows; a number column there is what they are compared by. */
function clustered([what, by, k]: (string | undefined)[], subject: Subject): Asked | null {
  const named = by === undefined ? columnsIn(what ?? '', subject) : columnsIn(by, subject);
  if (by !== undefined && named === null) return null;
  if ((named === null || by !== undefined) && what !== undefined && !areRows(what, subject)) return null;
  const columns = named?.map(({name}) => name);
  return {
    tool: 'cluster',
    args: {dataset: subject.name, ...(columns && {columns}), ...(k && {k: Number(k)})},
  };
}

/** Null unless all of them are number columns. */
function columnsIn(list: string, subject: Subject) {
  const found = list.split(/\s*,\s*(?:and )?|\s+and\s+/).map(each => columnOf(each, subject.columns));
  const usable = found.filter(each => each !== null && isMeasurable(each) && !isIdentifier(each, subject.rows));
  return usable.length === found.length ? found.filter(each => each !== null) : null;
}
