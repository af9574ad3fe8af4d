// The chat for a terminal that can only print lines (TERM=dumb: Emacs shells, expect, some consoles): the same chat, a
// line in, lines out, no cursor movement and no raw mode.

import {createInterface} from 'node:readline';
import {Chalk} from 'chalk';
import type {Clock} from '../core/clock.ts';
import type {Table} from '../core/dataset.ts';
import {exitCodes} from '../core/errors.ts';
import type {StampedEvent} from '../core/events.ts';
import {printable} from '../core/text.ts';
import {Chat} from './chat.ts';
import type {ChatHost} from './chat-host.ts';
import {entriesText} from './entry-text.ts';
import {key} from './input-event.ts';
import {previewWords} from './preview-keys.ts';
import type {Entry} from './view-model.ts';

export type PlainChatOptions = {
  clock: Clock;
  renderTable(table: Table, width: number): string;
  describeEvent(event: StampedEvent): string | null;
};

const prompt = '> ';

/** Runs until the input ends, /quit or a signal. Ctrl-C stops what runs, and twice with nothing to stop it leaves. */
export async function runPlainChat(
  host: ChatHost,
  {stdin, stdout}: {stdin: NodeJS.ReadStream; stdout: NodeJS.WriteStream},
  {clock, renderTable, describeEvent}: PlainChatOptions,
): Promise<{exitCode: number}> {
  const format = {style: new Chalk({level: 0}), width: stdout.columns || 80, links: false, renderTable, describeEvent};
  let lastKind: Entry['kind'] | null = null;
  let asked = '';
  let scheduled = false;
  let over = false;
  const chat = new Chat(host, {
    clock,
    onChange() {
      if (scheduled) return;
      scheduled = true;
      setImmediate(print);
    },
    onRepaint: () => {},
    onSuspend: () => {},
    async showGrid() {
      stdout.write('The grid needs a terminal that can move its cursor; this one has TERM=dumb.\n');
      return null;
    },
  });
  const lines = createInterface({input: stdin, terminal: false});
  lines.on('line', line => {
    const {view, offer} = chat.state;
    // Enter has ended the row of the prompt.
    asked = '';
    // The terminal has shown the line already, and the answer to a question ends with its letter.
    if (line !== '') chat.handle({type: 'text', text: line});
    if (line === '' || !(view.approval || view.preview || offer !== null)) chat.handle(key('enter'));
  });
  // What was queued is still answered.
  lines.on('close', () => void chat.settled.then(() => chat.handle(key('char', {char: 'd', ctrl: true}))));

  const handlers = [
    ['SIGINT', () => chat.handle(key('char', {char: 'c', ctrl: true}))],
    ['SIGTERM', () => chat.end(exitCodes.terminate)],
    ['SIGHUP', () => chat.end(exitCodes.hangup)],
    // The shell has written meanwhile.
    [
      'SIGCONT',
      () => {
        asked = '';
        print();
      },
    ],
  ] as const;
  for (const [signal, handler] of handlers) process.on(signal, handler);
  stdout.write(
    host
      .greeting()
      .map(line => `${line}\n`)
      .join(''),
  );
  chat.start();
  print();
  const exitCode = await chat.ended;
  await chat.settled;
  over = true;
  print();
  for (const [signal, handler] of handlers) process.off(signal, handler);
  lines.close();
  stdin.pause();
  return {exitCode};

  function print(): void {
    scheduled = false;
    const finished = chat.takeFinished().filter(entry => entry.kind !== 'line_sent');
    const text = entriesText(finished, lastKind, format);
    lastKind = finished.at(-1)?.kind ?? lastKind;
    const {turn, view, hint} = chat.state;
    // Whatever was asked last is asked again below what has been printed since.
    const now = over ? '' : (hint ?? question() ?? (turn ? '' : prompt));
    const isNew = now !== asked || text !== '';
    if ((text !== '' || over) && asked === prompt) stdout.write('\n');
    stdout.write(text);
    if (isNew && now !== '') stdout.write(now === prompt ? prompt : `${now}\n`);
    asked = now;

    function question(): string | null {
      if (view.approval) return `? ${printable(view.approval.question)} (y or n)`;
      if (!view.preview) return null;
      return `? ${view.preview.keys.map(each => previewWords[each]).join(', ')}`;
    }
  }
}
