// Steps on numbers: outliers, scales, bins.

import type {TableColumn} from '../../core/dataset.ts';
import {ToolError} from '../../core/errors.ts';
import {formatNumber} from '../../core/text.ts';
import {quoteName, quoteText} from '../../engine/sql-text.ts';
import {literal} from '../profile-sql.ts';
import {
  type CleaningStep,
  type Compile,
  edited,
  missing,
  needed,
  needNumber,
  newName,
  numbersOf,
  oneOf,
  presentSql,
  type StepInput,
  selected,
} from './step.ts';

/** As sklearn's StandardScaler (population sd), MinMaxScaler and RobustScaler (median and interquartile range). */
const scales = {
  zscore: (value: string, origin: string) => [`avg(${value} - ${origin})`, `stddev_pop(${value} - ${origin})`, '0'],
  minmax: (value: string) => [`min(${value})`, `max(${value})`, `min(${value})`],
  robust: (value: string) => [`median(${value})`, `quantile_cont(${value}, 0.75)`, `quantile_cont(${value}, 0.25)`],
};

export const scale: Compile = async input => {
  const {step, relation, chosen, listed} = input;
  const method = oneOf(step, ['zscore', 'minmax', 'robust']);
  const limits = new Map<string, {origin: number; from: number; size: number}>();
  for (const column of chosen) {
    // Of values around 1e9 a mean as such would keep seven digits behind the point.
    const [least = 0] = method === 'zscore' ? await numbersOf(relation, column, value => [`min(${value})`]) : [];
    const origin = Number.isFinite(least) ? least : 0;
    const facts = (value: string) => scales[method](value, literal(origin));
    const [from = 0, high = 0, low = 0] = await numbersOf(relation, column, facts);
    if (!(high - low > 0))
      throw new ToolError('clean.no_variation', `"${column.name}" does not vary, so it has no scale.`);
    limits.set(column.name, {origin, from, size: high - low});
  }
  return edited(input, `scale ${listed} (${method})`, chosen, column => {
    const {origin, from, size} = limits.get(column.name) ?? {origin: 0, from: 0, size: 1};
    return `(${quoteName(column.name)}::DOUBLE - ${literal(origin)} - ${literal(from)}) / ${literal(size)}`;
  });
};

/** Beyond 1.5 IQR (type 7 quartiles), 3 population sd, or 3.5 by Iglewicz and Hoaglin's modified z (MAD). */
const fences = {
  iqr: {what: '1.5 IQR', facts: (v: string) => [0.25, 0.75].map(share => `quantile_cont(${v}, ${share})`), low: 1.5},
  z: {what: '3 sd', facts: (v: string) => [`avg(${v})`, `stddev_pop(${v})`], low: 3},
  mad: {what: '3.5 by MAD', facts: (v: string) => [`median(${v})`, `mad(${v})`], low: 3.5 / 0.6745},
};

export const outliers: Compile = async input => {
  const {step, relation, chosen} = input;
  const method = oneOf(step, ['iqr', 'z', 'mad']);
  if (chosen.length === 0) throw missing(step, 'columns');
  const {what: rule, facts, low: reach} = fences[method];
  const ranges = new Map<string, {low: number; high: number}>();
  for (const column of chosen) {
    const [a = 0, b = 0] = await numbersOf(relation, column, facts);
    if (Number.isNaN(a + b))
      throw new ToolError('clean.no_values', `"${column.name}" has no values to find outliers among.`);
    // The modified z divides by it.
    if (method === 'mad' && b === 0)
      throw new ToolError(
        'clean.no_variation',
        `Half or more of the values of "${column.name}" are ${formatNumber(a)}, so MAD has no fence.`,
        {
          hint: 'Use iqr or z.',
        },
      );
    const [low, high] = method === 'iqr' ? [a - reach * (b - a), b + reach * (b - a)] : [a - reach * b, a + reach * b];
    ranges.set(column.name, {low, high});
  }
  const rangeOf = ({name}: TableColumn) => ranges.get(name) ?? {low: Number.NaN, high: Number.NaN};
  const shown = chosen.map(column => {
    const {low, high} = rangeOf(column);
    return `${column.name} (${formatNumber(low)} to ${formatNumber(high)})`;
  });
  const what = `${step.do.replace('_', ' ')} beyond ${rule}: ${shown.join(', ')}`;
  const outside = (column: TableColumn) => {
    const {low, high} = rangeOf(column);
    return `coalesce(${presentSql(column)} < ${literal(low)} OR ${presentSql(column)} > ${literal(high)}, false)`;
  };
  if (step.do === 'drop_outliers')
    return selected(what, `SELECT * FROM ${relation.name} WHERE NOT (${chosen.map(outside).join(' OR ')})`);
  if (step.do === 'flag_outliers') {
    const flags = chosen.map(
      each => `${outside(each)} AS ${quoteName(newName(relation.columns, `${each.name}_outlier`))}`,
    );
    return selected(what, `SELECT *, ${flags.join(', ')} FROM ${relation.name}`);
  }
  return edited(input, what, chosen, column => {
    const {low, high} = rangeOf(column);
    const value = presentSql(column);
    return `CASE WHEN ${value} < ${literal(low)} THEN ${literal(low)} WHEN ${value} > ${literal(high)} THEN ${literal(high)} ELSE ${value} END`;
  });
};

