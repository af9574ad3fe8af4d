// Measures the columns of a large table that have many values: fine bins first, then the few values that quartiles need.

import {type Ask, finiteNumber, readBins} from './profile-batch.ts';
import type {Item} from './profile-large.ts';
import {fineBins, momentsAndRanksSql, type Wanted} from './profile-large-sql.ts';
import {outlierSql, type Span} from './profile-sql.ts';
import {type Bins, binOf, fencesOf, momentsOf, spanOf} from './profile-values.ts';

const quartiles = [0.25, 0.5, 0.75];

type Counted = {item: Item; binned: Span; bins: Float64Array};

/**
 * A column that holds each whole number of its range once, as ids do, needs no reading: true when it is one. The sample variance
 * of n consecutive numbers is n (n + 1) / 12.
 */
export function measureSequence({column, measured, low, high}: Item, rows: number): boolean {
  const {facts} = measured;
  const isOne = !measured.isEstimate && low !== null && high !== null && rows > 1 && high - low + 1 === rows;
  if (column.kind !== 'number' || !isOne || facts.distinct !== rows) return false;
  const [q1, median, q3] = quartiles.map(q => low + (rows - 1) * q);
  const spread = {mean: low / 2 + high / 2, sd: Math.sqrt((rows * (rows + 1)) / 12), skew: rows > 2 ? 0 : null};
  Object.assign(facts, {present: rows, finite: rows, not_null: rows, q1, median, q3, ...spread});
  const span = spanOf(column, low, high);
  if (!span) return false;
  const firsts = Array.from({length: span.bins + 1}, (_, bin) =>
    bin === span.bins ? rows : firstIn(bin, low, rows, span),
  );
  measured.histogram = firsts.slice(1).map((end, bin) => end - (firsts[bin] ?? 0));
  return true;
}

/** How many of the numbers from `low` on stand in earlier bins. */
function firstIn(bin: number, low: number, rows: number, span: Bins): number {
  let first = Math.max(0, Math.min(rows, Math.ceil((bin / span.bins) * (rows - 1))));
  while (first > 0 && binOf(low + first - 1, span) >= bin) first--;
  while (first < rows && binOf(low + first, span) < bin) first++;
  return first;
}

/** Histogram, and of numbers also count, mean, deviation, skewness, quartiles and outliers. */
export async function measureBinned(ask: Ask, dataset: string, items: readonly Item[]): Promise<void> {
  const spans = items.flatMap(({index, low, high, place}): Span[] =>
    low === null || high === null || !(low < high) ? [] : [{index, place, low, high, center: null, bins: fineBins}],
  );
  const numbers: Counted[] = [];
  const found = await readBins(ask, dataset, spans);
  for (const binned of spans) {
    const item = items.find(({index}) => index === binned.index);
    const {bins} = found.get(binned.index) ?? {};
    if (!item || !bins) continue;
    const shown = spanOf(item.column, binned.low, binned.high)?.bins ?? 1;
    const histogram = new Array<number>(shown).fill(0);
    bins.forEach((n, bin) => {
      const place = Math.floor(bin / (fineBins / shown));
      histogram[place] = (histogram[place] ?? 0) + n;
    });
    item.measured.histogram = histogram;
    if (item.column.kind === 'number') numbers.push({item, binned, bins});
  }
  await measureNumbers(ask, dataset, numbers);
  await countOutliers(
    ask,
    dataset,
    numbers.map(({item}) => item),
  );
}

/** Quartiles by linear interpolation (type 7) between two neighbours: each stands in a fine bin, and only these bins are sorted. */
async function measureNumbers(ask: Ask, dataset: string, columns: readonly Counted[]): Promise<void> {
  if (columns.length === 0) return;
  const wanted = columns.map(({item, binned, bins}): Wanted & {item: Item; n: number} => {
    const n = bins.reduce((sum, count) => sum + count, 0);
    const places = quartiles
      .flatMap(q => [Math.floor((n - 1) * q), Math.ceil((n - 1) * q)])
      .map(rank => placeOfRank(bins, rank));
    return {
      item,
      binned,
      n,
      places,
      center: finiteNumber(item.measured.facts.mean) ?? binned.low / 2 + binned.high / 2,
    };
  });
  for (const [index, z, squares, cubes, ...values] of await ask(momentsAndRanksSql(dataset, wanted))) {
    const each = wanted.find(({binned}) => binned.index === index);
    if (!each) continue;
    const {facts} = each.item.measured;
    const {n, center, binned} = each;
    const size = binned.high / 2 - binned.low / 2;
    if (each.item.isSkipped)
      Object.assign(facts, {present: n, finite: n, not_null: n, mean: center + (Number(z) / n) * size * 2});
    Object.assign(facts, momentsOf(n, [Number(z), Number(squares), Number(cubes)], size));
    quartiles.forEach((q, i) => {
      const [below = Number.NaN, above = Number.NaN] = values.slice(2 * i).map(Number);
      const part = (n - 1) * q - Math.floor((n - 1) * q);
      facts[['q1', 'median', 'q3'][i] ?? ''] = below + (above - below) * part;
    });
  }
}

/** The bin of the value with `rank` values before it, and its place in the bin, from 1. */
function placeOfRank(bins: Float64Array, rank: number): {bin: number; rank: number} {
  let before = 0;
  for (const [bin, n] of bins.entries()) {
    if (before + n > rank) return {bin, rank: rank - before + 1};
    before += n;
  }
  return {bin: bins.length - 1, rank: 1};
}

async function countOutliers(ask: Ask, dataset: string, items: readonly Item[]): Promise<void> {
  const asked = items.flatMap(item => {
    const {q1, q3} = item.measured.facts;
    const fences = fencesOf(Number(q1), Number(q3));
    const isInside = item.low !== null && item.high !== null && fences.low <= item.low && fences.high >= item.high;
    return isInside ? [] : [{item, place: item.place, ...fences}];
  });
  if (asked.length === 0) return;
  const [counts = []] = await ask(outlierSql(dataset, asked));
  asked.forEach(({item}, i) => {
    item.measured.outliers = Number(counts[i] ?? 0);
  });
}
