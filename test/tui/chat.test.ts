import {beforeEach, describe, expect, it} from 'vitest';
import type {PreviewKey} from '../../src/core/events.ts';
import {Chat} from '../../src/tui/chat.ts';
import {type InputEvent, key} from '../../src/tui/input-event.ts';
import {FakeClock, settle} from '../support/fake-clock.ts';
import {regionTable, ScriptedHost} from './support/scripted-host.ts';

let clock: FakeClock;
let host: ScriptedHost;
let chat: Chat;
let exitCode: number | null;
const type = (...inputs: (string | InputEvent)[]) => {
  for (const input of inputs) chat.handle(typeof input === 'string' ? {type: 'text', text: input} : input);
};
const enter = key('enter');
const esc = key('escape');
const ctrl = (char: string) => key('char', {char, ctrl: true});

beforeEach(() => {
  clock = new FakeClock();
  host = new ScriptedHost(clock, ['old line']);
  exitCode = null;
  chat = new Chat(host, {clock, onChange: () => {}, onRepaint: () => {}, onSuspend: () => {}});
  void chat.ended.then(code => {
    exitCode = code;
  });
  chat.start();
});

describe('Ctrl-C', () => {
  it('on an empty draft asks first and quits at the second press', async () => {
    type(ctrl('c'));
    expect(chat.state.hint).toBe('Ctrl-C again to quit');
    type(ctrl('c'));
    await settle();
    expect(exitCode).toBe(0);
  });

  it('forgets the first press after three seconds, and leaves no timer behind', async () => {
    type(ctrl('c'));
    await clock.advance(3000);
    expect(chat.state.hint).toBeNull();
    expect(clock.waiting).toBe(0);
    type(ctrl('c'));
    await settle();
    expect(exitCode).toBeNull();
  });

  it('forgets the first press when anything else is typed', async () => {
    type(ctrl('c'), 'x', key('backspace'), ctrl('c'));
    await settle();
    expect(exitCode).toBeNull();
  });

  it('stops a turn and keeps the draft, then clears the draft, then asks', async () => {
    type('slow', enter, 'draft', ctrl('c'));
    expect(chat.state.turn?.stopping).toBe(true);
    expect(chat.state.draft.editor.text).toBe('draft');
    await clock.advance(0);
    expect(chat.state.turn).toBeNull();
    type(ctrl('c'));
    expect(chat.state.draft.editor.text).toBe('');
    type(ctrl('c'));
    expect(chat.state.hint).not.toBeNull();
  });

  it('a turn that does not stop can still be left', async () => {
    host.submit = () => new Promise(() => {});
    type('stuck', enter, ctrl('c'), ctrl('c'), ctrl('c'));
    await settle();
    expect(exitCode).toBe(0);
  });

  it('on a question says no and stops the turn', async () => {
    type('approve', enter);
    await settle();
    type(ctrl('c'));
    await clock.advance(0);
    expect(host.approvals).toEqual([[7, false]]);
    expect(chat.state.turn).toBeNull();
  });

  it('leaves a history search and nothing else', () => {
    type(ctrl('r'), 'old', ctrl('c'));
    expect(chat.state).toMatchObject({hint: null, draft: {search: null, editor: {text: ''}}});
  });
});

