// Scales and labels of an axis: which range is shown, where the ticks stand, how a tick is written.

import {formatCount} from '../core/text.ts';
import type {ChartAxis, ChartPoint} from './chart-spec.ts';
import {nameWithUnit} from './units.ts';

/** Values beyond this are not drawn: their distances are no longer numbers. */
const drawable = 1e300;

export function isDrawable(value: number | null): value is number {
  return value !== null && Math.abs(value) <= drawable;
}

/** `low` < `high`. `labels` stand at their `value`; the first and the last are the ends of the axis. */
export type Scale = {low: number; high: number; labels: {value: number; text: string}[]; log?: true};

/** The position of a value on the scale: 0 at `low`, 1 at `high`. On a log scale the value must be above zero. */
export function share(scale: Scale, value: number): number {
  const {low, high} = scale;
  if (scale.log) return (Math.log(Math.max(value, low)) - Math.log(low)) / (Math.log(high) - Math.log(low));
  return (value - low) / (high - low);
}

/** Powers of ten that cover [min, max], both above zero; with 2 and 5 between them where there are only a few. */
export function logScale(min: number, max: number, count: number): Scale {
  let first = Math.max(-299, Math.floor(Math.log10(min) + 1e-9));
  let last = Math.max(first, Math.ceil(Math.log10(max) - 1e-9));
  if (first === last) [first, last] = [first - 1, last + 1];
  const every = Math.max(1, Math.ceil((last - first) / Math.max(1, count)));
  const values: number[] = [];
  for (let power = first; power <= last; power += every) {
    values.push(10 ** power);
    if (last - first <= 2 && count >= 4 && power < last) values.push(2 * 10 ** power, 5 * 10 ** power);
  }
  const high = 10 ** (first + Math.ceil((last - first) / every) * every);
  if (values.at(-1) !== high) values.push(high);
  return {low: 10 ** first, high, log: true, labels: values.map(value => ({value, text: formatPower(value)}))};
}

function formatPower(value: number): string {
  if (value >= 1e6 || value < 1e-3) return value.toExponential(0).replace('e+', 'e');
  return value >= 1 ? formatCount(Math.round(value)) : String(Number(value.toPrecision(1)));
}

/**
 * A scale with about `count` ticks at 1, 2 or 5 times a power of ten that covers [min, max]. A range of one value gets
 * room on both sides.
 */
export function numberScale(min: number, max: number, count: number): Scale {
  const [low, high] = widened(min, max);
  const step = niceStep((high - low) / Math.max(1, count));
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  const values = Array.from({length: Math.min(50, last - first + 1)}, (_, i) => (first + i) * step);
  const largest = Math.max(Math.abs(first * step), Math.abs(last * step));
  return {
    low: first * step,
    high: last * step,
    labels: values.map(value => ({value, text: formatTick(value, step, largest)})),
  };
}

function widened(min: number, max: number): [number, number] {
  const magnitude = Math.max(Math.abs(min), Math.abs(max));
  if (max - min > Math.max(magnitude * 1e-12, 1e-290)) return [min, max];
  // Below this the steps between ticks are no numbers any more.
  const room = magnitude < 1e-290 ? 1 : magnitude * 0.05;
  return [min - room, max + room];
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find(f => f * power >= rough * 0.999) ?? 10;
  return factor * power;
}

/** A tick as short as the step allows: grouped decimals, or an exponent for very large and very small axes. */
function formatTick(value: number, step: number, largest: number): string {
  if (Math.abs(value) < step / 2) return '0';
  const digits = Math.max(0, Math.ceil(Math.log10(largest / step) - 1e-9));
  if (largest < 1e-3 || (largest >= 1e7 && digits <= 4))
    return value
      .toExponential(Math.min(digits, 20))
      .replace(/\.?0+e/, 'e')
      .replace('e+', 'e');
  const decimals = Math.min(20, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
  const [whole = '', fraction] = value.toFixed(decimals).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

const dayMs = 86_400_000;

/** A scale from the first to the last instant (epoch ms), labelled at both ends and in the middle. */
export function timeScale(min: number, max: number): Scale {
  const [low, high] = min < max ? [min, max] : [min - dayMs, max + dayMs];
  const values = [low, (low + high) / 2, high];
  return {low, high, labels: values.map(value => ({value, text: formatInstant(value, high - low)}))};
}

function formatInstant(value: number, spanMs: number): string {
  if (value >= 0 && value < dayMs && spanMs < dayMs) return new Date(value).toISOString().slice(11, 19);
  const iso = new Date(value).toISOString();
  const year = iso.indexOf('-', 1);
  if (spanMs >= 2 * dayMs) return iso.slice(0, year + 6);
  return iso.slice(0, year + 12).replace('T', ' ');
}

const instant = /^([+-]?\d{4,6})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?)?\s?(Z|[+-]\d\d(?::?\d\d)?)?$/;
const timeOfDay = /^(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?$/;

/**
 * Epoch ms of an ISO-8601 date, date and time, or time of day (then from 1970-01-01). Text without a zone is read as UTC,
 * so that clocks that are put forward or back never bend an axis. Null when it is none of these.
 */
export function parseInstant(text: string): number | null {
  const clock = timeOfDay.exec(text);
  if (clock) return clockMs(clock[1], clock[2], clock[3], clock[4]);
  const parts = instant.exec(text);
  if (!parts) return null;
  const [, year, month, day, hour, minute, second, fraction, zone] = parts;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const ms = date.getTime() + clockMs(hour, minute, second, fraction) - zoneMs(zone);
  return Number.isFinite(ms) ? ms : null;
}

function clockMs(hour = '0', minute = '0', second = '0', fraction = '0'): number {
  return (Number(hour) * 60 + Number(minute)) * 60_000 + Number(second) * 1000 + Math.trunc(Number(fraction) * 1000);
}

function zoneMs(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  return sign * clockMs(zone.slice(1, 3), zone.length > 3 ? zone.slice(-2) : '0');
}

/** Where a point stands on the x axis: its number, its epoch ms, or null. Categories stand by their place in the order. */
export function xPosition(axis: ChartAxis, {x}: ChartPoint, index: number): number | null {
  if (x === null) return null;
  if (axis.kind === 'category') return index;
  const position = typeof x === 'number' ? x : axis.kind === 'time' ? parseInstant(x) : Number(x);
  return isDrawable(position) ? position : null;
}

/** Name with unit, such as "price [€]". */
export function axisTitle({name, unit}: ChartAxis): string {
  return unit === undefined ? name : nameWithUnit(name, unit);
}
