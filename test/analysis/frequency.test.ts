import {describe, expect, it} from 'vitest';
import {fillGaps} from '../../src/analysis/analyze-time-series.ts';
import {frequencyOf, timeAt} from '../../src/analysis/time-series/frequency.ts';
import {growthOf} from '../../src/analysis/time-series/growth.ts';

const seconds = (text: string) => Date.parse(`${text}Z`) / 1000;
const at = (...dates: string[]) =>
  Float64Array.from(dates, date => seconds(date.length > 10 ? date : `${date}T00:00:00`));
const every = (start: string, step: number, count: number) =>
  Float64Array.from({length: count}, (_, i) => seconds(`${start}T00:00:00`) + i * step);
const monthsFrom = (year: number, count: number, step = 1) =>
  Float64Array.from({length: count}, (_, i) => Date.UTC(year, i * step, 1) / 1000);

describe('the frequency of a time axis', () => {
  it.each<[string, Float64Array, string, number | null, number]>([
    ['first days of months', monthsFrom(2020, 30), 'month', 12, 30],
    ['months across the epoch', monthsFrom(1969, 24), 'month', 12, 24],
    ['quarters', monthsFrom(2020, 9, 3), 'quarter', 4, 9],
    ['years', monthsFrom(1990, 12, 12), 'year', null, 12],
    ['half years', monthsFrom(2001, 8, 6), '6 months', 2, 8],
    ['ends of months', at('2024-01-31', '2024-02-29', '2024-03-31', '2024-04-30'), 'month', 12, 4],
    ['the 15th with a gap', at('2024-01-15', '2024-02-15', '2024-04-15', '2024-05-15'), 'month', 12, 5],
    ['days', every('2024-02-25', 86_400, 20), 'day', 7, 20],
    ['weeks', every('2024-01-01', 7 * 86_400, 110), 'week', 52, 110],
    [
      'business days',
      at('2024-03-01', '2024-03-04', '2024-03-05', '2024-03-06', '2024-03-07', '2024-03-11'),
      'business day',
      5,
      7,
    ],
    ['hours of ten days', every('2024-01-01', 3600, 240), 'hour', 24, 240],
    ['30 minutes', every('2024-01-01', 1800, 200), '30 minutes', 48, 200],
    ['an hour of minutes', every('2024-01-01', 60, 200), 'minute', 60, 200],
  ])('%s', (_, times, name, period, length) => {
    expect(frequencyOf(times)).toMatchObject({name, period, length, regular: true});
  });

  it.each<[string, Float64Array]>([
    ['no common step', Float64Array.of(0, 10, 25, 31, 70, 71.5)],
    ['two times', at('2024-01-01', '2024-01-09')],
    ['odd offsets among days', at('2024-01-01', '2024-01-02', '2024-01-03T07:00:00', '2024-01-04')],
  ])('%s is called irregular, or has no gaps made up', (_, times) => {
    const found = frequencyOf(times);
    if (times.length > 2) expect(found).toMatchObject({name: 'irregular', regular: false, length: times.length});
    else expect(found.length).toBe(2);
  });

  it('the times of gaps follow the calendar', () => {
    const ends = at('2024-01-31', '2024-02-29', '2024-04-30', '2024-05-31');
    const label = (times: Float64Array, place: number) =>
      new Date((timeAt(times, frequencyOf(times), place) ?? 0) * 1000).toISOString().slice(0, 10);
    expect(frequencyOf(ends).places).toEqual(Float64Array.of(0, 1, 3, 4));
    expect(label(ends, 2)).toBe('2024-03-31');
    const work = at('2024-03-04', '2024-03-05', '2024-03-06', '2024-03-07', '2024-03-11', '2024-03-12', '2024-03-13');
    expect([4, 5].map(place => label(work, place))).toEqual(['2024-03-08', '2024-03-11']);
    const days = at('2024-02-27', '2024-02-28', '2024-03-02', '2024-03-03');
    expect([2, 3].map(place => label(days, place))).toEqual(['2024-02-29', '2024-03-01']);
  });
});

it('gaps are straight lines, or nothing', () => {
  const values = Float64Array.of(2, Number.NaN, Number.NaN, 8, 5);
  expect(fillGaps(values, 'linear')).toEqual(Float64Array.of(2, 4, 6, 8, 5));
  expect(fillGaps(values, 'zero')).toEqual(Float64Array.of(2, 0, 0, 8, 5));
});

it('growth is that of pandas, and never over a gap or from what is not above 0', () => {
  const values = Float64Array.of(100, 110, Number.NaN, 121, 60.5, 0, 50);
  expect(growthOf(values, {period: 3, years: 2})).toEqual({
    first: 100,
    last: 50,
    total: -0.5,
    lastStep: null,
    // The step from 0 has no rate, so the steps have no mean one.
    meanStep: null,
    overSeason: (50 - 121) / 121,
    annual: Math.sqrt(0.5) - 1,
  });
  const gappy = Float64Array.of(100, 110, Number.NaN, 121, 60.5);
  expect(growthOf(gappy, {period: null, years: 2}).meanStep).toBeCloseTo((0.1 - 0.5) / 2, 12);
  expect(growthOf(Float64Array.of(-2, 3), {period: null, years: 1})).toMatchObject({total: null, annual: null});
  expect(growthOf(Float64Array.of(2, 3), {period: null, years: 0.01}).annual).toBeNull();
  expect(growthOf(Float64Array.of(2, 3), {period: null, years: 11 / 12}).annual).toBeCloseTo(1.5 ** (12 / 11) - 1, 12);
});
