import {writeFileSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {ask, askJson, ProgramBench} from '../support/built-program.ts';
import {asks, says} from '../support/fake-llm-steps.ts';

let bench: ProgramBench;
beforeEach(async () => {
  bench = await ProgramBench.start();
  bench.writeSales();
});
afterEach(() => bench.close());

const average = asks([{name: 'run_sql', args: {sql: 'SELECT avg(price) AS a, max(price) AS m FROM sales'}}]);
const run = (args: string[], env = {}) => bench.run([...args, '--data', 'sales.csv'], bench.env(env));

describe('the numbers of an answer', () => {
  it('that a result holds are counted and not spoken of', async () => {
    bench.setOpenAi(average, says('On average 20, at most 30, together 50, over 3 rows.'));
    const ran = await run([...ask, '--json']);
    expect(ran.json()).toMatchObject({grounding: {numbers: 4, supported: 3, derived: 1, unsupported: []}});
    expect(ran.err).not.toContain('unsupported');
  });

  it('that no result holds are named on stderr before the answer stands on stdout, and in the object', async () => {
    bench.setOpenAi(average, says('On average 21.5, at most 30.'));
    const text = await run(ask);
    expect(text.err).toContain('⚠ unsupported: 21.5 stands in no result.');
    expect(text.out).toContain('On average 21.5');
    bench.setOpenAi(average, says('On average 21.5, at most 30.'));
    const json = await run([...ask, '--json']);
    expect(json.json()).toMatchObject({grounding: {numbers: 2, supported: 1, unsupported: ['21.5']}});
  });

  it('may come from the question or an earlier answer, and are null in the object when there are none', async () => {
    bench.setOpenAi(says('As you said, 777.'));
    const ran = await run(['-p', 'is it 777?', '-n', '--json']);
    expect(ran.json()).toMatchObject({grounding: {numbers: 1, unsupported: []}});
    bench.setOpenAi(says('No idea.'));
    expect((await run([...ask, '--json'])).json()).toMatchObject({grounding: null});
  });

  it('fail the run with exit code 10 where --fail-on asks for it and no result holds them, and the answer stands', async () => {
    const total = asks([{name: 'run_sql', args: {sql: 'SELECT sum(price) AS s, max(price) AS m FROM sales'}}]);
    bench.setOpenAi(total, says('Together 71.5, at most 31.7.'));
    const doubted = await run([...askJson, '--fail-on', 'warn']);
    expect(doubted.code).toBe(10);
    expect(doubted.json()).toMatchObject({
      status: 'answered',
      answer: 'Together 71.5, at most 31.7.',
      error: {code: 'grounding.unsupported', kind: 'caution', message: '2 numbers are in no result (--fail-on warn).'},
    });
    bench.setOpenAi(total, says('Together 60.'));
    expect((await run([...ask, '--fail-on', 'info'])).code).toBe(0);
  });

  it('of the embedded analyst on missing values are all supported', async () => {
    const gaps = Array.from({length: 40}, (_, i) => `${i % 3 ? i : ''},${i % 4 ? i : ''},${i % 7 ? i : ''},${i}`);
    writeFileSync(bench.path('gaps.csv'), ['a,b,c,d', ...gaps].join('\n'));
    const ran = await bench.run([
      '-p',
      'missing values',
      '-n',
      '--json',
      '--provider',
      'offline',
      '--data',
      'gaps.csv',
    ]);
    const {answer, grounding} = ran.json() as unknown as {answer: string; grounding: {unsupported: string[]}};
    expect(answer).toContain('3** of 4 columns');
    expect(grounding.unsupported).toEqual([]);
  });

  it('of the embedded analyst are all supported', async () => {
    const ran = await run(['-p', 'average price by region', '-n', '--json', '--provider', 'offline']);
    const {grounding} = ran.json() as unknown as {grounding: {numbers: number; unsupported: string[]}};
    expect(grounding.numbers).toBeGreaterThan(3);
    expect(grounding.unsupported).toEqual([]);
  });
});

describe('what went to a model', () => {
  it('is counted in the object, with the level', async () => {
    bench.setOpenAi(average, says('On average 20.'));
    const ran = await run([...ask, '--json', '--privacy', 'aggregates']);
    const {privacy} = ran.json() as unknown as {privacy: Record<string, unknown>};
    const bytes = bench.server.requests.reduce((sum, {body}) => sum + Buffer.byteLength(JSON.stringify(body)), 0);
    // Three rows are too few to say what their average is.
    expect(privacy).toEqual({level: 'aggregates', rows_sent: 0, cells_sent: 0, bytes_sent: bytes});
    expect(JSON.stringify(bench.server.requests.at(-1)?.body)).toContain('2 cells are withheld');
    expect(JSON.stringify(bench.server.requests.at(-1)?.body)).not.toContain('10 … 30');
  });

  it('goes on at the level at which a session was left, unless the command line names one', async () => {
    bench.setOpenAi(says('One.'));
    const level = async (...args: string[]) =>
      JSON.parse((await run(['-n', '--json', '-p', 'hello', ...args])).out).privacy.level;
    expect(await level('--session', 'kept', '--privacy', 'schema')).toBe('schema');
    const again = await run(['-n', '-p', 'again', '--session', 'kept']);
    expect(again.err).toContain('The privacy level of this session is schema, as it was left.');
    expect(await level('--session', 'kept', '--privacy', 'rows')).toBe('rows');
    expect(await level('--session', 'kept')).toBe('rows');
    await run(['-n', '-p', '/privacy aggregates', '--session', 'kept']);
    expect(await level('-c')).toBe('aggregates');
    expect(await level()).toBe('rows');
    const strict = {...bench.env(), DS_AGENT_PRIVACY: 'schema'};
    expect(JSON.parse((await bench.run(['-n', '--json', '-p', 'hello', '-c'], strict)).out).privacy.level).toBe(
      'schema',
    );
  });

  it('is nothing with the embedded analyst', async () => {
    const ran = await run(['-p', 'average price', '-n', '--json', '--provider', 'offline']);
    expect(ran.json()).toMatchObject({privacy: {level: 'rows', rows_sent: 0, cells_sent: 0, bytes_sent: 0}});
  });

  it('a level that does not exist is refused before anything is sent', async () => {
    const ran = await run([...ask, '--privacy', 'none']);
    expect(ran.code).toBe(4);
    expect(ran.err).toContain('DS_AGENT_PRIVACY can be rows, aggregates, schema, not none');
    expect(bench.server.requests).toHaveLength(0);
  });

  it('a list of hidden columns that can not be read stops the run rather than being taken for empty', async () => {
    await run(['-p', 'describe it', '-n', '--provider', 'offline']);
    writeFileSync(bench.path('workspace', 'privacy.json'), '{"never_send": [');
    const ran = await run(ask);
    expect(ran.code).toBe(4);
    expect(ran.err).toContain('privacy.json');
    expect(bench.server.requests).toHaveLength(0);
  });
});
