// Rows that belong together though nobody said so: several of one patient or shop, or neighbours in time of one series.

import {formatCount} from '../core/text.ts';
import {correlation} from './leaks.ts';
import {allRows, type RawColumn, takeNumbers} from './raw-columns.ts';
import type {TrainingData} from './training-data.ts';

/** Why folds at random flatter, and how rows would have to be divided instead: by `groups`, or by `time` (NaN where unknown). */
export type Tie = {text: string; groups?: Int32Array; time?: Float64Array};

const fewestGroups = 20;
const leastRowsEach = 1.5;
const fewestSeriesRows = 20;
/** Of the variance of the target: so much lies between the groups, and little of it in their order. */
const mostlyBetween = 0.9;
const strongNeighbours = 0.5;
/** Looking at more takes longer than a second. */
const mostCells = 4_000_000;

type Asked = Pick<TrainingData, 'columns' | 'target' | 'classCount' | 'groups' | 'time' | 'moments'>;

/** None where the rows are divided by a group and a time already. `isGrouped` is false where `groups` are only equal rows. */
export function tiesOf(data: Asked, isGrouped: boolean): Tie[] {
  const group = isGrouped ? null : sameTarget(data);
  const time = data.time ? null : lookingAhead(data, isGrouped);
  return [group, time].filter(tie => tie !== null);
}

/**
 * The column of many repeating values that hold the target nearly fixed: the intraclass correlation ICC(1) of the target in its
 * groups (Shrout and Fleiss 1979; of classes, the traces of their 0/1 columns) is above 0.9. A number whose neighbouring
 * values have like targets is a feature, and names nobody.
 */
function sameTarget({columns, target, classCount, moments = []}: Asked): Tie | null {
  if (target.length * columns.length > mostCells) return null;
  const outputs = classCount > 2 ? Array.from({length: classCount}, (_, k) => target.map(y => +(y === k))) : [target];
  const found = columns.flatMap(column => {
    if (column.kind === 'text' || moments.includes(column.name)) return [];
    const groups = numbered(column);
    if (groups.count < fewestGroups || groups.rows < leastRowsEach * groups.count) return [];
    const {within, likeNeighbours} = spreadsOf(groups, outputs);
    if (!(within > mostlyBetween) || (column.kind === 'number' && likeNeighbours > strongNeighbours)) return [];
    return [{column, groups, isName: column.kind !== 'number' || column.values.every(isWholeOrMissing)}];
  });
  const [best] = found.sort((a, b) => +b.isName - +a.isName || b.groups.count - a.groups.count);
  if (!best) return null;
  const {name} = best.column;
  let alone = best.groups.count;
  return {
    text: `Rows with the same ${name} nearly always have the same target (${formatCount(best.groups.count)} values of it in ${formatCount(best.groups.rows)} rows), and they are on both sides of these folds. If new rows will be of another ${name}, every figure flatters; choose that column as group.`,
    groups: best.groups.codes.map(code => (code < 0 ? alone++ : code)),
  };
}

const isWholeOrMissing = (value: number) => Number.isNaN(value) || Number.isInteger(value);

/** `codes` number the values from 0 on, those of a number in their order; −1 is missing. `rows` are those with a value. */
export type Groups = {codes: Int32Array; count: number; rows: number};

function numbered(column: RawColumn): Groups {
  if (column.kind !== 'number') {
    const present = column.codes.filter(code => code >= 0);
    return {codes: column.codes, count: new Set(present).size, rows: present.length};
  }
  const present = column.values.filter(value => !Number.isNaN(value));
  const places = new Map([...new Set(present.sort())].map((value, place) => [value, place]));
  const codes = Int32Array.from(column.values, value => places.get(value) ?? -1);
  return {codes, count: places.size, rows: present.length};
}

