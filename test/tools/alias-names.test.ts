// The statements of the tools name their own columns; a dataset whose columns have the same names must not change an answer.

import {afterAll, beforeAll, expect, it} from 'vitest';
import {openToolBench, type ToolBench} from './bench.ts';

/** What the statements call their columns, and what people do too. */
const names =
  'v n g t w x y id level bin place a b k c r s d unit label row m i l u z q col pattern rank value count texts h'.split(
    ' ',
  );
const roles = ['number', 'other', 'whole', 'group', 'side', 'day', 'flag', 'words'] as const;
type Role = (typeof roles)[number];

let bench: ToolBench;

const rows = Array.from({length: 60}, (_, i) => [
  i % 11 === 3 ? '' : String(((i * 37) % 23) + (i % 3) * 2.5),
  i % 13 === 5 ? '' : String(((i * 53) % 29) / 4),
  String((i * 7) % 12),
  i % 17 === 2 ? '' : ['north', 'south', 'East', 'east'][(i * i) % 4],
  i % 3 === 0 ? 'left' : 'right',
  `2024-${String((i % 12) + 1).padStart(2, '0')}-${String((i % 27) + 1).padStart(2, '0')}`,
  i % 4 === 1 ? 'true' : 'false',
  ['red apple', 'green pear tree', 'red plum', 'blue apple tree'][i % 4],
]);

const table = (header: readonly string[], part = rows) => [header, ...part].map(row => row.join(',')).join('\n');

const calls = (dataset: string, of: Record<Role, string>): [tool: string, args: object][] => [
  ['describe_dataset', {dataset}],
  ['check_quality', {dataset}],
  ['check_quality', {dataset, compare_to: 'halves'}],
  ['correlate', {dataset}],
  ['correlate', {dataset, target: of.number}],
  ['correlate', {dataset, target: of.group}],
  [
    'aggregate',
    {
      dataset,
      group_by: [of.group],
      measures: ['mean', 'q1', 'nunique'].map(each => ({function: each, column: of.number})),
    },
  ],
  [
    'aggregate',
    {dataset, group_by: [of.side], pivot: of.whole, measures: [{function: 'sum', column: of.number}], totals: true},
  ],
  [
    'aggregate',
    {
      dataset,
      time_column: of.day,
      measures: [{function: 'mean', column: of.number}],
      add: ['running', 'change', 'share'],
    },
  ],
  ['test_hypothesis', {dataset, value: of.number, group: of.group}],
  ['test_hypothesis', {dataset, value: of.side, group: of.group}],
  ['test_hypothesis', {dataset, value: of.side}],
  ['test_hypothesis', {dataset, value: of.flag, group: of.side, test: 'ab'}],
  ['regress', {dataset, target: of.number, features: [of.other, of.group], family: 'linear', cluster: of.side}],
  ['check_distribution', {dataset, column: of.number}],
  ['analyze_time_series', {dataset, time: of.day, value: of.number, every: 'month'}],
  ['analyze_text', {dataset, column: of.words, group: of.group, find: 'apple', regex: 'r.d'}],
  ...['one_hot', 'ordinal', 'frequency', 'merge_spellings', 'drop_duplicates'].map((step): [string, object] => [
    'clean_data',
    {dataset, steps: [{do: step, columns: [of.group]}]},
  ]),
  ['clean_data', {dataset, steps: [{do: 'lump_rare', columns: [of.group], value: '0.2'}]}],
  ...['mean', 'median', 'mode', 'forward'].map((value): [string, object] => [
    'clean_data',
    {dataset, steps: [{do: 'fill', columns: [of.number], value, by: of.side}]},
  ]),
  ['clean_data', {dataset, steps: [{do: 'fill', columns: [of.number, of.other], value: 'knn'}]}],
  ...['zscore', 'robust'].map((value): [string, object] => [
    'clean_data',
    {dataset, steps: [{do: 'scale', columns: [of.number], value}]},
  ]),
  ...['iqr', 'mad'].map((value): [string, object] => [
    'clean_data',
    {dataset, steps: [{do: 'flag_outliers', columns: [of.number], value}]},
  ]),
  ['clean_data', {dataset, steps: [{do: 'bin', columns: [of.number], value: 'quantile 3'}]}],
];

const headers = Array.from({length: 5}, (_, k) =>
  roles.map((__, j) => names[(k * roles.length + j) % names.length] ?? ''),
);

beforeAll(async () => {
  bench = await openToolBench();
  await bench.data('plain', table(roles.map(role => `${role}_column`)));
});
afterAll(() => bench.close());

/** The numbers of a result from the least on, whatever the columns are called; the engine adds in any order, which moves the last digits. */
async function numbersOf(tool: string, args: object) {
  const result = await bench.run(tool, args);
  if (!result.ok) return result.code;
  const found = result.table?.rows.flat().filter(cell => typeof cell === 'number') ?? [];
  return tool === 'clean_data'
    ? [...result.summary.matchAll(/[\d,.]+ (?:cells?|rows?)/g)].map(([each]) => each)
    : found.map(number => Number(number.toPrecision(10))).sort((a, b) => a - b);
}

it.each(headers.map((heads, k) => [heads.join(', '), heads, `named_${k}`] as const))(
  'columns named %s give the same numbers',
  async (_, heads, dataset) => {
    await bench.data(dataset, table(heads));
    const plain = Object.fromEntries(roles.map(role => [role, `${role}_column`])) as Record<Role, string>;
    const named = Object.fromEntries(roles.map((role, j) => [role, heads[j] ?? ''])) as Record<Role, string>;
    const wanted = calls('plain', plain);
    const problems: string[] = [];
    for (const [k, [tool, args]] of calls(dataset, named).entries()) {
      const [a, b] = [await numbersOf(...(wanted[k] ?? ['', {}])), await numbersOf(tool, args)];
      if (JSON.stringify(a) !== JSON.stringify(b))
        problems.push(`${tool} ${JSON.stringify(args)}: ${JSON.stringify(b)} instead of ${JSON.stringify(a)}`);
    }
    expect(problems).toEqual([]);
  },
  60_000,
);

it.each(['v', 'n'])('the values of a pivoted column named %s stay in the order of numbers', async name => {
  await bench.data(`pivot_${name}`, `${name},x\n10,1\n9,2\n10,4\n100,5\n10,6\n`);
  const measures = [{function: 'count'}];
  const result = await bench.run('aggregate', {dataset: `pivot_${name}`, pivot: name, measures});
  expect(result.ok && result.table?.columns.map(column => column.name)).toEqual(['9', '10', '100']);
});
