// Stands for the terminal towards the renderer: it has the terminal's size and keeps the frame instead of writing it.

import {Writable} from 'node:stream';

/** `frame` is what the renderer drew last, as rows. The renderer is told of no change of size: who draws asks for a frame. */
export class FrameWriter extends Writable {
  readonly #target: NodeJS.WriteStream;
  frame: string[] = [];

  constructor(target: NodeJS.WriteStream) {
    super({decodeStrings: false});
    this.#target = target;
  }

  get columns(): number {
    return this.#target.columns || 80;
  }

  get rows(): number {
    return this.#target.rows || 24;
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.frame = (typeof chunk === 'string' ? chunk : chunk.toString('utf8')).split('\n');
    done();
  }
}
