import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {ChatRequest, Message} from '../../../src/core/chat.ts';
import {ProviderError} from '../../../src/core/errors.ts';
import type {ToolResult} from '../../../src/core/tool.ts';
import {createOfflineProvider, reply} from '../../../src/providers/offline/analyst.ts';
import {allTables} from './datasets.ts';
import {Laboratory, sqlOf} from './laboratory.ts';

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open(allTables);
});
afterAll(() => laboratory.close());

const request = (messages: Message[], more: Partial<ChatRequest> = {}): ChatRequest => ({
  system: '',
  messages,
  tools: [],
  datasets: laboratory.datasets,
  activeDataset: 'orders',
  ...more,
});
const user = (text: string): Message => ({role: 'user', text});
const spec = (name: string) => ({name, description: '', parameters: {}});

describe('the provider', () => {
  test('is called offline and analyst, and ends a reply with one end chunk', async () => {
    const provider = createOfflineProvider();
    const chunks = [];
    for await (const chunk of provider.stream(request([user('hello')]), new AbortController().signal))
      chunks.push(chunk);
    expect([provider.name, provider.model]).toEqual(['offline', 'analyst']);
    expect(chunks.filter(({type}) => type === 'end')).toHaveLength(1);
    expect(chunks.at(-1)?.type).toBe('end');
  });

  test('throws an aborted ProviderError once the signal has fired', async () => {
    const stream = createOfflineProvider().stream(request([user('average price')]), AbortSignal.abort());
    const reading = (async () => {
      for await (const chunk of stream) expect(chunk).toBeUndefined();
    })();
    await expect(reading).rejects.toBeInstanceOf(ProviderError);
    await expect(reading).rejects.toMatchObject({fault: {class: 'aborted'}});
  });

  test('never asks for a tool that is not offered: a chart becomes the query of its numbers', () => {
    const {calls} = reply(request([user('plot revenue by region')], {tools: [spec('run_sql')]}));
    expect(calls.map(({name}) => name)).toEqual(['run_sql']);
  });

  test('gives its calls different ids in every turn', async () => {
    const ids: string[] = [];
    const messages: Message[] = [];
    for (const text of ['average price', 'average revenue']) {
      messages.push(user(text));
      const {calls} = reply(request(messages));
      ids.push(...calls.map(({id}) => id));
      messages.push({
        role: 'assistant',
        text: '',
        toolCalls: calls,
        usage: {inputTokens: null, outputTokens: null},
        provider: 'offline',
        model: 'analyst',
      });
    }
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('reports what the tools said when the history no longer fits the plan', () => {
    const result: ToolResult = {
      ok: true,
      summary: 'kept summary',
      receipt: {id: 1, tool: 'run_sql', args: {}, datasets: [], rowsRead: 0, sampled: false, ms: 0},
    };
    const messages: Message[] = [
      user('average price'),
      {
        role: 'assistant',
        text: '',
        toolCalls: [{id: 'x', name: 'run_sql', argumentsText: '{"sql":"SELECT 1"}'}],
        usage: {inputTokens: null, outputTokens: null},
        provider: 'openai',
        model: 'm',
      },
      {role: 'tool', callId: 'x', name: 'run_sql', result},
    ];
    expect(reply(request(messages))).toEqual({text: 'kept summary', calls: [], stop: 'complete'});
  });
});

describe('next steps', () => {
  test.each([
    'average price by region',
    'distribution of revenue',
    'missing values',
    'revenue over time',
    'describe orders',
    'what can I ask',
    'top 5 products by revenue',
    'correlation matrix',
    'outliers',
    'compare price between Berlin and Paris',
    'show 3 rows',
    'xyzzy',
  ])('after "%s" come 2 to 4 prompts that it understands, none the same question', async question => {
    const {steps, calls} = await laboratory.ask(question, 'orders');
    expect(steps.length).toBeGreaterThanOrEqual(2);
    expect(steps.length).toBeLessThanOrEqual(4);
    for (const {prompt, label} of steps) {
      const next = await laboratory.ask(prompt, 'orders');
      expect(next.calls.length, prompt).toBeGreaterThan(0);
      expect(
        next.calls.map(({args}) => args),
        prompt,
      ).not.toEqual(calls.map(({args}) => args));
      for (const {result} of next.calls) expect(result.ok ? '' : `${prompt}: ${result.message}`).toBe('');
      expect(label.length).toBeLessThanOrEqual(120);
    }
  });

  test('an import is followed by questions about the new dataset', async () => {
    const {calls, steps, rounds, text} = await laboratory.ask('import "my data.csv" as sales', 'weather');
    expect(calls.map(({name, args}) => ({name, args}))).toEqual([
      {name: 'import_file', args: {path: 'my data.csv', name: 'sales'}},
    ]);
    expect(rounds).toBe(3);
    expect(text).toBe('import_file ran');
    expect(steps.map(({prompt}) => prompt)).toContain('precipitation_mm over time');
  });
});

describe('what needs no data', () => {
  test.each(['help', 'what can I ask?', 'what can you do', 'hi', 'hello there'])(
    '"%s" is answered with what it is and real columns',
    async question => {
      const {text, calls} = await laboratory.ask(question, 'orders');
      expect(calls).toEqual([]);
      expect(text).toContain('no language model');
      expect(text).toContain('average revenue by region');
    },
  );

  test('"thanks" is not taken for a question', async () => {
    expect((await laboratory.ask('thank you!', 'orders')).calls).toEqual([]);
  });

  test('a bare number with no step to follow says so', async () => {
    expect((await laboratory.ask('7', 'orders')).text).toContain('no numbered next step 7');
  });

  test('a question without any dataset says how to add one', () => {
    const {text, calls} = reply(request([user('average price by region')], {datasets: [], activeDataset: undefined}));
    expect(calls).toEqual([]);
    expect(text).toContain('import path/to/file.csv');
  });

  test.each([
    ['import sales.csv', {path: 'sales.csv'}],
    ['load ./data/my file.csv', {path: './data/my file.csv'}],
    ['please open "/tmp/a b.parquet"', {path: '/tmp/a b.parquet'}],
    ['data.tsv', {path: 'data.tsv'}],
    ['upload ~/x.json as events', {path: '~/x.json', name: 'events'}],
  ])('%s imports that file even before there is data', (text, args) => {
    const {calls} = reply(request([user(text)], {datasets: []}));
    expect(calls.map(call => [call.name, JSON.parse(call.argumentsText)])).toEqual([['import_file', args]]);
  });

  test.each([
    'SELECT 1',
    'select avg(unit_price) from orders',
    'FROM orders LIMIT 3',
    'DESCRIBE orders',
    'SUMMARIZE orders',
    'WITH x AS (SELECT 1) FROM x',
    'DROP TABLE orders',
  ])('%s is passed on as it stands when it is SQL that reads', text => {
    const {calls} = reply(request([user(text)]));
    const sql = calls.filter(({name}) => name === 'run_sql').map(call => JSON.parse(call.argumentsText).sql);
    expect(sql).toEqual(text.startsWith('DROP') ? [] : [text]);
  });

  test('"save as" behind SQL keeps the result', () => {
    const [call] = reply(request([user('SELECT * FROM orders WHERE quantity > 3 save as big_orders')])).calls;
    expect(JSON.parse(call?.argumentsText ?? '{}')).toEqual({
      sql: 'SELECT * FROM orders WHERE quantity > 3',
      save_as: 'big_orders',
    });
  });
});

describe('what it does not know', () => {
  test.each([
    ['average happiness by region', 'There is no column “happiness” in orders'],
    ['average price by planet', 'There is no column “planet” in orders'],
    ['average price in Atlantis', 'I do not know “Atlantis”'],
    ['average price where region is Nroth', 'North'],
    ['average product', 'The average needs numbers; product is text'],
    ['train a model for happiness', 'I do not know “happiness”'],
    ['how many people died', 'I do not know “died”'],
    ['plugh', 'I did not understand that'],
    ['describe orderz_2020', 'There is no dataset “orderz_2020”'],
    ['orders over 100000', '“over 100000” names no column'],
    ['average price before 3/4/2021', 'I do not know “3/4/2021”'],
  ])('"%s" is not computed with something else', async (question, said) => {
    const {text, calls} = await laboratory.ask(question, 'orders');
    expect(text).toContain(said);
    if (!question.includes('Nroth')) expect(calls).toEqual([]);
  });

  test('a misspelt column is used and the reading said', async () => {
    const {text, calls} = await laboratory.ask('average quantitty by catgory', 'orders');
    expect(calls).not.toEqual([]);
    expect(text).toContain('“quantitty” was read as the column quantity');
    expect(text).toContain('“catgory” was read as the column category');
  });

  test('a part of several names takes the likeliest and names the others', async () => {
    const {text} = await laboratory.ask('average temp by station', 'weather');
    expect(text).toContain('“temp” could also mean');
  });

  test('columns of another dataset are answered from it, and that is said', async () => {
    const answer = await laboratory.ask('average fare by sex', 'orders');
    expect(sqlOf(answer)[0]).toContain('FROM "titanic"');
    expect(answer.text).toContain('Answered from titanic');
    expect(answer.steps.every(({prompt}) => prompt.includes('titanic'))).toBe(true);
  });

  test.each(['how many rows in titanic', 'count titanic', 'number of rows in the titanic dataset'])(
    '%s counts the dataset that is named',
    async question => {
      expect(sqlOf(await laboratory.ask(question, 'orders'))[0]).toContain('FROM "titanic"');
    },
  );
});

describe('how a reply ends', () => {
  test.each([
    'plugh',
    'average happiness by region',
    'average price in Atlantis',
    '7',
    'DROP TABLE orders',
    'delete from orders',
    'UPDATE orders SET quantity = 1',
    'insert into orders values (1)',
    'create table x as select 1',
    'ALTER TABLE orders DROP COLUMN region',
    "COPY orders TO '/tmp/x.csv'",
    "ATTACH '/tmp/x.db'",
    'INSTALL httpfs',
    'PRAGMA memory_limit',
    'SET threads = 8',
    'delete all rows where quantity is missing',
    'please remove the unit_price column',
    'delete the duplicates in the basement',
    // A condition on the rows of each group is not read yet; the order of the groups themselves would be wrong.
    'most expensive 2 orders per quantity',
    'top 3 unit prices within each region by revenue',
    'top 3 unit prices per region',
  ])('"%s" is not answered, and the stream says so', async question => {
    const answer = await laboratory.ask(question, 'orders');
    expect(answer.calls).toEqual([]);
    expect(answer.stop).toBe('unanswered');
    expect(answer.text.split('\n')[0]?.length).toBeLessThan(220);
  });

  test('a question without data is not answered', () => {
    expect(reply(request([user('average price')], {datasets: [], activeDataset: undefined})).stop).toBe('unanswered');
  });

  test.each(['hello', 'help', 'thanks', 'what can I ask?', 'average price by region', 'SELECT 1', 'list datasets'])(
    '"%s" is answered',
    async question => {
      expect((await laboratory.ask(question, 'orders')).stop).toBe('complete');
    },
  );
});

describe('a word or column that was read but found no use', () => {
  test.each([
    ['average price by region frobnicated', 'frobnicated'],
    ['total quantity wibble', 'wibble'],
  ])('"%s" is not answered with something else, and names it', async (question, word) => {
    const answer = await laboratory.ask(question, 'orders');
    expect(answer.calls).toEqual([]);
    expect(answer.stop).toBe('unanswered');
    expect(answer.text).toContain(word);
  });
});
