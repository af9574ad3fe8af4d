import {writeFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {openChatBench} from '../support/chat-bench.ts';

const {bench} = await openChatBench();

const chat = (editor: string) => bench.ready([], {columns: 80, rows: 24, env: {VISUAL: '', EDITOR: editor}});

describe('Ctrl-G', () => {
  it('gives the terminal to $EDITOR with the draft, takes back what it wrote, and keeps the view in order', async () => {
    const script = bench.path('my editor.sh');
    writeFileSync(script, '#!/bin/sh\necho "in the editor"\nstty -a | grep -c -w icanon\necho " by region" >> "$1"\n');
    const running = await chat(`sh '${script}'`);
    running.write('average price\x07');
    await running.see('in the editor');
    await running.see('by region');
    await running.until(() => running.screen().includes('› average price by region'), 'the draft');
    const lines = running.screen();
    // Out of raw mode while the editor had the terminal.
    expect(lines).toContain('1');
    expect(lines.filter(line => line.startsWith('offline'))).toHaveLength(1);
    running.write(' ok');
    await running.see('by region ok');
  });

  it('keeps the draft when the editor fails, and says what to set when there is none', async () => {
    const fails = 'The editor failed; the line is as it was';
    for (const editor of ['false', 'no-such-editor', 'kill -9 $$ #']) {
      const failing = await chat(editor);
      failing.write('draft\x07');
      await failing.see(fails);
      failing.write('!');
      await failing.see('› draft!');
      failing.dispose();
    }
    const none = await chat('');
    none.write('draft\x07');
    await none.see('Set EDITOR to write in an editor');
  });

  it('leaves Ctrl-C to the editor: neither the chat nor the draft is lost', async () => {
    const running = await chat("sh -c 'echo in the editor; sleep 60' #");
    running.write('draft\x07');
    await running.see('in the editor');
    running.write('\x03');
    await running.see('The editor failed; the line is as it was');
    await running.until(() => running.screen().some(line => line.startsWith('› draft')), 'the draft');
  });
});