const mostBins = 100;

/**
 * A new column with the bin as text, "(1, 2.5]". `value` is "width 4" (pandas' cut), "quantile 4" (qcut) or edges "0, 10, 20"
 * (cut with right=True, include_lowest=True); outside of the edges it is missing.
 */
export const bin: Compile = async input => {
  const {step, relation, chosen} = input;
  if (chosen.length === 0) throw missing(step, 'columns');
  const added: string[] = [];
  const whats: string[] = [];
  for (const column of chosen) {
    const edges = await edgesOf(input, column, needed(step, 'value'));
    const name = newName(
      relation.columns,
      step.to !== undefined && chosen.length === 1 ? step.to : `${column.name}_bin`,
    );
    const value = presentSql(column);
    const labels = labelsOf(edges);
    const cases = edges
      .slice(1)
      .map((edge, i) => `WHEN ${value} <= ${literal(edge)} THEN ${quoteText(labels[i] ?? '')}`);
    const first = `WHEN ${value} IS NULL OR ${value} < ${literal(edges[0] ?? 0)} THEN NULL`;
    added.push(`CASE ${first} ${cases.join(' ')} END AS ${quoteName(name)}`);
    whats.push(`${name} with ${edges.length - 1} bins at ${edges.map(formatNumber).join(', ')}`);
  }
  return selected(`add ${whats.join('; ')}`, `SELECT *, ${added.join(', ')} FROM ${relation.name}`);
};

/** With as many digits as tell the edges apart, so that no two bins become one. */
function labelsOf(edges: readonly number[]): string[] {
  const short = edges.map(formatNumber);
  const shown = new Set(short).size === edges.length ? short : edges.map(String);
  return shown.slice(1).map((edge, i) => `${i === 0 ? '[' : '('}${shown[i]}, ${edge}]`);
}

async function edgesOf({relation, step}: StepInput, column: TableColumn, text: string): Promise<number[]> {
  needNumber(column);
  const [, how = '', count = ''] = /^(width|quantile)s? (\d+)$/.exec(text.trim()) ?? [];
  const bins = Number(count);
  if (how === '') return givenEdges(step, text);
  if (!(bins >= 1 && bins <= mostBins))
    throw new ToolError('clean.bad_value', `The number of bins is from 1 to ${mostBins}.`);
  const shares = Array.from({length: bins + 1}, (_, i) => i / bins);
  const facts = (value: string) =>
    how === 'width' ? [`min(${value})`, `max(${value})`] : shares.map(share => `quantile_cont(${value}, ${share})`);
  const found = await numbersOf(relation, column, facts);
  if (found.some(Number.isNaN)) throw new ToolError('clean.no_values', `"${column.name}" has no values to bin.`);
  const [low = 0, high = 0] = found;
  const edges = how === 'width' ? shares.map(share => (share === 1 ? high : low + (high - low) * share)) : found;
  const different = [...new Set(edges)];
  if (different.length < 2)
    throw new ToolError('clean.no_variation', `"${column.name}" does not vary, so it has no bins.`);
  return different;
}

function givenEdges(step: CleaningStep, text: string): number[] {
  const edges = text.split(',').map(part => (part.trim() === '' ? Number.NaN : Number(part)));
  const rising = edges.every((edge, i) => i === 0 || edge > (edges[i - 1] ?? edge));
  if (edges.length >= 2 && edges.length <= mostBins + 1 && rising && edges.every(edge => !Number.isNaN(edge)))
    return edges;
  throw new ToolError('clean.bad_value', `"${step.value}" gives no bins.`, {
    hint: 'Write "width 4", "quantile 4", or rising edges such as "0, 10, 100".',
  });
}
