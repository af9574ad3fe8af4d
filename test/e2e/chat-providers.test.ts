import {describe, expect, it} from 'vitest';
import {count, openChatBench} from '../support/chat-bench.ts';
import {geminiRateLimit, oneChunkThenSilence, openAiRateLimit, says} from '../support/fake-llm-steps.ts';

const {bench, server, model} = await openChatBench();

const chat = (env: Record<string, string> = {}) =>
  bench.ready([], {columns: 110, rows: 24, env: model({DS_AGENT_RETRY_BASE_MS: '50', ...env})});

describe('the state of the providers, seen in the chat', () => {
  it('a 429 counts down in the status bar, and the answer comes after it', async () => {
    server.setScript('openai', [openAiRateLimit({'retry-after': '2'}), says('It is 42.')]);
    const program = await chat();
    program.write('what is it\r');
    const seen: string[] = [];
    await program.until(() => {
      const value = /retry 1\/4 in ([\d.]+s) \(429\)/.exec(program.screen().join('\n'))?.[1];
      if (value !== undefined && seen.at(-1) !== value) seen.push(value);
      return count(program, 'It is 42.') > 0;
    }, 'answer');
    expect(seen.length).toBeGreaterThan(5);
    expect(seen.map(Number.parseFloat)).toEqual(seen.map(Number.parseFloat).sort((a, b) => b - a));
    expect(count(program, 'Rate limit hit (attempt 1/4). Retrying in 2.0s...')).toBe(1);
    await program.see('openai ●');
    expect(count(program, 'retry 1/4')).toBe(0);
  });

  it('Gemini rate-limited three times opens its breaker, OpenAI answers, and the bar shows both with a countdown', async () => {
    server.setScript('gemini', [geminiRateLimit()]);
    server.setScript('openai', [says('Answered by the other one.')]);
    const program = await chat({USE_GEMINI: '1', GEMINI_API_KEY: 'test', DS_AGENT_BREAKER_COOLDOWN_SECONDS: '60'});
    program.write('hello\r');
    await program.see('Answered by the other one.', 15_000);
    await program.until(
      () => /gemini ○ open (1:00|0:\d\d) → openai/.test(program.screen().join('\n')),
      'the open breaker',
    );
    expect(count(program, 'circuit breaker OPEN')).toBe(1);
    expect(count(program, 'Switched to OpenAI after Gemini')).toBe(1);
    const shown = () => /open ([\d:]+)/.exec(program.screen().join('\n'))?.[1];
    const first = shown();
    await program.until(() => shown() !== first, 'another second', 3000);
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
  ] as const)(
    '%s in the middle of an answer stops the request, restores the terminal and ends with %i',
    async (signal, code) => {
      server.setScript('openai', [oneChunkThenSilence('The first half ')]);
      const program = await chat();
      program.write('one\r');
      await program.see('The first half');
      program.kill(signal);
      expect(await program.exit).toBe(code);
      const isLast = (on: string, off: string) => program.output().lastIndexOf(off) >= program.output().lastIndexOf(on);
      expect(isLast('\x1b[?2004h', '\x1b[?2004l') && isLast('\x1b[?25l', '\x1b[?25h')).toBe(true);
      expect(count(program, 'openai ●')).toBe(0);
      expect(server.requestsTo('openai')[0]?.closedAt).not.toBeNull();
    },
  );

  it('Escape stops an answer that hangs, keeps what was shown, and the next question is answered', async () => {
    server.setScript('openai', [oneChunkThenSilence('The first half '), says('Second answer.')]);
    const program = await chat();
    program.write('one\r');
    await program.see('The first half');
    program.write('\x1b');
    await program.see('■ stopped');
    expect(count(program, 'The first half')).toBe(1);
    program.write('two\r');
    await program.see('Second answer.');
    expect(count(program, 'Second answer.')).toBe(1);
  });
});
