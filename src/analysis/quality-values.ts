// Values far from the others, by three rules, and values that can't be for what the name of the column says.

import {type Column, isMoment} from '../core/dataset.ts';
import {formatCount, formatNumber} from '../core/text.ts';
import {quoteName, quoteText} from '../engine/sql-text.ts';
import {literal} from './profile-sql.ts';
import {type Finding, inBatches, type Subject} from './quality-finding.ts';

const fenceFactor = 1.5;
const farInSds = 3;
/** Iglewicz and Hoaglin (1993): 0.6745 · |x − median| / MAD above this. */
const farInMads = 3.5;

/** Ranges by what a column is called. A bound that is not given does not exist. */
const ranges: readonly {name: RegExp; low?: number; high?: number; what: string}[] = [
  {name: /^(age|.*_age|age_.*)$/i, low: 0, high: 120, what: 'an age outside 0 to 120'},
  {name: /(percent|pct)/i, low: 0, high: 100, what: 'a percentage outside 0 to 100'},
  {name: /^(lat|latitude|.*_lat|.*_latitude)$/i, low: -90, high: 90, what: 'a latitude outside −90 to 90'},
  {
    name: /^(lng|lon|long|longitude|.*_lon|.*_lng|.*_longitude)$/i,
    low: -180,
    high: 180,
    what: 'a longitude outside −180 to 180',
  },
  {name: /(^|_)(prob|probability)($|_)/i, low: 0, high: 1, what: 'a probability outside 0 to 1'},
  {name: /(^|_)(month)$/i, low: 1, high: 12, what: 'a month outside 1 to 12'},
  {name: /(^|_)hour$/i, low: 0, high: 24, what: 'an hour outside 0 to 24'},
  {
    name: /(^|_)(price|cost|quantity|qty|count|weight|height|width|distance|population|area|salary|income|fare|visits|units)($|_)/i,
    low: 0,
    what: 'below 0',
  },
];

/** Beyond 1.5 IQR (type 7 quartiles), beyond 3 population sd, and far by the median absolute deviation. */
export async function outlierFindings({reader, dataset, columns}: Subject): Promise<Finding[]> {
  const found: Finding[] = [];
  const numbers = columns.filter(({kind, distinctCount}) => kind === 'number' && distinctCount > 2);
  for (const batch of inBatches(numbers, 40)) {
    const facts = batch.map(column => {
      const v = finite(column);
      const small = `FILTER (abs(${v}) <= 1e75)`;
      return `quantile_cont(${v}, 0.25), quantile_cont(${v}, 0.5), quantile_cont(${v}, 0.75), mad(${v}), avg(${v}), stddev_pop(${v}) ${small}`;
    });
    const [cells = []] = await reader.rows(`SELECT ${facts.join(', ')} FROM ${quoteName(dataset)}`);
    const limits = batch.map((_, index) => limitsOf(cells.slice(index * 6, index * 6 + 6).map(Number)));
    const counts = batch.map((column, index) => {
      const limit = limits[index];
      return limit ? limit.map(range => countOutside(finite(column), range)).join(', ') : '0, 0, 0';
    });
    const [outside = []] = await reader.rows(`SELECT ${counts.join(', ')} FROM ${quoteName(dataset)}`);
    batch.forEach(({name}, index) => {
      const [iqr = 0, z = 0, mad = 0] = outside.slice(index * 3, index * 3 + 3).map(Number);
      const [fence] = limits[index] ?? [];
      if (iqr + z + mad === 0 || !fence) return;
      const detail = `${formatCount(iqr)} beyond 1.5 IQR (${formatNumber(fence.low)} to ${formatNumber(fence.high)}), ${formatCount(z)} beyond 3 sd, ${formatCount(mad)} by MAD`;
      found.push({check: 'outliers', column: name, count: Math.max(iqr, z, mad), detail});
    });
  }
  return found;
}

type Range = {low: number; high: number};

function limitsOf(facts: readonly number[]): [Range, Range, Range] | null {
  const [q1 = 0, median = 0, q3 = 0, mad = 0, mean = 0, sd = 0] = facts;
  if (!facts.every(Number.isFinite)) return null;
  const around = (middle: number, reach: number) => ({low: middle - reach, high: middle + reach});
  const everything = {low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY};
  const reach = fenceFactor * (q3 - q1);
  return [
    {low: q1 - reach, high: q3 + reach},
    sd > 0 ? around(mean, farInSds * sd) : everything,
    mad > 0 ? around(median, (farInMads * mad) / 0.6745) : everything,
  ];
}

function countOutside(value: string, {low, high}: Range): string {
  return `count(*) FILTER (${value} < ${literal(low)} OR ${value} > ${literal(high)})`;
}

/** Numbers outside the range their name allows, infinite numbers, dates after today or before 1900. */
export async function impossibleFindings({reader, dataset, columns, now}: Subject): Promise<Finding[]> {
  const today = `${quoteText(new Date(now).toISOString().slice(0, 19).replace('T', ' '))}::TIMESTAMP`;
  const rules = columns.flatMap(column => rulesOf(column, today).map(rule => ({...rule, column: column.name})));
  const found: Finding[] = [];
  for (const batch of inBatches(rules, 100)) {
    const sql = batch.map(({condition}) => `count(*) FILTER (${condition})`).join(', ');
    const [counts = []] = await reader.rows(`SELECT ${sql} FROM ${quoteName(dataset)}`);
    batch.forEach(({column, what}, index) => {
      const count = Number(counts[index] ?? 0);
      if (count > 0) found.push({check: 'impossible', column, count, detail: what});
    });
  }
  return found;
}

function rulesOf(column: Column, today: string): {condition: string; what: string}[] {
  const name = quoteName(column.name);
  if (isMoment(column)) {
    const time = `isfinite(${name}) AND ${name}::TIMESTAMP`;
    return [
      {condition: `${time} > ${today}`, what: 'after today'},
      {condition: `${time} < '1900-01-01'::TIMESTAMP`, what: 'before 1900'},
    ];
  }
  if (column.kind !== 'number') return [];
  const range = ranges.find(each => each.name.test(column.name));
  const rules = isFloat(column) ? [{condition: `isinf(${name})`, what: 'infinite'}] : [];
  if (!range) return rules;
  const [below, above] = [range.low, range.high].map((bound, side) =>
    bound === undefined ? null : `${finite(column)} ${side === 0 ? '<' : '>'} ${bound}`,
  );
  return [...rules, {condition: [below, above].filter(Boolean).join(' OR '), what: range.what}];
}

function isFloat({type}: Column): boolean {
  return type === 'DOUBLE' || type === 'FLOAT';
}

function finite(column: Column): string {
  const name = quoteName(column.name);
  return isFloat(column) ? `(CASE WHEN isfinite(${name}) THEN ${name}::DOUBLE END)` : `${name}::DOUBLE`;
}
