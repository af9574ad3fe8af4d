// Measures the columns of a large table: few distinct values are counted one by one, many are binned finely. Both are exact;
// only the number of distinct values of a column with very many of them is an estimate, and marked as one.

import type {Cell, Column} from '../core/dataset.ts';
import {quoteName} from '../engine/sql-text.ts';
import {type Ask, finiteNumber, type Measured, readTopValues} from './profile-batch.ts';
import {measureBinned, measureSequence} from './profile-bins.ts';
import {
  type DistinctMethod,
  distinctSql,
  listedSql,
  mostListed,
  scanNames,
  scanSql,
  textsSql,
} from './profile-large-sql.ts';
import {placeOf, topCount} from './profile-sql.ts';
import {binOf, fencesOf, momentsOf, spanOf, weightedQuartiles} from './profile-values.ts';

/** With fewer rows every column is measured exactly by sorting and grouping all of its values. */
export const largeFrom = 1_000_000;
/** Estimates of the manifest are a few per cent off. */
const fewValues = 10_000;
/** Up to here distinct values are counted by grouping them; above, the estimate stands unless each has a bit of its own. */
const mostGrouped = 250_000;
/** Above this share of different texts the most frequent ones say nothing. */
const mostTopShare = 0.1;
const mostBits = 2 ** 28;

/** `place` is the SQL of a value's place on the line. `isSkipped`: no scan has counted and averaged the values. */
export type Item = {
  column: Column;
  isSkipped: boolean;
  index: number;
  measured: Measured;
  low: number | null;
  high: number | null;
  place: string;
};

export async function measureLarge(
  ask: Ask,
  dataset: string,
  columns: readonly Column[],
): Promise<{rows: number; measured: Measured[]}> {
  // The facts that every version keeps spare work: estimates of the number of distinct values, and the range of each column.
  const allFinite = columns.map(({min, max}) => finiteNumber(min) !== null && finiteNumber(max) !== null);
  const scanned = columns.map((column, index) => ({
    column,
    isUnknown: !(column.distinctCount > 0),
    allFinite: allFinite[index] ?? false,
    isSkipped: allFinite[index] === true && hasKnownBins(column),
  }));
  const [scan = []] = await ask(scanSql(dataset, scanned));
  const rows = Number(scan[0] ?? 0);
  const items = columns.map((column, index): Item => {
    const facts: Record<string, Cell> = {};
    scanNames.forEach((name, i) => {
      facts[name] = scan[1 + index * scanNames.length + i] ?? null;
    });
    facts.estimate ??= column.distinctCount;
    const isSkipped = scanned[index]?.isSkipped === true;
    if (isSkipped) Object.assign(facts, {min: column.min, max: column.max});
    if (column.kind === 'number') {
      facts.low ??= facts.min ?? null;
      facts.high ??= facts.max ?? null;
      facts.finite ??= facts.present ?? null;
      facts.not_null ??= facts.present ?? null;
    }
    const measured = {facts, histogram: [], outliers: 0, topValues: null, isEstimate: false};
    const place = column.kind === 'number' && allFinite[index] ? `${quoteName(column.name)}::DOUBLE` : placeOf(column);
    return {column, isSkipped, index, measured, low: finiteNumber(facts.low), high: finiteNumber(facts.high), place};
  });
  const few = items.filter(
    ({column, measured}) => column.kind !== 'nested' && Number(measured.facts.estimate) <= fewValues,
  );
  const overfull = await measureListed(ask, dataset, few);
  const many = [...items.filter(each => !few.includes(each)), ...overfull];
  await measureTexts(ask, dataset, many);
  await countDistinct(ask, dataset, rows, many);
  const open = many.filter(item => !measureSequence(item, rows));
  await measureBinned(ask, dataset, open);
  // Of columns that were not scanned it is known only now how many values they have.
  for (const {measured} of open)
    measured.facts.distinct = Math.min(Number(measured.facts.distinct), Number(measured.facts.present));
  return {rows, measured: items.map(({measured}) => measured)};
}

/** Types are left out whose range is kept in fewer digits than their values may have, so that no value stands outside. */
function hasKnownBins({type, kind, distinctCount, min, max}: Column): boolean {
  const isExact = type === 'DOUBLE' || /^U?(TINY|SMALL|BIG)?INT(EGER)?$/.test(type) || isShortDecimal(type);
  return kind === 'number' && isExact && distinctCount > fewValues && Number(min) < Number(max);
}

