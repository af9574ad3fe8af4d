// Reads formats that can be traps in a process of their own: its memory and time are limited, and it may crash.

import {fork} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import type {Clock} from '../core/clock.ts';
import {ImportError} from '../core/errors.ts';
import type {ReadAnswer, ReadItem, ReadRequest} from './readers/items.ts';
import {plausibleBytes, unpacksTooLarge} from './zip.ts';

const heapMegabytes = 140;
const leastMs = 9_000;
const msPerMegabyte = 4_000;

/** `timeLimitMs` counts only the time spent waiting for the reader; by default it grows with the file. */
export type ReadOptions = {signal: AbortSignal; clock: Clock; sizeBytes: number; timeLimitMs?: number};

/**
 * The pieces of a file, each read when it is asked for. Ending the loop early ends the process.
 * @throws ImportError what the reader refuses; `import.too_slow`, `import.reader_failed`, `import.out_of_memory`
 */
export async function* readApart(request: ReadRequest, options: ReadOptions): AsyncGenerator<ReadItem> {
  const {signal, clock, sizeBytes} = options;
  signal.throwIfAborted();
  let left = options.timeLimitMs ?? leastMs + (sizeBytes / 2 ** 20) * msPerMegabyte;
  const source = import.meta.url.endsWith('.ts') ? '../../dist/import-reader.js' : './import-reader.js';
  const child = fork(fileURLToPath(new URL(source, import.meta.url)), {
    env: {},
    execArgv: [`--max-old-space-size=${heapMegabytes}`, '--max-semi-space-size=4', '--no-warnings'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const maxBytes = Math.min(request.maxBytes, plausibleBytes(sizeBytes));
  let room = maxBytes;
  const answers: ReadAnswer[] = [];
  let wake = () => {};
  let ending: ImportError | null = null;
  child.on('message', (answer: ReadAnswer) => {
    answers.push(answer);
    wake();
  });
  child.on('error', error => {
    ending ??= failed(request.shown, error);
    wake();
  });
  child.on('exit', (code, by) => {
    ending ??= by === 'SIGABRT' || code === 134 ? outOfMemory(request.shown) : failed(request.shown, null);
    wake();
  });
  const onAbort = () => wake();
  signal.addEventListener('abort', onAbort, {once: true});
  // A process that is gone can't be asked; its exit says so.
  const ask = (message: ReadRequest | 'next') => child.send(message, () => {});
  const take = async (): Promise<ReadAnswer> => {
    const started = clock.monotonic();
    const timer = new AbortController();
    while (answers.length === 0 && !ending && !signal.aborted) {
      const waited = clock.monotonic() - started;
      if (waited >= left) throw tooSlow(request.shown);
      const woken = new Promise<void>(resolve => {
        wake = resolve;
      });
      await Promise.race([woken, clock.sleep(left - waited, timer.signal).catch(() => {})]);
    }
    timer.abort();
    left -= clock.monotonic() - started;
    signal.throwIfAborted();
    const answer = answers.shift();
    if (answer) return answer;
    throw ending ?? failed(request.shown, null);
  };
  try {
    ask(request);
    ask('next');
    for (;;) {
      const answer = await take();
      if (answer.kind === 'done') return;
      if (answer.kind === 'refused')
        throw new ImportError(answer.code, answer.message, answer.hint === undefined ? {} : {hint: answer.hint});
      if (answer.kind === 'failed') throw failed(request.shown, new Error(answer.message));
      // What is small and says much, as generated columns and dictionaries do, is not in the hands of the unpackers.
      room -= sizeOf(answer.item);
      if (room < 0) throw unpacksTooLarge(request.shown, maxBytes);
      // It works on the next piece while this one is used.
      ask('next');
      yield answer.item;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    child.kill('SIGKILL');
  }
}

function sizeOf(item: ReadItem): number {
  if (item.kind === 'bytes') return item.bytes.length;
  if (item.kind !== 'rows') return 0;
  let size = 0;
  for (const {cells} of item.rows) for (const cell of cells) size += cell.length;
  return size;
}

function tooSlow(shown: string): ImportError {
  return new ImportError('import.too_slow', `${shown} takes far longer to read than a file of its size should.`, {
    hint: 'Save it as CSV or Parquet and import that.',
  });
}

function outOfMemory(shown: string): ImportError {
  return new ImportError('import.out_of_memory', `${shown} needs more than ${heapMegabytes} MB of memory to read.`, {
    hint: 'Save it as CSV or Parquet and import that.',
  });
}

function failed(shown: string, cause: Error | null): ImportError {
  return new ImportError('import.reader_failed', `The reader of ${shown} failed; the file may be damaged.`, {
    hint: 'Save it as CSV or Parquet and import that.',
    ...(cause ? {cause} : {}),
  });
}
