import {writeFileSync} from 'node:fs';
import {beforeEach, describe, expect, it} from 'vitest';
import {openChatBench} from '../support/chat-bench.ts';
import {asks, says} from '../support/fake-llm-steps.ts';
import type {PtyProgram} from '../support/pty.ts';

const {bench, server, model} = await openChatBench();

let terminal: PtyProgram;
beforeEach(async () => {
  writeFileSync(bench.path('sales.csv'), 'region,price\nnorth,10\nsouth,20\neast,30\n');
  terminal = await bench.ready(['--data', 'sales.csv'], {columns: 140, env: model()});
});

const text = () => terminal.lines().join('\n');

describe('in the chat', () => {
  it('a number that no result holds is named beneath its answer, and the bar tells what was sent', async () => {
    const reads = asks([{name: 'run_sql', args: {sql: 'SELECT avg(price) AS a FROM sales'}}]);
    server.setScript('openai', [reads, says('On average 20, or 21.75 with care.')]);
    terminal.write('average price\r');
    await terminal.see('⚠ unsupported: 21.75 stands in no result', 15_000);
    expect(text().indexOf('with care.')).toBeLessThan(text().indexOf('⚠ unsupported'));
    await terminal.see('privacy rows · 1 row sent', 5_000);
  });

  it('/privacy schema takes effect at once, and values are filled in as they stream', async () => {
    terminal.write('/privacy schema\r');
    await terminal.see('Privacy level schema', 5_000);
    const reads = asks([{name: 'run_sql', args: {sql: 'SELECT avg(price) + 0.125 AS a FROM sales'}}]);
    server.setScript('openai', [reads, says('It is {{1:1:a}} on average.')]);
    terminal.write('average price\r');
    await terminal.see('It is 20.125 on average.', 15_000);
    expect(JSON.stringify(server.requests.map(({body}) => body.messages))).not.toContain('20.125');
    terminal.write('/wire\r');
    await terminal.see('Its values are withheld, since the level is schema', 5_000);
  });
});
