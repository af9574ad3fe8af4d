// The analysis tools against pandas, SciPy and statsmodels, from a file on disk to the table of the result.

import {readFileSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {Cell} from '../../src/core/dataset.ts';
import {expectClose} from '../analysis/golden.ts';
import {openToolBench, type Success, success, type ToolBench} from './bench.ts';

type Golden = {
  pairs: {a: string; b: string; method: string; value: number; p: number; n: number; low: number; adjusted: number}[];
  cramersV: {value: number; p: number; n: number};
  ratio: {value: number; p: number; n: number};
  biasCorrected: number;
  pointBiserial: [number, number];
  kendallLow: number;
  far: Record<'anova' | 'kruskal' | 'welch' | 'chi2' | 'pearson', [number, number]>;
  tests: Record<string, [number, number]>;
  ols: Record<'values' | 'errors' | 'p' | 'hc3' | 'vif' | 'breuschPagan', number[]> &
    Record<'r2' | 'adjustedR2' | 'n' | 'durbinWatson', number>;
  logit: {values: number[]; errors: number[]; p: number[]; pseudoR2: number; n: number};
};

const golden: Golden = JSON.parse(readFileSync('test/fixtures/analysis/tools-scipy.json', 'utf8'));
let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  await bench.data('t', readFileSync('test/fixtures/analysis/tools.csv', 'utf8'));
});
afterAll(() => bench.close());

const run = async (tool: string, args: object) => success(await bench.run(tool, {dataset: 't', ...args}));

/** The rows of a result as objects. */
function records({table}: Success): Record<string, Cell>[] {
  if (!table) throw new Error('no table');
  return table.rows.map(row => Object.fromEntries(table.columns.map(({name}, i) => [name, row[i] ?? null])));
}

const close = (ours: Cell | undefined, theirs: number, relative = 1e-9) =>
  expectClose(Number(ours ?? Number.NaN), theirs, relative);

describe('correlate', () => {
  const columns = ['x', 'y "ü"', 'ties', 'big'];
  it.each(['pearson', 'spearman', 'kendall'])(
    '%s gives the values, p, n and adjusted p of SciPy for all pairs',
    async method => {
      const found = records(await run('correlate', {columns, method}));
      const wanted = golden.pairs.filter(pair => pair.method === method);
      expect(found).toHaveLength(wanted.length);
      for (const {a, b, value, p, n, low, adjusted} of wanted) {
        const pair = found.find(each => each.a === a && each.b === b);
        close(pair?.value, value);
        close(pair?.p, p, 1e-6);
        close(pair?.p_adjusted, adjusted, 1e-6);
        expect(pair?.n).toBe(n);
        if (low !== null) close(pair?.low, low);
      }
    },
  );

  it('the engine gives the same Pearson with a condition as without, where the condition keeps all rows', async () => {
    const [all, filtered] = [
      await run('correlate', {columns}),
      await run('correlate', {columns, where: 'x > -99 -- all'}),
    ];
    expect(filtered.table).toEqual(all.table);
    expect(all.summary).toContain('Benjamini-Hochberg over 6 tests');
    expect(all.receipt).toMatchObject({rowsRead: 120, sampled: false, sql: expect.stringContaining('sum(c')});
  });

  it("takes Cramér's V for two categories and the correlation ratio for a category and a number", async () => {
    const found = records(await run('correlate', {target: 'team'}));
    const v = found.find(each => each.b === 'side');
    expect(v).toMatchObject({measure: 'cramers_v', n: golden.cramersV.n});
    close(v?.value, golden.cramersV.value);
    close(v?.p, golden.cramersV.p, 1e-6);
    const eta = found.find(each => each.b === 'y "ü"');
    expect(eta).toMatchObject({measure: 'correlation_ratio', n: golden.ratio.n});
    close(eta?.value, golden.ratio.value);
    close(eta?.p, golden.ratio.p, 1e-6);
  });

  it('gives the interval of Kendall by the variance of its arc tangent', async () => {
    const [tau] = records(await run('correlate', {columns: ['x', 'after'], method: 'kendall'}));
    close(tau?.low, golden.kendallLow);
  });

  it('calls Pearson with a yes/no column point-biserial, as SciPy computes it', async () => {
    success(await bench.run('run_sql', {sql: 'SELECT x, won = 1 AS won, ties > 2 AS high FROM t', save_as: 'yes'}));
    const found = records(success(await bench.run('correlate', {dataset: 'yes'})));
    const pair = found.find(each => each.measure === 'point_biserial' && each.b === 'won');
    close(pair?.value, golden.pointBiserial[0]);
    close(pair?.p, golden.pointBiserial[1], 1e-6);
    expect(found.find(each => each.measure === 'phi')).toMatchObject({a: 'won', b: 'high'});
  });

  it('says that a constant column has no correlation, instead of a number', async () => {
    const result = await run('correlate', {columns: ['x', 'same', 'big']});
    expect(result.summary).toContain('"same" does not vary');
    expect(records(result).find(each => each.b === 'same')?.value).toBeNull();
  });
});

