// Says conditions, measures, groups and whole intents in English, for "Read as: …".

import type {Column} from '../../core/dataset.ts';
import {formatNumber} from '../../core/text.ts';
import type {Condition, DataIntent, Having, Key, Literal, Measure} from './intent.ts';
import {isCalendar, isYearColumn} from './periods.ts';
import {conditionColumns} from './sql.ts';

export function sayLiteral(literal: Literal): string {
  switch (literal.kind) {
    case 'number':
      return String(literal.value);
    case 'text':
    case 'date':
      return literal.value;
    case 'boolean':
      return literal.value ? 'true' : 'false';
    case 'column':
      return literal.column.name;
    default:
      return literal satisfies never;
  }
}

export function sayCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'compare':
      return `${condition.column.name} ${condition.op} ${sayLiteral(condition.value)}`;
    case 'between':
      return `${condition.column.name} from ${sayLiteral(condition.from)} to ${sayLiteral(condition.to)} (both included)`;
    case 'in':
      return condition.values.length === 1
        ? `${condition.column.name} = ${condition.values[0]}`
        : `${condition.column.name} is ${condition.values.join(' or ')}`;
    case 'match':
      return `${condition.column.name} ${condition.how} “${condition.text}” (ignoring case)`;
    case 'missing':
      return `${condition.column.name} is missing`;
    case 'within':
      return `${condition.column.name} in ${condition.label}`;
    case 'part':
      return `${condition.column.name} in ${condition.label} (of any ${condition.part === 'month' ? 'year' : 'week'})`;
    case 'not':
      return condition.condition.kind === 'missing'
        ? `${condition.condition.column.name} is present`
        : `not (${sayCondition(condition.condition)})`;
    case 'and':
    case 'or':
      return condition.conditions
        .map(part => (part.kind === 'or' ? `(${sayCondition(part)})` : sayCondition(part)))
        .join(condition.kind === 'and' ? ' and ' : ' or ');
    default:
      return condition satisfies never;
  }
}

const measureWords: Record<Measure['fn'], string> = {
  count: 'number of values of',
  average: 'average',
  sum: 'total',
  min: 'lowest',
  max: 'highest',
  median: 'median',
  stddev: 'standard deviation of',
  variance: 'variance of',
  distinct: 'number of different',
  quantile: 'percentile of',
  missing: 'number of missing values of',
  share: 'share of total',
  rate: 'percentage of',
};

/** "average price", "number of rows", "90th percentile of price". */
export function sayMeasure({fn, column, q}: Measure): string {
  if (!column) return fn === 'share' ? 'percentage of all rows' : 'number of rows';
  if (fn === 'quantile') return `${ordinal((q ?? 0.5) * 100)} percentile of ${column.name}`;
  if (fn === 'rate') return `percentage with ${column.name} = ${column.kind === 'boolean' ? 'true' : '1'}`;
  if (fn === 'sum' && /total|sum/i.test(column.name)) return `sum of ${column.name}`;
  return `${measureWords[fn]} ${column.name}`;
}

export function ordinal(value: number): string {
  const text = formatNumber(Math.round(value * 100) / 100);
  const suffix = /(^|[^1])1$/.test(text)
    ? 'st'
    : /(^|[^1])2$/.test(text)
      ? 'nd'
      : /(^|[^1])3$/.test(text)
        ? 'rd'
        : 'th';
  return `${text}${suffix}`;
}

/** "more than 10 rows". */
export function sayHaving({op, count, of, some, measure}: Having): string {
  if (of) return `${some ? `a row with ${sayCondition(some)} and ` : ''}no row with ${sayCondition(of)}`;
  if (measure && measure !== 'first') return `${sayMeasure(measure)} ${op} ${formatNumber(count)}`;
  const words = {
    '>': 'more than ',
    '>=': 'at least ',
    '<': 'fewer than ',
    '<=': 'at most ',
    '=': 'exactly ',
    '<>': 'not ',
  };
  return `${words[op]}${count} ${count === 1 ? 'row' : 'rows'}`;
}

