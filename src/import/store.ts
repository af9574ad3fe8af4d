// Copies an upload into the workspace under a name of our own, hashing, counting and checking it on the way.

import {isUtf8} from 'node:buffer';
import {createHash, randomBytes} from 'node:crypto';
import type {FileHandle} from 'node:fs/promises';
import {open, rename, rm} from 'node:fs/promises';
import {basename} from 'node:path';
import {ImportError} from '../core/errors.ts';
import {syncDirectory} from '../workspace/atomic-write.ts';
import type {Workspace} from '../workspace/workspace.ts';
import {wholeCharacters} from './encoding.ts';
import {emptyFile, tooLarge} from './source.ts';

/**
 * A stored upload. `path` is absolute. `head` holds the first 64 KiB, `badSample` some bytes around the first that is
 * not UTF-8 (null when all is).
 */
export type Stored = {
  path: string;
  name: string;
  sizeBytes: number;
  sha256: string;
  head: Buffer;
  badSample: Buffer | null;
  hasNul: boolean;
};

const headBytes = 64 * 1024;

/**
 * Writes `bytes` to a half-made file in uploads/. Stops at the limit even if the source keeps growing.
 * @throws ImportError `import.too_large`, `import.empty`; what the file system says (full disk)
 */
export async function storeUpload(
  bytes: AsyncIterable<Uint8Array>,
  options: {
    workspace: Workspace;
    limitBytes: number;
    shown: string;
    signal: AbortSignal;
    onProgress(readBytes: number): void;
  },
): Promise<Stored> {
  const path = options.workspace.temporaryPath('uploads');
  const handle = await open(path, 'wx', 0o600);
  const hash = createHash('sha256');
  const head: Buffer[] = [];
  let sizeBytes = 0;
  let headSize = 0;
  let carried: Buffer = Buffer.alloc(0);
  let badSample: Buffer | null = null;
  let hasNul = false;
  try {
    for await (const piece of bytes) {
      options.signal.throwIfAborted();
      const block = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
      sizeBytes += block.length;
      if (sizeBytes > options.limitBytes) throw tooLarge(sizeBytes, options.limitBytes, ' (stopped reading there)');
      // The disk writes while we look at the bytes.
      const written = writeAll(handle, block);
      // A failure is thrown where it is awaited, also if looking at the bytes fails first.
      written.catch(() => {});
      hash.update(block);
      if (headSize < headBytes) {
        head.push(Buffer.from(block.subarray(0, headBytes - headSize)));
        headSize += block.length;
      }
      if (badSample === null) {
        const text = carried.length > 0 ? Buffer.concat([carried, block]) : block;
        const whole = wholeCharacters(text);
        if (!isUtf8(whole)) badSample = Buffer.from(sampleAroundBad(text));
        carried = Buffer.from(text.subarray(whole.length));
      }
      hasNul ||= block.includes(0);
      await written;
      options.onProgress(sizeBytes);
    }
    if (sizeBytes === 0) throw emptyFile(options.shown);
    if (badSample === null && carried.length > 0) badSample = carried;
  } catch (error) {
    await handle.close();
    await rm(path, {force: true});
    throw error;
  }
  await handle.close();
  return {
    path,
    name: basename(path),
    sizeBytes,
    sha256: hash.digest('hex'),
    head: Buffer.concat(head),
    badSample,
    hasNul,
  };
}

/** One write may take less than it was given, without an error, when the disk gets full. */
async function writeAll(handle: FileHandle, block: Buffer): Promise<void> {
  for (let at = 0; at < block.length; ) {
    const {bytesWritten} = await handle.write(block, at);
    at += bytesWritten;
  }
}

/** Gives a stored upload its lasting name `uploaded_<epoch ms>_<hex>.<ext>`. */
export async function keepUpload(
  stored: Stored,
  workspace: Workspace,
  now: number,
  extension: string,
): Promise<Stored> {
  const name = `uploaded_${now}_${randomBytes(8).toString('hex')}.${extension}`;
  const path = workspace.path('uploads', name);
  await rename(stored.path, path);
  await syncDirectory(workspace.path('uploads'));
  return {...stored, path, name};
}

/** Reads an opened file in large blocks, each valid until the next one is asked for. */
export async function* readBlocks(handle: {read: FileRead}, sizeHint: number): AsyncGenerator<Uint8Array> {
  const size = Math.min(Math.max(sizeHint + 1, 4096), 1 << 20);
  const buffer = Buffer.allocUnsafe(size);
  for (let position = 0; ; ) {
    const {bytesRead} = await handle.read(buffer, 0, size, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

type FileRead = (buffer: Buffer, offset: number, length: number, position: number) => Promise<{bytesRead: number}>;

/** @throws ImportError `import.changed` when the file is not what it was when it was opened */
export function checkUnchanged(
  before: {size: number; mtimeMs: number},
  after: {size: number; mtimeMs: number},
  read: number,
  shown: string,
): void {
  if (before.size === after.size && before.mtimeMs === after.mtimeMs && read === after.size) return;
  throw new ImportError(
    'import.changed',
    `${shown} changed while reading (${before.size} bytes at first, then ${after.size}).`,
    {
      hint: 'Wait until the program that writes it has finished, then import it again.',
    },
  );
}

function sampleAroundBad(block: Buffer): Buffer {
  let low = 0;
  let high = block.length;
  // The longest valid beginning, by halves; a cut character is not an error.
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (isUtf8(wholeCharacters(block.subarray(0, middle)))) low = middle;
    else high = middle;
  }
  return block.subarray(Math.max(0, low - 4096), low + 32 * 1024);
}