describe('other ways', () => {
  it('Ctrl-D quits on an empty draft and deletes forward on another', async () => {
    type('ab', key('home'), ctrl('d'));
    expect(chat.state.draft.editor.text).toBe('b');
    type(ctrl('d'), ctrl('d'));
    await settle();
    expect(exitCode).toBe(0);
  });

  it('Escape closes the completions before it stops the turn', async () => {
    type('slow', enter, '/', esc);
    expect(chat.state.turn?.stopping).toBe(false);
    type(esc);
    await clock.advance(0);
    expect(chat.state.turn).toBeNull();
  });

  it('/quit while a turn runs stops it, drops the queue and leaves', async () => {
    type('slow', enter, 'queued', enter, '/quit', enter);
    await clock.advance(0);
    expect(host.submitted).toEqual(['slow', '/quit']);
    expect(exitCode).toBe(0);
  });

  it('queued lines run one after another, in order', async () => {
    type('one', enter, 'two', enter, 'three', enter);
    expect(chat.state.queue.map(line => line.text)).toEqual(['two', 'three']);
    await clock.advance(100);
    expect(host.submitted).toEqual(['one', 'two', 'three']);
    expect(chat.state.queue).toEqual([]);
  });

  it('what is sent is remembered, what is cleared can be called back', () => {
    type('asked', enter);
    expect(host.lines).toEqual(['old line', 'asked']);
    type('never sent', ctrl('c'), ctrl('c'), key('up'));
    expect(chat.state.draft.editor.text).toBe('never sent');
    expect(host.lines).not.toContain('never sent');
  });

  it('keys during a question do not reach the draft, and only y allows', async () => {
    type('approve', enter);
    await settle();
    await clock.advance(1000);
    type('maybe', enter);
    expect(host.approvals).toEqual([]);
    expect(chat.state.draft.editor.text).toBe('');
    type('y');
    expect(host.approvals).toEqual([[7, true]]);
  });

  it('a key that was on its way when the question appeared does not allow anything', async () => {
    type('approve', enter);
    await settle();
    await clock.advance(200);
    type('y');
    expect(host.approvals).toEqual([]);
    await clock.advance(100);
    type('n');
    expect(host.approvals).toEqual([[7, false]]);
  });

  it('a first line is run as if it had been typed', () => {
    const other = new ScriptedHost(clock);
    other.firstLine = 'hello';
    const started = new Chat(other, {clock, onChange: () => {}, onRepaint: () => {}, onSuspend: () => {}});
    started.start();
    expect(other.submitted).toEqual(['hello']);
    expect(started.takeFinished()[0]).toEqual({kind: 'line_sent', text: 'hello'});
  });

  it('no timer runs while nothing waits', async () => {
    type('hello', enter);
    await clock.advance(1000);
    expect(chat.state.turn).toBeNull();
    expect(clock.waiting).toBe(0);
  });
});

describe('the preview of an import', () => {
  const keys: PreviewKey[] = ['import', 'delimiter', 'header', 'cancel'];
  const offer = (id: number) =>
    host.events.emit({type: 'import_preview', id, file: 'a.csv', lines: ['a'], table: regionTable, keys});

  it('takes its keys after a moment, each once, and nothing that is typed goes into the draft', async () => {
    offer(1);
    type('d', enter);
    expect(host.previews).toEqual([]);
    await clock.advance(250);
    type('o', 'x', 'd', 'h');
    expect(host.previews).toEqual([[1, 'delimiter']]);
    expect(chat.state.draft.editor.text).toBe('h');
    offer(2);
    await clock.advance(250);
    type(enter);
    expect(host.previews.at(-1)).toEqual([2, 'import']);
    expect(host.submitted).toEqual([]);
  });

  it.each([
    ['Ctrl-C', ctrl('c')],
    ['Escape', esc],
    ['n', 'n'],
    ['n behind a letter without a meaning, in one read,', 'xn'],
  ])('%s cancels at once and does nothing else', (_title, input) => {
    offer(1);
    type(input);
    expect(host.previews).toEqual([[1, 'cancel']]);
    expect(chat.state.hint).toBeNull();
    expect(chat.state.view.preview).toBeNull();
  });
});

describe('a pasted table', () => {
  const table = 'a,b\n1,2\n3,4';
  const paste = {type: 'paste', text: table} as const;

  it('is offered on an empty line only, and y imports it', () => {
    type('see ', paste);
    expect(chat.state.offer).toBeNull();
    expect(chat.state.draft.editor.text).toBe(`see ${table}`);
    type(ctrl('c'), paste, 'y');
    expect(host.pasted).toEqual([table]);
    expect(chat.state.draft.editor.text).toBe('');
    expect(chat.state.offer).toBeNull();
  });

  it('is not offered while a turn runs', () => {
    type('slow', enter, paste);
    expect(chat.state.draft.editor.text).toBe(table);
  });

  it.each([
    ['n', 'n', table],
    ['Escape', esc, table],
    ['anything else, which follows it,', ' mean of b?', `${table} mean of b?`],
    ['Ctrl-C, which drops it', ctrl('c'), ''],
  ])('is written into the line by %s', (_title, input, text) => {
    type(paste, input);
    expect(chat.state.draft.editor.text).toBe(text);
    expect(chat.state.offer).toBeNull();
    expect(host.pasted).toEqual([]);
  });
});
