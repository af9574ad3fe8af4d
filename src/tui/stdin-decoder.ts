// Turns the bytes of a raw terminal into input events. Pure but for its own buffer: time is told by the caller.

import {StringDecoder} from 'node:string_decoder';
import {type InputEvent, type KeyName, key} from './input-event.ts';
import {reportOf, type TerminalReport} from './terminal-report.ts';

const pasteStart = '\x1b[200~';
const pasteEnd = '\x1b[201~';
const esc = '\x1b';

const csiFinals: Record<string, KeyName> = {A: 'up', B: 'down', C: 'right', D: 'left', H: 'home', F: 'end', M: 'enter'};
const csiNumbers: Record<number, KeyName> = {
  1: 'home',
  3: 'delete',
  4: 'end',
  5: 'page_up',
  6: 'page_down',
  7: 'home',
  8: 'end',
};
const codeNames: Record<number, KeyName> = {
  8: 'backspace',
  9: 'tab',
  10: 'enter',
  13: 'enter',
  27: 'escape',
  127: 'backspace',
  57414: 'enter',
  57417: 'left',
  57418: 'right',
  57419: 'up',
  57420: 'down',
  57423: 'home',
  57424: 'end',
  57426: 'delete',
};

/** What one escape sequence means and how long it is; `incomplete` when more bytes must come first. */
type Sequence = {length: number; events: (InputEvent | TerminalReport)[]} | 'incomplete';

/**
 * Decodes reads of stdin one after another. Text and Enter in one read both count. Several line ends in one read
 * without paste marks are a paste. `pending` says that an escape sequence or a paste waits for more bytes; the caller
 * then calls `flush` after some silence. A `reply` is the start of what only a terminal sends, a person never.
 */
export class StdinDecoder {
  readonly #utf8 = new StringDecoder('utf8');
  #buffer = '';
  #paste: string | null = null;

