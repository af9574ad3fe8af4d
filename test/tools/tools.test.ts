import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {currentVersion} from '../../src/core/dataset.ts';
import {call} from '../support/scripted-router.ts';
import {failure, openToolBench, salesCsv, success, type ToolBench} from './bench.ts';

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  await bench.data('sales', salesCsv);
  const rows = Array.from({length: 1_500}, (_, n) => `${n},${n % 7},${Math.sin(n) * 100}`);
  await bench.data('many', ['id,group_no,value', ...rows].join('\n'));
});
afterAll(() => bench.close());

describe('run_sql', () => {
  it('gives the numbers with a receipt: the SQL, the dataset version by its hash, and the rows read', async () => {
    const sql = 'SELECT region, avg(price) AS mean FROM sales GROUP BY region ORDER BY region';
    const {table, receipt, summary} = success(await bench.run('run_sql', {sql}));
    expect(table?.rows).toEqual([
      ['north', 2],
      ['south', 4],
      ['west', 8],
    ]);
    const {sha256} = currentVersion(await bench.workspace.dataset('sales'));
    expect(receipt).toMatchObject({
      tool: 'run_sql',
      args: {sql},
      sql,
      rowsRead: 5,
      sampled: false,
      datasets: [{name: 'sales', version: 1, sha256}],
    });
    expect(receipt.ms).toBeGreaterThanOrEqual(0);
    expect(Number.isInteger(receipt.ms)).toBe(true);
    expect(summary).toContain('(3 rows)');
  });

  it('names every dataset of a join in the receipt, and adds their rows', async () => {
    const sql = 'SELECT count(*) AS n FROM sales s JOIN many m ON m.id = 1';
    const {receipt} = success(await bench.run('run_sql', {sql}));
    expect(receipt.datasets.map(each => each.name).sort()).toEqual(['many', 'sales']);
    expect(receipt.rowsRead).toBe(1_505);
  });

  it('a long result says "Showing 20 of 1,500 rows" though only 1,000 were read', async () => {
    const {summary, table} = success(await bench.run('run_sql', {sql: 'SELECT * FROM many'}));
    expect(summary).toContain('Showing 20 of 1,500 rows. Add ORDER BY … LIMIT, or aggregate.');
    expect(summary.split('\n').filter(line => line.startsWith('|'))).toHaveLength(22);
    expect(table?.rows).toHaveLength(1_000);
    expect(table?.totalRows).toBe(1_500);
  });

  it('max_rows bounds what is read, and the total is still told', async () => {
    const {summary, table} = success(await bench.run('run_sql', {sql: 'SELECT * FROM many', max_rows: 5}));
    expect(table?.rows).toHaveLength(5);
    expect(summary).toContain('Showing 5 of 1,500 rows');
  });

  it('an empty result names its columns', async () => {
    const {summary} = success(await bench.run('run_sql', {sql: 'SELECT region FROM sales WHERE price > 99'}));
    expect(summary).toBe('No rows. Columns: region.');
  });

  it.each([
    ['two statements', 'SELECT 1; SELECT 2'],
    ['a DROP', 'DROP VIEW sales'],
    ['an INSERT', "INSERT INTO sales VALUES ('x','y',1,NULL)"],
    ['a COPY', "COPY sales TO '/tmp/stolen.csv'"],
    ['a file outside', "SELECT * FROM read_csv('/etc/passwd')"],
    ['an EXPLAIN that executes', 'EXPLAIN ANALYZE CREATE TABLE x AS SELECT 1'],
    ['a setting', "SET memory_limit='1GB'"],
  ])('%s is refused with a code and leaves everything as it was', async (_, sql) => {
    expect(failure(await bench.run('run_sql', {sql})).code).toMatch(/^sql\./);
    expect(success(await bench.run('run_sql', {sql: 'SELECT count(*) AS n FROM sales'})).table?.rows).toEqual([[5]]);
  });

  it('an unknown dataset and an unknown column suggest the nearest names', async () => {
    const table = failure(await bench.run('run_sql', {sql: 'SELECT * FROM slaes'}));
    expect(`${table.message} ${table.hint}`).toContain('sales');
    const column = failure(await bench.run('run_sql', {sql: 'SELECT regoin FROM sales'}));
    expect(`${column.message} ${column.hint}`).toContain('region');
  });
});

