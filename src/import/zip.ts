// Reads zip archives from an open file: the list at their end, and single entries as streams. Names are never paths here.

import type {FileHandle} from 'node:fs/promises';
import {PassThrough, Readable} from 'node:stream';
import {createInflateRaw} from 'node:zlib';
import {ImportError} from '../core/errors.ts';

export type ZipEntry = {
  name: string;
  method: number;
  isEncrypted: boolean;
  compressedBytes: number;
  sizeBytes: number;
  offset: number;
};

const maxEntries = 20_000;
const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;

/** @throws ImportError `import.damaged` when the list of entries is missing or broken */
export async function zipEntries(handle: FileHandle, shown: string): Promise<ZipEntry[]> {
  const {size} = await handle.stat();
  const tail = await readAt(handle, Math.max(0, size - 66_000), Math.min(size, 66_000));
  let end = tail.length - 22;
  while (end >= 0 && tail.readUInt32LE(end) !== endSignature) end--;
  if (end < 0) throw damaged(shown);
  let listBytes = tail.readUInt32LE(end + 12);
  let listAt = tail.readUInt32LE(end + 16);
  if (listAt === 0xffffffff && end >= 20 && tail.readUInt32LE(end - 20) === 0x07064b50) {
    const record = await readAt(handle, Number(tail.readBigUInt64LE(end - 12)), 56);
    if (record.length < 56) throw damaged(shown);
    listBytes = Number(record.readBigUInt64LE(40));
    listAt = Number(record.readBigUInt64LE(48));
  }
  if (listAt + listBytes > size || listBytes > 64 * 2 ** 20) throw damaged(shown);
  const list = await readAt(handle, listAt, listBytes);
  const entries: ZipEntry[] = [];
  for (let at = 0; at + 46 <= list.length && list.readUInt32LE(at) === entrySignature; ) {
    const nameBytes = list.readUInt16LE(at + 28);
    const extraBytes = list.readUInt16LE(at + 30);
    const nameEnd = at + 46 + nameBytes;
    entries.push(
      withLargeSizes(
        {
          name: list.toString('utf8', at + 46, nameEnd),
          method: list.readUInt16LE(at + 10),
          isEncrypted: (list.readUInt16LE(at + 8) & 1) === 1,
          compressedBytes: list.readUInt32LE(at + 20),
          sizeBytes: list.readUInt32LE(at + 24),
          offset: list.readUInt32LE(at + 42),
        },
        list.subarray(nameEnd, nameEnd + extraBytes),
      ),
    );
    if (entries.length > maxEntries) {
      throw new ImportError('import.too_many_entries', `${shown} holds more than 20,000 files.`, {
        hint: 'Unpack it and import the one you need.',
      });
    }
    at = nameEnd + extraBytes + list.readUInt16LE(at + 32);
  }
  return entries;
}

/**
 * The unpacked bytes of an entry. They are counted against `maxBytes`, whatever the archive says of their number.
 * @throws ImportError `import.encrypted`, `import.unsupported`, `import.unpacks_too_large`, `import.damaged`
 */
export async function* zipEntryBytes(
  handle: FileHandle,
  entry: ZipEntry,
  {shown, maxBytes, factor}: {shown: string; maxBytes: number; factor?: number},
): AsyncGenerator<Buffer> {
  if (entry.isEncrypted) {
    throw new ImportError('import.encrypted', `${shown} is encrypted.`, {
      hint: 'Unpack it with its password and import the file inside.',
    });
  }
  if (entry.method !== 0 && entry.method !== 8) {
    throw new ImportError(
      'import.unsupported',
      `${shown} is packed with a method that can't be read (${entry.method}).`,
      {
        hint: 'Unpack it and import the file inside.',
      },
    );
  }
  const header = await readAt(handle, entry.offset, 30);
  if (header.length < 30 || header.readUInt32LE(0) !== 0x04034b50) throw damaged(shown);
  const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  const packed = Readable.from(fileRange(handle, start, entry.compressedBytes));
  const stream = packed.pipe(entry.method === 8 ? createInflateRaw({chunkSize: 1 << 18}) : new PassThrough());
  yield* cappedBytes(stream, {shown, maxBytes: Math.min(maxBytes, plausibleBytes(entry.compressedBytes, factor))});
}

/** Real tables shrink 5 to 30 times; what is far beyond that is made to fill memory. */
export function plausibleBytes(packedBytes: number, factor = 200): number {
  return Math.max(64 * 2 ** 20, packedBytes * factor);
}

export function unpacksTooLarge(shown: string, maxBytes: number): ImportError {
  return new ImportError(
    'import.unpacks_too_large',
    `${shown} unpacks to more than ${maxBytes} bytes, which is far more than it should.`,
    {hint: 'If you trust it, unpack it, or save it as plain CSV or Parquet, and import that.'},
  );
}

/** Passes bytes on until there are more than `maxBytes`; errors of the unpacker become ours. */
export async function* cappedBytes(
  stream: AsyncIterable<Buffer>,
  {shown, maxBytes}: {shown: string; maxBytes: number},
): AsyncGenerator<Buffer> {
  let total = 0;
  try {
    for await (const block of stream) {
      total += block.length;
      if (total > maxBytes) {
        throw unpacksTooLarge(shown, maxBytes);
      }
      yield block;
    }
  } catch (error) {
    if (error instanceof ImportError || (error instanceof Error && error.name === 'AbortError')) throw error;
    throw damaged(shown);
  }
}

export function damaged(shown: string): ImportError {
  return new ImportError('import.damaged', `${shown} is damaged or cut short.`, {hint: 'Download or make it again.'});
}

function withLargeSizes(entry: ZipEntry, extra: Buffer): ZipEntry {
  for (let at = 0; at + 4 <= extra.length; ) {
    const size = extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === 1) {
      let field = at + 4;
      const take = (value: number) => {
        if (value !== 0xffffffff || field + 8 > extra.length) return value;
        field += 8;
        return Number(extra.readBigUInt64LE(field - 8));
      };
      const sizeBytes = take(entry.sizeBytes);
      const compressedBytes = take(entry.compressedBytes);
      return {...entry, sizeBytes, compressedBytes, offset: take(entry.offset)};
    }
    at += 4 + size;
  }
  return entry;
}

async function* fileRange(handle: FileHandle, start: number, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < length; ) {
    const block = await readAt(handle, start + at, Math.min(1 << 18, length - at));
    if (block.length === 0) return;
    at += block.length;
    yield block;
  }
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const {bytesRead} = await handle.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}
