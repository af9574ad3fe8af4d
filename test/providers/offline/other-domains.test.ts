// Shop returns, hospital stays, games and web requests: names that are messy, several dates, values named like columns.

import {afterAll, beforeAll, expect, test} from 'vitest';
import type {Cell} from '../../../src/core/dataset.ts';
import {grouped, mean, numbers, pearson, size, sum} from './arithmetic.ts';
import {Laboratory, type Row, rowsOf} from './laboratory.ts';

const returns: Row[] = Array.from({length: 240}, (_, at) => {
  const month = String(1 + (at % 12)).padStart(2, '0');
  const returned = (at * 7) % 5 === 0;
  return {
    order_no: 5000 + at,
    placed_at: `${2022 + (at % 3 === 0 ? 1 : 0)}-${month}-${String(1 + (at % 28)).padStart(2, '0')}`,
    shipped_at: `${2023}-${String(1 + ((at * 5) % 12)).padStart(2, '0')}-0${1 + (at % 9)}`,
    returned_at: returned ? `2024-0${1 + (at % 9)}-1${at % 10}` : null,
    category: ['Shoes', 'Dresses', 'Discount', 'Bags'][(at * 3 + (at >> 3)) % 4] ?? '',
    channel: ['web', 'app', 'store'][(at + (at >> 2)) % 3] ?? '',
    list_price: 10 + ((at * 37) % 83),
    price_paid: 8 + ((at * 53) % 79),
    discount_pct: [0, 5, 10, 20, 30][(at * 7 + (at % 11)) % 5] ?? 0,
    refund_amount: returned ? 8 + ((at * 53) % 79) : 0,
    rating: 1 + ((at * 3) % 5),
  };
});
const stays: Row[] = Array.from({length: 200}, (_, at) => ({
  'Patient ID': `P${at}`,
  'Admit Date': `2023-${String(1 + (at % 12)).padStart(2, '0')}-11`,
  Ward: ['ICU', 'Surgery', 'Oncology'][at % 3] ?? '',
  'Age (yrs)': 1 + ((at * 17) % 90),
  sex: at % 7 < 4 ? 'F' : 'M',
  LOS_days: 1 + ((at * 5) % 13),
  'Total Charges ($)': 900 + ((at * 331) % 7001),
}));
const requests: Row[] = Array.from({length: 210}, (_, at) => ({
  ts: `2025-03-0${1 + (at % 9)} ${String(at % 24).padStart(2, '0')}:00:00`,
  host: ['api-1', 'api-2'][at % 2] ?? '',
  method: ['GET', 'POST', 'PUT'][(at >> 1) % 3] ?? '',
  path: ['/', '/checkout', '/api/v1/items'][(at * 5 + (at >> 3)) % 3] ?? '',
  status: at % 6 === 0 ? 404 : 200,
  resp_ms: 20 + ((at * 41) % 301),
  cache: at % 5 < 3 ? 'HIT' : 'MISS',
  user_agent: at % 10 === 0 ? null : (['Chrome', 'bot'][(at >> 2) % 2] ?? ''),
  session: (at * 7) % 60,
}));
const games: Row[] = Array.from({length: 120}, (_, at) => ({
  game_id: `g${at}`,
  played_on: `2024-0${1 + (at % 9)}-05`,
  result: ['1-0', '0-1', '1/2-1/2'][at % 3] ?? '',
  time_control: ['bullet', 'blitz', 'rapid'][(at >> 1) % 3] ?? '',
  moves: 10 + ((at * 13) % 61),
}));

const typed = (rows: Row[], others: Record<string, string> = {}) => ({
  ...Object.fromEntries(
    Object.entries(rows[1] ?? {}).map(([name, value]) => [name, typeof value === 'number' ? 'INTEGER' : 'VARCHAR']),
  ),
  ...others,
});

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open([
    {
      name: 'shop_returns',
      types: typed(returns, {placed_at: 'DATE', shipped_at: 'DATE', returned_at: 'DATE'}),
      rows: returns,
    },
    {name: 'stays', types: typed(stays, {'Admit Date': 'DATE'}), rows: stays},
    {name: 'weblog', types: typed(requests, {ts: 'TIMESTAMP'}), rows: requests},
    {name: 'games', types: typed(games, {played_on: 'DATE'}), rows: games},
  ]);
});
afterAll(() => laboratory.close());