describe('test_hypothesis', () => {
  const byTeam = {value: 'y "ü"', group: 'team'};
  const bySide = {value: 'x', group: 'side'};
  const paired = {value: 'x', paired_with: 'after'};
  it.each<[string, object, string?]>([
    ['welch_t', bySide],
    ['welch_less', {...bySide, alternative: 'less'}, 'welch_t'],
    ['student_t', bySide],
    ['mann_whitney', bySide],
    ['ks_two_samples', bySide],
    ['anova', byTeam],
    ['kruskal_wallis', byTeam],
    ['levene', byTeam],
    ['paired_t', paired],
    ['wilcoxon', paired],
    ['pearson_greater', {...paired, alternative: 'greater'}, 'pearson'],
    ['one_sample_t', {value: 'y "ü"', mu: 0.25}],
    ['shapiro_wilk', {value: 'y "ü"'}],
    ['dagostino_pearson', {value: 'y "ü"'}],
    ['jarque_bera', {value: 'y "ü"'}],
    ['chi2_independence', {value: 'side', group: 'team'}],
    ['chi2_fit', {value: 'team'}],
    ['fisher_exact', {value: 'side', group: 'won'}],
  ])('%s gives the statistic and p of SciPy', async (name, args, test = name) => {
    const [statistic = 0, p = 0] = golden.tests[name] ?? [];
    const [found] = records(await run('test_hypothesis', {...args, test}));
    close(found?.statistic, statistic, 1e-9);
    close(found?.p, p, 1e-6);
  });

  it.each<[string, object, string]>([
    ['two groups of a number', bySide, 'welch_t'],
    ['three groups of a number', {value: 'x', group: 'team'}, 'anova'],
    ['three groups, a small one not normal', byTeam, 'kruskal_wallis'],
    ['two numbers of a row', paired, 'paired_t'],
    ['a number against a mean', {value: 'x', mu: 0}, 'one_sample_t'],
    ['two categories', {value: 'side', group: 'team'}, 'chi2_independence'],
    ['one category', {value: 'team'}, 'chi2_fit'],
    ['a number alone', {value: 'x'}, 'shapiro_wilk'],
    ['few odd values in groups', {value: 'x * x', group: 'side'}, 'mann_whitney'],
  ])('proposes a test for %s and says why', async (_, args, test) => {
    if (test === 'mann_whitney') {
      success(await bench.run('run_sql', {sql: 'SELECT x ** 6 AS "x * x", side FROM t LIMIT 24', save_as: 'odd'}));
      const result = success(await bench.run('test_hypothesis', {dataset: 'odd', ...args}));
      expect(result.summary).toContain(`Test chosen: ${test}. Why: `);
      return;
    }
    expect((await run('test_hypothesis', args)).summary).toContain(`Test chosen: ${test}. Why: `);
  });

  it('says which rows were left out and what was checked', async () => {
    const {summary, table} = await run('test_hypothesis', byTeam);
    expect(summary).toContain('Rows left out: 3 without a "team", 11 without a value.');
    expect(summary).toMatch(/Checked: .*Shapiro-Wilk.*Levene/);
    expect(table?.rows.length).toBeGreaterThan(3);
  });

  it.each<[string, object, string]>([
    ['anova one-sided', {...bySide, test: 'anova', alternative: 'less'}, 'test.one_sided_unavailable'],
    ['a t-test of three groups', {...byTeam, test: 'welch_t'}, 'test.not_two_groups'],
    ['a t-test without groups', {value: 'x', test: 'welch_t'}, 'test.needs'],
    ['the mean of a text', {value: 'team', mu: 3}, 'analysis.not_numeric'],
    ['an unknown column', {value: 'teem'}, 'analysis.unknown_column'],
    ['rows that a condition leaves empty', {...bySide, where: 'false'}, 'test.too_few_groups'],
    ['a condition that is no SQL', {...bySide, where: 'x >'}, 'sql.syntax'],
  ])('refuses %s with a typed failure', async (_, args, code) => {
    expect(await bench.run('test_hypothesis', {dataset: 't', ...args})).toMatchObject({ok: false, code});
  });
});

