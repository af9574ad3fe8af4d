// Writes a zip archive piece by piece; sizes and checksums follow each entry.

import type {FileHandle} from 'node:fs/promises';
import {open} from 'node:fs/promises';
import {Readable} from 'node:stream';
import {crc32, createDeflateRaw} from 'node:zlib';

type Written = {name: Buffer; crc: number; packed: number; size: number; offset: number};

export class ZipWriter {
  readonly #handle: FileHandle;
  readonly #entries: Written[] = [];
  #at = 0;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  static async open(path: string): Promise<ZipWriter> {
    return new ZipWriter(await open(path, 'wx', 0o600));
  }

  async add(name: string, pieces: Iterable<string> | AsyncIterable<string>): Promise<void> {
    const entry: Written = {name: Buffer.from(name), crc: 0, packed: 0, size: 0, offset: this.#at};
    const start = Buffer.alloc(30);
    start.writeUInt32LE(0x04034b50, 0);
    start.writeUInt16LE(20, 4);
    start.writeUInt16LE(0x0808, 6);
    start.writeUInt16LE(8, 8);
    start.writeUInt32LE(0x00210000, 10);
    start.writeUInt16LE(entry.name.length, 26);
    await this.#write(Buffer.concat([start, entry.name]));
    const counted = async function* () {
      for await (const piece of pieces) {
        const bytes = Buffer.from(piece);
        entry.crc = crc32(bytes, entry.crc);
        entry.size += bytes.length;
        yield bytes;
      }
    };
    const source = Readable.from(counted());
    const deflate = createDeflateRaw();
    source.on('error', error => deflate.destroy(error));
    for await (const block of source.pipe(deflate)) {
      entry.packed += block.length;
      await this.#write(block);
    }
    const end = Buffer.alloc(16);
    end.writeUInt32LE(0x08074b50, 0);
    this.#sizes(end, 4, entry);
    await this.#write(end);
    this.#entries.push(entry);
  }

  /** Writes the list of entries; nothing can be added after it. */
  async finish(): Promise<void> {
    const start = this.#at;
    for (const entry of this.#entries) {
      const record = Buffer.alloc(46);
      record.writeUInt32LE(0x02014b50, 0);
      record.writeUInt16LE(20, 4);
      record.writeUInt16LE(20, 6);
      record.writeUInt16LE(0x0808, 8);
      record.writeUInt16LE(8, 10);
      record.writeUInt32LE(0x00210000, 12);
      this.#sizes(record, 16, entry);
      record.writeUInt16LE(entry.name.length, 28);
      record.writeUInt32LE(entry.offset, 42);
      await this.#write(Buffer.concat([record, entry.name]));
    }
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt16LE(this.#entries.length, 8);
    end.writeUInt16LE(this.#entries.length, 10);
    end.writeUInt32LE(this.#at - start, 12);
    end.writeUInt32LE(start, 16);
    await this.#write(end);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  #sizes(buffer: Buffer, at: number, {crc, packed, size}: Written): void {
    buffer.writeUInt32LE(crc, at);
    buffer.writeUInt32LE(packed, at + 4);
    buffer.writeUInt32LE(size, at + 8);
  }

  async #write(bytes: Buffer): Promise<void> {
    await this.#handle.write(bytes);
    this.#at += bytes.length;
  }
}
