// Gathers everything written in one turn of the event loop into one write, so that a frame reaches the terminal whole.

import {Writable} from 'node:stream';

/** Terminals that know synchronized updates show nothing of a frame before its end. */
const syncStart = '\x1b[?2026h';
const syncEnd = '\x1b[?2026l';

/**
 * Rows of the live region are cut, never wrapped: a frame of the old width that meets an already smaller screen would
 * otherwise take more rows than the renderer counts. Finished text is wrapped by the terminal.
 */
const noWrap = '\x1b[?7l';
const wrap = '\x1b[?7h';

/** Finished lines as they go through the renderer: the terminal may wrap these, and reflow them later. */
export function wrapped(text: string): string {
  return wrap + text + noWrap;
}

/**
 * The renderer goes below its frame by moving the cursor down. On a screen that has just lost its last row this stops one
 * row early, and the frame is then drawn over the finished line above it. A line feed scrolls instead.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences start with a control character
const cursorDown = /\x1b\[(\d+)B/g;

/**
 * Stands for `target` towards the renderer: same size, same resize events, whole frames. It does not call itself a
 * terminal, so that the renderer leaves synchronized updates and the cursor's restoration at exit to us.
 */
export class FrameWriter extends Writable {
  readonly #target: NodeJS.WriteStream;
  readonly #onResize = () => this.emit('resize');
  #gathered = '';

  constructor(target: NodeJS.WriteStream) {
    super({decodeStrings: false});
    this.#target = target;
    target.on('resize', this.#onResize);
  }

  get columns(): number {
    return this.#target.columns || 80;
  }

  get rows(): number {
    return this.#target.rows || 24;
  }

  /** Writes what is gathered now instead of at the end of this turn of the event loop. */
  flush(): void {
    if (this.#gathered === '') return;
    const frame = this.#gathered.replace(cursorDown, (_, rows: string) => '\n'.repeat(Number(rows)));
    this.#gathered = '';
    this.#target.write(syncStart + noWrap + frame + wrap + syncEnd);
  }

  release(): void {
    this.flush();
    this.#target.off('resize', this.#onResize);
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#gathered === '') queueMicrotask(() => this.flush());
    this.#gathered += typeof chunk === 'string' ? chunk : chunk.toString('utf8');
    done();
  }
}
