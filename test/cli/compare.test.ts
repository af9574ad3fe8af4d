// What counts as a change between a result as it was and as it is now.

import {expect, it} from 'vitest';
import {compareResults} from '../../src/cli/sessions/compare.ts';
import type {Cell, Table} from '../../src/core/dataset.ts';

const receipt = {id: 1, tool: 'run_sql', args: {}, datasets: [], rowsRead: 1, sampled: false, ms: 1};
const result = (summary: string, table?: Table) => ({ok: true as const, summary, receipt, ...(table ? {table} : {})});
const table = (rows: Cell[][]): Table => ({
  columns: [
    {name: 'region', type: 'VARCHAR', kind: 'text'},
    {name: 'mean', type: 'DOUBLE', kind: 'number'},
  ],
  rows,
  totalRows: rows.length,
});
const compare = (before: Cell[][], after: Cell[][]) =>
  compareResults(result('', table(before)), result('', table(after)));

it('rows in another order and the last digits of a sum are no change', () => {
  const before: Cell[][] = [
    ['a', 0.1 + 0.2],
    ['b', 2],
    ['c', null],
  ];
  expect(
    compare(before, [
      ['b', 2],
      ['c', null],
      ['a', 0.3],
    ]),
  ).toEqual([]);
});

it('a relative difference of 1e-8 is a change, with old and new value, in the row named by its text', () => {
  expect(
    compare(
      [
        ['a', 1],
        ['b', 2],
      ],
      [
        ['b', 2],
        ['a', 1.00000001],
      ],
    ),
  ).toEqual([{where: 'region=a', column: 'mean', before: 1, after: 1.00000001}]);
});

it('rows that came and went are named, and their number', () => {
  expect(
    compare(
      [
        ['a', 1],
        ['b', 2],
      ],
      [
        ['b', 2],
        ['c', 3],
        ['d', 4],
      ],
    ),
  ).toEqual([
    {where: 'rows', column: null, before: 2, after: 3},
    {where: 'region=a', column: null, before: 'present', after: 'absent'},
    {where: 'region=c', column: null, before: 'absent', after: 'present'},
    {where: 'region=d', column: null, before: 'absent', after: 'present'},
  ]);
});

it('rows that no text tells apart are compared by their place', () => {
  expect(
    compare(
      [
        ['a', 1],
        ['a', 2],
      ],
      [
        ['a', 1],
        ['a', 3],
      ],
    ),
  ).toEqual([{where: 'row 2', column: 'mean', before: 2, after: 3}]);
});

it('null is not zero, and other columns are one change', () => {
  expect(compare([['a', null]], [['a', 0]])).toMatchObject([{before: null, after: 0}]);
  const other: Table = {...table([]), columns: [{name: 'x', type: 'BIGINT', kind: 'number'}]};
  expect(compareResults(result('', table([])), result('', other))).toEqual([
    {where: 'columns', column: null, before: 'region, mean', after: 'x'},
  ]);
});

it('integers beyond 2^53 are compared as the session keeps them', () => {
  expect(compare([['a', '9007199254740993']], [['a', 9007199254740993n]])).toEqual([]);
  expect(compare([['a', '9007199254740993']], [['a', 9007199254740995n]])).toHaveLength(1);
});

it('without tables the lines are compared: numbers by value, without versions and file names', () => {
  const before = result('sales v1: r = 0.5\np = 1e-5\nsaved charts/a1.svg');
  expect(compareResults(before, result('sales v7: r = 0.50\np = 0.00001\nsaved charts/b2.svg'))).toEqual([]);
  expect(compareResults(before, result('sales v1: r = 0.6\np = 1e-5\nsaved charts/a1.svg'))).toEqual([
    {where: 'line 1', column: null, before: 'sales v: r = 0.5', after: 'sales v: r = 0.6'},
  ]);
});

it('how long the parts of a tool took is no result; a column of a query that is called so is one', () => {
  const timed = (ms: number): Table => ({
    columns: [
      {name: 'model', type: 'VARCHAR', kind: 'text'},
      {name: 'ms', type: 'BIGINT', kind: 'number'},
    ],
    rows: [['tree', ms]],
    totalRows: 1,
  });
  const trained = (ms: number) => ({
    ...result(`| tree | ${ms} |`, timed(ms)),
    receipt: {...receipt, tool: 'train_model'},
  });
  expect(compareResults(trained(5), trained(9))).toEqual([]);
  expect(compareResults(result('', timed(5)), result('', timed(9)))).toHaveLength(1);
});
