// School grades, flights and support tickets: yes and no as text, columns of counts, dates without hours, "who".

import {afterAll, beforeAll, expect, test} from 'vitest';
import type {Cell} from '../../../src/core/dataset.ts';
import {grouped, mean, median, numbers, size, sum} from './arithmetic.ts';
import {Laboratory, type Row, rowsOf} from './laboratory.ts';

const grades: Row[] = Array.from({length: 180}, (_, at) => ({
  StudentID: 20_000 + at,
  School: ['Lincoln', 'Roosevelt', 'Mary'][at % 3] ?? '',
  Gender: (at >> 1) % 2 === 0 ? 'female' : 'male',
  'Math Score': at % 17 === 0 ? null : 40 + ((at * 29) % 61),
  Tutoring: (at * 7) % 10 < 3 ? 'yes' : 'no',
  Absences: (at * 5) % 9,
}));
const flights: Row[] = Array.from({length: 150}, (_, at) => ({
  flight_date: `2023-0${6 + (at % 3)}-${String(1 + (at % 28)).padStart(2, '0')}`,
  dep_hour: 5 + (at % 17),
  carrier: ['AA', 'DL'][at % 2] ?? '',
  dep_delay: (at * 13) % 41,
}));
const tickets: Row[] = Array.from({length: 140}, (_, at) => ({
  ticket_id: `T-${at}`,
  opened_at: `2024-01-${String(1 + (at % 31)).padStart(2, '0')} 08:00:00`,
  closed_at: at % 6 === 0 ? null : `2024-02-${String(1 + (at % 28)).padStart(2, '0')} 09:00:00`,
  agent: ['Ana', 'Ben', 'Chloe'][at % 3] ?? '',
  channel: ['chat', 'email', 'phone'][(at >> 2) % 3] ?? '',
  first_response_min: 3 + ((at * 31) % 97),
  csat: 1 + ((at * 3) % 5),
}));

const int = 'INTEGER';
const text = 'VARCHAR';
let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open([
    {
      name: 'grades',
      types: {StudentID: int, School: text, Gender: text, 'Math Score': int, Tutoring: text, Absences: int},
      rows: grades,
    },
    {
      name: 'flights',
      types: {flight_date: 'DATE', dep_hour: int, carrier: text, dep_delay: int},
      rows: flights,
    },
    {
      name: 'support',
      types: {
        ...{ticket_id: text, opened_at: 'TIMESTAMP', closed_at: 'TIMESTAMP', agent: text, channel: text},
        ...{first_response_min: int, csat: int},
      },
      rows: tickets,
    },
  ]);
});
afterAll(() => laboratory.close());

const is = (column: string, value: Cell) => (row: Row) => row[column] === value;
const rounded = (rows: Cell[][]) =>
  rows
    .map(row => row.slice(0, 2).map(each => (typeof each === 'number' ? Number(each.toPrecision(9)) : each)))
    .sort((a, b) => String(a[0]).localeCompare(String(b[0])));
const onWeekend = (row: Row) =>
  [0, 6].includes(new Date(`${String(row.opened_at).slice(0, 10)}T00:00:00Z`).getUTCDay());

test.each<[string, string, number | null]>([
  ['grades', 'number of students without tutoring', grades.filter(is('Tutoring', 'no')).length],
  [
    'grades',
    'average math score of girls with tutoring',
    mean(
      numbers(
        grades.filter(row => row.Gender === 'female' && row.Tutoring === 'yes'),
        'Math Score',
      ),
    ),
  ],
  [
    'grades',
    'how many students have both absences and math score above 5',
    grades.filter(row => Number(row.Absences) > 5 && Number(row['Math Score'] ?? 0) > 5).length,
  ],
  ['support', 'how many response min on average', mean(numbers(tickets, 'first_response_min'))],
  ['support', 'number of tickets not from Ana', tickets.filter(row => row.agent !== 'Ana').length],
  ['grades', 'number of students with no absences', grades.filter(is('Absences', 0)).length],
  ['grades', 'number of students with no math score', grades.filter(is('Math Score', null)).length],
  [
    'support',
    'percentage of chat tickets among those of Ana',
    (100 * tickets.filter(row => row.agent === 'Ana' && row.channel === 'chat').length) /
      tickets.filter(is('agent', 'Ana')).length,
  ],
  ['grades', 'tutoring rate', (100 * grades.filter(is('Tutoring', 'yes')).length) / grades.length],
  ['grades', 'how many absences', sum(numbers(grades, 'Absences'))],
  ['support', 'number of tickets opened on weekends', tickets.filter(onWeekend).length],
  ['support', 'number of tickets not closed', tickets.filter(is('closed_at', null)).length],
])('%s: %s', async (dataset, question, expected) => {
  const [first] = rowsOf(await laboratory.ask(question, dataset));
  expect(Number(Number(first?.[0]).toPrecision(9))).toBe(Number(expected?.toPrecision(9)));
});

test.each<[string, string, Cell[][]]>([
  [
    'grades',
    'number of students without tutoring by school',
    grouped(grades.filter(is('Tutoring', 'no')), 'School', null, size),
  ],
  [
    'support',
    'share of tickets by channel for Ana',
    ['chat', 'email', 'phone'].map(each => [
      each,
      (100 * tickets.filter(row => row.agent === 'Ana' && row.channel === each).length) /
        tickets.filter(is('agent', 'Ana')).length,
    ]),
  ],
  ['grades', 'number of absences by school', grouped(grades, 'School', 'Absences', sum)],
  ['flights', 'average dep_delay by hour', grouped(flights, 'dep_hour', 'dep_delay', mean)],
  [
    'support',
    'median first_response_min for chat vs email',
    grouped(
      tickets.filter(row => row.channel !== 'phone'),
      'channel',
      'first_response_min',
      median,
    ),
  ],
  ['support', 'tickets opened on weekends by channel', grouped(tickets.filter(onWeekend), 'channel', null, size)],
])('%s: %s, in groups', async (dataset, question, expected) => {
  expect(rounded(rowsOf(await laboratory.ask(question, dataset)))).toEqual(rounded(expected));
});

test.each([
  ['flights', 'flights in the first week of July', 'which week that is'],
  ['support', 'who has the lowest csat', 'Did you mean “which agent has the lowest average csat”?'],
  ['support', 'response rate of csat', 'a rate is asked for, but not of what'],
  ['grades', 'absences by hour', 'no date column to make a hour from'],
])('%s: “%s” is asked back, not answered as another question', async (dataset, question, reason) => {
  const {stop, text: said} = await laboratory.ask(question, dataset);
  expect(stop).toBe('unanswered');
  expect(said).toContain(reason);
});