describe('run_sql with save_as', () => {
  it('makes a dataset that later questions can use, with its lineage', async () => {
    const sql = 'SELECT region, sum(price) AS total FROM sales GROUP BY region';
    const {summary} = success(await bench.run('run_sql', {sql, save_as: 'totals'}));
    expect(summary).toContain('Saved as dataset totals v1: 3 rows × 2 columns.');
    const parent = currentVersion(await bench.workspace.dataset('sales'));
    const {source, columns, rows} = currentVersion(await bench.workspace.dataset('totals'));
    expect(source).toEqual({kind: 'query', sql, parents: [{name: 'sales', version: 1, sha256: parent.sha256}]});
    expect(rows).toBe(3);
    expect(columns).toMatchObject([
      {name: 'region', kind: 'text', nullCount: 0, min: 'north', max: 'west'},
      {name: 'total', kind: 'number', nullCount: 0, min: 4, max: 8},
    ]);
    expect(success(await bench.run('run_sql', {sql: 'SELECT count(*) AS n FROM totals'})).table?.rows).toEqual([[3]]);
    expect(bench.events.findLast(event => event.type === 'dataset_added')).toMatchObject({name: 'totals', rows: 3});
  });

  it('knows the values of what was saved as an import does, so that questions can name them', async () => {
    const sql = "SELECT 'b' || (i % 3) AS kind, i AS n, i % 2 = 0 AS even FROM range(30) r(i)";
    success(await bench.run('run_sql', {sql, save_as: 'named'}));
    const {columns} = currentVersion(await bench.catalog.dataset('named'));
    expect(columns.map(({topValues, distinctCount}) => [distinctCount, topValues.length])).toEqual([
      [3, 3],
      [30, 20],
      [2, 2],
    ]);
    expect(columns[0]?.topValues).toEqual(['b0', 'b1', 'b2']);
  });

  it('saved again is the next version, and the one before stays', async () => {
    await bench.run('run_sql', {sql: 'SELECT 1 AS a', save_as: 'twice'});
    await bench.run('run_sql', {sql: 'SELECT 2 AS a', save_as: 'twice'});
    const {versions, current} = await bench.workspace.dataset('twice');
    expect(current).toBe(2);
    expect(versions).toHaveLength(2);
    expect(success(await bench.run('run_sql', {sql: 'SELECT a FROM twice'})).table?.rows).toEqual([[2]]);
  });

  it('refuses the name of an imported dataset, before anything is computed', async () => {
    const {code, hint} = failure(await bench.run('run_sql', {sql: 'SELECT 1 AS a', save_as: 'sales'}));
    expect(code).toBe('dataset.exists');
    expect(hint).toContain('sales_result');
    expect((await bench.workspace.dataset('sales')).versions).toHaveLength(1);
  });

  it('refuses a name that is no dataset name', async () => {
    const {code} = failure(await bench.run('run_sql', {sql: 'SELECT 1 AS a', save_as: '../x'}));
    expect(code).toBe('tool.arguments_invalid');
  });

  it('saves all rows of a result that is longer than what is shown', async () => {
    await bench.run('run_sql', {sql: 'SELECT * FROM many', save_as: 'copy_of_many', max_rows: 3});
    expect(currentVersion(await bench.workspace.dataset('copy_of_many')).rows).toBe(1_500);
  });

  it('two calls of one reply, the second on what the first saved, run in that order', async () => {
    const first = call('run_sql', {sql: 'SELECT 5 AS a', save_as: 'step_one'});
    const second = call('run_sql', {sql: 'SELECT a + 1 AS b FROM step_one'});
    const other = await openToolBench([{calls: [first, second]}, {text: 'ok'}]);
    try {
      const turn = await other.session.prompt('go', new AbortController().signal);
      expect(turn).toMatchObject({outcome: 'answered', error: null});
    } finally {
      await other.close();
    }
  });
});

