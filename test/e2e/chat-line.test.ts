// The line of the built chat: emacs keys and their undo, the history of the workspace, pastes that open, and /undo of data.

import {mkdtempSync, readFileSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {idle, openChatBench, screenHas, shows} from '../support/chat-bench.ts';

const {bench} = await openChatBench();

describe('the line', () => {
  it('is edited by the keys of emacs, and Ctrl-_ takes each step back', async () => {
    const program = await bench.ready([]);
    program.write('average price of north');
    await screenHas(program, '› average price of north');
    program.write('\x17\x17\x01big \x05!');
    await screenHas(program, '› big average price !');
    program.write('\x15');
    await idle(program);
    program.write('\x19');
    await screenHas(program, '› big average price !');
    for (let index = 0; index < 6; index++) program.write('\x1f');
    await screenHas(program, '› average price of north');
  });

  it('opens the placeholder of a long paste by Ctrl-O', async () => {
    const program = await bench.ready([], {rows: 20});
    const lines = Array.from({length: 14}, (_, index) => `note ${index + 1}`);
    program.write(`\x1b[200~${lines.join('\r')}\x1b[201~`);
    await screenHas(program, '› [paste 1: 14 lines]');
    program.write('\x0f');
    await screenHas(program, 'note 14');
    expect(shows(program, '[paste 1')).toBe(false);
  });
});

describe('the history', () => {
  it('is of the workspace, for its owner alone, and found by Ctrl-R at the next start', async () => {
    const first = await bench.ready(['--data', 'sales.csv']);
    first.write('average price by region\r');
    // Next steps are there before any answer too.
    await first.see('east', 15_000);
    await idle(first);
    first.write('line one\\\r');
    await screenHas(first, '› line one');
    first.write('line two\r');
    await first.see('I did not understand', 15_000);
    await idle(first);
    first.write('\x04');
    expect(await first.exit).toBe(0);
    const file = bench.path('workspace', 'sessions', 'history.txt');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8').trim().split('\n')).toEqual([
      '"average price by region"',
      JSON.stringify('line one\nline two'),
    ]);

    const again = await bench.ready([]);
    again.write('\x12regi');
    await screenHas(again, 'average price by region');
    again.write('\r');
    await again.see('east', 15_000);
    await idle(again);
    again.write('\x1b[A\x1b[A');
    await screenHas(again, 'line two');

    const elsewhere = mkdtempSync(join(tmpdir(), 'ds-agent-other-'));
    const other = await bench.ready(['--workspace', elsewhere]);
    other.write('\x1b[A');
    other.write('x');
    await screenHas(other, '› x');
    other.dispose();
    rmSync(elsewhere, {recursive: true, force: true});
  });
});

describe('/undo', () => {
  it('goes back to the version before a cleaning, and the bar and the answers with it', async () => {
    const program = await bench.ready(['--data', 'sales.csv', '--yes']);
    await screenHas(program, 'sales 60 × 3 v1');
    program.write('/clean drop sold_on\r');
    await screenHas(program, 'sales 60 × 2 v2');
    await idle(program);
    program.write('/undo\r');
    await program.see('Now sales v1, 60 rows × 3 columns.');
    await screenHas(program, 'sales 60 × 3 v1');
    await idle(program);
    program.write('maximum price\r');
    await program.see('highest price is 69', 15_000);
    await idle(program);
    program.write('/undo\r');
    await program.see('✗');
  });
});
