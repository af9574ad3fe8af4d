import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from 'vitest';
import {programPath} from '../support/built-program.ts';
import {count, openChatBench, questionTakesKeys} from '../support/chat-bench.ts';
import {oneChunkThenSilence, openAiRateLimit, says} from '../support/fake-llm-steps.ts';
import type {PtyProgram} from '../support/pty.ts';

const {bench, server, model} = await openChatBench();

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
    server.setScript('openai', [oneChunkThenSilence('Half ')]);
    const program = bench.start([], {env: model({TERM: 'dumb'})});
    await asks(program);
    program.write('go\r');
    await program.until(() => server.requestsTo('openai').length === 1, 'the request');
    program.write('\x03');
    await program.see('Stopped.');
    await asks(program);
    program.write('\x03');
    await program.see('again to quit');
    program.write('\x03');
    expect(await program.exit).toBe(0);
  });

  it('asks before an import and takes the letter of the answer', async () => {
    const program = await chat();
    program.write('/upload sales.csv\r');
    await program.see('? Enter import', 15_000);
    await questionTakesKeys();
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

  it('asks again after Ctrl-Z and fg, and leaves no prompt of its own in front of that of the shell', async () => {
    const program = bench.start([], {
      file: '/bin/bash',
      args: ['--norc', '--noediting', '-i'],
      env: {PS1: 'shell> ', TERM: 'dumb'},
    });
    await program.see('shell> ');
    program.write(`'${process.execPath}' '${programPath}'\r`);
    await asks(program);
    program.write('\x1a');
    await program.see('Stopped');
    program.write('fg\r');
    await asks(program);
    program.write('/quit\r');
    await program.until(() => program.lines().at(-1)?.trim() === 'shell>', 'the shell');
    expect(program.lines().at(-2)).toBe('> /quit');
  });
});

describe('the chat with --accessible', () => {
  it('is linear text: no bar, no grid, and a wait told at its start and its end', async () => {
    server.setScript('openai', [openAiRateLimit({'retry-after': '2'}), says('It is 42.')]);
    const program = bench.start(['--accessible', '--data', 'sales.csv'], {env: model()});
    await program.see('›', 15_000);
    program.write('what is it\r');
    await program.see('Rate limit hit (attempt 1/4). Retrying in 2.0s...', 15_000);
    const waiting = program.output().length;
    await sleep(1_200);
    // Nothing counts down.
    expect(program.output().length - waiting).toBeLessThan(50);
    await program.see('Trying again now.');
    await program.see('It is 42.');
    program.write('/view\r');
    await program.see('The grid is no linear text.');
    expect(program.output()).not.toContain('\x1b[?1049h');
    expect(program.screen().join('\n')).not.toContain('openai ●');
    program.write('\x04');
    expect(await program.exit).toBe(0);
  });
});
