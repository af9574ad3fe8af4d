// Which columns of a dataset are compared with which, by which measure; all pairs together, with p corrected for their number.

import type {Column, TableColumn} from '../core/dataset.ts';
import {ToolError} from '../core/errors.ts';
import {formatCount} from '../core/text.ts';
import {type Association, correlationRatio, cramersV, type Pair, pearsonPairs, withoutValue} from './association.ts';
import {columnNamed, isNumeric, numberSql, type Reader, type Selection} from './column-values.ts';
import {kendall, pearson, spearman} from './correlate.ts';
import {adjustPValues} from './hypothesis/multiple-testing.ts';
import type {TestResult} from './hypothesis/result.ts';
import {rankValues} from './hypothesis/sample.ts';

export type Method = 'auto' | 'pearson' | 'spearman' | 'kendall';

/** `pAdjusted` is Benjamini and Hochberg's over all pairs of the answer. */
export type Correlations = {pairs: (Association & {pAdjusted: number | null})[]; leftOut: string[]};

export type CorrelateRequest = {
  columns: readonly Column[];
  only?: readonly string[] | undefined;
  target?: string | undefined;
  method?: Method | undefined;
};

/** Texts with more different values than this are no categories unless they are asked for by name. */
const mostCategories = 50;
/** Rows times pairs that rank methods compare; they have to sort in memory. */
const mostRanked = 100_000_000;

/**
 * All pairs of the columns (numbers and yes/no unless named), or each column against `target`. `auto` is Pearson for two
 * numbers (point-biserial and phi where yes/no takes part), the correlation ratio for a category and a number, Cramér's V for two categories.
 * @throws ToolError `analysis.unknown_column`, `correlate.too_few_columns`, `correlate.not_numeric`, `correlate.too_large`
 */
export async function correlateColumns(
  reader: Reader,
  selection: Selection,
  request: CorrelateRequest,
  signal?: AbortSignal,
): Promise<Correlations> {
  const {method = 'auto'} = request;
  const {pairs, leftOut} = choosePairs(request, method);
  const numeric = pairs.filter(pair => pair.every(isNumeric));
  const found = new Map<Pair, Association>();
  const computed =
    method === 'auto' || method === 'pearson'
      ? await pearsonPairs(reader, selection, numeric)
      : await rankedPairs(reader, selection, numeric, method, signal);
  numeric.forEach((pair, index) => {
    const value = computed[index];
    if (value) found.set(pair, method === 'auto' ? {...value, measure: nameOf(pair)} : value);
  });
  for (const pair of pairs.filter(each => !found.has(each))) {
    signal?.throwIfAborted();
    found.set(pair, await mixedPair(reader, selection, pair));
  }
  const all = pairs.flatMap(pair => found.get(pair) ?? []);
  const adjusted = adjustPValues(all.map(({p}) => p ?? Number.NaN));
  return {
    pairs: all.map((each, index) => ({...each, pAdjusted: each.p === null ? null : (adjusted[index] ?? null)})),
    leftOut,
  };
}

/** Pearson's r by the name it has where yes/no columns count as 0 and 1. */
function nameOf(pair: Pair): 'pearson' | 'point_biserial' | 'phi' {
  const yesNo = pair.filter(column => column.kind === 'boolean').length;
  return yesNo === 0 ? 'pearson' : yesNo === 1 ? 'point_biserial' : 'phi';
}

