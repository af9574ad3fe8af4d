// A session computed again, and a session as a file: what was said can be checked without the model that chose it.

import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {DuckDBInstance} from '@duckdb/node-api';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {Cell} from '../../src/core/dataset.ts';
import {formatCell} from '../../src/core/text.ts';
import {type FakeLlmServer, startFakeLlmServer} from '../support/fake-llm-server.ts';
import {asks, says} from '../support/fake-llm-steps.ts';
import {pythonCalls} from '../support/notebook-cells.ts';
import {type Place, placesWithSales, type RunOptions, runProgram} from '../support/program.ts';
import {salesCsv} from '../tools/bench.ts';

const withSales = placesWithSales(salesCsv);
let place: Place;
let server: FakeLlmServer;
beforeEach(async () => {
  place = withSales();
  server = await startFakeLlmServer();
});
afterEach(async () => {
  await server.close();
  place.remove();
});

const run = (args: string[], options: Partial<RunOptions> = {}) => runProgram(args, {place, ...options});
const replay = async (...args: string[]) => {
  const {code, stdout} = await run(['replay', 's', '--json', ...args]);
  return {code, ...JSON.parse(stdout)};
};
const batch = (...lines: string[]) => run(['--session', 's', '--batch'], {stdin: {pipe: `${lines.join('\n')}\n`}});
const moreSales = `${salesCsv}\nwest,fig,16,2024-02-02\n`;