const dataOf = {shop_returns: returns, stays, weblog: requests, games};
type Name = keyof typeof dataOf;
const ask = (dataset: Name, question: string) => laboratory.ask(question, dataset);
const rounded = (rows: Cell[][]) =>
  rows.map(row => row.map(each => (typeof each === 'number' ? Number(each.toPrecision(9)) : each)));
const sorted = (rows: Cell[][]) => [...rows].sort((a, b) => String(a[0]).localeCompare(String(b[0])));

const is = (column: string, value: Cell) => (row: Row) => row[column] === value;
const returned = (row: Row) => row.returned_at !== null;
const shareOf = (rows: Row[], counts: (row: Row) => boolean) => (100 * rows.filter(counts).length) / rows.length;

test.each<[Name, string, number | null]>([
  // The column that is called so in part, though a category has the name.
  [
    'shop_returns',
    'average discount for Dresses',
    mean(numbers(returns.filter(is('category', 'Dresses')), 'discount_pct')),
  ],
  ['shop_returns', 'share of orders with discount above 10', shareOf(returns, row => Number(row.discount_pct) > 10)],
  // And the category, where it is written or used as one.
  [
    'shop_returns',
    'average price paid in the Discount category',
    mean(numbers(returns.filter(is('category', 'Discount')), 'price_paid')),
  ],
  ['shop_returns', 'number of discount orders', returns.filter(is('category', 'Discount')).length],
  [
    'shop_returns',
    'average rating for orders with no discount',
    mean(numbers(returns.filter(is('discount_pct', 0)), 'rating')),
  ],
  // A refund is no revenue.
  ['shop_returns', 'total revenue', sum(numbers(returns, 'price_paid'))],
  ['shop_returns', 'average order value', mean(numbers(returns, 'price_paid'))],
  // What happened, told by the dates.
  ['shop_returns', 'how many orders were returned', returns.filter(returned).length],
  [
    'shop_returns',
    'average rating of orders that were not returned',
    mean(
      numbers(
        returns.filter(row => !returned(row)),
        'rating',
      ),
    ),
  ],
  [
    'shop_returns',
    'number of orders shipped in May 2023',
    returns.filter(row => String(row.shipped_at).startsWith('2023-05')).length,
  ],
  [
    'shop_returns',
    'number of orders returned after March 2024',
    returns.filter(row => String(row.returned_at ?? '') >= '2024-04-01').length,
  ],
  [
    'shop_returns',
    'percentage of web orders that were returned',
    shareOf(returns.filter(is('channel', 'web')), returned),
  ],
  [
    'shop_returns',
    'return rate of web orders in 2023',
    shareOf(
      returns.filter(row => row.channel === 'web' && String(row.placed_at).startsWith('2023')),
      returned,
    ),
  ],
  // First letters, sexes as letters, and a number of each row.
  ['stays', 'average length of stay for women', mean(numbers(stays.filter(is('sex', 'F')), 'LOS_days'))],
  ['stays', 'average age of men', mean(numbers(stays.filter(is('sex', 'M')), 'Age (yrs)'))],
  [
    'games',
    'average number of moves in blitz games',
    mean(numbers(games.filter(is('time_control', 'blitz')), 'moves')),
  ],
  // Rates of a value; other conditions say among which rows.
  ['weblog', 'cache hit rate', shareOf(requests, is('cache', 'HIT'))],
  [
    'weblog',
    'hit rate on March 5 2025',
    shareOf(
      requests.filter(row => String(row.ts).startsWith('2025-03-05')),
      is('cache', 'HIT'),
    ),
  ],
  // Paths, and the method GET in a sentence that begins with "get".
  [
    'weblog',
    'get me the average resp_ms of GET requests to /checkout',
    mean(
      numbers(
        requests.filter(row => row.method === 'GET' && row.path === '/checkout'),
        'resp_ms',
      ),
    ),
  ],
  ['weblog', 'number of requests to /api/v1/items', requests.filter(is('path', '/api/v1/items')).length],
])('%s: %s', async (dataset, question, expected) => {
  const [first] = rounded(rowsOf(await ask(dataset, question)));
  expect(first?.[0]).toBe(Number(expected?.toPrecision(9)));
});

