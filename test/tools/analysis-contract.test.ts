// The analysis tools on tables nobody wishes for: each call ends in a result or in a typed failure, never in a throw.

import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {awkwardTables, odd} from './awkward-tables.ts';
import {openToolBench, success, type ToolBench} from './bench.ts';

const calls: [string, object][] = [
  ['correlate', {}],
  ['correlate', {target: 'n'}],
  ['correlate', {target: 't'}],
  ['correlate', {columns: ['n', odd], method: 'spearman'}],
  ['correlate', {columns: ['n', odd, 'm'], method: 'kendall'}],
  ['test_hypothesis', {value: 'n', group: 't'}],
  ['test_hypothesis', {value: 'n', paired_with: odd}],
  ['test_hypothesis', {value: 'n', mu: 0}],
  ['test_hypothesis', {value: 'n'}],
  ['test_hypothesis', {value: 't', group: 'b'}],
  ['test_hypothesis', {value: 't'}],
  ['test_hypothesis', {value: 'n', group: odd, test: 'anova'}],
  ['test_hypothesis', {value: 'b', mu: 0.5}],
  ['test_hypothesis', {value: 't', paired_with: 'b'}],
  ['test_hypothesis', {value: 'n', more: ['m', odd]}],
  ['test_hypothesis', {value: 'n', more: ['m', odd], group: 't'}],
  ['test_hypothesis', {value: 'b', group: 't', test: 'ab'}],
  ['test_hypothesis', {value: odd, group: 't', test: 'ab'}],
  ['test_hypothesis', {value: 'n', test: 'power', n: 50}],
  ['test_hypothesis', {value: 'n', group: odd, test: 'welch_anova'}],
  ['regress', {target: 'n', features: [odd], family: 'linear'}],
  ['regress', {target: 'n', features: ['t', 'm'], family: 'linear', robust: true}],
  ['regress', {target: 'b', features: ['n'], family: 'logistic'}],
  ['regress', {target: 'n', features: ['m*t', `${odd}^2`], family: 'linear', cluster: 't', at: ['m=3']}],
  ['describe_dataset', {}],
  ['train_model', {target: odd, features: ['n', 't'], models: ['linear'], test_share: 0.3}],
  ['train_model', {target: 'b', features: ['m', odd], test_share: 0.3}],
  ['cluster', {}],
  ['cluster', {method: 'isolation_forest'}],
  ['reduce', {}],
  ['forecast', {time: 'd', value: odd, steps: 3}],
  ['aggregate', {measures: [{function: 'count'}]}],
  [
    'aggregate',
    {
      measures: [
        {function: 'sum', column: odd},
        {function: 'std', column: 'n'},
      ],
      group_by: ['t', odd],
    },
  ],
  [
    'aggregate',
    {
      measures: [
        {function: 'median', column: 'n'},
        {function: 'max', column: 'd'},
      ],
      pivot: 't',
      totals: true,
    },
  ],
  ['aggregate', {measures: [{function: 'sum', column: 'm'}], group_by: ['b'], totals: true}],
  [
    'aggregate',
    {
      measures: [{function: 'sum', column: odd}],
      group_by: ['t'],
      time_column: 'd',
      add: ['share', 'running', 'change'],
    },
  ],
  ['aggregate', {measures: [{function: 'nunique', column: 't'}], group_by: ['n'], top: 3, having: 'nunique_t > 0'}],
  ['check_distribution', {column: 'n'}],
  ['check_distribution', {column: odd}],
  ['check_distribution', {column: 'm', families: ['poisson', 'gamma', 'student_t', 'beta']}],
  ['check_distribution', {column: 't'}],
  ['analyze_time_series', {time: 'd', value: 'n'}],
  ['analyze_time_series', {time: 'd', every: 'month'}],
  ['analyze_time_series', {time: odd, value: 'm', period: 4, model: 'multiplicative'}],
  ['analyze_time_series', {time: 't', value: odd}],
  ['analyze_text', {column: 't', group: 'b', find: 'a', regex: '(.)'}],
  ['analyze_text', {column: 't', group: odd, ngrams: 3}],
  ['analyze_text', {column: odd}],
  ['check_quality', {compare_to: 'halves'}],
  ['check_quality', {compare_to: 'one_row'}],
  ['check_quality', {must_hold: ['n > 0', 't IS NOT NULL', 'nonsense']}],
  ['check_quality', {}],
  ['clean_data', {steps: [{do: 'drop_missing'}, {do: 'drop_duplicates'}, {do: 'trim'}]}],
  ['clean_data', {steps: [{do: 'fill', columns: ['n', odd], value: 'median'}], apply: true}],
  ['clean_data', {steps: [{do: 'cap_outliers', columns: ['n', 'm']}]}],
  ['clean_data', {steps: [{do: 'fill', columns: ['n', 'm', odd], value: 'knn'}]}],
  ['clean_data', {steps: [{do: 'fill', columns: ['n', odd], value: 'iterative'}]}],
  [
    'clean_data',
    {steps: [{do: 'snake_names'}, {do: 'merge_spellings', columns: ['t']}, {do: 'frequency', columns: ['t']}]},
  ],
  [
    'clean_data',
    {
      steps: [
        {do: 'lump_rare', columns: ['t']},
        {do: 'ordinal', columns: ['t', odd]},
      ],
    },
  ],
  [
    'clean_data',
    {
      steps: [
        {do: 'date_parts', columns: ['d']},
        {do: 'bin', columns: ['n', odd], value: 'quantile 3'},
      ],
    },
  ],
  [
    'clean_data',
    {
      steps: [
        {do: 'scale', columns: ['n'], value: 'robust'},
        {do: 'bin', columns: [odd], value: 'width 2'},
      ],
    },
  ],
  [
    'clean_data',
    {
      steps: [
        {do: 'flag_outliers', columns: ['n', odd], value: 'mad'},
        {do: 'drop_outliers', columns: ['m'], value: 'z'},
      ],
    },
  ],
  [
    'clean_data',
    {
      steps: [
        {do: 'one_hot', columns: ['t']},
        {do: 'scale', columns: [odd]},
      ],
    },
  ],
];

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  for (const [name, sql] of Object.entries(awkwardTables)) success(await bench.run('run_sql', {sql, save_as: name}));
});
afterAll(() => bench.close());

