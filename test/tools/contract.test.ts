// What every tool promises, run over all of them.

import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {z} from 'zod';
import {isRecord} from '../../src/core/unknown.ts';
import {createCatalog} from '../../src/tools/catalog.ts';
import {createTools} from '../../src/tools/index.ts';
import {openToolBench, success, type ToolBench} from './bench.ts';

/** Only names and schemas are looked at, so nothing is opened. */
const unopened = () => Promise.reject(new Error('not opened'));
const names = await (async () => {
  const bench = await openToolBench();
  const catalog = createCatalog(bench.workspace, unopened);
  const tools = createTools({catalog, limitBytes: 1, terminalWidth: () => 80});
  await bench.close();
  return tools.map(tool => tool.name);
})();

/** A column of every kind of trouble: quotes, blanks, other scripts, a reserved word, a control character. */
const strange = 'we"ird naïve 列';
const datasets: Record<string, string> = {
  plain: `${['n', '"we""ird naïve 列"', 'select'].join(',')}\n1,a,x\n2,b,y\n3,"\u202ec",z\n`,
  one_row: 'n,t\n7,only\n',
  no_rows: 'n,t\n',
  all_null: 'n,t\n,a\n,b\n',
};

/** Arguments with which every tool succeeds; each takes those it knows. */
const sample = {
  dataset: 'measures',
  sql: 'SELECT x, y FROM measures',
  mark: 'histogram',
  x: 'x',
  steps: [{label: 'Describe', prompt: 'describe measures', do: 'trim'}],
  value: 'y',
  time: 'x',
  group: 'kind',
  target: 'y',
  features: ['x'],
  family: 'linear',
  measures: [{function: 'mean', column: 'y'}],
};
const dayOf = (n: number) => new Date(Date.UTC(2024, 0, 1 + n)).toISOString().slice(0, 10);
const measures = Array.from(
  {length: 60},
  (_, n) => `${n},${n * 2 + Math.sin(n) * 10},${n % 2 ? 'odd' : 'even'},${dayOf(n)}`,
);

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  for (const [name, csv] of Object.entries(datasets)) {
    if (name !== 'no_rows') await bench.data(name, csv);
  }
  await bench.data('measures', ['x,y,kind,day', ...measures].join('\n'));
  success(await bench.run('run_sql', {sql: 'SELECT * FROM one_row WHERE false', save_as: 'no_rows'}));
});
afterAll(() => bench.close());

const tool = (name: string) => {
  const found = bench.tools.find(each => each.name === name);
  if (!found) throw new Error(`no tool ${name}`);
  return found;
};

describe.each(names)('the tool %s', name => {
  it('has a name that every provider takes and a description of one to three sentences', () => {
    expect(name).toMatch(/^[a-z][a-z0-9_]{2,40}$/);
    const {description} = tool(name);
    expect(description).toMatch(/^[A-Z].*\.$/);
    expect(description.length).toBeLessThan(220);
  });

  it('describes its arguments as a JSON Schema object of plain parts', () => {
    const schema: unknown = JSON.parse(JSON.stringify(z.toJSONSchema(tool(name).args, {io: 'input'})));
    expect(schemaProblems(schema, name)).toEqual([]);
    expect(schema).toMatchObject({type: 'object'});
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a list', []],
    ['a number', 7],
    ['a text', 'SELECT 1'],
    ['wrong types', {sql: 1, dataset: [], path: {}, steps: 'x', mark: 'pie', x: null}],
    ['hostile text', {sql: '\u001b]0;x\u0007', dataset: '../../etc', path: '\u0000', mark: 'bar', x: '"; DROP', y: ''}],
  ])('answers %s with a typed failure or a plain result, and never throws', async (_, args) => {
    const result = await bench.run(name, args);
    if (result.ok) {
      expect(result.receipt.tool).toBe(name);
      return;
    }
    expect(result.code).toMatch(/^[a-z]+(\.[a-z_]+)+$/);
    expect(result.code).not.toBe('tool.crashed');
    expect(result.message.length).toBeGreaterThan(5);
    expect(result.message).not.toContain('\n    at ');
  });

  it('every success has a summary, and a receipt with whole milliseconds', async () => {
    const column = {analyze_text: 'kind', explain_model: 'x'}[name] ?? 'y';
    // A training divides rows by group or by time, not by both.
    const {group: _, ...ungrouped} = sample;
    const applies = ['predict', 'evaluate_model', 'explain_model'].includes(name);
    const model = applies ? {model: 'latest'} : {};
    if (applies) success(await bench.run('train_model', ungrouped));
    const known = name === 'train_model' ? ungrouped : sample;
    const ahead = name === 'forecast' ? {time: 'day', steps: 3, group: undefined} : {};
    const args = {...known, ...ahead, ...model, column, path: await bench.file('contract.csv', 'a\n1\n')};
    const {summary, receipt} = success(await bench.run(name, args));
    expect(summary.trim()).not.toBe('');
    expect(receipt).toMatchObject({tool: name, sampled: false});
    expect(Number.isInteger(receipt.ms)).toBe(true);
  });
});