describe('describe_dataset', () => {
  it('profiles over all rows, with the SQL in the receipt', async () => {
    const {summary, table, receipt} = success(await bench.run('describe_dataset', {dataset: 'sales'}));
    expect(summary).toContain('price');
    expect(table?.rows).toHaveLength(4);
    expect(receipt).toMatchObject({rowsRead: 5, sampled: false, datasets: [{name: 'sales', version: 1}]});
    expect(receipt.sql).toContain('"price"');
  });

  it('can be limited to some columns', async () => {
    const {table} = success(await bench.run('describe_dataset', {dataset: 'sales', columns: ['price']}));
    expect(table?.rows).toHaveLength(1);
  });

  it('an unknown dataset or column suggests the nearest', async () => {
    const dataset = failure(await bench.run('describe_dataset', {dataset: 'slaes'}));
    expect(dataset.code).toBe('dataset.unknown');
    expect(`${dataset.message} ${dataset.hint}`).toContain('sales');
    const column = failure(await bench.run('describe_dataset', {dataset: 'sales', columns: ['prise']}));
    expect(`${column.message} ${column.hint}`).toContain('price');
  });
});

describe('list_datasets', () => {
  it('names each with rows, columns, version and origin, and the versions in its receipt', async () => {
    const {summary, receipt} = success(await bench.run('list_datasets', {}));
    expect(summary).toContain('sales v1: 5 rows × 4 columns, from sales.csv');
    expect(receipt.datasets).toContainEqual(expect.objectContaining({name: 'many', version: 1}));
  });

  it('an empty workspace says how to import', async () => {
    const empty = await openToolBench();
    try {
      const {code, hint} = failure(await empty.run('list_datasets', {}));
      expect(code).toBe('dataset.none');
      expect(hint).toContain('upload');
    } finally {
      await empty.close();
    }
  });
});

describe('draw_chart', () => {
  const bars = 'SELECT region, avg(price) AS mean FROM sales GROUP BY region ORDER BY region';

  it.each([
    ['bar', {sql: bars, x: 'region', y: 'mean'}],
    ['line', {sql: 'SELECT "sold on" AS day, price FROM sales ORDER BY day', x: 'day', y: 'price'}],
    ['scatter', {sql: 'SELECT id, value FROM many', x: 'id', y: 'value'}],
    ['histogram', {sql: 'SELECT value FROM many', x: 'value'}],
    ['box', {sql: 'SELECT id % 3 AS part, value FROM many', x: 'part', y: 'value'}],
    ['heatmap', {sql: 'SELECT id % 3 AS part, value FROM many', x: 'value', group: 'part'}],
  ])('%s: a preview for the view, the points for the model, a receipt', async (mark, args) => {
    const {artifacts, summary, receipt} = success(await bench.run('draw_chart', {mark, ...args}));
    expect(artifacts?.map(({path}) => path?.replace(/^charts\/.*\./, ''))).toEqual(['svg', 'html']);
    expect(artifacts?.[0]?.preview?.split('\n').length).toBeGreaterThan(3);
    expect(summary).toMatch(/\d/);
    expect(receipt.datasets).toHaveLength(1);
    expect(receipt.sql).toContain('SELECT');
  });

  it('a histogram counts every finite value once and says what it left out', async () => {
    const {summary} = success(
      await bench.run('draw_chart', {mark: 'histogram', sql: 'SELECT price FROM sales', x: 'price'}),
    );
    expect(summary).toContain('4 values; bin rule: Sturges, 3 bins. Rows without a finite value, left out: 1.');
    const counts = summary
      .split('\n')
      .slice(1, -1)
      .map(line => Number(line.split(': ').at(-1)));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(4);
  });

  it("a box has matplotlib's quartiles and whiskers, and says what lies beyond them", async () => {
    const sql = 'SELECT unnest([1, 2, 3, 4, 5, 6, 7, 8, 9, 100, NULL]) AS v';
    const {summary, artifacts} = success(await bench.run('draw_chart', {mark: 'box', sql, x: 'v'}));
    expect(summary).toContain('| ∅ | 10 | 1 | 1 | 3.25 | 5.5 | 7.75 | 9 | 100 | 1 |');
    expect(artifacts?.[0]?.preview).toMatch(/all {2,}├.*┃.*┤ +∘ +5\.5\n/);
    expect(artifacts?.[0]?.preview).toContain('n = 10 · 1 null left out');
  });

  it('a heatmap counts rows in bins of numbers, or takes the mean of y', async () => {
    const sql = "SELECT i AS x, CASE WHEN i < 60 THEN 'a' ELSE 'b' END AS g, i % 2 AS y FROM range(120) t(i)";
    const counts = success(await bench.run('draw_chart', {mark: 'heatmap', sql, x: 'x', group: 'g'}));
    const cells = [...counts.summary.matchAll(/\| [\d.]+\+ \| [ab] \| (\d+) \|/g)].map(([, n]) => Number(n));
    expect(cells.reduce((sum, n) => sum + n, 0)).toBe(120);
    expect(cells).toHaveLength(12);
    const means = success(await bench.run('draw_chart', {mark: 'heatmap', sql, x: 'y', group: 'g', y: 'x'}));
    // The even numbers below 60 have the mean 29.
    expect(means.summary).toContain('| 0 | a | 29 |');
  });

  it('a scatter of a million rows draws all of them, on dots that the engine fills', async () => {
    const sql = 'SELECT i AS x, i AS y FROM range(1000000) t(i)';
    const {summary, artifacts} = success(await bench.run('draw_chart', {mark: 'scatter', sql, x: 'x', y: 'y'}));
    expect(summary.split('\n')).toEqual([
      expect.stringMatching(/^1,000,000 rows, all drawn; they cover \d{3} dots\.$/),
      'Scatter plot: y by x. n = 1,000,000 · r² = 1.',
    ]);
    expect(artifacts?.[0]?.preview).toContain('y by x (1,000,000 rows)');
  });

  it('what a box or heatmap lacks is said', async () => {
    const sql = 'SELECT region, price FROM sales';
    const noGroup = failure(await bench.run('draw_chart', {mark: 'heatmap', sql, x: 'region'}));
    expect(noGroup.code).toBe('chart.group_missing');
    const noNumber = failure(await bench.run('draw_chart', {mark: 'box', sql, x: 'price', y: 'region'}));
    expect(noNumber.code).toBe('chart.y_not_number');
    const many = 'SELECT i::VARCHAR AS c, 1 AS v FROM range(500) t(i)';
    const tooMany = failure(await bench.run('draw_chart', {mark: 'box', sql: many, x: 'c', y: 'v'}));
    expect(tooMany.code).toBe('chart.too_many_categories');
  });

  it('a bar chart without y, an unknown column and text in a histogram are refused with what to do', async () => {
    expect(failure(await bench.run('draw_chart', {mark: 'bar', sql: bars, x: 'region'})).code).toBe('chart.y_missing');
    const unknown = failure(await bench.run('draw_chart', {mark: 'bar', sql: bars, x: 'regoin', y: 'mean'}));
    expect(`${unknown.message} ${unknown.hint}`).toContain('region');
    const text = failure(await bench.run('draw_chart', {mark: 'histogram', sql: bars, x: 'region'}));
    expect(text.code).toBe('chart.x_not_number');
  });
});