describe.each(Object.keys(awkwardTables))('on the table %s', dataset => {
  it.each(calls.map(([tool, args]) => [tool, JSON.stringify(args), args] as const))(
    '%s %s ends well',
    async (tool, _, args) => {
      const result = await bench.run(tool, {dataset, ...args});
      if (!result.ok) {
        expect(result.code).not.toBe('tool.crashed');
        expect(result.code).not.toBe('internal');
        // A refusal names its reason; an error of the engine's own would mean SQL of ours that is wrong.
        expect(result.code).toMatch(
          dataset === 'huge'
            ? /^[a-z]+\.[a-z_]+$/
            : /^(test|correlate|analysis|regress|ols|logit|clean|distribution|series|text|aggregate|model|explore|cluster|reduce|forecast)\.[a-z_]+$/,
        );
        return;
      }
      expect(result.summary.replace('10 NaN, counted as missing', '')).not.toMatch(/undefined|\[object|NaN/);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
      expect(result.summary).not.toMatch(/[\u001b\u202e]/);
      expect(result.receipt.sampled).toBe(false);
      if (!(tool === 'check_quality' && (dataset === 'no_rows' || 'must_hold' in args)))
        expect(result.receipt.sql).toContain('SELECT');
      for (const row of result.table?.rows ?? []) expect(row).toHaveLength(result.table?.columns.length ?? 0);
    },
  );
});

it.each([
  'correlate',
  'test_hypothesis',
  'regress',
  'clean_data',
  'check_distribution',
  'analyze_time_series',
  'analyze_text',
  'aggregate',
  'train_model',
  'cluster',
  'reduce',
  'forecast',
])('%s suggests the nearest name for an unknown column', async tool => {
  const named = {
    columns: ['naïve', 'n'],
    value: 'naïve',
    column: 'naïve',
    time: 'naïve',
    target: 'naïve',
    features: ['n'],
    family: 'linear',
    measures: [{function: 'sum', column: 'naïve'}],
  };
  const steps = tool === 'forecast' ? 3 : [{do: 'trim', columns: ['naïve']}];
  const result = await bench.run(tool, {dataset: 'one_row', ...named, steps});
  expect(result).toMatchObject({ok: false, code: 'analysis.unknown_column', hint: expect.stringContaining(odd)});
});

describe('on many rows', () => {
  beforeAll(async () => {
    const sql = `SELECT i, hash(i) % 1000 / 10 AS a, (hash(i) % 1000 / 10 + hash(i + 1) % 500)::DOUBLE AS b, 'g' || (i % 3) AS g, 'some x' || (i % 100) || ' words y' || (i % 7777) AS words, TIMESTAMP '2024-01-01' + INTERVAL (i) MINUTE AS at FROM range(1000000) r(i)`;
    success(await bench.run('run_sql', {sql, save_as: 'million', max_rows: 1}));
    const fewer = 'SELECT * FROM million WHERE i < 250000';
    success(await bench.run('run_sql', {sql: fewer, save_as: 'many', max_rows: 1}));
  }, 60_000);

  it.each<[string, object, number?]>([
    ['correlate', {}],
    ['correlate', {columns: ['a', 'b'], method: 'spearman'}],
    ['test_hypothesis', {value: 'a', group: 'g'}],
    ['regress', {target: 'b', features: ['a', 'g'], family: 'linear'}],
    ['check_distribution', {column: 'b'}],
    ['analyze_time_series', {time: 'at', value: 'b'}],
    ['analyze_time_series', {time: 'at', value: 'b', every: 'day'}],
    ['analyze_text', {column: 'words', group: 'g', find: 'x1', regex: 'x(\\d)'}],
    // From a million on, profiles are made in another way.
    ['check_quality', {}, 1_000_000],
    ['describe_dataset', {}, 1_000_000],
    [
      'aggregate',
      {measures: [{function: 'sum', column: 'a'}], group_by: ['g'], time_column: 'at', add: ['share', 'change']},
    ],
    [
      'clean_data',
      {
        steps: [
          {do: 'cap_outliers', columns: ['b']},
          {do: 'fill', columns: ['a'], by: 'g', value: 'mean'},
        ],
      },
    ],
  ])(
    '%s reads all of them',
    async (tool, args, rows = 250_000) => {
      const dataset = rows === 250_000 ? 'many' : 'million';
      const {receipt, summary} = success(await bench.run(tool, {dataset, ...args}));
      expect(receipt).toMatchObject({rowsRead: rows, sampled: false});
      expect(summary.length).toBeGreaterThan(20);
    },
    120_000,
  );
});
