// Questions about daily weather: a time series with blanks in its names.

import {grouped, mean, month, pearson, size, sum, total} from './arithmetic.ts';
import {type Case, compared, count, w} from './expectations.ts';

export const weatherCases: Case[] = [
  {
    ask: `
      average max temp by station
      mean maximum temp per station
      avg "max temp" by station
      average max temperature by station
    `,
    rows: grouped(w, 'station', 'max temp', mean),
  },
  {
    ask: `
      average max temp by month
      monthly average max temp
      average max temp per month
    `,
    rows: grouped(w, month('date'), 'max temp', mean, 'key'),
  },
  {
    ask: `
      average max temp by year
      average max temp per year
    `,
    rows: grouped(w, 'year', 'max temp', mean, 'key'),
  },
  {
    ask: `
      rainfall by station
      total precipitation by station
      total precipitation_mm per station
    `,
    rows: grouped(w, 'station', 'precipitation_mm', sum),
  },
  {
    ask: `
      wind speed trend
      average windSpeed by month
      average wind speed over time
    `,
    rows: grouped(w, month('date'), 'windSpeed', mean, 'key'),
  },
  {
    ask: `
      average max temp in July
      mean max temp during July
    `,
    rows: total(
      w.filter(row => String(row.date).slice(5, 7) === '07'),
      'max temp',
      mean,
    ),
  },
  {
    ask: `
      average max temp in July 2021 at Harbour
    `,
    rows: total(
      w.filter(row => String(row.date).startsWith('2021-07') && row.station === 'Harbour'),
      'max temp',
      mean,
    ),
  },
  {
    ask: `
      hottest day
      which day was the hottest
    `,
    rows: grouped(w, 'date', 'max temp', mean, 'desc', 20),
  },
  {
    ask: `
      which station is warmer
      which station has the highest average max temp
    `,
    rows: grouped(w, 'station', 'max temp', mean),
  },
  {
    ask: `
      days with precipitation over 20
      count where precipitation_mm > 20
    `,
    rows: count(w.filter(row => row.precipitation_mm !== null && Number(row.precipitation_mm) > 20)),
  },
  {
    ask: `
      average wind speed on weekends
    `,
    rows: total(
      w.filter(row => [0, 6].includes(new Date(String(row.date)).getUTCDay())),
      'windSpeed',
      mean,
    ),
  },
  {
    ask: `
      average max temp where year = 2021
      average max temp in 2021
      average max temp for 2021
    `,
    rows: total(
      w.filter(row => row.year === 2021),
      'max temp',
      mean,
    ),
  },
  {
    ask: `
      how many rows per conditions
      count by conditions
      distribution of conditions
    `,
    rows: grouped(w, 'conditions', null, size),
  },
  {
    ask: `
      correlation between max temp and min temp
      max temp vs min temp
    `,
    rows: [['max temp', 'min temp', pearson(w, 'max temp', 'min temp').r, w.length]],
  },
  {
    ask: `
      compare max temp between stations
      difference in max temp by station
    `,
    rows: compared(w, 'station', 'max temp'),
  },
  {
    ask: `
      average max temp by station and year
    `,
    rows: grouped(w, ['station', 'year'], 'max temp', mean, 'key'),
  },
];