describe('import_file', () => {
  const ask = (path: string) => [{calls: [call('import_file', {path})]}, {text: 'done'}];
  const {signal} = new AbortController();

  it('imports a path that the user named, and works on it from then on', async () => {
    const other = await openToolBench();
    try {
      const path = await other.file('fresh.csv', 'a,b\n1,2\n3,4\n');
      const named = await openToolBench(ask(path));
      const turn = await named.session.prompt(`import ${path}`, signal);
      expect(turn).toMatchObject({outcome: 'answered', error: null});
      expect(await named.catalog.active()).toBe('fresh');
      expect(turn.receipts).toMatchObject([
        {tool: 'import_file', rowsRead: 2, datasets: [{name: 'fresh', version: 1}]},
      ]);
      await named.close();
    } finally {
      await other.close();
    }
  });

  it('a path that the user did not name needs approval: without it nothing is read, exit code 8', async () => {
    const other = await openToolBench();
    const path = await other.file('secret.csv', 'a\n1\n');
    const denied = await openToolBench(ask(path));
    const allowed = await openToolBench(ask(path), true);
    try {
      const turn = await denied.session.prompt('describe my data', signal);
      expect(turn.error).toMatchObject({code: 'approval.denied', kind: 'denied', exitCode: 8});
      expect(await denied.catalog.datasets()).toEqual([]);
      expect(await allowed.session.prompt('describe my data', signal)).toMatchObject({error: null});
    } finally {
      for (const each of [other, denied, allowed]) await each.close();
    }
  });

  it('a file that is refused keeps the import error and its exit code 3', async () => {
    const path = await bench.file('empty.csv', '');
    expect(failure(await bench.run('import_file', {path}))).toMatchObject({ok: false, kind: 'input'});
    expect(failure(await bench.run('import_file', {path: '/nowhere/x.csv'})).kind).toBe('input');
  });
});