describe('replay', () => {
  it('on the data of the session gives the same numbers, whatever the workspace holds now, and changes nothing in it', async () => {
    await batch(
      'average price by region',
      'describe sales',
      'plot price by region',
      '/sql SELECT max(price) AS m FROM sales',
    );
    await run(['upload', place.file('sales.csv', moreSales)]);
    const before = readdirSync(join(place.workspace, 'data', 'sales'));
    const {code, status, calls} = await replay('--verify');
    expect({code, status}).toEqual({code: 0, status: 'same'});
    expect(calls.map((call: {tool: string}) => call.tool)).toContain('draw_chart');
    expect(calls.at(-1)).toMatchObject({tool: 'run_sql', question: '/sql SELECT max(price) AS m FROM sales'});
    expect(readdirSync(join(place.workspace, 'data', 'sales'))).toEqual(before);
    expect(readdirSync(join(place.workspace, 'data')).filter(name => name.startsWith('.tmp'))).toEqual([]);
  });

  it('on a newer file says old and new numbers; --verify makes that exit code 1', async () => {
    await batch('maximum price');
    const file = place.file('february.csv', moreSales);
    const changed = await replay('--data', file);
    expect(changed).toMatchObject({code: 0, status: 'changed', counts: {changed: 1}});
    expect(changed.calls[0].changes).toContainEqual(expect.objectContaining({before: 8, after: 16}));
    expect(await replay('--data', file, '--verify')).toMatchObject({code: 1, status: 'changed'});
    const {stdout} = await run(['replay', 's', '--data', file]);
    expect(stdout).toMatch(/^changed {2}#1 run_sql {2}maximum price\n.*: 8 → 16$/m);
    expect(stdout).toMatch(/\n1 result: 1 changed\.\n$/);
  });

  it('follows versions and datasets that the session made itself', async () => {
    const steps = [{do: 'drop_missing', columns: ['price']}];
    server.setScript('openai', [
      asks([{name: 'clean_data', args: {dataset: 'sales', steps, apply: true}}]),
      asks([
        {name: 'run_sql', args: {sql: 'SELECT region, sum(price) AS total FROM sales GROUP BY 1', save_as: 'totals'}},
      ]),
      asks([{name: 'run_sql', args: {sql: 'SELECT count(*) AS n, max(total) AS top FROM totals'}}]),
      says('Done.'),
    ]);
    const env = {OPENAI_API_KEY: 'sk-test-0123456789abcdef', OPENAI_BASE_URL: server.openAiBaseUrl};
    expect(await run(['--session', 's', '-p', 'clean it and sum up'], {env})).toMatchObject({code: 0});
    expect(await replay('--verify')).toMatchObject({code: 0, counts: {same: 3, changed: 0, failed: 0}});
    const newer = await replay('--data', place.file('new.csv', moreSales));
    expect(newer.calls[2].changes).toContainEqual(expect.objectContaining({column: 'top', before: 8, after: 24}));
    expect(server.requests).toHaveLength(4);
  });

  it('trains again to the same scores, and predicts with a model of another session', async () => {
    const rows = Array.from({length: 60}, (_, row) => `${row % 7},${(row * 5) % 11},${(row % 7) * 2 + 1}`);
    await run(['upload', place.file('lines.csv', `a,b,y\n${rows.join('\n')}\n`)]);
    const training = await run(['--session', 'training', '-p', '/train y', '--dataset', 'lines'], {timeoutMs: 60_000});
    expect(training.code).toBe(0);
    expect((await run(['replay', 'training', '--verify'], {timeoutMs: 60_000})).stdout).toMatch(
      /1 result: 1 same\.\n$/,
    );
    expect((await run(['--session', 's', '-p', '/predict lines'])).code).toBe(0);
    expect(await replay('--verify')).toMatchObject({code: 0, status: 'same', calls: [{tool: 'predict'}]});
  }, 120_000);

  it('says which data are gone or damaged, and that is exit code 9, with --verify 1', async () => {
    await batch('maximum price');
    const folder = join(place.workspace, 'data', 'sales');
    const parquet = readdirSync(folder).find(name => name.endsWith('.parquet')) ?? '';
    writeFileSync(join(folder, parquet), 'x', {flag: 'a'});
    expect(await replay()).toMatchObject({
      code: 9,
      calls: [{status: 'failed', message: 'The file of sales v1 is not the one it was.'}],
    });
    await run(['datasets', 'rm', 'sales', '--yes']);
    expect(await replay('--verify')).toMatchObject({
      code: 1,
      calls: [{status: 'failed', message: 'sales v1 is no longer in the workspace.'}],
    });
  });

  it('a file that could replace several datasets has to say which', async () => {
    await run(['upload', place.file('staff.csv', 'name,region\nAda,west\n')]);
    await batch('/sql SELECT count(*) AS n FROM sales JOIN staff USING (region)');
    const file = place.file('x.csv', moreSales);
    const refused = await replay('--data', file);
    expect(refused).toMatchObject({code: 2, error: {code: 'replay.which_dataset'}});
    expect(refused.error.hint).toContain(`--data sales=${file}`);
    expect(await replay('--data', `sales=${file}`)).toMatchObject({code: 0, status: 'changed'});
    expect(await replay('--data', place.file('sales.csv', moreSales))).toMatchObject({status: 'changed'});
    expect(await replay('--data', `nothing=${file}`)).toMatchObject({error: {code: 'replay.unknown_dataset'}});
  });

  it('an unknown session is wrong usage with the nearest name, and /replay runs this one', async () => {
    await batch('maximum price', '/replay');
    const {code, stderr} = await run(['replay', 'ss']);
    expect(code).toBe(2);
    expect(stderr).toContain('There is no session "ss".');
    expect((await run(['-c', '-p', '/replay'])).stdout).toContain('1 result: 1 same.');
  });
});

type NotebookCell = {cell_type: string; source: string[]; outputs?: {data: Record<string, string[]>}[]};

describe('a session as a file', () => {
  beforeEach(async () => {
    await batch(
      'average price by region',
      'plot price by region',
      'describe sales',
      '/sql SELECT \'a -- b; c\' AS "x;" -- end',
    );
  });

  it('Markdown holds question, answer, SQL, data version and numbers; without -o it goes to stdout', async () => {
    const {code, stdout} = await run(['sessions', 'export', 's']);
    expect(code).toBe(0);
    expect(stdout).toContain('## average price by region');
    expect(stdout).toMatch(
      /### Result 1: run_sql, from sales v1 \(sha256 [0-9a-f]{16}\), 5 rows read\n\n```sql\nSELECT/,
    );
    expect(stdout).toContain('| west | 8 | 1 |');
    expect(await run(['sessions', 'export', 'last', '-o', 's.md'])).toMatchObject({code: 0});
    expect(readFileSync(join(place.cwd, 's.md'), 'utf8')).toBe(stdout);
  });

  it('SQL runs as it is in DuckDB, from any folder, and gives the same numbers', async () => {
    await run(['sessions', 'export', 's', '-o', 's.sql']);
    const script = readFileSync(join(place.cwd, 's.sql'), 'utf8');
    expect(script).toContain('-- average price by region\n');
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const statements = await connection.extractStatements(script);
    const results = [];
    for (let index = 0; index < statements.count; index++)
      results.push((await (await statements.prepare(index)).runAndReadAll()).getRowsJson());
    expect(results).toContainEqual(expect.arrayContaining([['west', 8, '1']]));
    expect(results.at(-1)).toEqual([['a -- b; c']]);
  });

  it('a notebook is nbformat 4.5, its code cells hold the SQL and the outputs are embedded', async () => {
    await run(['sessions', 'export', 's', '-o', 's.ipynb']);
    const notebook = JSON.parse(readFileSync(join(place.cwd, 's.ipynb'), 'utf8'));
    expect(notebook).toMatchObject({nbformat: 4, nbformat_minor: 5, metadata: {kernelspec: {name: 'python3'}}});
    const ids = notebook.cells.map((cell: {id: string}) => cell.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const cell of notebook.cells) {
      expect(cell.id).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
      expect(['markdown', 'code']).toContain(cell.cell_type);
      expect(cell.source.every((line: string, at: number) => line.endsWith('\n') === at < cell.source.length - 1)).toBe(
        true,
      );
      const fields = cell.cell_type === 'code' ? ['execution_count', 'outputs'] : [];
      expect(Object.keys(cell).sort()).toEqual(['cell_type', 'id', 'metadata', 'source', ...fields].sort());
    }
    const code = notebook.cells.filter((cell: {cell_type: string}) => cell.cell_type === 'code');
    expect(code[0].source.join('')).toMatch(/^import duckdb\n/);
    expect(code[1].source.join('')).toMatch(
      /con\.execute\("""\nCREATE OR REPLACE VIEW "sales" AS SELECT \* FROM read_parquet\('\/.*'.*\)\n"""\)\ncon\.sql\("""\nSELECT [\s\S]*\n"""\)\.df\(\)$/,
    );
    expect(code[1].outputs[0].data['text/plain'].join('')).toContain('| west | 8 | 1 |');
    expect(code[1].outputs[0].data['text/html'].join('')).toContain('<td>west</td><td>8</td>');
  });

  it('a notebook runs cell by cell as it stands, and gives the numbers that are embedded', async () => {
    await run(['upload', place.file('odd.csv', 'na"me,"tri""""""ple",it\'s\n"a\nb",x\\y,1\n')]);
    await run(['--session', 'odd', '--batch'], {
      stdin: {
        pipe: '/sql SELECT * FROM odd -- the end\n/sql FROM odd;\ndescribe odd\n/sql SELECT count(*) AS n FROM sales\n',
      },
    });
    await run(['sessions', 'export', 'odd', '-o', 'odd.ipynb']);
    const {cells} = JSON.parse(readFileSync(join(place.cwd, 'odd.ipynb'), 'utf8')) as {cells: NotebookCell[]};
    const [setUp, ...code] = cells.filter(cell => cell.cell_type === 'code');
    expect(setUp?.source.join('')).toBe(
      `import duckdb\n\ncon = duckdb.connect()\ncon.execute("SET TimeZone = 'UTC'");`,
    );
    expect(code).toHaveLength(3);
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    for (const {source, outputs = []} of code) {
      const calls = pythonCalls(source.join(''));
      expect(calls.at(-1)?.method).toBe('sql');
      let result = null;
      for (const {sql} of calls) result = await connection.runAndReadAll(sql);
      const cellsOf = outputs[0]?.data['text/html']?.join('').match(/(?<=<td>)[^<]*(?=<\/td>)/g);
      expect(
        result
          ?.getRowsJson()
          .flat()
          .map(cell => formatCell(cell as Cell)),
      ).toEqual(cellsOf);
    }
  });

  it('is not written over a file that is there, nor in a format that is not known', async () => {
    place.file('there.md', 'mine');
    expect(await run(['sessions', 'export', 's', '-o', 'there.md'])).toMatchObject({code: 3});
    expect(readFileSync(join(place.cwd, 'there.md'), 'utf8')).toBe('mine');
    expect(await run(['sessions', 'export', 's', '-o', 'there.md', '--force', '--json'])).toMatchObject({code: 0});
    expect(await run(['sessions', 'export', 's', '-o', 'there.pdf'])).toMatchObject({code: 2});
    expect(await run(['sessions', 'export', 'nobody'])).toMatchObject({code: 2});
  });

  it('/export writes this conversation', async () => {
    const {stdout} = await run(['-c', '-p', '/export talk.ipynb']);
    expect(stdout).toMatch(/^Wrote talk\.ipynb \([\d,]+ bytes\)\.\n$/);
    expect(existsSync(join(place.cwd, 'talk.ipynb'))).toBe(true);
    for (const time of ['first', 'second']) {
      const {stdout: said} = await run(['-c', '-p', '/export']);
      expect(said, time).toMatch(/^Wrote \S+\/workspace\/reports\/session-s\.md \(/);
    }
  });

  it('what a cell or a question holds cannot break out of the file', async () => {
    await run(['upload', place.file('odd.csv', 'a,b\n"```\n# no heading",<script>\n')]);
    await run(['--session', 'odd', '--batch'], {stdin: {pipe: '/sql SELECT *, 1 AS "<b>" FROM odd\n'}});
    await run(['sessions', 'export', 'odd', '-o', 'odd.ipynb']);
    expect(readFileSync(join(place.cwd, 'odd.ipynb'), 'utf8')).not.toContain('<script>\\n</td>');
    const {cells} = JSON.parse(readFileSync(join(place.cwd, 'odd.ipynb'), 'utf8'));
    const html = JSON.stringify(cells.flatMap((cell: {outputs?: {data: object}[]}) => cell.outputs ?? []));
    expect(html).toContain('&lt;script&gt;');
    expect(html).not.toMatch(/text\/html":\[[^\]]*<script>/);
    expect(html).toContain('<th>&lt;b&gt;</th>');
  });
});
