// Owns the raw mode and the bytes of stdin from the earliest moment, so that no key is lost while the view still loads.

import type {Clock} from '../core/clock.ts';
import type {InputEvent} from './input-event.ts';
import {StdinDecoder} from './stdin-decoder.ts';
import {GraphicsQuestion, type TerminalGraphics} from './terminal-graphics.ts';
import type {TerminalReport} from './terminal-report.ts';

const escapeMs = 30;
/** A slow line may bring a paste, or what the terminal answers, in pieces. */
const lostRestMs = 1000;

const enableModes = '\x1b[?2004h\x1b[?u';
const disableModes = '\x1b[?2004l';

/**
 * Opens at construction: raw mode is on and reads are kept. `listen` hands over what was kept and everything after;
 * until then Ctrl-C is the signal it would have been without raw mode.
 * `close` restores the terminal; it may be called more than once, also while the process exits.
 */
export class TerminalInput {
  readonly #stdin: NodeJS.ReadStream;
  readonly #stdout: NodeJS.WriteStream;
  readonly #clock: Clock;
  readonly #decoder = new StdinDecoder();
  #kept: InputEvent[] = [];
  #sink: ((event: InputEvent) => void) | null = null;
  #onGone: () => void = () => {};
  #silence: AbortController | null = null;
  #typedAhead = true;
  #open = false;
  #kitty = false;
  readonly #question: GraphicsQuestion;

  constructor(stdin: NodeJS.ReadStream, stdout: NodeJS.WriteStream, clock: Clock) {
    this.#stdin = stdin;
    this.#stdout = stdout;
    this.#clock = clock;
    this.#question = new GraphicsQuestion(
      data => stdout.write(data),
      clock,
      () => ({columns: stdout.columns, rows: stdout.rows}),
    );
    // These stay: a terminal that goes away while it is being restored must not become an uncaught error.
    stdin.on('error', this.#onEnd);
    stdout.on('error', this.#onEnd);
    this.open();
  }

  /** `onGone` is called when the terminal itself went away. */
  listen(sink: (event: InputEvent) => void, onGone: () => void): void {
    this.#sink = sink;
    this.#onGone = onGone;
    const kept = this.#kept;
    this.#kept = [];
    for (const event of kept) sink(event);
  }

  /** What the terminal shows of pictures. Asks it, which takes a moment; null while the terminal is given away. */
  async graphics(): Promise<TerminalGraphics | null> {
    return this.#open ? this.#question.ask() : null;
  }

  open(): void {
    if (this.#open) return;
    this.#open = true;
    this.#typedAhead = true;
    this.#stdin.setRawMode?.(true);
    this.#stdin.on('data', this.#onData);
    this.#stdin.on('end', this.#onEnd);
    this.#stdin.resume();
    // The first poll of the event loop reads what was typed in line mode, where Enter is a line feed.
    setImmediate(() => {
      setImmediate(() => {
        this.#typedAhead = false;
      });
    });
    this.#stdout.write(enableModes);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#silence?.abort();
    this.#stdin.off('data', this.#onData);
    this.#stdin.off('end', this.#onEnd);
    this.#stdin.pause();
    try {
      this.#stdout.write(disableModes + (this.#kitty ? '\x1b[<u' : ''));
      this.#stdin.setRawMode?.(false);
    } catch {
      // The terminal is gone; there is nothing left to restore.
    }
    this.#kitty = false;
  }

  readonly #onEnd = () => {
    if (this.#open) this.#onGone();
  };

  readonly #onData = (chunk: Buffer | string) => {
    // A key of raw mode among them means that the terminal was raw already.
    const typedAhead = this.#typedAhead && !chunk.includes('\r') && !chunk.includes('\x1b');
    this.#emit(this.#decoder.push(chunk, {typedAhead}));
    this.#silence?.abort();
    const {pending} = this.#decoder;
    if (pending === null) return;
    const silence = new AbortController();
    this.#silence = silence;
    void this.#clock.sleep(pending === 'escape' ? escapeMs : lostRestMs, silence.signal).then(
      () => this.#emit(this.#decoder.flush()),
      () => {},
    );
  };

  #emit(events: (InputEvent | TerminalReport)[]): void {
    for (const event of events) {
      if (event.type !== 'key' && event.type !== 'text' && event.type !== 'paste') this.#hear(event);
      else if (this.#sink) this.#sink(event);
      else if (event.type === 'key' && event.ctrl && event.char === 'c') process.kill(process.pid, 'SIGINT');
      else this.#kept.push(event);
    }
  }

  #hear(report: TerminalReport): void {
    this.#question.hear(report);
    if (report.type !== 'kitty_supported' || this.#kitty || !this.#open) return;
    this.#kitty = true;
    this.#stdout.write('\x1b[>1u');
  }
}