/** ICC(1), and how far the means of neighbouring groups are alike: 1 for the same, about 0 for no order. */
export function spreadsOf({codes, count, rows}: Groups, outputs: readonly Float64Array[]) {
  const sizes = new Float64Array(codes.reduce((most, code) => Math.max(most, code), 0) + 1);
  for (const code of codes) if (code >= 0) sizes[code] = (sizes[code] ?? 0) + 1;
  let [between, within, steps, spread] = [0, 0, 0, 0];
  for (const output of outputs) {
    const means = new Float64Array(sizes.length);
    let all = 0;
    codes.forEach((code, i) => {
      if (code < 0) return;
      means[code] = (means[code] ?? 0) + (output[i] ?? 0) / (sizes[code] ?? 1);
      all += (output[i] ?? 0) / rows;
    });
    codes.forEach((code, i) => {
      if (code >= 0) within += ((output[i] ?? 0) - (means[code] ?? 0)) ** 2;
    });
    means.forEach((mean, g) => {
      between += (sizes[g] ?? 0) * (mean - all) ** 2;
      spread += (mean - all) ** 2 / means.length;
      if (g > 0) steps += (mean - (means[g - 1] ?? 0)) ** 2 / (means.length - 1);
    });
  }
  const usual = (rows - sizes.reduce((sum, size) => sum + size * size, 0) / rows) / (count - 1);
  const [outer, inner] = [between / (count - 1), within / Math.max(1, rows - count)];
  return {within: (outer - inner) / (outer + (usual - 1) * inner), likeNeighbours: 1 - steps / (2 * spread)};
}

/** The first moment in whose order neighbouring rows have like targets, over all rows or within the values of another column. */
function lookingAhead({columns, target, classCount, groups, moments = []}: Asked, isGrouped: boolean): Tie | null {
  if (classCount > 2) return null;
  const like = (time: Float64Array, series?: Int32Array) => neighbourCorrelation({time, target, series, groups});
  const why = 'so shuffled folds look ahead; choose that column as time to test on later rows only.';
  for (const column of columns) {
    if (column.kind !== 'number' || !moments.includes(column.name)) continue;
    const {name, values: time} = column;
    const known = time.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0);
    if (known < time.length / 2) continue;
    const r = like(time);
    if (r > strongNeighbours)
      return {
        time,
        text: `In the order of ${name} neighbouring rows have like targets (r = ${r.toFixed(2)}), ${why}`,
      };
    for (const each of isGrouped || target.length * columns.length > mostCells ? [] : columns) {
      if (each === column || each.kind === 'text' || moments.includes(each.name)) continue;
      const series = numbered(each);
      if (series.count < 2 || series.rows < fewestSeriesRows * series.count) continue;
      const own = like(time, series.codes);
      if (own > strongNeighbours)
        return {
          time,
          text: `In the order of ${name} within each ${each.name} neighbouring rows have like targets (r = ${own.toFixed(2)}), ${why}`,
        };
    }
  }
  return null;
}

type Ordered = {
  time: Float64Array;
  target: Float64Array;
  series?: Int32Array | undefined;
  groups?: Int32Array | undefined;
};

/**
 * Pearson's r between the targets of rows that are next to each other in time and not of one group, which the folds keep
 * together; with `series` those of one series only, each around its own mean (rows of −1 take no part).
 */
export function neighbourCorrelation({time, target, series, groups}: Ordered): number {
  const of = (row: number) => series?.[row] ?? 0;
  const order = allRows(time.length)
    .filter(row => !Number.isNaN(time[row]) && of(row) >= 0)
    .sort((a, b) => of(a) - of(b) || (time[a] ?? 0) - (time[b] ?? 0) || a - b);
  const sorted = takeNumbers(series ? aroundMeans(target, series, order) : target, order);
  const pairs = allRows(Math.max(0, order.length - 1)).filter(i => {
    const [a, b] = [order[i] ?? 0, order[i + 1] ?? 0];
    return of(a) === of(b) && (!groups || groups[a] !== groups[b]);
  });
  return correlation(
    takeNumbers(sorted, pairs),
    Float64Array.from(pairs, i => sorted[i + 1] ?? 0),
  );
}

/** The mean of a series is that of the rows that take part. */
function aroundMeans(target: Float64Array, series: Int32Array, rows: Uint32Array): Float64Array {
  const sums = new Map<number, [sum: number, count: number]>();
  for (const row of rows) {
    const [sum, count] = sums.get(series[row] ?? -1) ?? [0, 0];
    sums.set(series[row] ?? -1, [sum + (target[row] ?? 0), count + 1]);
  }
  return target.map((value, i) => {
    const [sum, count] = sums.get(series[i] ?? -1) ?? [0, 1];
    return value - sum / count;
  });
}
