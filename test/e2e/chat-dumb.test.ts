import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {ChatBench, count} from '../support/chat-bench.ts';
import type {PtyProgram} from '../support/pty.ts';

let bench: ChatBench;
beforeEach(() => {
  bench = new ChatBench();
});
afterEach(() => bench.close());

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));
const asks = (program: PtyProgram) =>
  program.until(() => program.screen().some(line => line === '> ' || line === '>'), 'the prompt', 15_000);

async function chat(...args: string[]): Promise<PtyProgram> {
  const program = bench.start(args, {env: {TERM: 'dumb'}});
  await asks(program);
  return program;
}

describe('the chat with TERM=dumb', () => {
  it('is lines in and lines out, without one escape, and ends with the input', async () => {
    const program = await chat('--data', 'sales.csv');
    program.write('average price by region\r');
    await program.see('Next steps (type a number)', 15_000);
    await program.until(() => count(program, 'The average price is highest') === 1, 'the answer');
    await asks(program);
    program.write('/sql SELECT 6 * 7 AS n\r');
    await program.see('42');
    expect(count(program, 'average price by region')).toBeGreaterThan(0);
    program.write('\x04');
    expect(await program.exit).toBe(0);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
    expect(program.output()).not.toMatch(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/);
  });

  it('stops what runs by Ctrl-C, and leaves by a second and third', async () => {
    const program = await chat();
    program.write('/sql SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range % 7 = b.range % 5\r');
    await pause(300);
    program.write('\x03');
    await program.see('Stopped.');
    await pause(50);
    program.write('\x03');
    await program.see('again to quit');
    program.write('\x03');
    expect(await program.exit).toBe(0);
  });

  it('asks before an import and takes the letter of the answer', async () => {
    const program = await chat();
    program.write('/upload sales.csv\r');
    await program.see('? Enter import', 15_000);
    await pause(300);
    program.write('\r');
    await program.see('✓ sales v', 15_000);
    program.write('/view\r');
    await program.see('TERM=dumb');
    program.write('/quit\r');
    expect(await program.exit).toBe(0);
  });

  it('ends by SIGTERM with 143', async () => {
    const program = await chat();
    program.kill('SIGTERM');
    expect(await program.exit).toBe(143);
  });
});