describe.each(Object.keys(datasets))('the dataset %s', name => {
  it('can be described, listed, queried and drawn', async () => {
    success(await bench.run('list_datasets', {}));
    success(await bench.run('describe_dataset', {dataset: name}));
    success(await bench.run('run_sql', {sql: `SELECT * FROM ${name}`}));
    success(await bench.run('run_sql', {sql: `SELECT count(*), avg(n::DOUBLE) FROM ${name}`}));
    const sql = `SELECT n::DOUBLE AS n, row_number() OVER () AS i FROM ${name}`;
    for (const mark of ['bar', 'line', 'scatter', 'histogram', 'box', 'heatmap'])
      success(
        await bench.run('draw_chart', {
          mark,
          sql,
          x: mark === 'box' ? 'n' : 'i',
          ...(mark === 'box' ? {} : {y: 'n'}),
          group: 'n',
        }),
      );
  });
});

describe('names in quotes and other scripts', () => {
  const quoted = `"${strange.replaceAll('"', '""')}"`;

  it('can be queried, described and kept', async () => {
    const sql = `SELECT ${quoted}, "select" FROM plain ORDER BY n`;
    const {table} = success(await bench.run('run_sql', {sql, save_as: 'kept'}));
    expect(table?.columns.map(column => column.name)).toEqual([strange, 'select']);
    expect(
      success(await bench.run('describe_dataset', {dataset: 'kept', columns: [strange]})).table?.rows,
    ).toHaveLength(1);
    const counts = `SELECT ${quoted}, count(*) AS n FROM plain GROUP BY 1 ORDER BY 1`;
    success(await bench.run('draw_chart', {mark: 'bar', sql: counts, x: strange, y: 'n'}));
  });

  it('cells with direction marks are shown as escapes in what people and models read', async () => {
    const {summary} = success(await bench.run('run_sql', {sql: `SELECT ${quoted} FROM plain`}));
    expect(summary).not.toContain('\u202e');
    expect(summary).toContain('\\u202e');
  });
});

const jsonTypes = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];

/** What keeps a value from being a JSON Schema that the services accept: only the keywords they know. */
function schemaProblems(schema: unknown, at: string): string[] {
  if (!isRecord(schema)) return [`${at} is no object`];
  const problems: string[] = [];
  const known =
    /^(\$schema|type|properties|required|additionalProperties|items|enum|description|m(in|ax)(Length|Items|imum)|pattern)$/;
  for (const key of Object.keys(schema)) if (!known.test(key)) problems.push(`${at} uses ${key}`);
  if (typeof schema.type !== 'string' || !jsonTypes.includes(schema.type)) problems.push(`${at} has no type`);
  if (schema.type === 'array') problems.push(...schemaProblems(schema.items, `${at}[]`));
  if (schema.type === 'object') {
    const properties = isRecord(schema.properties) ? schema.properties : {};
    for (const [key, value] of Object.entries(properties)) problems.push(...schemaProblems(value, `${at}.${key}`));
    const required = Array.isArray(schema.required) ? schema.required : [];
    for (const key of required)
      if (!(String(key) in properties)) problems.push(`${at} requires ${key}, which it lacks`);
  }
  return problems;
}