function choosePairs({columns, only, target}: CorrelateRequest, method: Method) {
  const named = only && only.length > 0 ? only.map(name => columnNamed(columns, name)) : null;
  const goal = target === undefined ? null : columnNamed(columns, target);
  const isUsable = (column: Column) =>
    isNumeric(column) ||
    (goal !== null && method === 'auto' && column.kind === 'text' && column.distinctCount <= mostCategories);
  const chosen = named ?? columns.filter(isUsable);
  const others = [...new Set(chosen)].filter(column => column !== goal);
  const leftOut = named === null ? columns.filter(each => each !== goal && !others.includes(each)) : [];
  if (method !== 'auto') {
    const wrong = [...others, ...(goal ? [goal] : [])].find(column => !isNumeric(column));
    if (wrong)
      throw new ToolError('correlate.not_numeric', `"${wrong.name}" is ${wrong.type}; ${method} needs numbers.`, {
        hint: "Use method auto: it takes Cramér's V and the correlation ratio for categories.",
      });
  }
  const pairs: Pair[] = goal
    ? others.map((column): Pair => [goal, column])
    : others.flatMap((a, index) => others.slice(index + 1).map((b): Pair => [a, b]));
  if (pairs.length === 0)
    throw new ToolError(
      'correlate.too_few_columns',
      `There is no pair of columns to compare: ${others.length} usable ${others.length === 1 ? 'column' : 'columns'}${goal ? ` beside "${goal.name}"` : ''}.`,
      {hint: 'Name the columns, or a target.'},
    );
  return {pairs, leftOut: leftOut.map(column => column.name)};
}

function mixedPair(reader: Reader, selection: Selection, pair: Pair): Promise<Association> {
  const [a, b] = pair;
  if (isNumeric(a) && a.kind !== 'boolean') return correlationRatio(reader, selection, [b, a]);
  if (isNumeric(b) && b.kind !== 'boolean') return correlationRatio(reader, selection, [a, b]);
  return cramersV(reader, selection, pair);
}

async function rankedPairs(
  reader: Reader,
  selection: Selection,
  pairs: readonly Pair[],
  method: 'spearman' | 'kendall',
  signal: AbortSignal | undefined,
): Promise<Association[]> {
  const columns = [...new Map(pairs.flat().map(column => [column.name, column])).values()];
  const values = await reader.numbers(selection, columns.map(numberSql));
  const rows = values[0]?.length ?? 0;
  if (rows * pairs.length > mostRanked)
    throw new ToolError(
      'correlate.too_large',
      `${method} of ${formatCount(pairs.length)} pairs over ${formatCount(rows)} rows is too much to sort.`,
      {hint: 'Name fewer columns, or use pearson, which the engine computes in one pass.'},
    );
  const byName = new Map(columns.map((column, index) => [column.name, finiteOnly(values[index])]));
  const ranked = new Map<string, Float64Array>();
  const ranksOf = (column: TableColumn, numbers: Float64Array) => {
    const known = ranked.get(column.name) ?? rankValues(numbers).ranks;
    ranked.set(column.name, known);
    return known;
  };
  return pairs.map(pair => {
    signal?.throwIfAborted();
    const [x, y] = pair.map(column => byName.get(column.name) ?? new Float64Array());
    if (!x || !y) return withoutValue(pair, method, 0, 'no rows');
    const complete = !x.some(Number.isNaN) && !y.some(Number.isNaN);
    return fromTest(pair, method, () => {
      if (method === 'kendall') return kendall(x, y);
      // Ranks of a complete column are the same in each of its pairs, so it is sorted once.
      return complete ? pearson(ranksOf(pair[0], x), ranksOf(pair[1], y)) : spearman(x, y);
    });
  });
}

function finiteOnly(values: Float64Array = new Float64Array()): Float64Array {
  return values.map(value => (Number.isFinite(value) ? value : Number.NaN));
}

function fromTest(pair: Pair, measure: 'spearman' | 'kendall', run: () => TestResult): Association {
  try {
    const {statistic, effects, n, p} = run();
    const {low = null, high = null} = effects[0] ?? {};
    const shared = {a: pair[0].name, b: pair[1].name, measure, n: n[0] ?? 0, problem: null};
    return {...shared, value: statistic, low, high, p: Number.isNaN(p) ? null : p};
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return withoutValue(pair, measure, 0, error.message);
  }
}
