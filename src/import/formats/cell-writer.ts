// Writes rows of cells as the plainest CSV there is, for DuckDB to read: comma, double quotes, LF, no header.

import type {FileHandle} from 'node:fs/promises';
import {open} from 'node:fs/promises';

const pieceChars = 1 << 20;
const pieceLines = 20_000;

export class CellWriter {
  readonly path: string;
  readonly #handle: FileHandle;
  #pending: string[] = [];
  #size = 0;
  #isOpen = true;

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  static async open(path: string): Promise<CellWriter> {
    return new CellWriter(path, await open(path, 'wx', 0o600));
  }

  write(cells: readonly string[]): void {
    let line = '';
    for (let index = 0; index < cells.length; index++) {
      const cell = cells[index] ?? '';
      if (index > 0) line += ',';
      line += needsQuotes.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
    }
    this.#pending.push(line);
    this.#size += line.length + 1;
  }

  /** So much has gathered that it is time to drain. */
  get isFull(): boolean {
    return this.#size >= pieceChars || this.#pending.length >= pieceLines;
  }

  /** Writes out what has gathered, when it is worth it. Call it between batches of rows. */
  async drain(): Promise<void> {
    if (this.isFull) await this.#flush();
  }

  /** May be called again. */
  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    try {
      await this.#flush();
    } finally {
      await this.#handle.close();
    }
  }

  async #flush(): Promise<void> {
    if (this.#pending.length === 0) return;
    // NUL has no place in text and DuckDB's reader stops at it.
    const text = `${this.#pending.join('\n')}\n`.replaceAll('\0', '');
    this.#pending = [];
    this.#size = 0;
    await this.#handle.writeFile(text, 'utf8');
  }
}

const needsQuotes = /[",\r\n]/;