describe('p far out, down to 1e-273, keeps the digits of SciPy', () => {
  const {far} = golden;
  const table = [
    [90, 20, 5],
    [10, 180, 30],
    [0, 40, 195],
  ];
  beforeAll(async () => {
    const shift = [0, 1, 2.5]
      .map(k => `SELECT g.v + ${k} AS v, 'k' || ${k} AS k, ${k} AS o, g.i AS i, w FROM g`)
      .join(' UNION ALL ');
    const sql = `WITH g AS (SELECT row AS i, x AS v, ties / 9 AS w FROM t UNION ALL SELECT row + 120, "after", ties / 9 FROM t UNION ALL SELECT row + 240, ties / 9, ties / 9 FROM t) ${shift}`;
    success(await bench.run('run_sql', {sql, save_as: 'far', max_rows: 1}));
    const cells = table.flatMap((row, i) => row.map((n, j) => `SELECT 'r${i}' AS r, 'c${j}' AS c FROM range(${n})`));
    success(await bench.run('run_sql', {sql: cells.join(' UNION ALL '), save_as: 'cells', max_rows: 1}));
    const pairs = 'SELECT v AS a, v + w AS b FROM far WHERE o = 0';
    success(await bench.run('run_sql', {sql: pairs, save_as: 'pairs', max_rows: 1}));
  });

  it.each<[string, object, keyof Golden['far']]>([
    ['anova', {dataset: 'far', value: 'v', group: 'k'}, 'anova'],
    ['kruskal_wallis', {dataset: 'far', value: 'v', group: 'k'}, 'kruskal'],
    ['welch_t', {dataset: 'far', value: 'v', group: 'k', where: 'o <> 1'}, 'welch'],
    ['chi2_independence', {dataset: 'cells', value: 'c', group: 'r'}, 'chi2'],
    ['pearson', {dataset: 'pairs', value: 'a', paired_with: 'b'}, 'pearson'],
  ])('%s', async (test, args, name) => {
    const [statistic, p] = far[name];
    const [found] = records(success(await bench.run('test_hypothesis', {...args, test})));
    // k0 and k2.5 stand in the order of their names, as the samples of SciPy do.
    close(found?.statistic, statistic);
    expect(p).toBeLessThan(1e-60);
    expectClose(Number(found?.p), p, 1e-6, 0);
  });

  it("and Cramér's V of that table has its bias-corrected value beside it", async () => {
    const [v] = records(await run('correlate', {dataset: 'cells', columns: ['r', 'c'], target: 'r'}));
    close(v?.bias_corrected, golden.biasCorrected);
  });
});

describe('regress', () => {
  const linear = {target: 'y "ü"', features: ['x', 'ties', 'big'], family: 'linear'};
  it('gives the coefficients, errors, p, VIF, R² and diagnostics of statsmodels', async () => {
    const {ols} = golden;
    const result = await run('regress', linear);
    const found = records(result);
    expect(found.map(each => each.term)).toEqual(['intercept', 'x', 'ties', 'big']);
    // statsmodels got "big" less 1e9, since it loses digits otherwise; that moves the intercept only.
    for (const index of [1, 2, 3]) {
      close(found[index]?.coefficient, ols.values[index] ?? 0);
      close(found[index]?.std_error, ols.errors[index] ?? 0);
      close(found[index]?.p, ols.p[index] ?? 0, 1e-6);
      close(found[index]?.vif, ols.vif[index - 1] ?? 0);
    }
    const digits = (value: number) => String(Number(value.toPrecision(6)));
    expect(result.summary).toContain(`R² ${digits(ols.r2)}, adjusted ${digits(ols.adjustedR2)}`);
    expect(result.summary).toContain(`Durbin-Watson (row order) ${digits(ols.durbinWatson)}`);
    expect(result.summary).toContain(`Breusch-Pagan ${digits(ols.breuschPagan[0] ?? 0)}, df = 3`);
    expect(result.summary).toContain(`n = ${ols.n}, ${120 - ols.n} rows with a missing value left out`);
  });

  it('gives HC3 errors when asked for robust ones', async () => {
    const found = records(await run('regress', {...linear, robust: true}));
    for (const index of [1, 2, 3]) close(found[index]?.std_error, golden.ols.hc3[index] ?? 0);
  });

  it('fits a logistic regression as statsmodels does, also of a text with two values', async () => {
    const features = ['x', 'ties'];
    const found = records(await run('regress', {target: 'won', features, family: 'logistic'}));
    found.forEach((row, index) => {
      close(row.coefficient, golden.logit.values[index] ?? 0);
      close(row.std_error, golden.logit.errors[index] ?? 0);
      close(row.p, golden.logit.p[index] ?? 0, 1e-6);
    });
    const text = await run('regress', {target: 'side', features, family: 'logistic'});
    expect(text.summary).toContain('not penalised, of side = b (');
  });

  it('codes a category against its first value, which is what its group means say', async () => {
    const result = await run('regress', {target: 'x', features: ['team'], family: 'linear'});
    const means = success(
      await bench.run('run_sql', {sql: 'SELECT avg(x) FROM t WHERE team IS NOT NULL GROUP BY team ORDER BY team'}),
    );
    const [base = 0, green = 0] = (means.table?.rows ?? []).map(row => Number(row[0]));
    const found = records(result);
    expect(found.map(each => each.term)).toEqual(['intercept', 'team = green', 'team = red']);
    close(found[0]?.coefficient, base);
    close(found[1]?.coefficient, green - base);
    expect(result.summary).toContain('is compared with "blue"');
  });

  it.each<[string, object, string]>([
    ['a feature that is constant', {features: ['same']}, 'ols.dependent_features'],
    ['the target among the features', {features: ['x', 'y "ü"']}, 'regress.target_is_feature'],
    ['a logistic target of many values', {features: ['x'], family: 'logistic'}, 'logit.not_binary'],
    ['no rows', {features: ['x'], where: 'false'}, 'test.too_few_values'],
    ['an unknown feature', {features: ['xx']}, 'analysis.unknown_column'],
  ])('refuses %s with a typed failure', async (_, args, code) => {
    expect(await bench.run('regress', {dataset: 't', ...linear, ...args})).toMatchObject({ok: false, code});
  });
});
