// Measures the columns of a large table that have many values: fine bins first, then the few values that quartiles need.

import {type Ask, finiteNumber, readBins} from './profile-batch.ts';
import type {Item} from './profile-large.ts';
import {fineBins, momentsAndRanksSql, type Wanted} from './profile-large-sql.ts';
import {outlierSql, type Span} from './profile-sql.ts';
import {fencesOf, momentsOf, spanOf} from './profile-values.ts';

const quartiles = [0.25, 0.5, 0.75];

type Counted = {item: Item; binned: Span; bins: Float64Array};

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
