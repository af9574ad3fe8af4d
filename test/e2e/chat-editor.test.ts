import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {type PtyProgram, startPty} from '../support/pty.ts';

const program = fileURLToPath(new URL('../../bin/ds-agent.js', import.meta.url));
let folder: string;
let terminal: PtyProgram | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ds-agent-e2e-editor-'));
  mkdirSync(join(folder, 'home'));
});
afterEach(() => {
  terminal?.dispose();
  rmSync(folder, {recursive: true, force: true});
});

async function chat(editor: string): Promise<PtyProgram> {
  const home = join(folder, 'home');
  const env = {HOME: home, XDG_CONFIG_HOME: home, XDG_STATE_HOME: home, OPENAI_API_KEY: '', GEMINI_API_KEY: ''};
  terminal = startPty({args: [program], cwd: folder, env: {...env, VISUAL: '', EDITOR: editor}});
  await terminal.see('› Ask about your data', 15_000);
  return terminal;
}

describe('Ctrl-G', () => {
  it('gives the terminal to $EDITOR with the draft, takes back what it wrote, and keeps the view in order', async () => {
    const script = join(folder, 'my editor.sh');
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
