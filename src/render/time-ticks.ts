// Ticks of a time axis at round moments: full years, months, days, hours, all in UTC.

import type {Scale} from './axis.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Steps up to days by their length; longer ones by the calendar. */
const evenSteps = [
  ...[1, 2, 5, 10, 15, 30].map(n => n * second),
  ...[1, 2, 5, 10, 15, 30].map(n => n * minute),
  ...[1, 2, 3, 6, 12].map(n => n * hour),
  ...[1, 2, 7, 14].map(n => n * day),
];
const monthSteps = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000, 12_000];
const monthMs = 30.44 * day;

/** From the first to the last instant (epoch ms, UTC) with about `count` labels at round moments between them. */
export function calendarScale(min: number, max: number, count: number): Scale {
  const [low, high] = min < max ? [min, max] : [min - day, max + day];
  const rough = (high - low) / Math.max(1, count);
  const even = evenSteps.find(step => step >= rough * 0.75);
  const clockOnly = low >= 0 && high <= day;
  const labels =
    even === undefined
      ? monthTicks(low, high, rough)
      : evenTicks(low, high, even).map(value => ({value, text: evenText(value, even, clockOnly)}));
  return {low, high, labels: even === undefined || clockOnly ? labels : dated(labels)};
}

/** Hours of which no tick says the day: the first one then does. */
function dated(labels: Scale['labels']): Scale['labels'] {
  const [first, ...rest] = labels;
  if (first === undefined || labels.some(({text}) => text.includes('-'))) return labels;
  const iso = new Date(first.value).toISOString();
  return [{...first, text: `${iso.slice(0, iso.indexOf('T'))} ${first.text}`}, ...rest];
}

function evenTicks(low: number, high: number, step: number): number[] {
  // Weeks begin on Mondays; 1970-01-05 was one.
  const origin = step % (7 * day) === 0 ? 4 * day : 0;
  const first = Math.ceil((low - origin) / step) * step + origin;
  return Array.from({length: Math.floor((high - first) / step) + 1}, (_, i) => first + i * step);
}

function evenText(value: number, step: number, clockOnly: boolean): string {
  const iso = new Date(value).toISOString();
  const dateEnd = iso.indexOf('T');
  if (step >= day) return iso.slice(0, dateEnd);
  const clock = iso.slice(dateEnd + 1, dateEnd + (step < minute ? 9 : 6));
  return clockOnly ? clock : value % day === 0 ? iso.slice(0, dateEnd) : clock;
}

function monthTicks(low: number, high: number, rough: number): Scale['labels'] {
  const step = monthSteps.find(months => months * monthMs >= rough * 0.75) ?? 12_000;
  const from = new Date(low);
  const start = Math.ceil((from.getUTCFullYear() * 12 + from.getUTCMonth()) / step) * step;
  const labels: Scale['labels'] = [];
  for (let months = start; labels.length < 60; months += step) {
    const date = new Date(0);
    date.setUTCFullYear(Math.floor(months / 12), ((months % 12) + 12) % 12, 1);
    const value = date.getTime();
    if (!(value <= high)) break;
    if (value < low) continue;
    const iso = date.toISOString();
    const year = iso.slice(0, iso.indexOf('-', 1));
    labels.push({value, text: step % 12 === 0 ? year : iso.slice(0, iso.indexOf('-', 1) + 3)});
  }
  return labels;
}