function isShortDecimal(type: string): boolean {
  const width = /^DECIMAL\((\d+),/.exec(type)?.[1];
  return width !== undefined && Number(width) <= 15;
}

/** Gives the columns back that turned out to have more values than can be listed. */
async function measureListed(ask: Ask, dataset: string, items: readonly Item[]): Promise<Item[]> {
  if (items.length === 0) return [];
  const byColumn = Map.groupBy(await ask(listedSql(dataset, items)), row => Number(row[0]));
  return items.filter(item => {
    const rows = byColumn.get(item.index) ?? [];
    if (rows.length > mostListed) return true;
    listValues(item, rows);
    return false;
  });
}

function listValues({column, measured, low, high}: Item, rows: readonly Cell[][]): void {
  const {facts} = measured;
  const values = rows.map(([, text, place, n, length, numeric, folded, blank, zeros]) => ({
    text: String(text),
    place: finiteNumber(place),
    n: Number(n),
    length: Number(length ?? 0),
    folded,
    flags: {numeric: numeric === true, with_blank: blank === true, zeros: zeros === true},
  }));
  facts.distinct = values.length;
  measured.topValues = values.slice(0, topCount).map(({text, n}) => ({value: text, count: n}));
  if (column.kind === 'text') {
    const total = values.reduce((sum, {n}) => sum + n, 0);
    facts.mean_length = total === 0 ? null : values.reduce((sum, {n, length}) => sum + n * length, 0) / total;
    facts.folded = new Set(values.map(({folded}) => folded)).size;
    for (const flag of ['numeric', 'with_blank', 'zeros'] as const)
      facts[flag] = values.reduce((sum, {n, flags}) => sum + (flags[flag] ? n : 0), 0);
  }
  const placed = values.flatMap(({place, n}) => (place === null ? [] : [{value: place, n}]));
  if (low === null || high === null || placed.length === 0) return;
  const span = spanOf(column, low, high);
  if (span) {
    measured.histogram = new Array<number>(span.bins).fill(0);
    for (const {value, n} of placed) addTo(measured.histogram, binOf(value, span), n);
  }
  if (column.kind !== 'number') return;
  const [q1, median, q3] = weightedQuartiles(placed);
  Object.assign(facts, {q1, median, q3});
  const fences = fencesOf(q1, q3);
  measured.outliers = placed.reduce((sum, {value, n}) => sum + (value < fences.low || value > fences.high ? n : 0), 0);
  const mean = finiteNumber(facts.mean);
  const size = high / 2 - low / 2;
  Object.assign(facts, momentsOf(Number(facts.finite), [0, 0, 0], 0));
  if (mean === null || !(size > 0)) return;
  const shares = placed.map(({value, n}) => ({z: (value / 2 - mean / 2) / size, n}));
  const sum = (power: 1 | 2 | 3) => shares.reduce((total, {z, n}) => total + n * z ** power, 0);
  Object.assign(facts, momentsOf(Number(facts.finite), [sum(1), sum(2), sum(3)], size));
}

async function measureTexts(ask: Ask, dataset: string, items: readonly Item[]): Promise<void> {
  const texts = items.filter(({column}) => column.kind === 'text');
  if (texts.length === 0) return;
  for (const [index, length, numeric, blank, zeros] of await ask(textsSql(dataset, texts))) {
    const found = texts.find(each => each.index === index);
    if (!found) continue;
    const facts: Record<string, Cell> = {mean_length: length ?? null, numeric: numeric ?? 0, with_blank: blank ?? 0};
    Object.assign(found.measured.facts, facts, {zeros: zeros ?? 0});
  }
  // The most frequent of so many values are listed only where they repeat.
  const listed = texts.filter(({measured: {facts}}) => Number(facts.estimate) <= mostTopShare * Number(facts.present));
  const top = await readTopValues(ask, dataset, listed);
  for (const {index, measured} of listed) measured.topValues = top.get(index) ?? [];
}

async function countDistinct(ask: Ask, dataset: string, rows: number, items: readonly Item[]): Promise<void> {
  for (const {measured} of items) {
    measured.isEstimate = true;
    measured.facts.distinct = Number(measured.facts.estimate);
  }
  const asked = items.flatMap(item => {
    const method = methodFor(item, rows);
    return method ? [{...item, method}] : [];
  });
  if (asked.length > 0)
    for (const [index, distinct] of await ask(distinctSql(dataset, asked))) {
      const measured = asked.find(each => each.index === index)?.measured;
      if (!measured) continue;
      measured.isEstimate = false;
      measured.facts.distinct = Number(distinct ?? 0);
    }
  for (const {column, measured} of items)
    if (column.kind === 'text') measured.facts.folded = measured.facts.distinct ?? 0;
}

function methodFor({column, measured, low, high}: Item, rows: number): DistinctMethod | null {
  const whole = /^U?(TINY|SMALL|BIG)?INT(EGER)?$/.test(column.type) && low !== null && high !== null;
  if (whole && Number.isSafeInteger(low) && Number.isSafeInteger(high) && high - low < Math.min(mostBits, 16 * rows))
    return {how: 'bits', low, high};
  return column.kind !== 'nested' && Number(measured.facts.estimate) <= mostGrouped ? {how: 'exact'} : null;
}

function addTo(bins: number[], bin: number, n: number): void {
  bins[bin] = (bins[bin] ?? 0) + n;
}
