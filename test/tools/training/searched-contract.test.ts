// A training that chooses its models itself, on tables nobody wishes for: a kept model that can be used, or a typed refusal.

import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {awkwardTables, odd} from '../awkward-tables.ts';
import {openToolBench, success, type ToolBench} from '../bench.ts';

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  for (const [name, sql] of Object.entries(awkwardTables)) success(await bench.run('run_sql', {sql, save_as: name}));
  const mixed = `SELECT i AS n, i % 4 AS m, 'g' || i % 3 AS t, DATE '2024-01-01' + i::INTEGER AS d, i % 2 = 0 AS b, CASE WHEN i % 5 > 0 THEN i * 2.5 END AS "${odd.replace('"', '""')}", [i] AS list, {'a': i} AS struct, (i % 9)::VARCHAR || ' kg' AS weight FROM range(40) r(i)`;
  success(await bench.run('run_sql', {sql: mixed, save_as: 'mixed'}));
});
afterAll(() => bench.close());

describe.each([...Object.keys(awkwardTables), 'mixed'])('on the table %s', dataset => {
  it.each([[odd], ['n'], ['m'], ['t'], ['b'], ['d']])(
    'a training for %s ends in a model that scores its rows, or in a refusal that says why',
    async target => {
      const trained = await bench.run('train_model', {dataset, target, seconds: 5});
      if (!trained.ok) {
        expect(trained.code).toMatch(/^(model|analysis)\.[a-z_]+$/);
        expect(trained.message).not.toMatch(/undefined|NaN|\[object|no value \d+ of/);
        expect(trained.message).toMatch(/\.$/);
        return;
      }
      expect(trained.summary).not.toMatch(/undefined|\[object|NaN/);
      expect(trained.summary).toContain('baseline');
      const evaluated = await bench.run('evaluate_model', {dataset, model: 'latest'});
      if (evaluated.ok) expect(evaluated.summary).not.toMatch(/undefined|\[object|NaN/);
      else expect(evaluated.code).toMatch(/^(model|analysis)\.[a-z_]+$/);
      const predicted = await bench.run('predict', {dataset, model: 'latest'});
      expect(predicted.ok ? 'scored' : predicted.code).toMatch(/^scored$|^(model|analysis)\.[a-z_]+$/);
    },
    60_000,
  );
});
