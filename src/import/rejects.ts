// The account of every repaired or dropped line as a file beside the version; the report itself holds only the first.

import {appendFileSync, createReadStream, createWriteStream, existsSync} from 'node:fs';
import {pipeline} from 'node:stream/promises';
import type {ReportedLine} from './shape.ts';

const pieceChars = 1 << 18;

/** Lines that no longer fit into the report; they wait in a half-made file. */
export class MoreLines {
  readonly #path: string;
  #text = '';

  constructor(path: string) {
    this.#path = path;
  }

  add(line: ReportedLine): void {
    this.#text += `${JSON.stringify(line)}\n`;
    if (this.#text.length >= pieceChars) this.#flush();
  }

  /** Writes `first` and then these lines to `path`, one JSON object per line. */
  static async write(path: string, first: readonly ReportedLine[], more: MoreLines | undefined): Promise<void> {
    if (more) more.#flush();
    const source = more && existsSync(more.#path) ? more.#path : null;
    await pipeline(
      async function* () {
        for (const line of first) yield `${JSON.stringify(line)}\n`;
        if (source !== null) yield* createReadStream(source);
      },
      createWriteStream(path, {flags: 'wx', mode: 0o600}),
    );
  }

  #flush(): void {
    if (this.#text === '') return;
    appendFileSync(this.#path, this.#text, {mode: 0o600});
    this.#text = '';
  }
}
