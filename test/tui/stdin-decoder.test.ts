import {describe, expect, it} from 'vitest';
import {type InputEvent, key} from '../../src/tui/input-event.ts';
import {StdinDecoder} from '../../src/tui/stdin-decoder.ts';

const decode = (...reads: string[]) => {
  const decoder = new StdinDecoder();
  return reads.flatMap(read => decoder.push(Buffer.from(read)));
};
const text = (value: string): InputEvent => ({type: 'text', text: value});
const paste = (value: string): InputEvent => ({type: 'paste', text: value});

describe('the decoder of stdin', () => {
  const cases: [title: string, bytes: string, events: unknown[]][] = [
    ['text and Enter in one read both count', 'hello\r', [text('hello'), key('enter')]],
    ['text after an Enter in the same read counts too', 'a\rb', [text('a'), key('enter'), text('b')]],
    ['several CRs in one read without paste marks are a paste', 'a\rb\rc', [paste('a\nb\nc')]],
    ['CRLF counts as one line end', 'a\r\nb\r\nc\r\n', [paste('a\nb\nc')]],
    ['Enter pressed twice is two Enters, not a paste', '\r\r', [key('enter'), key('enter')]],
    [
      'a marked paste keeps its line ends and what follows it',
      '\x1b[200~a\rb\x1b[201~\r',
      [paste('a\nb'), key('enter')],
    ],
    ['escape sequences inside a marked paste are text', '\x1b[200~\x1b[A\x1b[201~', [paste('\x1b[A')]],
    ['modifyOtherKeys Shift+Enter', '\x1b[27;2;13~', [key('enter', {shift: true})]],
    ['kitty Shift+Enter', '\x1b[13;2u', [key('enter', {shift: true})]],
    ['kitty Ctrl-C', '\x1b[99;5u', [key('char', {char: 'c', ctrl: true})]],
    ['kitty Escape', '\x1b[27u', [key('escape')]],
    ['kitty key release is nothing', '\x1b[97;1:3u', []],
    ['Alt+Enter', '\x1b\r', [key('enter', {alt: true})]],
    ['Ctrl-J is not Enter', '\n', [key('char', {char: 'j', ctrl: true})]],
    ['Ctrl-C', '\x03', [key('char', {char: 'c', ctrl: true})]],
    ['Ctrl-_', '\x1f', [key('char', {char: '_', ctrl: true})]],
    ['Alt-b', '\x1bb', [key('char', {char: 'b', alt: true})]],
    ['arrows and Home in both forms', '\x1b[A\x1bOB\x1b[H\x1b[4~', [key('up'), key('down'), key('home'), key('end')]],
    ['Ctrl-Left', '\x1b[1;5D', [key('left', {ctrl: true})]],
    ['Shift-Tab', '\x1b[Z', [key('tab', {shift: true})]],
    ['Delete', '\x1b[3~', [key('delete')]],
    [
      'replies that nobody asked for are swallowed',
      '\x1b[12;40R\x1b[I\x1b_Gi=31;OK\x1b\\\x1b[4;600;800tx',
      [text('x')],
    ],
    [
      'what a terminal says of its pictures is told, and is no text',
      '\x1b]11;rgb:1e1e/2020/ffff\x1b\\\x1b[6;20;10t\x1b[?62;4;22c\x1b[?1;0;256S\x1b[?2;0;800;600S\x1b[?1;3;0Sx',
      [
        {type: 'background', dark: true},
        {type: 'cell_size', width: 10, height: 20},
        {type: 'attributes', codes: [62, 4, 22]},
        {type: 'sixel_colors', count: 256},
        {type: 'sixel_area', width: 800, height: 600},
        text('x'),
      ],
    ],
    ['a light background', '\x1b]11;rgb:ff/fa/e0\x07', [{type: 'background', dark: false}]],
    ['the reply to the kitty query is told', '\x1b[?1u', [{type: 'kitty_supported'}]],
    ['wide and joined characters arrive whole', '日本👩‍👩‍👧', [text('日本👩‍👩‍👧')]],
  ];
  it.each(cases)('%s', (_title, bytes, events) => {
    expect(decode(bytes)).toEqual(events);
  });

  it('gives the same events whatever the reads are cut into, for every cut of a mixed input', () => {
    const bytes = Buffer.from('ä\x1b[A日\x1b[27;2;13~x\x1b[200~one\rtwo\x1b[201~\r');
    const whole = new StdinDecoder().push(bytes);
    for (let cut = 1; cut < bytes.length; cut++) {
      const decoder = new StdinDecoder();
      const parts = [...decoder.push(bytes.subarray(0, cut)), ...decoder.push(bytes.subarray(cut))];
      expect(parts, `cut at ${cut}`).toEqual(whole);
    }
  });

  it('a lone ESC waits for more and becomes Escape after silence', () => {
    const decoder = new StdinDecoder();
    expect(decoder.push('\x1b')).toEqual([]);
    expect(decoder.pending).toBe('escape');
    expect(decoder.flush()).toEqual([key('escape')]);
    expect(decoder.pending).toBeNull();
  });

  it('an answer of the terminal that comes in pieces has more time than an Escape key', () => {
    const decoder = new StdinDecoder();
    expect(decoder.push('\x1b[?62;')).toEqual([]);
    expect(decoder.pending).toBe('reply');
    expect(decoder.push('4c')).toEqual([{type: 'attributes', codes: [62, 4]}]);
    expect(decoder.push('\x1b[')).toEqual([]);
    expect(decoder.pending).toBe('escape');
  });

  it('a lost end of paste does not swallow Ctrl-C', () => {
    const decoder = new StdinDecoder();
    expect(decoder.push('\x1b[200~abc')).toEqual([]);
    expect(decoder.pending).toBe('paste');
    expect(decoder.push('\x03')).toEqual([paste('abc'), key('char', {char: 'c', ctrl: true})]);
  });

  it('a lost end of paste gives what came of it after silence, and typing goes on', () => {
    const decoder = new StdinDecoder();
    decoder.push('\x1b[200~abc');
    expect(decoder.flush()).toEqual([paste('abc')]);
    expect(decoder.push('d\r')).toEqual([text('d'), key('enter')]);
  });

  it('what was typed before the terminal was raw has Enter as a line feed', () => {
    expect(new StdinDecoder().push('one\ntwo', {typedAhead: true})).toEqual([text('one'), key('enter'), text('two')]);
  });
});
