// What Tab offers behind a command: columns of the dataset worked on as they have to be typed, datasets, words.

import {expect, it} from 'vitest';
import {completions} from '../../src/cli/completion.ts';
import type {Column, Dataset} from '../../src/core/dataset.ts';

const column = (name: string): Column => ({
  name,
  type: 'DOUBLE',
  kind: 'number',
  originalName: name,
  nullCount: 0,
  distinctCount: 9,
  min: 0,
  max: 9,
  topValues: [],
  notes: [],
});
const dataset = (name: string, columns: string[]): Dataset => ({
  name,
  current: 1,
  versions: [
    {
      version: 1,
      createdAt: '',
      parquet: '',
      sha256: '',
      rows: 7,
      columns: columns.map(column),
      source: {kind: 'query', sql: '', parents: []},
      warnings: [],
    },
  ],
});
const datasets = [dataset('sales', ['price', 'Product', 'unit price', 'by']), dataset('people', ['age'])];
const offered = (line: string) =>
  completions(line, line.length, {datasets, active: 'sales'}).map(({insert, start}) => line.slice(0, start) + insert);

it.each([
  ['/tes', ['/test ']],
  ['/test pr', ['/test price ', '/test Product ']],
  ['/test price by pro', ['/test price by Product ']],
  ['/test un', ['/test "unit price" ']],
  ['/test "unit p', ['/test "unit price" ']],
  ['/correlate b', ['/correlate "by" ']],
  ['/chart hi', ['/chart histogram ']],
  ['/clean dup', ['/clean duplicates ']],
  ['/use pe', ['/use people ']],
  ['/quality s', ['/quality sales ']],
  ['/test price', []],
  ['/use ', ['/use sales ', '/use people ']],
  ['/quality sal', ['/quality sales ']],
  ['/sql pr', []],
  ['what about @sa', ['what about sales']],
  ['what about @sales.pr', ['what about sales.price ', 'what about sales.Product ']],
])('%s', (line, expected) => {
  expect(offered(line)).toEqual(expected);
});
