// Measures the columns of a table that is small enough to sort and group every value of every column.

import type {Cell, TableColumn} from '../core/dataset.ts';
import {
  factNames,
  factsSql,
  histogramSql,
  outlierSql,
  placeOf,
  type Span,
  topValuesSql,
  valueFactNames,
  valuesSql,
} from './profile-sql.ts';
import {fencesOf, momentsOf, type Sums, spanOf} from './profile-values.ts';

export type Ask = (sql: string) => Promise<Cell[][]>;

export type TopValue = {value: string; count: number};

/**
 * What was found of one column. `facts` are named as the SQL names them; `topValues` is null where they were not asked for.
 * `isEstimate` says that `facts.distinct` is one.
 */
export type Measured = {
  facts: Record<string, Cell>;
  histogram: number[];
  outliers: number;
  topValues: TopValue[] | null;
  isEstimate: boolean;
};

export async function measureSmall(
  ask: Ask,
  dataset: string,
  columns: readonly TableColumn[],
): Promise<{rows: number; measured: Measured[]}> {
  const [values = []] = await ask(factsSql(dataset, columns));
  let next = 1;
  const measured = columns.map((column): Measured => {
    const facts: Record<string, Cell> = {};
    for (const name of factNames(column)) facts[name] = values[next++] ?? null;
    return {facts, histogram: [], outliers: 0, topValues: null, isEstimate: false};
  });
  for (const [index, ...found] of await ask(valuesSql(dataset, columns))) {
    const facts = measured[Number(index)]?.facts;
    valueFactNames.forEach((name, i) => {
      if (facts) facts[name] = found[i] ?? null;
    });
  }
  await countOutliers(ask, dataset, columns, measured);
  await readHistograms(ask, dataset, columns, measured);
  return {rows: Number(values[0] ?? 0), measured};
}

/** The most frequent values of the columns at these places. */
export async function readTopValues(
  ask: Ask,
  dataset: string,
  columns: readonly {column: TableColumn; index: number}[],
): Promise<Map<number, TopValue[]>> {
  if (columns.length === 0) return new Map();
  const rows = Map.groupBy(await ask(topValuesSql(dataset, columns)), row => Number(row[0]));
  const valuesOf = (found: readonly Cell[][]) => found.map(row => ({value: String(row[1]), count: Number(row[2])}));
  return new Map([...rows].map(([index, found]) => [index, valuesOf(found)]));
}

async function countOutliers(ask: Ask, dataset: string, columns: readonly TableColumn[], measured: Measured[]) {
  const fenced = columns.flatMap((column, index) => {
    const {q1 = null, q3 = null} = measured[index]?.facts ?? {};
    if (column.kind !== 'number' || finiteNumber(q1) === null || finiteNumber(q3) === null) return [];
    return [{place: placeOf(column), index, ...fencesOf(Number(q1), Number(q3))}];
  });
  if (fenced.length === 0) return;
  const [counts = []] = await ask(outlierSql(dataset, fenced));
  fenced.forEach(({index}, i) => {
    const found = measured[index];
    if (found) found.outliers = Number(counts[i] ?? 0);
  });
}

async function readHistograms(ask: Ask, dataset: string, columns: readonly TableColumn[], measured: Measured[]) {
  const spans = columns.flatMap((column, index): Span[] => {
    const facts = measured[index]?.facts ?? {};
    const [low, high] = [finiteNumber(facts.low), finiteNumber(facts.high)];
    if (column.kind === 'number') Object.assign(facts, momentsOf(Number(facts.finite ?? 0), [0, 0, 0], 0));
    const span = low === null || high === null ? null : spanOf(column, low, high);
    const center = column.kind === 'number' ? finiteNumber(facts.mean) : null;
    return span ? [{index, place: placeOf(column), ...span, center}] : [];
  });
  for (const [index, {bins, sums}] of await readBins(ask, dataset, spans)) {
    const found = measured[index];
    const span = spans.find(each => each.index === index);
    if (!found || !span) continue;
    found.histogram = [...bins];
    if (span.center !== null)
      Object.assign(found.facts, momentsOf(Number(found.facts.finite), sums, span.high / 2 - span.low / 2));
  }
}

/** The counts of the bins of each span, and its sums, by the column's index. */
export async function readBins(
  ask: Ask,
  dataset: string,
  spans: readonly Span[],
): Promise<Map<number, {bins: Float64Array; sums: Sums}>> {
  const found = new Map(spans.map(({index, bins}) => [index, {bins: new Float64Array(bins), sums: [0, 0, 0] as Sums}]));
  if (spans.length === 0) return found;
  for (const [index, bin, n, z, squares, cubes] of await ask(histogramSql(dataset, spans))) {
    const each = found.get(Number(index));
    if (!each || bin === null) continue;
    const place = Math.min(Number(bin), each.bins.length - 1);
    each.bins[place] = (each.bins[place] ?? 0) + Number(n);
    each.sums[0] += Number(z ?? 0);
    each.sums[1] += Number(squares ?? 0);
    each.sums[2] += Number(cubes ?? 0);
  }
  return found;
}

/** The value as a finite number; null where it is none. */
export function finiteNumber(cell: Cell | undefined): number | null {
  if (cell === null || cell === undefined || typeof cell === 'boolean') return null;
  const number = Number(cell);
  return Number.isFinite(number) ? number : null;
}