test.each<[Name, string, Cell[][]]>([
  ['shop_returns', 'revenue by channel', grouped(returns, 'channel', 'price_paid', sum)],
  ['shop_returns', 'average discount by channel', grouped(returns, 'channel', 'discount_pct', mean)],
  ['shop_returns', 'returned orders by channel', grouped(returns.filter(returned), 'channel', null, size)],
  [
    'shop_returns',
    'return rate by category',
    ['Bags', 'Discount', 'Dresses', 'Shoes'].map(each => [
      each,
      shareOf(returns.filter(is('category', each)), returned),
    ]),
  ],
  [
    'weblog',
    'which host has the highest cache hit rate',
    ['api-1', 'api-2'].map(each => [each, shareOf(requests.filter(is('host', each)), is('cache', 'HIT'))]),
  ],
  [
    'weblog',
    'compare resp_ms between get and post',
    grouped(
      requests.filter(row => row.method !== 'PUT'),
      'method',
      'resp_ms',
      mean,
    ),
  ],
  ['weblog', 'requests by method', grouped(requests, 'method', null, size)],
])('%s: %s, in groups', async (dataset, question, expected) => {
  const rows = rowsOf(await ask(dataset, question)).map(row => row.slice(0, 2));
  expect(sorted(rounded(rows))).toEqual(sorted(rounded(expected.map(row => row.slice(0, 2)))));
});

test('a share of one category keeps the other conditions', async () => {
  const rows = rowsOf(await ask('shop_returns', 'share of revenue from Dresses in 2023'));
  const in2023 = returns.filter(row => String(row.placed_at).startsWith('2023'));
  const share =
    (100 * (sum(numbers(in2023.filter(is('category', 'Dresses')), 'price_paid')) ?? 0)) /
    (sum(numbers(in2023, 'price_paid')) ?? 1);
  expect(rounded(rows).find(([category]) => category === 'Dresses')?.[1]).toBe(Number(share.toPrecision(9)));
});

test('a correlation takes the column, and the condition beside it', async () => {
  const {text} = await ask('shop_returns', 'correlation of discount and rating for web');
  const {r, n} = pearson(returns.filter(is('channel', 'web')), 'discount_pct', 'rating');
  expect(text).toContain(`(n = ${n})`);
  expect(text).toContain(`r = **${Number(r.toPrecision(6))}**`);
  expect(text).toContain('where channel = web. “discount” was read as the column discount_pct');
});

test.each<[Name, string, RegExp]>([
  ['stays', 'average charges per day of stay', /no period of a date; it asks for each row's amount divided/],
  ['games', 'draw rate by time control', /no column “draw”/],
  ['shop_returns', 'customers who never returned', /“never”/],
  ['weblog', 'cluster sessions by resp_ms', /“cluster” is beyond/],
])('%s: “%s” is asked back, not answered as another question', async (dataset, question, reason) => {
  const {stop, text} = await ask(dataset, question);
  expect(stop).toBe('unanswered');
  expect(text).toMatch(reason);
});

test('rows in which the denied column is not known are left out, and the answer says so', async () => {
  const {text} = await ask('weblog', 'number of requests excluding bots');
  const others = requests.filter(row => row.user_agent !== null && row.user_agent !== 'bot').length;
  expect(text).toContain(`**${others}** rows`);
  expect(text).toContain('The 21 rows without a user_agent are left out: what they are is not known.');
  expect((await ask('weblog', 'number of requests excluding POST')).text).not.toContain('left out');
});

test('requests per hour of the day are those of each hour', async () => {
  const {text} = await ask('weblog', 'requests per hour of the day');
  expect(text).toContain('Read as: number of rows by hour of ts in weblog');
});
