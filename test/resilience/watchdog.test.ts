// Listening to a stream: what counts as content, and that a stream which ignores its signal is left behind.

import {describe, expect, it} from 'vitest';
import type {ChatChunk} from '../../src/core/chat.ts';
import {StoppedListening, watched} from '../../src/resilience/watchdog.ts';
import {FakeClock} from '../support/fake-clock.ts';

const limits = (clock: FakeClock, more = {}) => ({
  clock,
  idleMs: 1000,
  deadlineAt: 100_000,
  signal: new AbortController().signal,
  ...more,
});

async function collect(chunks: AsyncIterable<ChatChunk>): Promise<{got: ChatChunk[]; error: unknown}> {
  const got: ChatChunk[] = [];
  try {
    for await (const chunk of chunks) got.push(chunk);
    return {got, error: null};
  } catch (error) {
    return {got, error};
  }
}

async function* every(clock: FakeClock, gapMs: number, chunks: ChatChunk[]): AsyncGenerator<ChatChunk> {
  for (const chunk of chunks) {
    await clock.sleep(gapMs);
    yield chunk;
  }
}

const text = (delta: string): ChatChunk => ({type: 'text', delta});

describe('content', () => {
  it('activity keeps a stream alive', async () => {
    const clock = new FakeClock();
    const ending = collect(watched(() => every(clock, 800, Array(5).fill({type: 'activity'})), limits(clock)));
    await clock.advance(5000);
    expect(await ending).toMatchObject({error: null, got: {length: 5}});
  });

  it('empty text does not', async () => {
    const clock = new FakeClock();
    const ending = collect(watched(() => every(clock, 800, Array(5).fill(text(''))), limits(clock)));
    await clock.advance(5000);
    expect((await ending).error).toMatchObject({reason: 'timeout'});
  });
});

describe('leaving', () => {
  it('a stream that ignores the abort is not waited for, and its signal is aborted', async () => {
    const clock = new FakeClock();
    let given: AbortSignal | undefined;
    async function* deaf(signal: AbortSignal): AsyncGenerator<ChatChunk> {
      given = signal;
      await new Promise(() => {});
      yield text('never');
    }
    const ending = collect(watched(deaf, limits(clock)));
    await clock.advance(1000);
    expect((await ending).error).toBeInstanceOf(StoppedListening);
    expect(given?.aborted).toBe(true);
    expect(clock.waiting).toBe(0);
  });

  it('our own reason wins over the error that the abort causes in the stream', async () => {
    const clock = new FakeClock();
    async function* touchy(signal: AbortSignal): AsyncGenerator<ChatChunk> {
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('socket closed'))));
      yield text('never');
    }
    const controller = new AbortController();
    const ending = collect(watched(touchy, limits(clock, {signal: controller.signal})));
    await clock.advance(10);
    controller.abort();
    expect((await ending).error).toMatchObject({reason: 'aborted'});
  });

  it('a signal that is aborted already opens nothing that is listened to', async () => {
    const clock = new FakeClock();
    const controller = new AbortController();
    controller.abort();
    const ending = collect(watched(() => every(clock, 0, [text('a')]), limits(clock, {signal: controller.signal})));
    await clock.advance(10);
    expect(await ending).toMatchObject({got: [], error: {reason: 'aborted'}});
  });

  it('the deadline counts from the turn, not from the content', async () => {
    const clock = new FakeClock();
    const ending = collect(
      watched(() => every(clock, 800, Array(9).fill(text('a'))), limits(clock, {deadlineAt: 3000})),
    );
    await clock.advance(9000);
    expect(await ending).toMatchObject({got: {length: 3}, error: {reason: 'deadline'}});
  });

  it('the end of a stream leaves no timer', async () => {
    const clock = new FakeClock();
    const ending = collect(watched(() => every(clock, 1, [text('a')]), limits(clock)));
    await clock.advance(1);
    await ending;
    await clock.advance(0);
    expect(clock.waiting).toBe(0);
  });
});
