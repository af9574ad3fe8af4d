// Gathers everything written in one turn of the event loop into one write, so that a frame reaches the terminal whole.

import {Writable} from 'node:stream';

// The end of one synchronized update and the start of the next, with nothing in between.
const emptySync = '\x1b[?2026l\x1b[?2026h';

/** Stands for `target` towards the renderer: same size, same resize events, whole frames. */
export class FrameWriter extends Writable {
  readonly isTTY = true;
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
    const frame = this.#gathered.replaceAll(emptySync, '');
    this.#gathered = '';
    this.#target.write(frame);
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
