import {writeFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {count, idle, openChatBench, screenHas, shows} from '../support/chat-bench.ts';
import {says} from '../support/fake-llm-steps.ts';
import type {PtyProgram} from '../support/pty.ts';

const {bench, server, model} = await openChatBench();

type Sent = {messages: {role: string; content: string | null}[]};
const messages = () => (server.requestsTo('openai').at(-1)?.body as Sent | undefined)?.messages ?? [];

async function viewed(program: PtyProgram, line = '/view'): Promise<void> {
  program.write(`${line}\r`);
  await screenHas(program, 'q leave');
  await program.until(() => !shows(program, 'counting'), 'the count');
}

describe('/view', () => {
  it('sorts, filters and drops the selection into the line, and the screen before is as it was', async () => {
    const program = await bench.ready(['--data', 'sales.csv']);
    const before = program.screen().filter(line => line.includes('Data: sales'));
    await viewed(program);
    expect(program.screen()[0]).toBe('sales v1 · 60 rows · 3 columns');
    expect(program.screen()[2]).toMatch(/varchar\s+bigint\s+date/);
    program.write('ls');
    program.write('s');
    await screenHas(program, 'price ▼');
    await screenHas(program, '69');
    program.write("/region = 'south'");
    program.write('\r');
    await screenHas(program, '20 rows');
    program.write('jv');
    program.write('jc');
    await screenHas(program, '›3');
    program.write('\r');
    await screenHas(program, "› @sales[rows 2-3, price by price desc where region = 'south']");
    expect(program.screen().filter(line => line.includes('Data: sales'))).toEqual(before);
    expect(program.output()).toContain('\x1b[?1049l');
  });

  it('finds words, says what is wrong with a condition, and is left with q', async () => {
    const program = await bench.ready(['--data', 'sales.csv']);
    await viewed(program, '/view sales');
    program.write('/NOR\r');
    // "/NOR" and Enter in one read: text, then the key.
    await screenHas(program, '20 rows');
    program.write('/');
    program.write('\x15prise > 3');
    program.write('\r');
    await screenHas(program, 'prise');
    await screenHas(program, 'filter: prise > 3');
    program.write('\x1b');
    await screenHas(program, 'q leave');
    program.write('q');
    await idle(program);
  });

  it('survives changes of size, and the signals restore the terminal out of it', async () => {
    const program = await bench.ready(['--data', 'sales.csv'], {rows: 20});
    await viewed(program);
    program.resize(24, 8);
    await program.until(() => program.screen().length === 8 && shows(program, '›1'), 'the small grid');
    program.resize(100, 20);
    await screenHas(program, 'sales v1 · 60 rows');
    program.kill('SIGTERM');
    expect(await program.exit).toBe(143);
    expect(program.output().lastIndexOf('\x1b[?1049l')).toBeGreaterThan(program.output().lastIndexOf('\x1b[?1049h'));
    expect(program.output().lastIndexOf('\x1b[?7h')).toBeGreaterThan(program.output().lastIndexOf('\x1b[?7l'));
  });

  it('says what it cannot show', async () => {
    const program = await bench.ready([]);
    program.write('/view nosuch\r');
    await program.see('✗');
    await program.see('nosuch');
    await idle(program);
    program.write('/view 9\r');
    await program.see('There is no result 9 that was made by SQL.');
  });
});

describe('rows named in a question', () => {
  it('go to a model as the result of a query, with a receipt', async () => {
    server.setScript('openai', [says('They are dear.')]);
    const program = await bench.ready(['--data', 'sales.csv'], {env: model()});
    program.write('what of @sales[rows 59-60, price, region]?\r');
    await program.see('They are dear.');
    expect(count(program, '▸ run_sql sales 60 → 2 rows')).toBe(1);
    const sent = messages();
    expect(sent.find(message => message.role === 'user')?.content).toContain('@sales[rows 59-60, price, region]');
    const result = sent.find(message => message.role === 'tool')?.content ?? '';
    expect(result).toContain('| 68 | south |');
    expect(result).toContain('| 69 | east |');
    await idle(program);
    program.write('/why 1\r');
    await program.see('SELECT "price", "region" FROM "sales" LIMIT 2 OFFSET 58');
  });

  it('keep what is private: no value leaves at the level schema', async () => {
    server.setScript('openai', [says('I see no values.')]);
    const program = await bench.ready(['--data', 'sales.csv'], {env: model({DS_AGENT_PRIVACY: 'schema'})});
    program.write('what of @sales[rows 59-60, price]?\r');
    await program.see('I see no values.');
    expect(JSON.stringify(messages().filter(message => message.role === 'tool'))).not.toMatch(/6[89]/);
  });

  it('become a dataset for the embedded analyst, who computes over them', async () => {
    const program = await bench.ready(['--data', 'sales.csv']);
    program.write('average price of @sales[rows 1-3]\r');
    await program.see('sales_rows_1_3 v1');
    await program.see('11');
    await program.until(() => count(program, 'The average price') === 1, 'the answer');
    await program.until(() => /average price[^.]*\b11\b/.test(program.lines().join('\n')), 'the mean of 10, 11 and 12');
  });

  it('that cannot be read are refused with how to write them', async () => {
    const program = await bench.ready(['--data', 'sales.csv']);
    program.write('sum of @sales[rows x]\r');
    await program.see("can't be read as rows");
    await idle(program);
    program.write('sum of @sales[rows 1-2, prise]\r');
    await program.see('Did you mean price?');
  });
});

describe('completion of paths', () => {
  it('offers files behind @ and behind /upload', async () => {
    const program = await bench.ready([]);
    program.write('see @sales.c');
    await screenHas(program, '▸ sales.csv');
    program.write('\t');
    await screenHas(program, '› see @sales.csv');
    program.write('\x15/upload sales.\t');
    await screenHas(program, '› /upload sales.csv');
  });

  it('offers a file whose name has blanks behind /upload, which takes it as it stands', async () => {
    writeFileSync(bench.path('more sales of may.csv'), 'a,b\n1,2\n');
    const program = await bench.ready(['--yes']);
    program.write('/upload more sa\t');
    await screenHas(program, '› /upload more sales of may.csv');
    program.write('\r');
    await program.see('✓ more_sales_of_may v1: 1 row');
  });

  it('writes a column with its dataset, as the embedded analyst understands it', async () => {
    const program = await bench.ready(['--data', 'sales.csv']);
    program.write('maximum of @sales.pri\t');
    await screenHas(program, '› maximum of sales.price');
    program.write('\r');
    await program.see('highest price is 69');
  });
});