  get pending(): 'escape' | 'reply' | 'paste' | null {
    if (this.#paste !== null) return 'paste';
    return this.#buffer === '' ? null : this.#buffer.length > 2 ? 'reply' : 'escape';
  }

  /** `typedAhead`: read in line mode before the terminal was raw, so that Enter arrived as `\n`. */
  push(chunk: Uint8Array | string, options: {typedAhead?: boolean} = {}): (InputEvent | TerminalReport)[] {
    let text = typeof chunk === 'string' ? chunk : this.#utf8.write(Buffer.from(chunk));
    if (options.typedAhead) text = text.replaceAll('\n', '\r');
    // A paste whose end was lost must not swallow the one key that stops everything.
    if (this.#paste !== null && text === '\x03') return [...this.flush(), key('char', {char: 'c', ctrl: true})];
    const whole = this.#buffer + text;
    this.#buffer = '';
    if (!options.typedAhead && this.#paste === null && isUnmarkedPaste(whole)) return [pasteOf(whole)];
    return this.#decode(whole);
  }

  /** Ends what is pending: a lone ESC is the Escape key, a paste without an end is what came of it. */
  flush(): InputEvent[] {
    if (this.#paste !== null) {
      const text = this.#paste;
      this.#paste = null;
      return text === '' ? [] : [pasteOf(text)];
    }
    const rest = this.#buffer;
    this.#buffer = '';
    return rest === esc ? [key('escape')] : [];
  }

  #decode(whole: string): (InputEvent | TerminalReport)[] {
    const events: (InputEvent | TerminalReport)[] = [];
    let rest = whole;
    while (rest !== '') {
      if (this.#paste !== null) {
        const joined = this.#paste + rest;
        const end = joined.indexOf(pasteEnd, Math.max(0, this.#paste.length - pasteEnd.length));
        if (end < 0) {
          this.#paste = joined;
          return events;
        }
        this.#paste = null;
        events.push(pasteOf(joined.slice(0, end)));
        rest = joined.slice(end + pasteEnd.length);
        continue;
      }
      if (rest.startsWith(pasteStart)) {
        this.#paste = '';
        rest = rest.slice(pasteStart.length);
        continue;
      }
      if (rest.startsWith(esc)) {
        const sequence = readEscape(rest);
        if (sequence === 'incomplete') {
          this.#buffer = rest;
          return events;
        }
        events.push(...sequence.events);
        rest = rest.slice(sequence.length);
        continue;
      }
      const typed = leadingText(rest);
      if (typed !== '') {
        events.push({type: 'text', text: typed});
        rest = rest.slice(typed.length);
        continue;
      }
      events.push(...controlKey(rest.charCodeAt(0)));
      rest = rest.slice(1);
    }
    return events;
  }
}

function leadingText(text: string): string {
  let end = 0;
  while (end < text.length) {
    const code = text.charCodeAt(end);
    if (code < 0x20 || code === 0x7f) break;
    end++;
  }
  return text.slice(0, end);
}

function isUnmarkedPaste(text: string): boolean {
  if (text.includes(esc)) return false;
  const lineEnds = text.match(/\r\n?|\n/g)?.length ?? 0;
  return lineEnds > 1 && text.includes('\r') && /[^\r\n]/.test(text);
}

function pasteOf(text: string): InputEvent {
  return {type: 'paste', text: text.replace(/\r\n?/g, '\n').replace(/\n$/, '')};
}

function controlKey(code: number): InputEvent[] {
  if (code === 13) return [key('enter')];
  if (code === 9) return [key('tab')];
  if (code === 127 || code === 8) return [key('backspace')];
  if (code === 0) return [key('char', {char: ' ', ctrl: true})];
  return [key('char', {char: String.fromCharCode(code + 0x60 - (code > 26 ? 0x20 : 0)), ctrl: true})];
}

function readEscape(text: string): Sequence {
  const second = text[1];
  if (second === undefined) return 'incomplete';
  if (second === '[') return readCsi(text);
  if (second === 'O') {
    const name = csiFinals[text[2] ?? ''];
    if (text.length < 3) return 'incomplete';
    return {length: 3, events: name ? [key(name)] : []};
  }
  if (second === ']' || second === 'P' || second === '_') {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the end of a terminal's reply is a control character
    const end = /\x07|\x1b\\/.exec(text);
    if (!end) return 'incomplete';
    const length = end.index + end[0].length;
    return {length, events: reported(text.slice(0, length))};
  }
  if (second === esc) {
    const inner = readEscape(text.slice(1));
    if (inner === 'incomplete') return text.length > 2 ? 'incomplete' : {length: 1, events: [key('escape')]};
    return {
      length: inner.length + 1,
      events: inner.events.map(event => (event.type === 'key' ? {...event, alt: true} : event)),
    };
  }
  const code = text.codePointAt(1) ?? 0;
  if (code < 0x20 || code === 0x7f) {
    return {
      length: 2,
      events: controlKey(code).map(event => (event.type === 'key' ? {...event, alt: true} : event)),
    };
  }
  const char = String.fromCodePoint(code);
  return {length: 1 + char.length, events: [key('char', {char: char.toLowerCase(), alt: true})]};
}

function readCsi(text: string): Sequence {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences start with a control character
  const match = /^\x1b\[([<=>?]?)([\d;:]*)[ -/]*([@-~])/.exec(text);
  if (!match) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: as above
    return /^\x1b\[[\d;:<=>? -/]*$/.test(text) ? 'incomplete' : {length: 2, events: []};
  }
  const [whole, prefix = '', parameters = '', final = ''] = match;
  const length = whole.length;
  if (prefix !== '' || final === 't') return {length, events: reported(whole)};
  const fields = parameters.split(';').map(field => field.split(':').map(Number));
  const number = fields[0]?.[0] ?? 0;
  const modifiers = modifiersOf(fields[1]?.[0] ?? 1);
  // Kitty reports key releases too when asked; a release is not a key press.
  if (fields[1]?.[1] === 3) return {length, events: []};
  if (final === 'u') return {length, events: codeKey(number, modifiers)};
  if (final === '~') {
    if (number === 27) return {length, events: codeKey(fields[2]?.[0] ?? 0, modifiers)};
    const name = csiNumbers[number];
    return {length, events: name ? [key(name, modifiers)] : []};
  }
  if (final === 'Z') return {length, events: [key('tab', {shift: true})]};
  const name = final === 'M' ? undefined : csiFinals[final];
  return {length, events: name ? [key(name, modifiers)] : []};
}

function reported(sequence: string): TerminalReport[] {
  const report = reportOf(sequence);
  return report === null ? [] : [report];
}

type Modifiers = {ctrl: boolean; alt: boolean; shift: boolean};

function modifiersOf(field: number): Modifiers {
  const bits = Math.max(0, field - 1);
  return {shift: (bits & 1) !== 0, alt: (bits & 2) !== 0, ctrl: (bits & 4) !== 0};
}

function codeKey(code: number, modifiers: Modifiers): InputEvent[] {
  const name = codeNames[code];
  if (name) return [key(name, modifiers)];
  // Kitty's private key codes: modifiers alone, media keys.
  if (code < 32 || (code >= 57344 && code <= 63743) || code > 0x10ffff) return [];
  const char = String.fromCodePoint(code);
  if (modifiers.ctrl || modifiers.alt) return [key('char', {char: char.toLowerCase(), ...modifiers})];
  return [{type: 'text', text: modifiers.shift ? char.toUpperCase() : char}];
}
