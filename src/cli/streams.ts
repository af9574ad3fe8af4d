// Standard input, output and error as the commands use them; a reader that went away is no error.

import {fstatSync} from 'node:fs';
import {AbortedError, LimitError} from '../core/errors.ts';

const waitingMs = 2_000;

/** What stdin is, decided from the descriptor and never by waiting. `nothing` is a terminal, /dev/null or closed. */
export function stdinKind(): 'nothing' | 'readable' {
  try {
    const stat = fstatSync(0);
    return stat.isFIFO() || stat.isFile() || stat.isSocket() ? 'readable' : 'nothing';
  } catch {
    return 'nothing';
  }
}

/**
 * All of stdin as text, at most `maxBytes`. Says through `onWaiting` when nothing has come for two seconds.
 * @throws LimitError `input.too_long`; AbortedError when the signal fires
 */
export async function readPrompt(maxBytes: number, signal: AbortSignal, onWaiting: () => void): Promise<string> {
  const stdin = process.stdin;
  const waiting = setTimeout(onWaiting, waitingMs);
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  const stop = () => stdin.destroy(new AbortedError());
  signal.addEventListener('abort', stop, {once: true});
  try {
    for await (const chunk of stdin) {
      clearTimeout(waiting);
      sizeBytes += chunk.length;
      if (sizeBytes > maxBytes)
        throw new LimitError('input.too_long', `The piped question is longer than ${maxBytes} bytes.`, {
          hint: 'To pipe data instead, give the question with -p.',
        });
      chunks.push(chunk);
    }
  } finally {
    clearTimeout(waiting);
    signal.removeEventListener('abort', stop);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * The bytes of stdin, or null when it ends without any. The first ones are awaited here, so that an empty pipe is known
 * before anything is made of it.
 */
export async function bytesOfStdin(
  signal: AbortSignal,
  onWaiting: () => void,
): Promise<AsyncIterable<Uint8Array> | null> {
  const {stdin} = process;
  const waiting = setTimeout(onWaiting, waitingMs);
  const stop = () => stdin.destroy(new AbortedError());
  signal.addEventListener('abort', stop, {once: true});
  const iterator: AsyncIterator<Uint8Array> = stdin[Symbol.asyncIterator]();
  const first = await iterator.next().finally(() => clearTimeout(waiting));
  if (first.done) return null;
  return {
    async *[Symbol.asyncIterator]() {
      yield first.value;
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
    },
  };
}

/** A line that is written over; whatever else is written takes it away first. */
export type StatusLine = {show(text: string): void; clear(): void; width(): number};

/** `status` is there where standard error is a terminal. */
export type Output = {out(text: string): Promise<void>; err(line: string): void; status?: StatusLine | undefined};

/**
 * Writes that wait for slow readers. When stdout takes no more, `onClosed` is called once, with `failed` false if its
 * reader has just gone away, and later writes are dropped.
 */
export function processOutput(onClosed: (failed: boolean) => void): Output {
  let closed = false;
  process.stdout.on('error', error => {
    if (closed) return;
    closed = true;
    const failed = !('code' in error && error.code === 'EPIPE');
    if (failed) process.stderr.write(`Writing the answer failed: ${error.message}\n`);
    onClosed(failed);
  });
  process.stderr.on('error', () => {});
  const status = process.stderr.isTTY ? statusLine(process.stderr) : undefined;
  return {
    status,
    out: text => {
      status?.clear();
      return write(text);
    },
    err(line) {
      status?.clear();
      process.stderr.write(`${line}\n`);
    },
  };

  function write(text: string): Promise<void> {
    return closed || text === ''
      ? Promise.resolve()
      : new Promise(resolve => process.stdout.write(text, () => resolve()));
  }
}

function statusLine(terminal: NodeJS.WriteStream): StatusLine {
  let isShown = false;
  return {
    show(text) {
      isShown = true;
      terminal.write(`\r${text}\x1b[K`);
    },
    clear() {
      if (isShown) terminal.write('\r\x1b[K');
      isShown = false;
    },
    width: () => Math.max(20, (terminal.columns || 80) - 1),
  };
}
