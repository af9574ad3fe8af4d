// Conversations: an earlier question, what is said next, and the rows it must lead to.

import type {Cell} from '../../../src/core/dataset.ts';
import {grouped, mean, median, month, sum, year} from './arithmetic.ts';
import type {tables} from './datasets.ts';
import {count, in2021, o, t, women} from './expectations.ts';

const survivors = t.filter(row => row.Survived === 1);

export const followUps: {dataset: keyof typeof tables; before: string; next: string; rows: Cell[][]}[] = [
  {
    dataset: 'orders',
    before: 'how many orders with quantity over 3',
    next: 'and more than 6?',
    rows: count(o.filter(row => Number(row.quantity) > 6)),
  },
  {
    dataset: 'orders',
    before: 'average price by region',
    next: 'and by month?',
    rows: grouped(o, month('order_date'), 'unit_price', mean, 'key'),
  },
  {
    dataset: 'orders',
    before: 'average price by region',
    next: 'by product',
    rows: grouped(o, 'product', 'unit_price', mean),
  },
  {
    dataset: 'orders',
    before: 'average price by region',
    next: 'only for 2021',
    rows: grouped(in2021, 'region', 'unit_price', mean),
  },
  {
    dataset: 'orders',
    before: 'average price by region',
    next: 'same for quantity',
    rows: grouped(o, 'region', 'quantity', mean),
  },
  {
    dataset: 'orders',
    before: 'average price by region',
    next: 'what about median?',
    rows: grouped(o, 'region', 'unit_price', median),
  },
  {
    dataset: 'orders',
    before: 'total revenue by month',
    next: 'by year',
    rows: grouped(o, year('order_date'), 'revenue', sum, 'key'),
  },
  {
    dataset: 'titanic',
    before: 'mean fare by class',
    next: 'only women',
    rows: grouped(women, 'Pclass', 'Fare', mean, 'key'),
  },
  {dataset: 'orders', before: 'average price by region', next: 'how many orders?', rows: count(o)},
  {
    dataset: 'orders',
    before: 'average price by region',
    next: 'top 3 only',
    rows: grouped(o, 'region', 'unit_price', mean).slice(0, 3),
  },
  {
    dataset: 'orders',
    before: 'total revenue by city',
    next: 'now the median',
    rows: grouped(o, 'city', 'revenue', median),
  },
  {
    dataset: 'orders',
    before: 'total revenue by city',
    next: 'median instead',
    rows: grouped(o, 'city', 'revenue', median),
  },
  {
    dataset: 'titanic',
    before: 'mean fare by class',
    next: 'only survivors',
    rows: grouped(survivors, 'Pclass', 'Fare', mean, 'key'),
  },
  {
    dataset: 'orders',
    before: 'average price by region',
    next: 'total quantity by product',
    rows: grouped(o, 'product', 'quantity', sum),
  },
];
