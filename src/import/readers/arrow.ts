// Arrow IPC files (also called Feather version 2) and streams, batch by batch, as lines of JSON with every cell as text.

import {open} from 'node:fs/promises';
import * as zlib from 'node:zlib';
import type {RecordBatch} from 'apache-arrow';
import {CompressionType, compressionRegistry, RecordBatchReader} from 'apache-arrow';
import {ImportError} from '../../core/errors.ts';
import {cellReader} from './arrow-cells.ts';
import {typeOfArrow} from './arrow-types.ts';
import type {ReadItem, ReadRequest} from './items.ts';
import {unpackLz4} from './lz4.ts';

const pieceChars = 1 << 18;

/** One typed table and its rows. */
export async function* arrowItems(request: ReadRequest): AsyncGenerator<ReadItem> {
  const {path, shown, maxBytes} = request;
  let left = maxBytes;
  const decode = (unpacked: Uint8Array): Uint8Array => {
    left -= unpacked.length;
    if (left < 0) throw tooLarge(request);
    return unpacked;
  };
  compressionRegistry.set(CompressionType.LZ4_FRAME, {decode: data => decode(unpackLz4(data, left))});
  compressionRegistry.set(CompressionType.ZSTD, {decode: data => decode(unpackZstd(data, left, shown))});
  const handle = await open(path);
  try {
    const reader = await RecordBatchReader.from(handle);
    await reader.open();
    const fields = reader.schema.fields.map(({name, type}) => ({name, ...typeOfArrow(type)}));
    yield {kind: 'typed_table', name: '', columns: fields};
    let pieces: string[] = [];
    let chars = 0;
    for await (const batch of reader) {
      for (const line of batchLines(batch)) {
        pieces.push(line);
        chars += line.length + 1;
        if (chars < pieceChars) continue;
        yield textItem(pieces);
        pieces = [];
        chars = 0;
      }
    }
    if (pieces.length > 0) yield textItem(pieces);
  } catch (error) {
    if (error instanceof ImportError) throw error;
    throw new ImportError('import.damaged', `${shown} is a damaged Arrow file.`, {
      hint: 'Download or export it again; it may have been cut short.',
      cause: error,
    });
  } finally {
    await handle.close().catch(() => {});
  }
}

function textItem(lines: readonly string[]): ReadItem {
  return {kind: 'bytes', bytes: Buffer.from(`${lines.join('\n')}\n`)};
}

/** Each row as `{"c0": "…", "c1": null}`; the places stand for the names, which may be equal. */
function* batchLines(batch: RecordBatch): Generator<string> {
  const columns = batch.data.children.map(cellReader);
  for (let row = 0; row < batch.numRows; row++) {
    const cells = columns.map((read, column) => {
      const text = read(row);
      // NUL has no place in text and DuckDB's reader stops at it.
      return `"c${column}":${text === null ? 'null' : JSON.stringify(text.replaceAll('\0', ''))}`;
    });
    yield `{${cells.join(',')}}`;
  }
}

function unpackZstd(data: Uint8Array, maxBytes: number, shown: string): Uint8Array {
  if (typeof zlib.zstdDecompressSync !== 'function') {
    throw new ImportError(
      'import.unsupported',
      `${shown} is packed with zstd, which this version of Node can't read.`,
      {
        hint: 'Use Node 22.15 or newer, or write it without compression.',
      },
    );
  }
  return zlib.zstdDecompressSync(data, {maxOutputLength: Math.max(1, maxBytes)});
}

function tooLarge({shown, maxBytes}: ReadRequest): ImportError {
  return new ImportError('import.unpacks_too_large', `${shown} unpacks to more than ${maxBytes} bytes.`, {
    hint: 'Import a sample, or raise the limit.',
  });
}
