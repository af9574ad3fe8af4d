// Finds the step of a time axis, and the places on it where nothing was recorded. Times are seconds since 1970, UTC.

export const UNITS = ['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const;
export type Unit = (typeof UNITS)[number];

/**
 * `name` is what people say ("month", "30 minutes", "business day"). `places` is the place of each time on the axis, from 0, and
 * `length` the number of places up to the last. `period` is the usual length of a season in steps, null where there is none.
 */
export type Frequency = {
  name: string;
  regular: boolean;
  places: Float64Array;
  length: number;
  period: number | null;
  /** The number of years from the first time to the last: calendar months / 12, else days / 365.25. */
  years: number;
  /** True where months are told by their last days. */
  monthEnds?: boolean;
};

const day = 86_400;
const friendly: readonly [number, string][] = [
  [7 * day, 'week'],
  [day, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
];

/**
 * The frequency of distinct rising times: whole months (also ends of months), business days, or a fixed step of which all gaps
 * are multiples. Times that are beginnings of `every` have that step, however many are missing. Without one `regular` is false and the
 * places are just 0, 1, 2 …
 */
export function frequencyOf(times: Float64Array, every?: Unit): Frequency {
  const years = ((times[times.length - 1] ?? 0) - (times[0] ?? 0)) / day / 365.25;
  return (
    monthly(times, null) ??
    fixed(times, years, null) ??
    (every && (monthly(times, monthsOf[every] ?? null) ?? fixed(times, years, secondsOf[every] ?? null))) ?? {
      name: 'irregular',
      regular: false,
      places: times.map((_, i) => i),
      length: times.length,
      period: null,
      years,
    }
  );
}

const monthsOf: Partial<Record<Unit, number>> = {month: 1, quarter: 3, year: 12};
const secondsOf: Partial<Record<Unit, number>> = {minute: 60, hour: 3600, day, week: 7 * day};

function monthly(times: Float64Array, known: number | null): Frequency | null {
  if (times.length < 3) return null;
  const dates = Array.from(times, time => new Date(time * 1000));
  const first = dates[0];
  if (!first || dates.some(date => Number.isNaN(date.getTime()))) return null;
  const ofDay = (times[0] ?? 0) % day;
  const isEnd = (date: Date) => new Date(date.getTime() + day * 1000).getUTCDate() === 1;
  const sameDay = dates.every(date => date.getUTCDate() === first.getUTCDate());
  if (!sameDay && !dates.every(isEnd)) return null;
  if (times.some(time => time % day !== ofDay)) return null;
  const months = Float64Array.from(dates, date => date.getUTCFullYear() * 12 + date.getUTCMonth());
  const step = known ?? commonStep(months);
  if (step === null || step < 1) return null;
  const names: Record<number, string> = {1: 'month', 3: 'quarter', 12: 'year'};
  const base = months[0] ?? 0;
  const places = months.map(month => (month - base) / step);
  return {
    name: names[step] ?? `${step} months`,
    regular: true,
    places,
    length: (places[places.length - 1] ?? 0) + 1,
    period: 12 % step === 0 && step < 12 ? 12 / step : null,
    years: ((months[months.length - 1] ?? 0) - base) / 12,
    monthEnds: !sameDay,
  };
}

function fixed(times: Float64Array, years: number, known: number | null): Frequency | null {
  const step = known ?? commonStep(times);
  if (step === null) return null;
  const start = times[0] ?? 0;
  const isWeekday = (time: number) => ((((Math.floor(time / day) + 4) % 7) + 7) % 7) % 6 !== 0;
  if (step === day && times.length >= 6 && times.every(isWeekday)) {
    // Weekends are no gaps: five places a week.
    const workday = (time: number) => {
      const days = Math.floor(time / day) + 3;
      return Math.floor(days / 7) * 5 + (((days % 7) + 7) % 7);
    };
    const places = times.map(time => workday(time) - workday(start));
    return {name: 'business day', regular: true, places, length: lengthOf(places), period: 5, years};
  }
  const places = times.map(time => Math.round((time - start) / step));
  return {
    name: stepName(step),
    regular: true,
    places,
    length: lengthOf(places),
    period: seasonOf(step, times.length),
    years,
  };
}

function lengthOf(places: Float64Array): number {
  return (places[places.length - 1] ?? 0) + 1;
}

/**
 * The most frequent difference of neighbours (the smaller of equally frequent ones), if at least half of them are that long and all
 * are whole multiples of it.
 */
function commonStep(times: Float64Array): number | null {
  const counts = new Map<number, number>();
  for (let i = 1; i < times.length; i++) {
    const gap = Number(((times[i] ?? 0) - (times[i - 1] ?? 0)).toPrecision(12));
    counts.set(gap, (counts.get(gap) ?? 0) + 1);
    if (counts.size > 1000) return null;
  }
  let [step, most] = [0, 0];
  for (const [gap, count] of counts) if (count > most || (count === most && gap < step)) [step, most] = [gap, count];
  if (!(step > 0) || most * 2 < times.length - 1) return null;
  const isMultiple = (gap: number) => Math.abs(gap / step - Math.round(gap / step)) < 1e-6;
  return [...counts.keys()].every(isMultiple) ? step : null;
}

function stepName(step: number): string {
  const [size, unit] = friendly.find(([seconds]) => step % seconds === 0) ?? [1, 'second'];
  const count = step / size;
  return count === 1 ? unit : `${Number(count.toPrecision(6))} ${unit}s`;
}

/** A week of days, a year of weeks, else the longest of day, hour and minute that fits twice into n steps. */
function seasonOf(step: number, n: number): number | null {
  if (step === day) return 7;
  if (step === 7 * day) return 52;
  const fits = [day, 3600, 60].map(cycle => cycle / step).filter(cycle => Number.isInteger(cycle) && cycle >= 2);
  return fits.find(cycle => n >= 2 * cycle) ?? fits[fits.length - 1] ?? null;
}

/** The time at a place of the axis, for gaps; null where there is no axis. */
export function timeAt(
  times: Float64Array,
  {name, places, regular, monthEnds}: Frequency,
  place: number,
): number | null {
  if (!regular) return times[place] ?? null;
  // The nearest recorded place before it, and from there in steps.
  let [from, to] = [0, places.length - 1];
  while (from < to) {
    const middle = (from + to + 1) >> 1;
    if ((places[middle] ?? 0) <= place) from = middle;
    else to = middle - 1;
  }
  const steps = place - (places[from] ?? 0);
  const start = times[from] ?? 0;
  if (steps === 0) return start;
  const months = /^(\d+ )?(month|quarter|year)s?$/.exec(name);
  if (months) {
    const count = Number(months[1] ?? {month: 1, quarter: 3, year: 12}[months[2] ?? 'month']);
    return monthsLater(start, steps * count, monthEnds === true);
  }
  if (name === 'business day') return workdaysLater(start, steps);
  const [next, base] = [times[from + 1], places[from + 1]];
  return next === undefined || base === undefined
    ? null
    : start + ((next - start) * steps) / (base - (places[from] ?? 0));
}

function monthsLater(time: number, months: number, toEnd: boolean): number {
  const date = new Date(time * 1000);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months + 1, 0)).getUTCDate();
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1) / 1000;
  return first + ((toEnd ? last : Math.min(date.getUTCDate(), last)) - 1) * day + (((time % day) + day) % day);
}

function workdaysLater(time: number, steps: number): number {
  let [at, left] = [time, steps];
  while (left > 0) {
    at += day;
    const weekday = new Date(at * 1000).getUTCDay();
    if (weekday !== 0 && weekday !== 6) left--;
  }
  return at;
}
