// A chat in a terminal while the first provider fails: what moves, what stays, and that nothing is drawn twice.

import {describe, expect, it} from 'vitest';
import {keys} from '../support/built-program.ts';
import {count as countIn, openChatBench} from '../support/chat-bench.ts';
import {geminiRateLimit, openAiRateLimit, says} from '../support/fake-llm-steps.ts';
import type {PtyProgram} from '../support/pty.ts';

const {bench, server, model} = await openChatBench();

let terminal: PtyProgram;
async function chat(more: Record<string, string>, gemini: boolean): Promise<void> {
  const both = gemini ? {USE_GEMINI: 'true', GEMINI_API_KEY: keys.gemini} : {};
  terminal = await bench.ready([], {columns: 110, env: model({OPENAI_API_KEY: keys.openai, ...both, ...more})});
}

const screen = () => terminal.screen().join('\n');
const count = (text: string) => countIn(terminal, text);

/** Every distinct value that `pattern` shows while `wait` lasts, in order. */
async function watch(pattern: RegExp, isOver: () => boolean, what: string): Promise<string[]> {
  const seen: string[] = [];
  await terminal.until(
    () => {
      const value = pattern.exec(screen())?.[1];
      if (value !== undefined && seen.at(-1) !== value) seen.push(value);
      return isOver();
    },
    what,
    15_000,
  );
  return seen;
}

const secondsOf = (clock: string) => {
  const [minutes = '0', seconds = '0'] = clock.split(':');
  return Number(minutes) * 60 + Number(seconds);
};

function expectFalling(values: number[], atLeast: number): void {
  expect(values.length).toBeGreaterThanOrEqual(atLeast);
  expect(values).toEqual([...values].sort((a, b) => b - a));
}

describe('a chat while Gemini fails', () => {
  it('counts down, opens the breaker, lets OpenAI answer, and keeps the countdown while the next question is answered', async () => {
    server.setScript('gemini', [geminiRateLimit()]);
    server.setScript('openai', [says('First answer.'), says('Second answer.')]);
    await chat({}, true);
    terminal.write('one\r');
    const waits = await watch(/retry \d\/4 in ([\d.]+)s/, () => count('First answer.') > 0, 'the first answer');
    expect(waits.length).toBeGreaterThanOrEqual(4);
    await terminal.until(() => /gemini ○ open [45]:\d\d → openai/.test(screen()), 'the open breaker');
    expect(server.requestsTo('gemini')).toHaveLength(3);
    expect(server.requestsTo('openai')).toHaveLength(1);

    for (const letter of 'two words') {
      terminal.write(letter);
      await terminal.until(() => /open 4:\d\d|open 5:00/.test(screen()), 'the countdown while typing');
    }
    terminal.write('\r');
    const left = await watch(/gemini ○ open (\d:\d\d)/, () => count('Second answer.') > 0, 'the second answer');
    const before = secondsOf(left.at(-1) ?? '');
    const ticks = await watch(
      /gemini ○ open (\d:\d\d)/,
      () => secondsOf(/open (\d:\d\d)/.exec(screen())?.[1] ?? '9:59') <= before - 2,
      'two more seconds',
    );
    expectFalling(ticks.map(secondsOf), 3);

    expect(server.requestsTo('gemini')).toHaveLength(3);
    for (const line of ['First answer.', 'Second answer.', 'circuit breaker OPEN', '› two words'])
      expect(count(line)).toBe(1);
    expect(terminal.screen().filter(line => line.includes('gemini ○ open'))).toHaveLength(1);
    expect(count('gemini ○ open')).toBe(1);
    expect(terminal.output()).not.toContain('\x1b[2J');
    expect(terminal.output()).not.toContain('\x1b[3J');
  });

  it('/breaker says state, cause and the rest of the time; /breaker reset lets Gemini answer again', async () => {
    server.setScript('gemini', [geminiRateLimit()]);
    server.setScript('openai', [says('From OpenAI.')]);
    await chat({DS_AGENT_RETRY_BASE_MS: '20'}, true);
    terminal.write('one\r');
    await terminal.see('From OpenAI.', 15_000);
    terminal.write('/breaker\r');
    await terminal.until(
      () => /Gemini gemini-2\.5-flash: open, [45]:\d\d left, 3\/3 failures, rate limit/.test(screen()),
      'the state',
    );
    terminal.write('/breaker reset\r');
    await terminal.see('All circuit breakers are closed.', 5000);
    server.setScript('gemini', [says('From Gemini.')]);
    terminal.write('two\r');
    await terminal.see('From Gemini.', 15_000);
  });
});

describe('a chat with one provider', () => {
  it('a wait of 4 s shows at least 4 falling values, and the screen is whole afterwards', async () => {
    server.setScript('openai', [openAiRateLimit(), says('The answer.')]);
    await chat({DS_AGENT_RETRY_BASE_MS: '4000'}, false);
    terminal.write('one\r');
    const seen = await watch(/retry 1\/4 in ([\d.]+)s \(429\)/, () => count('The answer.') > 0, 'the answer');
    expectFalling(seen.map(Number), 4);
    expect(count('The answer.')).toBe(1);
    expect(count('retry 1/4 in')).toBe(0);
    expect(count('Rate limit hit (attempt 1/4). Retrying in 4.0s...')).toBe(1);
    expect(screen()).toContain('openai ●');
  });

  it('Ctrl-C in a wait comes back to the prompt, and nothing more is asked', async () => {
    server.setScript('openai', [openAiRateLimit()]);
    await chat({DS_AGENT_RETRY_BASE_MS: '4000'}, false);
    terminal.write('one\r');
    await terminal.see('retry 1/4 in', 15_000);
    terminal.write('\x03');
    await terminal.until(() => !screen().includes('retry 1/4 in'), 'the end of the wait', 1000);
    expect(server.requestsTo('openai')).toHaveLength(1);
    expect(terminal.output()).not.toContain(keys.openai.slice(0, 12));
  });
});