export function sayKey({column, part}: Key): string {
  if (part === null) return column.name;
  return part === 'month_of_year' ? `month of the year of ${column.name}` : `${part} of ${column.name}`;
}

export const list = (words: string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** One value of a group: years and identifiers without thousands separators are left to `formatGroup`. */
export function isPlainNumber({column}: Key): boolean {
  return isYearColumn(column) || isCalendar(column);
}

/** The reading of a question, without its conditions. */
export function sayIntent(intent: DataIntent): string {
  switch (intent.kind) {
    case 'describe':
      return `profile of ${intent.subject.name}`;
    case 'columns':
      return `columns of ${intent.subject.name}`;
    case 'column_summary':
      return `summary of ${list(intent.columns.map(({name}) => name))}`;
    case 'aggregate': {
      const what = list(intent.measures.map(sayMeasure));
      const by = intent.keys.length > 0 ? ` by ${list(intent.keys.map(sayKey))}` : '';
      if (intent.pick?.within) {
        const ends = intent.pick.direction === 'desc' ? 'largest' : 'smallest';
        return `${what}${by}, the ${ends} ${intent.pick.limit} ${list(intent.keys.slice(-1).map(sayKey))} within each ${list(intent.keys.slice(0, -1).map(sayKey))}`;
      }
      const only = intent.having ? ` with ${sayHaving(intent.having)}` : '';
      return `${what}${by}${only}${intent.pick ? `, ${intent.pick.direction === 'desc' ? 'largest' : 'smallest'} first${intent.pick.nth === undefined ? '' : `, down to the ${ordinal(intent.pick.nth)}`}` : ''}`;
    }
    case 'rank_rows':
      if (intent.nth !== undefined)
        return `rows down to the ${ordinal(intent.nth)} ${intent.direction === 'desc' ? 'highest' : 'lowest'} ${intent.by.name}`;
      return `${intent.limit} ${intent.limit === 1 ? 'row' : 'rows'} with the ${intent.direction === 'desc' ? 'highest' : 'lowest'} ${intent.by.name}`;
    case 'share':
      return `percentage of rows with ${sayCondition(intent.of)}${intent.keys.length > 0 ? ` by ${list(intent.keys.map(sayKey))}` : ''}`;
    case 'distribution':
      return `distribution of ${intent.column.name}`;
    case 'quantiles': {
      const by = intent.keys.length > 0 ? ` by ${list(intent.keys.map(sayKey))}` : '';
      return `${list(intent.quantiles.map(q => ordinal(q * 100)))} percentile of ${intent.column.name}${by} (linear interpolation)`;
    }
    case 'correlation': {
      const name = intent.method === 'spearman' ? 'Spearman rank correlation' : 'Pearson correlation';
      if (intent.target) return `${name} of ${intent.target.name} with the other number columns`;
      return `${name} between ${list(intent.columns.map(column => column.name))}`;
    }
    case 'missing':
      return `missing values per column`;
    case 'outliers':
      return intent.rule === 'iqr'
        ? `values of ${list(intent.columns.map(({name}) => name))} more than 1.5 IQR below the first or above the third quartile`
        : `values of ${list(intent.columns.map(({name}) => name))} more than 3 standard deviations from the mean`;
    case 'duplicates':
      return intent.columns.length > 0
        ? `rows that repeat ${list(intent.columns.map(({name}) => name))}`
        : 'rows that repeat another row in every column';
    case 'trend':
      return `${sayMeasure(intent.measure)} by ${list([...intent.keys.map(sayKey), `${intent.part} of ${intent.time.name}`])}`;
    case 'series':
      return `${sayView(intent)} by ${list([...intent.keys.map(sayKey), `${intent.part} of ${intent.time.name}`])}`;
    case 'typical': {
      const by = intent.keys.length > 0 ? `, by ${list(intent.keys.map(sayKey))}` : '';
      return `${intent.fn} ${sayMeasure(intent.measure)} per ${sayKey(intent.per)}${by}`;
    }
    case 'growth':
      return `${sayMeasure(intent.measure)} by ${sayKey(intent.key)}, ${intent.after.label} against ${intent.before.label}`;
    case 'compare':
      return `${intent.measure.name} compared between ${sayKey(intent.key)} groups`;
    case 'chart':
      return sayChart(intent);
    case 'distinct':
      return `different values of ${intent.column.name}`;
    case 'rows':
      return intent.limit === 1 ? `${intent.from} row` : `${intent.from} ${intent.limit} rows`;
    default:
      return intent satisfies never;
  }
}

/** "7-day moving average of total revenue". */
export function sayView({view, measure, part}: DataIntent & {kind: 'series'}): string {
  if (view.kind === 'running') return `running ${sayMeasure(measure).replace(/^total /, 'total of ')}`;
  if (view.kind === 'change') return `change of ${sayMeasure(measure)}`;
  return `${view.window}-${part} moving ${view.fn} of ${sayMeasure(measure)}`;
}

function sayChart({chart}: DataIntent & {kind: 'chart'}): string {
  if (chart.mark === 'histogram') return `histogram of ${chart.column.name}`;
  if (chart.mark === 'qq') return `normal Q-Q plot of ${chart.column.name}`;
  if (chart.mark === 'pairs') return `pairs of ${chart.columns.map(({name}) => name).join(', ')}`;
  if (chart.mark === 'missing') return 'map of missing values';
  if (chart.mark === 'box' || chart.mark === 'violin' || chart.mark === 'ecdf') {
    const what = chart.mark === 'ecdf' ? 'empirical distribution' : `${chart.mark} plot`;
    return `${what} of ${chart.column.name}${chart.by ? ` by ${chart.by.name}` : ''}`;
  }
  if (chart.mark === 'heatmap')
    return `heatmap of ${sayMeasure(chart.measure)} by ${sayKey(chart.key)} and ${sayKey(chart.series)}`;
  if (chart.mark === 'scatter') return `scatter chart of ${chart.y.name} against ${chart.x.name}`;
  const each = chart.series ? `, for each ${sayKey(chart.series)}` : '';
  return `${chart.stacked ? 'stacked ' : ''}${chart.mark} chart of ${sayMeasure(chart.measure)} by ${sayKey(chart.key)}${each}`;
}

/** "Read as: average price by region where year > 2020." and what else a reader must know of the reading. */
export function sayReading(intent: DataIntent): string {
  const where = intent.where ? ` where ${sayCondition(intent.where)}` : '';
  const from = `in ${intent.subject.name}`;
  const said = sayIntent(intent);
  const named = said.includes(intent.subject.name) ? said : `${said} ${from}`;
  return [`Read as: ${named}${where}.`, ...sayUnknown(intent.where), ...intent.notes, ...intent.alternatives].join(' ');
}

/** "not X" leaves out the rows of which X is not known, unlike pandas' `!=`. */
function sayUnknown(where: Condition | null): string[] {
  const columns = [...new Set(deniedIn(where))].filter(({nullCount}) => nullCount > 0);
  return columns.map(
    ({name, nullCount}) =>
      `The ${nullCount === 1 ? 'row' : `${formatNumber(nullCount)} rows`} without a ${name} ${nullCount === 1 ? 'is' : 'are'} left out: what ${nullCount === 1 ? 'it is' : 'they are'} is not known.`,
  );
}

function deniedIn(where: Condition | null): Column[] {
  if (!where) return [];
  if (where.kind === 'and' || where.kind === 'or') return where.conditions.flatMap(deniedIn);
  if (where.kind === 'compare') return where.op === '<>' ? [where.column] : [];
  return where.kind === 'not' && where.condition.kind !== 'missing' ? conditionColumns(where.condition) : [];
}
